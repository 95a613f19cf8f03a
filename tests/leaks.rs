//! A process that makes and drops engines, sandboxes and snapshots holds no more
//! descriptors, threads, mappings and memory than before.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, Engine, ErrorKind, Limits, Sandbox, VmmKind};
use hypercell_tests::{
    Folder, SnapshotFile, engine, engine_of, fails, hostile_image, new_engine, says, throws,
};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// What this process holds of what can leak.
#[derive(Debug, Clone, Copy)]
struct Held {
    descriptors: usize,
    threads: usize,
    mappings: usize,
    memory_kib: usize,
}

impl Held {
    fn now() -> Self {
        let entries = |folder| fs::read_dir(folder).unwrap().count();
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Self {
            descriptors: entries("/proc/self/fd"),
            threads: entries("/proc/self/task"),
            mappings: fs::read_to_string("/proc/self/maps").unwrap().lines().count(),
            memory_kib: memory.trim().trim_end_matches(" kB").parse().unwrap(),
        }
    }

    /// Checks that no more is held now. The allocator may keep a little: a guest image or two.
    #[track_caller]
    fn is_all_that_is_held(self) {
        const MAPPINGS: usize = 8;
        const MEMORY_KIB: usize = 8192;
        let now = Self::now();
        assert_eq!(
            (now.descriptors, now.threads),
            (self.descriptors, self.threads),
            "{self:?} became {now:?}"
        );
        assert!(now.mappings <= self.mappings + MAPPINGS, "{self:?} became {now:?}");
        assert!(now.memory_kib <= self.memory_kib + MEMORY_KIB, "{self:?} became {now:?}");
    }
}

/// What is counted is the whole process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does the work of `round` with an engine, drops that, and checks that no more is
/// held than after as many rounds as warm the process up. What belongs to the process
/// and not to an engine, such as the thread that stops calls of `hyperlight`, is there
/// after these.
///
/// Rounds are counted for `kvm` and for `hyperlight`, where each takes longer.
fn stays_flat(warm_up: [usize; 2], rounds: [usize; 2], work: impl Fn(&Engine, usize)) {
    let Some(vmm) = engine().map(Engine::vmm) else { return };
    let by_vmm = |[kvm, hyperlight]: [usize; 2]| if vmm == VmmKind::Kvm { kvm } else { hyperlight };
    stays_flat_on(vmm, by_vmm(warm_up), by_vmm(rounds), work);
}

/// The same on this VMM.
fn stays_flat_on(vmm: VmmKind, warm_up: usize, rounds: usize, work: impl Fn(&Engine, usize)) {
    let _alone = alone();
    if engine_of(vmm).is_none() {
        return;
    }
    let repeat = |rounds| {
        let engine = Engine::builder().vmm(vmm).build().unwrap();
        for round in 0..rounds {
            work(&engine, round);
        }
        // Waits for the thread that keeps the engine's virtual machines.
        drop(engine);
    };
    repeat(warm_up);
    let before = Held::now();
    repeat(rounds);
    before.is_all_that_is_held();
}

fn loaded(engine: &Engine) -> Sandbox {
    let mut sandbox = engine.sandbox().build().unwrap();
    sandbox.add_handler("double", "const handler = n => n * 2").unwrap();
    sandbox
}

#[test]
fn hundreds_of_sandboxes_leave_nothing_behind() {
    stays_flat([100, 30], [1000, 300], |engine, _| {
        assert_eq!(loaded(engine).call::<u32>("double", &21).unwrap(), 42);
    });
}

#[test]
fn a_hundred_engines_leave_nothing_behind() {
    stays_flat([10, 10], [100, 100], |_, _| {
        let engine = new_engine().unwrap();
        assert_eq!(loaded(&engine).call::<u32>("double", &21).unwrap(), 42);
    });
}

#[test]
fn thousands_of_restores_leave_nothing_behind() {
    let short = CallOptions::new().wall(Duration::from_millis(1));
    stays_flat([10, 2], [100, 8], |engine, _| {
        let mut sandbox = loaded(engine);
        let fresh = sandbox.snapshot().unwrap();
        for n in 0..100 {
            match n {
                0 => drop(fails(sandbox.eval_with::<Value>("for (;;);", &short), ErrorKind::Cancelled)),
                1..20 => drop(throws(sandbox.eval::<Value>("throw new Error('x'.repeat(1000))"))),
                20..40 => {
                    drop(sandbox.eval::<Value>("globalThis.kept = Array(20000).fill(1).map(String)").unwrap())
                }
                _ => assert_eq!(sandbox.call::<u32>("double", &n).unwrap(), 2 * n),
            }
            sandbox.restore(&fresh).unwrap();
        }
    });
}

#[test]
fn snapshots_and_their_sandboxes_leave_nothing_behind() {
    stays_flat([10, 5], [60, 30], |engine, round| {
        let mut sandbox = loaded(engine);
        let snapshots = [(); 3].map(|()| {
            sandbox.call::<u32>("double", &1).unwrap();
            sandbox.snapshot().unwrap()
        });
        for snapshot in &snapshots {
            let mut spawned = snapshot.spawn().unwrap();
            assert_eq!(spawned.call::<usize>("double", &round).unwrap(), 2 * round);
            sandbox.restore(snapshot).unwrap();
        }
    });
}

#[test]
fn what_fails_leaves_nothing_behind() {
    stays_flat([20, 10], [200, 50], |engine, _| {
        let mut sandbox = engine.sandbox().limits(Limits::default().heap(4 << 20)).build().unwrap();
        fails(engine.sandbox().limits(Limits::default().heap(0)).build(), ErrorKind::InvalidArg);
        fails(Engine::builder().vmm(engine.vmm()).guest_image(vec![0; 1000]).build(), ErrorKind::InvalidArg);
        fails(sandbox.add_handler("broken", "("), ErrorKind::Syntax);
        throws(sandbox.eval::<Value>("for (let a = []; ; ) a.push(a.length, 'x'.repeat(1e6) + a.length)"));
        let short = CallOptions::new().wall(Duration::from_millis(1));
        fails(sandbox.eval_with::<Value>("for (;;);", &short), ErrorKind::Cancelled);
    });
}

/// The good file with more of a guest than there can be, and with memory of a size that
/// no other file has.
fn refusable(good: &Path, round: usize) -> Vec<u8> {
    let mut file = SnapshotFile::read(good);
    file.payload.push(0);
    let heap = format!("\"heap\":{}", (32 << 20) - 1 - round);
    file.description = file.description.replace("\"heap\":33554432", &heap);
    file.sealed()
}

#[test]
fn an_engine_keeps_nothing_of_files_that_it_refuses() {
    let _alone = alone();
    let Some(engine) = new_engine() else { return };
    let folder = Folder::new();
    let (good, bad) = (folder.file("good"), folder.file("bad"));
    loaded(&engine).snapshot().unwrap().save(&good).unwrap();
    let before = Held::now().descriptors;

    for round in 0..200 {
        fs::write(&bad, refusable(&good, round)).unwrap();
        says(fails(engine.load_snapshot(&bad), ErrorKind::Snapshot), &["no guest's"]);
    }

    // Some virtual machines that are ready, and some that are on their way out.
    let after = Held::now().descriptors;
    assert!(after < before + 100, "{before} descriptors became {after}");
}

#[test]
fn files_leave_nothing_behind_whether_they_are_loaded_or_refused() {
    let folder = Folder::new();
    let (good, bad) = (folder.file("good"), folder.file("bad"));
    stays_flat([5, 5], [40, 40], |engine, round| {
        let mut sandbox = loaded(engine);
        sandbox.snapshot().unwrap().save(&good).unwrap();
        let snapshot = engine.load_snapshot(&good).unwrap();
        assert_eq!(snapshot.spawn().unwrap().call::<usize>("double", &round).unwrap(), 2 * round);

        fs::write(&bad, refusable(&good, round)).unwrap();
        fails(engine.load_snapshot(&bad), ErrorKind::Snapshot);
        fs::write(&bad, refusable(&good, round).split_at(5000).0).unwrap();
        fails(engine.load_snapshot(&bad), ErrorKind::Snapshot);
        fails(snapshot.save(folder.file("missing/file")), ErrorKind::Snapshot);
    });
}

#[test]
fn guests_that_fault_leave_nothing_behind() {
    stays_flat([10, 10], [100, 40], |engine, _| {
        let image = hostile_image(engine.vmm());
        let hostile = Engine::builder().vmm(engine.vmm()).guest_image(image).build().unwrap();
        let mut sandbox = hostile.sandbox().build().unwrap();
        let fresh = sandbox.snapshot().unwrap();
        for attack in ["fault:null", "length:max", "insn:hlt", "abort:plain", "sections:many"] {
            fails(sandbox.call::<Value>(attack, &()), ErrorKind::GuestAbort);
            sandbox.restore(&fresh).unwrap();
        }
    });
}

#[test]
fn guests_that_turn_against_hyperlight_leave_nothing_behind() {
    stays_flat_on(VmmKind::Hyperlight, 10, 40, |engine, round| {
        let image = hostile_image(engine.vmm());
        let hostile = Engine::builder().vmm(engine.vmm()).guest_image(image).build().unwrap();
        let mut sandbox = hostile.sandbox().build().unwrap();
        let fresh = sandbox.snapshot().unwrap();
        for attack in [
            "log:200".into(),
            "long-log:200".into(),
            format!("ring:garbage:{round}"),
            format!("message:garbage:{round}"),
            format!("host:garbage:{round}"),
            "message:error:3000".into(),
            "cpl0:out:128".into(),
        ] {
            let _ = sandbox.call::<Value>(&attack, &());
            sandbox.restore(&fresh).unwrap();
        }
        for order in ["tables:one-page", "tables:self", "checkpoint:value:7"] {
            sandbox.call::<Value>(order, &()).unwrap();
            fails(sandbox.snapshot(), ErrorKind::GuestAbort);
            sandbox.restore(&fresh).unwrap();
        }
    });
}
