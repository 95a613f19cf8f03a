//! Builds the guest image that lies, for the target `hostile`.

#[path = "../host/build/guest.rs"]
mod guest;

use std::{env, error::Error, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../host/build/guest.rs");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let image = guest::build(&Path::new(&root).join("../guest"), "hypercell-hostile-kvm", "hostile,kvm")?;
    println!("cargo:rustc-env=HYPERCELL_HOSTILE_IMAGE={}", image.display());
    Ok(())
}
