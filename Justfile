# Recipes are names for cargo commands: whoever has no `just` can type what they run.

# List the recipes.
default:
    @just --list

# Build the guest images; `just guest small` for a smaller engine, `just guest dev` for a debug one.
guest profile="release":
    HYPERCELL_GUEST_PROFILE={{profile}} cargo build --release -p hypercell

# Bundle the npm packages that node: modules are made of; see docs/node.md.
node-modules out="guest/src/node/vendor":
    npm ci --prefix guest/vendor --ignore-scripts
    rm -rf {{out}}
    node guest/vendor/bundle.mjs {{out}}

# Check that the bundles are what their packages give.
node-modules-check:
    just node-modules target/node-modules
    diff -r target/node-modules guest/src/node/vendor

# Build everything.
build:
    cargo build --release --workspace

# Run all tests, those of the guest's native half included; `just test kvm` on one VMM only.
test vmm="kvm hyperlight":
    for vmm in {{vmm}}; do HYPERCELL_VMM=$vmm cargo test --workspace || exit; done
    cargo test --manifest-path guest/Cargo.toml

# Check format and lints; warnings are errors.
lint:
    cargo fmt --all --check
    cargo fmt --manifest-path guest/Cargo.toml --check
    cargo fmt --manifest-path fuzz/Cargo.toml --check
    cargo clippy --workspace --all-targets -- -D warnings
    for vmm in kvm hyperlight mshv; do cargo clippy --workspace --all-targets --no-default-features --features $vmm -- -D warnings || exit; done
    cargo clippy --manifest-path guest/Cargo.toml --all-targets -- -D warnings

# Run the benchmarks, the headline figures last.
bench:
    cargo bench -p hypercell-benches
    cargo run --release -p hypercell-cli -- bench

# Run a checkout of a conformance suite: `just conformance test262 DIR`, `just conformance wpt DIR`.
conformance suite dir *options:
    cargo run --release -p hypercell-conformance -- {{suite}} {{dir}} {{options}}

# Fuzz a target (frame, values or engine) for some seconds; needs nightly Rust and cargo-fuzz.
fuzz target="frame" seconds="60":
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}}

# Run the examples.
examples:
    cargo run --release -p hypercell --example hello
    cargo run --release -p hypercell --example host_functions
    cargo run --release -p hypercell --example modules
    cargo run --release -p hypercell --example timeout
    cargo run --release -p hypercell --example snapshot
    cargo run --release -p hypercell --example programs
    cargo run --release -p hypercell --example log_alert_ts
    cargo run --release -p hypercell --example log_alert

# Build the API documentation.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Package the crates for publishing, the guest images included.
package:
    ci/package

# Everything that must pass before a change lands.
ci:
    .ci/run
