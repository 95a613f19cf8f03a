//! The JavaScript kernels in `benches/js`.
//!
//! Each is a classic script that sets `globalThis.bench` to `{ name, run, expected }`:
//! `run()` does a fixed piece of work and returns a checksum, and `expected` is what
//! that must be.

/// Runs the kernel that is loaded, and gives its checksum.
pub const RUN: &str = "bench.run()";
/// Gives the checksum that the loaded kernel must compute.
pub const EXPECTED: &str = "bench.expected";

/// One kernel.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    /// Its name.
    pub name: &'static str,
    /// Its source.
    pub source: &'static str,
    /// Whether the allocator decides how fast it is.
    pub allocates: bool,
}

macro_rules! kernels {
    ($($name:literal: $allocates:literal,)*) => {
        /// All kernels, by name.
        pub const ALL: &[Kernel] = &[$(Kernel {
            name: $name,
            // The last value of a script crosses to the host, and functions cannot.
            source: concat!(include_str!(concat!("../js/", $name, ".js")), "void 0;\n"),
            allocates: $allocates,
        },)*];
    };
}

kernels! {
    "crypto": false,
    "deltablue": false,
    "earley": true,
    "json": true,
    "raytrace": false,
    "regexp": false,
    "richards": false,
    "splay": true,
}
