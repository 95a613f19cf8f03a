//! Files of the VMM `hyperlight`: lengths, sizes and configurations that are not the
//! engine's, and what is left of refused ones.
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use hypercell::{ErrorKind, VmmKind};
use hypercell_tests::{
    FileTarget, Folder, HyperlightState, Payload, SnapshotFile, engine_of, fails, says, works,
};
use serde_json::{Value, json};
use std::{env, fs, path::Path, process::Command};

/// A page, in bytes.
const PAGE: usize = 4096;

fn target() -> Option<FileTarget> {
    FileTarget::on(VmmKind::Hyperlight)
}

#[track_caller]
fn refuses(target: &FileTarget, change: impl FnOnce(&mut HyperlightState)) -> String {
    let refused = target.refuses_state(change);
    assert!(refused.len() < 1000 && refused.chars().all(|c| !c.is_control()), "{refused:?}");
    refused
}

/// Checks that the good file is refused with another value at a place of its
/// configuration, and that the error names the place.
#[track_caller]
fn refuses_value(target: &FileTarget, place: &str, value: Value) {
    let name = place.trim_start_matches('/').split('/').next().unwrap();
    let refused = refuses(target, |state| {
        state.configure(|config| *config.pointer_mut(place).unwrap() = value);
    });
    says(refused, &["no guest's", name]);
}

#[test]
fn what_is_taken_apart_and_put_together_is_the_same_file() {
    let Some(target) = target() else { return };

    assert!(target.with_state(|_: &mut HyperlightState| {}) == fs::read(&target.path).unwrap());
}

#[test]
fn lengths_that_are_not_true_are_refused() {
    let Some(mut target) = target() else { return };
    let good: HyperlightState = target.good();
    let lengths = [good.config.len(), good.memory.len()].map(|len| len as u64);

    for (part, name) in ["configuration", "memory"].into_iter().enumerate() {
        for length in [1 << 40, 1 << 63, u64::MAX - 16, u64::MAX] {
            let mut lengths = lengths;
            lengths[part] = length;
            let refused = refuses(&target, |state| state.false_lengths = Some(lengths));
            says(refused, &["no guest's", name, &length.to_string()]);
        }
        for length in [0, lengths[part] - 1, lengths[part] + 1] {
            let mut lengths = lengths;
            lengths[part] = length;
            let refused = refuses(&target, |state| state.false_lengths = Some(lengths));
            says(refused, &["no guest's", "its parts have"]);
        }
    }
    // As long together, and cut in other places.
    for (from, to) in [(0, 1), (1, 0)] {
        let mut lengths = lengths;
        lengths[from] -= 8;
        lengths[to] += 8;
        refuses(&target, |state| state.false_lengths = Some(lengths));
    }
    let mut file = SnapshotFile::read(&target.path);
    for length in [0, 1, 15, 16] {
        file.payload.truncate(16);
        file.payload.resize(length, 0);
        says(target.refuses(&file.sealed()), &["no guest's"]);
    }
    target.is_unharmed();
}

#[test]
fn a_configuration_that_is_no_document_is_refused() {
    let Some(mut target) = target() else { return };
    let good = String::from_utf8(target.good::<HyperlightState>().config).unwrap();
    let deep = "[".repeat(60_000);
    let deep_field =
        good.replacen('{', &format!("{{\"metadata\":{}{},", "[".repeat(100), "]".repeat(100)), 1);
    let huge = format!("{{\"metadata\":\"{}\"}}", "x".repeat(100 << 20));
    let other = good.replacen("\"scratch_size\":", "\"scratch_size\":4096,\"scratch_size\":", 1);
    assert_ne!(other, good);

    for (config, why) in [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("\0", "cannot be read"),
        ("null", "no guest's"),
        ("[]", "no guest's"),
        ("{}", "it has no"),
        (&deep, "cannot be read"),
        (&deep_field, "`metadata` is unknown"),
        (&huge, "at most 65536"),
        (&good.replacen('{', "", 1), "cannot be read"),
        (&format!("{good}{good}"), "cannot be read"),
        (&good.replacen("\"memory_size\"", "\"\\u001b[2J\"", 1), "is unknown"),
        (&good.replacen("\"memory_size\":", "\"memory_size\":-", 1), "memory_size"),
        (&good.replacen("\"memory_size\":", "\"memory_size\":0.", 1), "memory_size"),
    ] {
        says(refuses(&target, |state| state.config = config.as_bytes().to_vec()), &[why]);
    }
    // What is said twice is never what is used.
    works(&mut target.load(&with_config(&target, &other)).unwrap().spawn().unwrap());
    target.is_unharmed();
}

fn with_config(target: &FileTarget, config: &str) -> Vec<u8> {
    target.with_state(|state: &mut HyperlightState| state.config = config.as_bytes().to_vec())
}

#[test]
fn a_configuration_that_is_not_the_engines_is_refused() {
    let Some(mut target) = target() else { return };
    let good: HyperlightState = target.good();

    for (place, value) in [
        ("/hyperlight_version", json!("0.17.0")),
        ("/hyperlight_version", json!("\u{1b}[2J".repeat(1000))),
        ("/arch", json!("aarch64")),
        ("/abi_version", json!(5)),
        ("/hypervisor", json!("mshv")),
        ("/cpu_vendor", json!("AuthenticOther")),
        ("/entrypoint_addr", json!(good.number("/entrypoint_addr") + 1)),
        ("/original_entrypoint_addr", json!(0)),
        ("/stack_top_gva", json!(0x1000)),
        ("/sregs/cs/dpl", json!(3)),
        ("/sregs/cs/selector", json!(0x33)),
        ("/sregs/cs/l", json!(0)),
        ("/sregs/ss/unusable", json!(1)),
        ("/sregs/cr0", json!(0x33)),
        ("/sregs/cr4", json!(good.number("/sregs/cr4") | 1 << 20)),
        ("/sregs/cr8", json!(15)),
        ("/sregs/efer", json!(0x500)),
        ("/sregs/idt/base", json!(0x1000)),
        ("/sregs/gdt/base", json!(u64::MAX)),
        ("/sregs/gdt/limit", json!(0)),
        ("/sregs/tr/base", json!(0x4000_0000)),
        ("/sregs/apic_base", json!(0xfee0_0900_u64)),
        ("/sregs/interrupt_bitmap/0", json!(1)),
        ("/msrs/0/index", json!(0xc000_0080_u64)),
        ("/msrs/1/index", json!(0x1d9)),
        ("/msrs/1/value", json!(u64::MAX)),
        ("/msrs", json!([])),
        ("/msrs", json!([{ "index": 0x10, "value": 0, "more": 1 }])),
        ("/layout/heap_size", json!(0)),
        ("/layout/code_size", json!(u64::MAX)),
        ("/layout/code_virt_base", json!(0)),
        ("/layout/init_data_size", json!(4096)),
        ("/layout/init_data_permissions", json!(7)),
        ("/layout/scratch_size", json!(1_u64 << 34)),
        ("/layout/scratch_size", json!(4096)),
        ("/layout/g2h_queue_size", json!(1 << 15)),
        ("/layout/h2g_queue_size", json!(0)),
        ("/layout/g2h_buffer_size", json!(1)),
        ("/layout/h2g_buffer_size", json!(u64::MAX)),
        ("/layout/g2h_pool_pages", json!(1_u64 << 40)),
        ("/layout/h2g_pool_pages", json!(0)),
        ("/host_functions", json!([])),
        ("/host_functions/0/function_name", json!("other")),
        ("/host_functions/0/return_type", json!("void")),
        ("/host_functions/1/parameter_types", json!(vec!["bool"; 5000])),
        ("/snapshot_generation", json!("many")),
        ("/sregs/cr2", json!(null)),
        ("/msrs/0/value", json!(-1)),
    ] {
        refuses_value(&target, place, value);
    }
    for field in good.config().as_object().unwrap().keys() {
        let refused = refuses(&target, |state| {
            state.configure(|config| drop(config.as_object_mut().unwrap().remove(field)));
        });
        says(refused, &["no guest's", &format!("it has no `{field}`")]);
    }
    for field in ["metadata", "more"] {
        let refused = refuses(&target, |state| state.configure(|config| config[field] = json!({})));
        says(refused, &["no guest's", &format!("`{field}` is unknown")]);
    }
    target.is_unharmed();
}

#[test]
fn sizes_that_do_not_fit_the_memory_are_refused() {
    let Some(mut target) = target() else { return };
    let good: HyperlightState = target.good();
    let (pages, tables) = (good.number("/layout/snapshot_size"), good.number("/layout/pt_size"));
    let (page, all) = (PAGE as u64, pages + tables);

    for (pages, tables, all) in [
        (pages, tables, pages + tables + page),
        (pages + page, tables, pages + tables + page),
        (u64::MAX, tables, pages + tables),
        (pages, u64::MAX, pages + tables),
        (u64::MAX - 4095, pages + tables + page, pages + tables),
        (pages, tables, 0),
        (pages, tables, u64::MAX),
    ] {
        let refused = refuses(&target, |state| {
            state.configure(|config| {
                config["layout"]["snapshot_size"] = json!(pages);
                config["layout"]["pt_size"] = json!(tables);
                config["memory_size"] = json!(all);
            });
        });
        says(refused, &["no guest's"]);
    }
    for (tables, why) in [
        (0, "pt_size"),
        (1, "PAGE_SIZE"),
        (pages, "layout size"),
        (all, "nonzero"),
        (all - page, "layout size"),
    ] {
        let refused = refuses(&target, |state| {
            state.configure(|config| {
                config["layout"]["snapshot_size"] = json!(all - tables);
                config["layout"]["pt_size"] = json!(tables);
            });
        });
        says(refused, &["refuses it", why]);
    }
    for length in [0, 1, PAGE, good.memory.len() - PAGE, good.memory.len() - 1, good.memory.len() + PAGE] {
        says(refuses(&target, |state| state.memory.resize(length, 0)), &["no guest's"]);
    }
    says(refuses(&target, |state| state.memory.resize(1 << 30, 0)), &["no guest's", "memory"]);
    target.is_unharmed();
}

/// Tells the test below, run anew, where its files are.
const FILES: &str = "HYPERCELL_TESTS_FILES";

#[test]
fn nothing_is_left_in_the_temporary_folder() {
    if let Some(files) = env::var_os(FILES) {
        let engine = engine_of(VmmKind::Hyperlight).unwrap();
        let descriptors = || fs::read_dir("/proc/self/fd").unwrap().count();
        let left_over = || fs::read_dir(env::temp_dir()).unwrap().count();
        let file = |name: &str| Path::new(&files).join(name);
        let mut before = None;
        for _ in 0..3 {
            for bad in ["config", "sizes", "tables"] {
                fails(engine.load_snapshot(file(bad)), ErrorKind::Snapshot);
            }
            let snapshot = engine.load_snapshot(file("good")).unwrap();
            assert_eq!(left_over(), 0, "the folder goes when the snapshot is there");
            let mut sandbox = snapshot.spawn().unwrap();
            assert_eq!(sandbox.call::<u32>("count", &()).unwrap(), 2);
            sandbox.snapshot().unwrap().save(file("again")).unwrap();
            fails(snapshot.save(file("missing/file")), ErrorKind::Snapshot);
            drop((sandbox, snapshot));
            assert_eq!(left_over(), 0);
            let now = descriptors();
            assert_eq!(*before.get_or_insert(now), now);
        }
        return;
    }
    let Some(target) = target() else { return };
    let temporary = Folder::new();
    let config = |state: &mut HyperlightState| state.configure(|config| config["arch"] = json!(1));
    let sizes = |state: &mut HyperlightState| state.memory.truncate(PAGE);
    // What hyperlight itself refuses.
    let tables = |state: &mut HyperlightState| {
        let all = state.memory.len() as u64;
        state.configure(|config| {
            config["layout"]["snapshot_size"] = json!(all);
            config["layout"]["pt_size"] = json!(0);
        });
    };
    let good = target.folder.with("good", &fs::read(&target.path).unwrap());
    for (name, file) in [
        ("config", target.with_state(config)),
        ("sizes", target.with_state(sizes)),
        ("tables", target.with_state(tables)),
    ] {
        let _ = target.folder.with(name, &file);
    }
    let this = ["--exact", "hyperlight::nothing_is_left_in_the_temporary_folder"];

    let mut command = Command::new(env::current_exe().unwrap());
    command.args(this).env(FILES, good.parent().unwrap()).env("TMPDIR", temporary.file(""));
    let output = command.output().unwrap();

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8(output.stdout).unwrap().contains("1 passed"));
}

#[test]
fn a_loaded_state_is_that_of_the_file() {
    let Some(target) = target() else { return };
    let again = target.folder.file("again");
    let good: HyperlightState = target.good();

    target.engine.load_snapshot(&target.path).unwrap().save(&again).unwrap();

    let same = HyperlightState::read(&SnapshotFile::read(&again).payload);
    assert!(same.memory == good.memory);
    let mut spawned = target.engine.load_snapshot(&again).unwrap().spawn().unwrap();
    assert_eq!(spawned.call::<u32>("count", &()).unwrap(), 2);
}
