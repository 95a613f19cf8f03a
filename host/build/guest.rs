//! Builds an image of the guest crate with a nested cargo.
//!
//! The guest is a workspace of its own, so this is a second run of cargo, which
//! must inherit nothing of the first. It needs what the first one needs and a C
//! compiler.

use std::{
    env,
    error::Error,
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Flags of the C compiler for QuickJS and the C library's shims: no stack
/// protector and no position independence, as there is neither thread-local
/// storage nor a loader in the VM.
const CFLAGS: &str = "-fno-stack-protector -U_FORTIFY_SOURCE -fcf-protection=none -fno-pic -fno-pie \
                      -fno-asynchronous-unwind-tables -fno-math-errno -msse4.1";

/// The VMMs that the crate is compiled for: each runs a guest image of its own.
pub(crate) fn vmms() -> impl Iterator<Item = &'static str> {
    [("kvm", "CARGO_FEATURE_KVM"), ("hyperlight", "CARGO_FEATURE_HYPERLIGHT")]
        .into_iter()
        .filter(|(_, feature)| env::var_os(feature).is_some())
        .map(|(vmm, _)| vmm)
}

/// Builds the binary `name` of the guest crate in `guest` with `features`, and
/// returns the path of the ELF file.
///
/// # Errors
/// When cargo cannot be run or fails: an older image is never used in its place.
pub(crate) fn build(guest: &Path, name: &str, features: &str) -> Result<PathBuf, Box<dyn Error>> {
    for input in [
        "src",
        "build",
        "link-hyperlight.ld",
        "link-kvm.ld",
        "Cargo.toml",
        "Cargo.lock",
        "../common/src",
        "../common/Cargo.toml",
    ] {
        println!("cargo:rerun-if-changed={}", guest.join(input).display());
    }
    println!("cargo:rerun-if-env-changed=HYPERCELL_GUEST_PROFILE");
    let profile = env::var("HYPERCELL_GUEST_PROFILE").unwrap_or_else(|_| "release".into());
    let target_dir = target_dir()?.join("hypercell-guest");

    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (variable, _) in env::vars_os() {
        if variable.to_str().is_some_and(is_of_outer_cargo) {
            cargo.env_remove(variable);
        }
    }
    let status = cargo
        .current_dir(guest)
        .args(["build", "--locked", "--quiet", "--profile", &profile, "--bin", name, "--features", features])
        .args(["--target", TARGET, "--target-dir"])
        .arg(&target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", "-Crelocation-model=static")
        // One path however the folder was named: cargo builds anew for another.
        .env("RUSTC_WORKSPACE_WRAPPER", guest.join("build/rustc").canonicalize()?)
        .env(format!("CFLAGS_{}", TARGET.replace('-', "_")), CFLAGS)
        .status()?;
    if !status.success() {
        return Err(Box::new(Failed { name: name.into(), status: status.to_string() }));
    }
    let profile_dir = if profile == "dev" { "debug" } else { &profile };
    Ok(target_dir.join(TARGET).join(profile_dir).join(name))
}

/// What the nested cargo must not see.
fn is_of_outer_cargo(variable: &str) -> bool {
    let kept = matches!(variable, "CARGO_HOME" | "CARGO_NET_OFFLINE" | "CARGO_HTTP_PROXY");
    let named = matches!(
        variable,
        "RUSTFLAGS"
            | "RUSTC"
            | "RUSTC_WRAPPER"
            | "RUSTC_WORKSPACE_WRAPPER"
            | "RUSTDOC"
            | "RUSTDOCFLAGS"
            | "TARGET"
            | "HOST"
            | "OUT_DIR"
            | "PROFILE"
            | "OPT_LEVEL"
            | "DEBUG"
            | "NUM_JOBS"
            | "MAKEFLAGS"
            | "CFLAGS"
            | "CC"
            | "LD_LIBRARY_PATH"
    );
    !kept && (named || variable.starts_with("CARGO_") || variable.starts_with("DEP_"))
}

/// The outer build's target folder, so that debug and release builds, tests and
/// examples share one build of the guest.
fn target_dir() -> Result<PathBuf, Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    // target/<profile>/build/<package>-<hash>/out
    let target = out.ancestors().nth(4).filter(|dir| dir.join("CACHEDIR.TAG").exists());
    Ok(target.map_or_else(|| out.clone(), Path::to_path_buf))
}

#[derive(Debug)]
struct Failed {
    name: String,
    status: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "building the guest image {} failed ({}); cargo's messages are above",
            self.name, self.status
        )
    }
}

impl Error for Failed {}
