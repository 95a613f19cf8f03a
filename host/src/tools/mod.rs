//! Tools: functions of the host with a JSON schema, which programs in a sandbox run by name.

mod arguments;
mod command;
mod help;
mod schema;
#[cfg(test)]
mod tests;
mod tool;

pub(crate) use command::{commands, functions};
pub use tool::{Tool, Tools};
