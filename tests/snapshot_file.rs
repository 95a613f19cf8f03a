//! A snapshot that was saved goes on wherever it is loaded; a file that is damaged,
//! foreign or of something else is refused, and then nothing happened.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ConsoleLevel, Engine, ErrorKind, HostModule, Limits, Sandbox, Snapshot};
use hypercell_tests::{Folder, engine, fails, new_engine, sandbox, says, works};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    env, fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const COUNT: &str = "let n = 0; const handler = () => ++n";

/// A snapshot with a handler `count` that was called once.
fn counted(engine: &Engine) -> Snapshot {
    let mut sandbox = engine.sandbox().build().unwrap();
    sandbox.add_handler("count", COUNT).unwrap();
    assert_eq!(count(&mut sandbox), 1);
    sandbox.snapshot().unwrap()
}

fn count(sandbox: &mut Sandbox) -> u32 {
    sandbox.call("count", &()).unwrap()
}

/// Random numbers of several kinds, in one text.
fn dice(sandbox: &mut Sandbox) -> String {
    sandbox.script("[Math.random(), Math.random()].join()").unwrap().unwrap()
}

fn clock_is_right(sandbox: &mut Sandbox) {
    let host = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0;
    let guest = sandbox.script::<f64>("Date.now()").unwrap().unwrap();
    assert!((guest - host).abs() < 2000.0, "{guest} here, {host} on the host");
}

#[test]
fn a_loaded_snapshot_goes_on_where_it_was_saved() {
    let (Some(engine), Some(other)) = (engine(), new_engine()) else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    let mut sandbox = engine.sandbox().build().unwrap();
    sandbox.add_module("state", "export const seen = ['before']").unwrap();
    sandbox
        .add_handler("see", "import { seen } from 'user:state'; const handler = x => (seen.push(x), seen)")
        .unwrap();
    // More than the smallest pages of the heap, and pages of zeros between others.
    sandbox.script::<()>("g = new Uint8Array(1 << 22); g[1 << 20] = g[3 << 20] = 7; undefined").unwrap();
    sandbox.call::<Value>("see", "it").unwrap();
    sandbox.snapshot().unwrap().save(&path).unwrap();
    drop(sandbox);

    for engine in [engine, &other] {
        let snapshot = engine.load_snapshot(&path).unwrap();
        for _ in 0..3 {
            let mut spawned = snapshot.spawn().unwrap();
            for _ in 0..3 {
                let seen = spawned.call::<Value>("see", "after").unwrap();
                assert_eq!(seen, json!(["before", "it", "after"]));
                let sum = spawned.script::<u32>("g.fill(1, 0, 10).reduce((a, b) => a + b)").unwrap();
                assert_eq!(sum, Some(24));
                spawned.restore(&snapshot).unwrap();
            }
        }
    }
}

#[test]
fn it_outlives_file_and_engine_like_any_other() {
    let Some(engine) = new_engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    counted(&engine).save(&path).unwrap();
    let snapshot = engine.load_snapshot(&path).unwrap();
    drop(engine);
    fs::write(&path, "something else").unwrap();
    drop(folder);

    let mut first = snapshot.spawn().unwrap();
    assert_eq!([count(&mut first), count(&mut first)], [2, 3]);
    let later = first.snapshot().unwrap();
    let moved = thread::spawn(move || count(&mut snapshot.spawn().unwrap()));
    assert_eq!(moved.join().unwrap(), 2);
    assert_eq!(count(&mut later.spawn().unwrap()), 4);
}

#[test]
fn a_snapshot_of_a_loaded_one_can_be_saved_too() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    counted(engine).save(&path).unwrap();

    for n in 2..6 {
        let loaded = engine.load_snapshot(&path).unwrap();
        loaded.save(&path).unwrap();
        let mut sandbox = engine.load_snapshot(&path).unwrap().spawn().unwrap();
        assert_eq!(count(&mut sandbox), n);
        sandbox.snapshot().unwrap().save(&path).unwrap();
    }
}

#[test]
fn random_numbers_and_clocks_are_fresh() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    let mut saved = engine.sandbox().build().unwrap();
    dice(&mut saved);
    saved.snapshot().unwrap().save(&path).unwrap();
    let mut seen = HashSet::from([dice(&mut saved)]);

    for _ in 0..3 {
        let snapshot = engine.load_snapshot(&path).unwrap();
        let mut spawned = snapshot.spawn().unwrap();
        for _ in 0..3 {
            clock_is_right(&mut spawned);
            assert!(seen.insert(dice(&mut spawned)), "the same numbers again");
            spawned.restore(&snapshot).unwrap();
        }
    }
}

/// Tells the test below, run anew, which file to load.
const FILE: &str = "HYPERCELL_TESTS_SNAPSHOT_FILE";

#[test]
fn it_goes_on_in_another_process() {
    let Some(engine) = engine() else { return };
    if let Some(path) = env::var_os(FILE) {
        let mut spawned = engine.load_snapshot(path).unwrap().spawn().unwrap();
        clock_is_right(&mut spawned);
        println!("\ncounted {} and threw {}", count(&mut spawned), dice(&mut spawned));
        spawned.unload().unwrap();
        works(&mut spawned);
        return;
    }
    let folder = Folder::new();
    let path = folder.file("saved");
    let snapshot = counted(engine);
    snapshot.save(&path).unwrap();

    let mut seen = HashSet::from([dice(&mut snapshot.spawn().unwrap())]);
    for _ in 0..2 {
        let this = ["--exact", "it_goes_on_in_another_process", "--nocapture"];
        let output = Command::new(env::current_exe().unwrap()).args(this).env(FILE, &path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        let threw = text.lines().find_map(|line| line.strip_prefix("counted 2 and threw "));
        assert!(seen.insert(threw.unwrap().to_owned()), "the same numbers as in another process");
    }
}

#[test]
fn unload_returns_to_a_sandbox_without_handlers() {
    let Some(other) = new_engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    counted(&other).save(&path).unwrap();
    let Some(engine) = new_engine() else { return };
    let mut spawned = engine.load_snapshot(&path).unwrap().spawn().unwrap();

    for _ in 0..3 {
        spawned.unload().unwrap();
        fails(spawned.call::<u32>("count", &()), ErrorKind::InvalidArg);
        clock_is_right(&mut spawned);
        spawned.add_handler("count", COUNT).unwrap();
        assert_eq!(count(&mut spawned), 1);
    }
}

#[test]
fn a_sandbox_can_be_restored_to_a_loaded_snapshot_and_back() {
    let Some(mut sandbox) = sandbox() else { return };
    let engine = engine().unwrap();
    let folder = Folder::new();
    let path = folder.file("saved");
    counted(engine).save(&path).unwrap();
    let loaded = engine.load_snapshot(&path).unwrap();
    let own = sandbox.snapshot().unwrap();

    for _ in 0..3 {
        sandbox.restore(&loaded).unwrap();
        assert_eq!([count(&mut sandbox), count(&mut sandbox)], [2, 3]);
        let short = CallOptions::new().wall(Duration::from_millis(20));
        fails(sandbox.eval_with::<Value>("for (;;);", &short), ErrorKind::Cancelled);
        sandbox.restore(&own).unwrap();
        fails(sandbox.call::<u32>("count", &()), ErrorKind::InvalidArg);
    }

    let strange = new_engine().unwrap();
    let mut stranger = strange.sandbox().build().unwrap();
    says(fails(stranger.restore(&loaded), ErrorKind::InvalidArg), &["another engine"]);
    stranger.restore(&strange.load_snapshot(&path).unwrap()).unwrap();
    assert_eq!(count(&mut stranger), 2);
}

/// A module with functions that count what they are given.
fn counter(sum: &Arc<AtomicU32>) -> HostModule {
    let sum = Arc::clone(sum);
    HostModule::new("counter")
        .function("add", move |n: u32| sum.fetch_add(n, Ordering::Relaxed) + n)
        .function("name", || "counter")
}

const ADD: &str = "import { add } from 'host:counter'; const handler = n => (console.log('adds'), add(n))";

#[test]
fn host_functions_are_given_anew() {
    let (Some(engine), Some(other)) = (engine(), new_engine()) else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    let (before, after) = (Arc::default(), Arc::default());
    let mut sandbox = engine.sandbox().host_module(counter(&before)).build().unwrap();
    sandbox.add_handler("add", ADD).unwrap();
    assert_eq!(sandbox.call::<u32>("add", &1).unwrap(), 1);
    sandbox.snapshot().unwrap().save(&path).unwrap();
    let snapshot = other.load_snapshot(&path).unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let console = move |_: ConsoleLevel, line: &str| sink.lock().unwrap().push(line.to_owned());

    let builder = other.sandbox().host_module(counter(&after)).console(console);
    let mut again = builder.clone().build_from(&snapshot).unwrap();

    assert_eq!(again.call::<u32>("add", &10).unwrap(), 10);
    again.restore(&snapshot).unwrap();
    assert_eq!(again.call::<u32>("add", &10).unwrap(), 20, "the host's state is not restored");
    assert_eq!(*lines.lock().unwrap(), ["adds", "adds"]);
    again.unload().unwrap();
    again.add_handler("add", ADD).unwrap();
    assert_eq!(again.call::<u32>("add", &1).unwrap(), 21);
    again.snapshot().unwrap().spawn().unwrap();
    // What was never loaded fits a loaded one as well.
    builder.build().unwrap().restore(&snapshot).unwrap();
    assert_eq!(before.load(Ordering::Relaxed), 1);
}

#[test]
fn a_spawn_without_the_host_functions_is_refused_and_names_them() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    let sum = Arc::default();
    let mut many = HostModule::new("many");
    for n in 0..20 {
        many = many.function(format!("f{n:02}"), || ());
    }
    let mut sandbox = engine.sandbox().host_module(counter(&sum)).host_module(many).build().unwrap();
    let saved = sandbox.snapshot().unwrap();
    saved.save(&path).unwrap();
    saved.spawn().unwrap();
    let snapshot = engine.load_snapshot(&path).unwrap();

    let refused = fails(snapshot.spawn(), ErrorKind::InvalidArg);

    says(&refused, &["counter.add, counter.name, many.f00", "and 14 more", "`build_from`"]);
    let others = [
        engine.sandbox(),
        engine.sandbox().host_module(HostModule::new("counter").function("add", |n: u32| n)),
    ];
    for builder in others {
        says(fails(builder.build_from(&snapshot), ErrorKind::InvalidArg), &["other host functions"]);
    }
    let empty = engine.sandbox().host_module(HostModule::new("empty")).build().unwrap().snapshot().unwrap();
    empty.save(&path).unwrap();
    let mut spawned = engine.load_snapshot(&path).unwrap().spawn().unwrap();
    for _ in 0..2 {
        let imports = "import * as empty from 'host:empty'; export default typeof empty";
        assert_eq!(spawned.eval::<String>(imports).unwrap().unwrap(), "object");
        spawned.unload().unwrap();
    }
}

#[test]
fn a_loaded_snapshot_brings_its_own_limits() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    let memory = Limits::default().heap(16 << 20).stack(512 << 10).input(64 << 10).output(128 << 10);
    let limits = memory.clone().wall(Duration::from_secs(1)).unlimited_cpu();
    let small = Engine::builder().limits(limits).build().unwrap();
    small.sandbox().build().unwrap().snapshot().unwrap().save(&path).unwrap();
    let snapshot = engine.load_snapshot(&path).unwrap();

    let mut spawned = snapshot.spawn().unwrap();

    let long = "x".repeat(64 << 10);
    says(fails(spawned.eval::<Value>(&long), ErrorKind::Limit), &["65536"]);
    says(fails(spawned.eval::<Value>("for (;;);"), ErrorKind::Cancelled), &["wall clock"]);
    spawned.unload().unwrap();
    says(
        fails(spawned.eval::<Value>("export default 'x'.repeat(2e5)"), ErrorKind::Js),
        &["RangeError", "131072"],
    );
    let misfit = fails(engine.sandbox().build_from(&snapshot), ErrorKind::InvalidArg);
    says(misfit, &["other limits on memory"]);
    // All others are the builder's.
    let short = memory.wall(Duration::from_millis(20));
    let mut again = engine.sandbox().limits(short).build_from(&snapshot).unwrap();
    says(fails(again.eval::<Value>("for (;;);"), ErrorKind::Cancelled), &["wall clock"]);
}

#[test]
fn a_file_is_for_its_owner_alone_and_the_only_one_that_is_left() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let path = folder.with("saved", b"something older");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();

    counted(engine).save(&path).unwrap();

    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(folder.names(), ["saved"]);
    assert_eq!(count(&mut engine.load_snapshot(&path).unwrap().spawn().unwrap()), 2);
}

#[test]
fn whoever_loads_while_others_save_sees_one_or_the_other() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let path = folder.file("saved");
    let first = counted(engine);
    let mut sandbox = first.spawn().unwrap();
    count(&mut sandbox);
    let second = sandbox.snapshot().unwrap();
    first.save(&path).unwrap();

    thread::scope(|scope| {
        for snapshot in [&first, &second] {
            scope.spawn(|| {
                for _ in 0..20 {
                    snapshot.save(&path).unwrap();
                }
            });
        }
        for _ in 0..20 {
            let next = count(&mut engine.load_snapshot(&path).unwrap().spawn().unwrap());
            assert!([2, 3].contains(&next), "{next}");
        }
    });

    assert_eq!(folder.names(), ["saved"]);
}

#[test]
fn what_cannot_be_saved_leaves_all_as_it_was() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let snapshot = counted(engine);
    let taken = folder.file("taken");
    fs::create_dir(&taken).unwrap();
    let file = folder.with("file", b"a file");

    let failed = |path: &Path| fails(snapshot.save(path), ErrorKind::Snapshot);

    says(failed(&taken), &["cannot save", "taken", "directory"]);
    says(failed(&folder.file("missing/saved")), &["missing/saved", "No such file"]);
    says(failed(&file.join("saved")), &["Not a directory"]);
    says(failed(Path::new("/")), &["no file"]);
    says(failed(Path::new("")), &["no file"]);
    assert_eq!(folder.names(), ["file", "taken"]);
    assert_eq!(fs::read(&file).unwrap(), b"a file");
    assert_eq!(count(&mut snapshot.spawn().unwrap()), 2);
}

#[test]
fn what_is_not_there_or_no_file_cannot_be_loaded() {
    let Some(engine) = engine() else { return };
    let folder = Folder::new();
    let file = folder.with("file", b"a file");

    let failed = |path: &Path| fails(engine.load_snapshot(path), ErrorKind::Snapshot);

    says(failed(&folder.file("missing")), &["cannot load", "missing", "No such file"]);
    says(failed(&file.join("saved")), &["Not a directory"]);
    says(failed(Path::new("")), &["No such file"]);
    for other in [file.parent().unwrap(), Path::new("/dev/null"), Path::new("/dev/zero")] {
        says(failed(other), &["no regular file"]);
    }
}
