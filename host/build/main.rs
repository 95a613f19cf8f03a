//! Provides the guest image that the crate embeds.

mod guest;

use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let packaged = Path::new(&root).join("image/hypercell-guest-kvm.elf");
    let image = if packaged.exists() {
        // The published crate brings its image along; see docs/guest-image.md.
        println!("cargo:rerun-if-changed=image");
        packaged
    } else {
        guest::build(&Path::new(&root).join("../guest"), "hypercell-guest-kvm", "kvm")?
    };
    println!("cargo:rustc-env=HYPERCELL_GUEST_IMAGE={}", image.display());
    Ok(())
}
