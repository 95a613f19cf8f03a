//! Tools: functions of the host with a JSON schema, which programs in a sandbox run by name.

mod arguments;
mod help;
mod schema;
#[cfg(test)]
mod tests;
mod tool;

pub use tool::{Tool, Tools};
