//! Compiles the guest's own modules in JavaScript, and for an image also the C part of the
//! guest's runtime.
//!
//! Without the feature `image` the crate is an ordinary library.

mod modules;

use std::{env, process::ExitCode};

/// C sources under `src/sys/libc`.
const SOURCES: [&str; 4] = ["memory.c", "string.c", "printf.c", "pthread.c"];

/// The runtime is what defines `memcpy` and its like, so that the compiler must
/// neither assume them nor turn loops into calls of them.
const C_FLAGS: [&str; 10] = [
    "-ffreestanding",
    "-fno-builtin",
    "-fno-tree-loop-distribute-patterns",
    "-fno-stack-protector",
    "-fcf-protection=none",
    "-fno-asynchronous-unwind-tables",
    "-fno-pic",
    "-fno-pie",
    "-U_FORTIFY_SOURCE",
    "-Wno-builtin-declaration-mismatch",
];

/// A static image at fixed addresses, each segment with its own permissions on
/// pages of its own, and nothing for a dynamic linker or a C start-up.
const LINK_ARGS: [&str; 10] = [
    "-nostartfiles",
    "-nostdlib",
    "-static",
    "-no-pie",
    "-Wl,--gc-sections",
    "-Wl,-z,norelro",
    "-Wl,-z,noexecstack",
    "-Wl,-z,max-page-size=4096",
    "-Wl,--build-id=none",
    "-Wl,--no-eh-frame-hdr",
];

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=src/sys/libc");
    if let Err(fault) = modules::compile() {
        eprintln!("a module does not compile: {fault}");
        return ExitCode::FAILURE;
    }
    if env::var_os("CARGO_FEATURE_IMAGE").is_some() {
        image();
    }
    ExitCode::SUCCESS
}

/// Compiles the C sources and lays out the image.
fn image() {
    let mut build = cc::Build::new();
    for flag in C_FLAGS {
        build.flag(flag);
    }
    for source in SOURCES {
        build.file(format!("src/sys/libc/{source}"));
    }
    build.opt_level(2).compile("hypercell_libc");
    let folder = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let machine = if env::var_os("CARGO_FEATURE_HYPERLIGHT").is_some() { "hyperlight" } else { "kvm" };
    println!("cargo:rerun-if-changed=link-{machine}.ld");
    println!("cargo:rustc-link-arg-bins=-Wl,-T,{folder}/link-{machine}.ld");
    for argument in LINK_ARGS {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
}
