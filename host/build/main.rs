//! Provides the guest images that the crate embeds: one for each VMM.

mod guest;

use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    for vmm in guest::vmms() {
        let name = format!("hypercell-guest-{vmm}");
        let packaged = Path::new(&root).join(format!("image/{name}.elf"));
        let image = if packaged.exists() {
            // The published crate brings its images along; see docs/guest-image.md.
            println!("cargo:rerun-if-changed=image");
            packaged
        } else {
            guest::build(&Path::new(&root).join("../guest"), &name, vmm)?
        };
        println!("cargo:rustc-env=HYPERCELL_GUEST_IMAGE_{}={}", vmm.to_uppercase(), image.display());
    }
    Ok(())
}
