//! Builds the guest images that attack, one for each VMM.

#[path = "../host/build/guest.rs"]
mod guest;

use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../host/build/guest.rs");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    for vmm in guest::vmms() {
        let (name, features) = (format!("hypercell-hostile-{vmm}"), format!("hostile,{vmm}"));
        let image = guest::build(&Path::new(&root).join("../guest"), &name, &features)?;
        println!("cargo:rustc-env=HYPERCELL_HOSTILE_IMAGE_{}={}", vmm.to_uppercase(), image.display());
    }
    Ok(())
}
