//! Limits and host modules, as the host sets them.

use super::{Engine, error, job::Job, registry::check_name};
use alloc::{format, string::String};
use hypercell_common::body::{Configure, Thrown};
use rquickjs::Runtime;

/// Heap bytes until the host says otherwise.
const HEAP: usize = 64 << 20;
/// Stack bytes until the host says otherwise: what QuickJS itself chooses is
/// above what a small guest has.
pub(super) const STACK: usize = 256 << 10;
/// Allocated bytes that trigger a collection until the host says otherwise: more than a
/// new realm has, where there is nothing to collect.
const GC_THRESHOLD: usize = 4 << 20;

/// Beyond this many bytes of stack rquickjs switches the check off.
const MAX_STACK: u64 = 1 << 24;

/// Sets the limits of an engine that was not configured.
pub(super) fn defaults(runtime: &Runtime) {
    runtime.set_memory_limit(HEAP);
    runtime.set_max_stack_size(STACK);
    runtime.set_gc_threshold(GC_THRESHOLD);
}

impl Engine {
    pub(super) fn configure(&mut self, job: &Job) -> Result<(), Thrown> {
        let configure: Configure = serde_json::from_slice(&job.body)
            .map_err(|fault| error::request(format!("the configuration is malformed: {fault}")))?;
        let heap = bytes("heap_bytes", configure.heap_bytes, u64::MAX)?;
        let stack = bytes("stack_bytes", configure.stack_bytes, MAX_STACK)?;
        let threshold = bytes("gc_threshold_bytes", configure.gc_threshold_bytes, u64::MAX)?;
        for (module, functions) in &configure.host_modules {
            check_name(module).map_err(|fault| named("host module", module, &fault))?;
            for function in functions.all() {
                check_name(function).map_err(|fault| named("host function", function, &fault))?;
            }
            if let Some((_, twice)) =
                functions.all().enumerate().find(|(at, f)| functions.all().take(*at).any(|g| g == *f))
            {
                return Err(error::request(format!(
                    "the host module '{module}' has the function '{twice}' twice"
                )));
            }
        }
        self.runtime.set_memory_limit(heap);
        self.runtime.set_max_stack_size(stack);
        self.stack = stack;
        self.runtime.set_gc_threshold(threshold);
        self.shared.timers.set_limit(configure.timers);
        let now = self.shared.wall_us();
        self.shared.disk.configure(configure.files, now).map_err(error::request)?;
        self.shared.programs.configure(configure.env, configure.cwd);
        self.shared.registry.set_hosts(configure.host_modules);
        Ok(())
    }
}

fn bytes(field: &str, bytes: u64, most: u64) -> Result<usize, Thrown> {
    // QuickJS takes 0 for "no limit", which nobody may ask for by accident.
    if bytes == 0 || bytes > most {
        return Err(error::request(format!("{field} is {bytes}, and must be from 1 to {most}")));
    }
    usize::try_from(bytes)
        .map_err(|_| error::request(format!("{field} is {bytes}, more than this machine addresses")))
}

fn named(what: &str, name: &str, fault: &str) -> Thrown {
    error::request(String::from(what) + " " + &format!("{name:?}") + ": " + fault)
}
