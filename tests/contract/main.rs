//! One contract, whatever runs it: each scenario is played on every VMM that the
//! machine has and on the native engine, and each of its steps must come to the same
//! everywhere, and to what the scenario says.
//!
//! What a step came to is the value that it gave or how it failed (kind, name,
//! message, code, the whole stack), with the console's lines and the host calls in
//! their order. To add a scenario, write a test that ends with
//! [`holds`](scenario::Scenario::holds).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod action;
mod host;
mod must;
mod native;
mod outcome;
mod runner;
mod sandbox;
mod scenario;

mod console;
mod errors;
mod handlers;
mod host_functions;
mod language;
mod limits;
mod modules;
mod numbers;
mod scripts;
mod state;
mod stopping;
mod text;
mod values;
