//! What the host knows of a saved sandbox: its limits, and the names of its host
//! functions. In a file it is JSON.

use crate::{
    error::{Error, Result},
    hostfn::module::{check_module_name, check_name},
    limits::Limits,
    sandbox::{Config, HostNames, ProgramDefaults},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    limits: SavedLimits,
    /// The names of the host functions, by module.
    host_modules: HostNames,
    /// What programs are given.
    programs: ProgramDefaults,
}

/// [`Limits`] in bytes, nanoseconds and counts; `null` is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedLimits {
    heap: u64,
    stack: u64,
    input: u64,
    output: u64,
    wall_ns: Option<u64>,
    cpu_ns: Option<u64>,
    host_calls: u64,
    async_calls: u64,
    timers: u64,
    console: u64,
    files: u64,
    inodes: u64,
}

impl Description {
    /// Describes a sandbox with this configuration.
    pub(super) fn of(config: &Config) -> Self {
        let Limits {
            heap,
            stack,
            input,
            output,
            wall,
            cpu,
            host_calls,
            async_calls,
            timers,
            console,
            files,
            inodes,
        } = config.limits;
        // Limits on time are an hour at most.
        let nanoseconds = |limit: Duration| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
        let (wall_ns, cpu_ns) = (wall.map(nanoseconds), cpu.map(nanoseconds));
        let limits = SavedLimits {
            heap,
            stack,
            input,
            output,
            wall_ns,
            cpu_ns,
            host_calls,
            async_calls,
            timers,
            console,
            files,
            inodes,
        };
        Self { limits, host_modules: config.names.clone(), programs: config.programs.clone() }
    }

    /// As JSON text.
    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|e| Error::internal("a snapshot's description has no JSON form").with_source(e))
    }

    /// Reads a description and checks every value of it.
    ///
    /// # Errors
    /// What is wrong, in a sentence about "it".
    pub(super) fn decode(json: &[u8]) -> Result<Config> {
        let described: Self = serde_json::from_slice(json)
            .map_err(|e| Error::snapshot(format!("its description cannot be read: {e}")))?;
        let SavedLimits {
            heap,
            stack,
            input,
            output,
            wall_ns,
            cpu_ns,
            host_calls,
            async_calls,
            timers,
            console,
            files,
            inodes,
        } = described.limits;
        let (wall, cpu) = (wall_ns.map(Duration::from_nanos), cpu_ns.map(Duration::from_nanos));
        let limits = Limits {
            heap,
            stack,
            input,
            output,
            wall,
            cpu,
            host_calls,
            async_calls,
            timers,
            console,
            files,
            inodes,
        };
        let out_of_bounds = |e: Error| Error::snapshot(format!("its description is wrong: {e}"));
        limits.check().map_err(out_of_bounds)?;
        for (module, functions) in &described.host_modules {
            check_module_name(module).map_err(out_of_bounds)?;
            for function in functions.all() {
                check_name("host function", function).map_err(out_of_bounds)?;
            }
        }
        Ok(Config::without_closures(limits, described.host_modules, described.programs))
    }
}
