//! Files that are loaded next to a good one.

use crate::{Folder, Payload, SnapshotFile, engine, engine_of, fails, hostile_image, works};
use hypercell::{Engine, ErrorKind, Limits, Result, Sandbox, Snapshot, VmmKind};
use serde_json::Value;
use std::path::PathBuf;

/// A good file, and an engine that a bad one must not harm.
#[derive(Debug)]
pub struct FileTarget {
    /// What the files are loaded with.
    pub engine: Engine,
    /// Where they are.
    pub folder: Folder,
    /// The good one, of a sandbox that was called once.
    pub path: PathBuf,
    /// Another sandbox of the engine.
    pub neighbour: Sandbox,
}

impl FileTarget {
    /// With a handler `count`; `None` without a hypervisor.
    #[must_use]
    pub fn new() -> Option<Self> {
        Some(Self::with(engine()?.clone()))
    }

    /// On this VMM, whichever the environment names.
    #[must_use]
    pub fn on(vmm: VmmKind) -> Option<Self> {
        engine_of(vmm).map(Self::with)
    }

    fn with(engine: Engine) -> Self {
        Self::of(engine, "count", |sandbox| {
            sandbox.add_handler("count", "let n = 0; const handler = () => ++n").unwrap();
        })
    }

    /// With the hostile guest image of this VMM.
    #[must_use]
    pub fn hostile(vmm: VmmKind) -> Option<Self> {
        engine_of(vmm)?;
        let limits = Limits::default().heap(8 << 20).input(1 << 20).output(1 << 20);
        let engine =
            Engine::builder().vmm(vmm).guest_image(hostile_image(vmm)).limits(limits).build().unwrap();
        Some(Self::of(engine, "echo", |_| {}))
    }

    fn of(engine: Engine, handler: &str, prepare: impl Fn(&mut Sandbox)) -> Self {
        let folder = Folder::new();
        let path = folder.file("good");
        let mut sandbox = engine.sandbox().build().unwrap();
        prepare(&mut sandbox);
        sandbox.call::<Value>(handler, &()).unwrap();
        let snapshot = sandbox.snapshot().unwrap();
        snapshot.save(&path).unwrap();
        Self { engine, folder, path, neighbour: snapshot.spawn().unwrap() }
    }

    /// Loads a file with this content.
    ///
    /// # Errors
    /// As [`Engine::load_snapshot`].
    pub fn load(&self, bytes: &[u8]) -> Result<Snapshot> {
        self.engine.load_snapshot(self.folder.with("bad", bytes))
    }

    /// Checks that a file is refused, and returns what the error says.
    #[track_caller]
    pub fn refuses(&self, bytes: &[u8]) -> String {
        fails(self.load(bytes), ErrorKind::Snapshot).to_string()
    }

    /// Checks that the good file with another state is refused, although its digests
    /// are right.
    #[track_caller]
    pub fn refuses_state<P: Payload>(&self, change: impl FnOnce(&mut P)) -> String {
        self.refuses(&self.with_state(change))
    }

    /// The good file with another state, and with digests that are right.
    #[must_use]
    pub fn with_state<P: Payload>(&self, change: impl FnOnce(&mut P)) -> Vec<u8> {
        let mut file = SnapshotFile::read(&self.path);
        let mut state = P::read(&file.payload);
        change(&mut state);
        file.payload = state.payload();
        file.sealed()
    }

    /// The state in the good file.
    #[must_use]
    pub fn good<P: Payload>(&self) -> P {
        P::read(&SnapshotFile::read(&self.path).payload)
    }

    /// Checks that engine, neighbour and the good file work.
    #[track_caller]
    pub fn is_unharmed(&mut self) {
        let good = self.engine.load_snapshot(&self.path).unwrap();
        for sandbox in [&mut self.neighbour, &mut good.spawn().unwrap()] {
            sandbox.call::<Value>("count", &()).unwrap();
            works(sandbox);
        }
    }
}
