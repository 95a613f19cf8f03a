//! Points in time of a sandbox, in memory and in files.

mod description;
mod file;
mod header;

pub(crate) use header::Identity;

use crate::{
    engine::Engine,
    error::{Error, Result},
    sandbox::{Config, Sandbox},
    vmm::MachineSnapshot,
};
use description::Description;
use file::SavedFile;
use std::{path::Path, sync::Arc};

/// Missing host functions that an error names.
const MAX_NAMED: usize = 8;

/// A point in time of one sandbox, between two calls: its memory and registers,
/// with all handlers, modules and JavaScript state.
///
/// Cloning it is cheap. Restoring a sandbox to it takes microseconds, and any
/// number of sandboxes can be spawned from it. What lies on the host is not part of
/// it: state of host functions and statistics stay as they are. Random numbers and
/// clocks are fresh after each restore and in each spawned sandbox.
///
/// A file keeps it beyond the process: [`Snapshot::save`] writes it,
/// [`Engine::load_snapshot`] reads it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) machine: MachineSnapshot,
    /// The state right after the runtime was loaded, for `unload`.
    pub(crate) booted: MachineSnapshot,
}

impl Snapshot {
    /// A new sandbox in this state, with the host modules and limits of the sandbox
    /// that the snapshot was taken of.
    ///
    /// To give it other closures for the same host functions, use
    /// [`SandboxBuilder::build_from`](crate::SandboxBuilder::build_from).
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the host has no memory or descriptors left for another
    /// VM. `ERR_INVALID_ARG` when the snapshot was loaded from a file and the saved
    /// sandbox had host functions: the message names them, and `build_from` is the way.
    pub fn spawn(&self) -> Result<Sandbox> {
        let missing = self.config.missing();
        if !missing.is_empty() {
            let more = missing.len().saturating_sub(MAX_NAMED);
            let mut names = missing.into_iter().take(MAX_NAMED).collect::<Vec<_>>().join(", ");
            if more > 0 {
                names = format!("{names} and {more} more");
            }
            return Err(Error::invalid_argument(format!(
                "the snapshot was loaded from a file, which cannot hold its host functions ({names}): give them \
                 to a builder and call `build_from`"
            )));
        }
        Sandbox::spawn(self, Arc::clone(&self.config))
    }

    /// Writes the snapshot to a file, for [`Engine::load_snapshot`]: guest memory,
    /// registers, limits, and the names of host modules and functions. Closures (host
    /// functions, the console's sink) are not part of it.
    ///
    /// The file is complete or not there: it is written under another name in the same
    /// folder, synced, and renamed, and takes the place of a file that has the path. All
    /// that guest code knew is in it in clear, so only its owner may read it (mode 0600).
    ///
    /// ```no_run
    /// # let engine = hypercell::Engine::new()?;
    /// let mut sandbox = engine.sandbox().build()?;
    /// sandbox.add_handler("count", "let n = 0; const handler = () => ++n")?;
    /// sandbox.snapshot()?.save("/var/cache/service/count.snapshot")?;
    /// // Later, in another process:
    /// let snapshot = engine.load_snapshot("/var/cache/service/count.snapshot")?;
    /// assert_eq!(snapshot.spawn()?.call::<u32>("count", &())?, 1);
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_SNAPSHOT` when the file cannot be written, with the operating system's
    /// answer; what was at the path is still there then.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let write = || {
            let description = Description::of(&self.config).encode()?;
            let payload = |out: &mut dyn std::io::Write| self.engine.save_machine(&self.machine, out);
            file::write(path, &self.engine.identity(), &description, payload)
        };
        write().map_err(|e| e.during(&format!("cannot save the snapshot to {path:?}")))
    }

    /// [`Engine::load_snapshot`].
    pub(crate) fn load(engine: &Engine, path: &Path) -> Result<Self> {
        let read = || {
            let file = SavedFile::open(path)?;
            file.check_identity(&engine.identity())?;
            let config = Description::decode(file.description())?;
            file.check_payload()?;
            // The state that `unload` returns to is not in the file: what this engine
            // boots with the same image and memory is that state, with its own clock.
            let size = config.limits.memory();
            let booted = engine.booted_snapshot(&size)?;
            let machine =
                file.load_payload(|payload, length| engine.load_machine(&booted, payload, length))?;
            engine.keep_booted(size, &booted);
            Ok(Self { engine: engine.clone(), config: Arc::new(config), machine, booted })
        };
        read().map_err(|e: Error| e.during(&format!("cannot load the snapshot {path:?}")))
    }
}
