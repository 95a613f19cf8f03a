//! What plays a scenario.

use crate::outcome::Ending;
use hypercell::Value;
use std::time::Duration;

/// Source text can be loaded here, called and evaluated.
///
/// A runner starts with an empty realm, and has the functions of [`crate::host`].
pub(crate) trait Runner {
    /// Registers a module; the specifier is `namespace:name`.
    fn add_module(&mut self, specifier: &str, source: &str) -> Ending;

    /// Loads a handler.
    fn add_handler(&mut self, key: &str, source: &str) -> Ending;

    /// Forgets a handler.
    fn remove_handler(&mut self, key: &str) -> Ending;

    /// Calls a handler.
    fn call(&mut self, key: &str, event: &Value) -> Ending;

    /// Calls a handler with JSON text; gives the text that the guest wrote.
    fn call_json(&mut self, key: &str, event: &str) -> Ending;

    /// Evaluates a module.
    fn eval(&mut self, name: &str, source: &str) -> Ending;

    /// Runs a classic script.
    fn script(&mut self, name: &str, source: &str) -> Ending;

    /// Compiles a module.
    fn validate(&mut self, name: &str, source: &str) -> Ending;

    /// Takes a snapshot; the first one is number 0.
    fn snapshot(&mut self) -> Ending;

    /// Returns to a snapshot.
    fn restore(&mut self, snapshot: usize) -> Ending;

    /// Returns to the state at the start.
    fn unload(&mut self) -> Ending;

    /// Evaluates a module with a limit on wall clock time. Nothing but a VM can be
    /// stopped: others panic.
    fn eval_within(&mut self, limit: Duration, source: &str) -> Ending;

    /// Lines of the console and host calls since it was last asked.
    fn take_events(&mut self) -> Vec<String>;
}
