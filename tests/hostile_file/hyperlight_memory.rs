//! Files of the VMM `hyperlight`: memory with anything in it, page tables and code at
//! CPL0 included.
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use super::is_contained;
use hypercell::{CallOptions, ErrorKind, Snapshot, VmmKind};
use hypercell_tests::{FileTarget, HyperlightState, engine_of, fails, says};
use serde_json::{Value, json};
use std::{
    env,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// A page, in bytes.
const PAGE: usize = 4096;

fn target() -> Option<FileTarget> {
    FileTarget::on(VmmKind::Hyperlight)
}

/// Checks that the good file with another state harms nobody; see [`is_contained`].
fn is_harmless(
    target: &mut FileTarget,
    what: &str,
    change: impl FnOnce(&mut HyperlightState),
) -> Option<ErrorKind> {
    let file = target.with_state(change);
    is_contained(target, what, &file)
}

#[test]
fn memory_with_anything_in_it_harms_only_itself() {
    let Some(mut target) = target() else { return };

    for byte in [0, 0x41, 0xcc, 0xff] {
        let failed = is_harmless(&mut target, &format!("all {byte:#x}"), |state| state.memory.fill(byte));
        assert_eq!(failed, Some(ErrorKind::GuestAbort));
        is_harmless(&mut target, &format!("tables of {byte:#x}"), |state| state.tables().fill(byte));
    }
    is_harmless(&mut target, "backwards", |state| state.memory.reverse());
    is_harmless(&mut target, "more page tables than pages", |state| {
        let more = 1 << 20;
        state.memory.resize(state.memory.len() + more, 0);
        state.configure(|config| {
            for size in ["/memory_size", "/layout/pt_size"] {
                let size = config.pointer_mut(size).unwrap();
                *size = json!(size.as_u64().unwrap() + more as u64);
            }
        });
    });
    for seed in 1..20_u64 {
        is_harmless(&mut target, &format!("noise {seed}"), |state| {
            let mut noise = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for byte in &mut state.memory {
                noise = noise.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                if noise >> 54 == 0 {
                    *byte ^= noise.to_le_bytes()[5];
                }
            }
        });
    }
}

#[test]
fn code_at_cpl0_harms_only_itself() {
    let Some(mut target) = target() else { return };
    let codes: [(&str, &[u8]); 17] = [
        ("jmp self", &[0xeb, 0xfe]),
        ("cli, jmp self", &[0xfa, 0xeb, 0xfe]),
        ("hlt", &[0xf4]),
        ("cli, hlt", &[0xfa, 0xf4]),
        ("ud2", &[0x0f, 0x0b]),
        ("int3", &[0xcc]),
        ("mov cr3, 0", &[0x31, 0xc0, 0x0f, 0x22, 0xd8]),
        ("mov cr0, 0", &[0x31, 0xc0, 0x0f, 0x22, 0xc0]),
        ("lidt of zeros, ud2", &[0x6a, 0, 0x6a, 0, 0x0f, 0x01, 0x1c, 0x24, 0x0f, 0x0b]),
        ("wrmsr efer", &[0xb9, 0x80, 0, 0, 0xc0, 0x31, 0xc0, 0x31, 0xd2, 0x0f, 0x30, 0xeb, 0xfe]),
        ("wrmsr apic base", &[0xb9, 0x1b, 0, 0, 0, 0x31, 0xc0, 0x31, 0xd2, 0x0f, 0x30, 0xeb, 0xfe]),
        ("vmcall, jmp self", &[0x0f, 0x01, 0xc1, 0xeb, 0xfe]),
        ("end without an answer", &[0xe6, 0x6c, 0xeb, 0xfc]),
        ("notify without a call", &[0xe6, 0x6d, 0xeb, 0xfc]),
        ("print what is no character", &[0xb8, 0, 0xd8, 0, 0, 0xe7, 0x67, 0xeb, 0xfe]),
        ("in from any port", &[0x66, 0xba, 0xfd, 0x03, 0xec, 0xeb, 0xfe]),
        ("out to any port", &[0x66, 0xba, 0xf9, 0x0c, 0xef, 0xeb, 0xfa]),
    ];

    for (what, code) in codes {
        let failed =
            is_harmless(&mut target, what, |state| state.entry()[..code.len()].copy_from_slice(code));
        let failed = failed.unwrap();
        assert!(matches!(failed, ErrorKind::GuestAbort | ErrorKind::Cancelled), "{what}: {failed}");
        if what.ends_with("jmp self") && !what.starts_with("wrmsr") && !what.starts_with("vmcall") {
            assert_eq!(failed, ErrorKind::Cancelled, "{what}");
        }
    }
}

/// A snapshot of the good file with this code where guests get ready for the next
/// snapshot.
fn with_checkpoint(target: &FileTarget, code: &[u8]) -> Snapshot {
    let file = target.with_state(|state: &mut HyperlightState| {
        state.checkpoint()[..code.len()].copy_from_slice(code);
    });
    target.load(&file).unwrap()
}

#[test]
fn a_guest_that_does_not_get_ready_for_a_snapshot_is_stopped() {
    let Some(mut target) = target() else { return };

    for (code, why) in [(&[0xeb, 0xfe][..], "not ready"), (&[0xf4], "protection"), (&[0x0f, 0x0b], "opcode")]
    {
        let snapshot = with_checkpoint(&target, code);
        let mut sandbox = snapshot.spawn().unwrap();
        assert_eq!(sandbox.call::<u32>("count", &()).unwrap(), 2);

        says(fails(sandbox.snapshot(), ErrorKind::GuestAbort), &["could not be captured", why]);

        fails(sandbox.call::<u32>("count", &()), ErrorKind::Poisoned);
        sandbox.restore(&snapshot).unwrap();
        assert_eq!(sandbox.call::<u32>("count", &()).unwrap(), 2);
        target.is_unharmed();
    }
}

#[test]
fn a_guest_with_page_tables_without_end_cannot_be_captured() {
    let Some(mut target) = target() else { return };
    let file = target.with_state(|state: &mut HyperlightState| {
        let root = state.tables();
        let entry = |n: usize| u64::from_le_bytes(root[8 * n..8 * n + 8].try_into().unwrap());
        // Tables follow one another, and the first below the root is that of an entry.
        let own = entry(0).min(entry(511)) - PAGE as u64;
        for n in 1..511 {
            root[8 * n..8 * n + 8].copy_from_slice(&own.to_le_bytes());
        }
    });
    let snapshot = target.load(&file).unwrap();
    let mut sandbox = snapshot.spawn().unwrap();
    // Its own pages are where they were.
    assert_eq!(sandbox.call::<u32>("count", &()).unwrap(), 2);

    let refused = fails(sandbox.snapshot(), ErrorKind::GuestAbort);

    says(refused, &["could not be captured", "page tables map more than"]);
    sandbox.restore(&snapshot).unwrap();
    assert_eq!(sandbox.call::<u32>("count", &()).unwrap(), 2);
    target.is_unharmed();
}

#[test]
fn a_kill_stops_any_loaded_guest() {
    let Some(mut target) = target() else { return };
    let file = target.with_state(|state: &mut HyperlightState| {
        state.entry()[..3].copy_from_slice(&[0xfa, 0xeb, 0xfe]);
    });
    let snapshot = target.load(&file).unwrap();
    let mut sandbox = target.engine.sandbox().build_from(&snapshot).unwrap();
    let handle = sandbox.interrupt_handle();

    let killer = thread::spawn(move || while !handle.kill() {});
    let endless = CallOptions::new().wall(Duration::from_secs(600)).cpu(Duration::from_secs(600));
    fails(sandbox.call_with::<Value>("count", &(), &endless), ErrorKind::Cancelled);

    killer.join().unwrap();
    target.is_unharmed();
}

/// Tells the test below, run anew, which file to load.
const FILE: &str = "HYPERCELL_TESTS_PRINTING_FILE";

#[test]
fn a_guest_that_prints_where_nobody_listens_harms_only_itself() {
    if let Some(file) = env::var_os(FILE) {
        let engine = engine_of(VmmKind::Hyperlight).unwrap();
        let mut sandbox = engine.load_snapshot(file).unwrap().spawn().unwrap();
        fails(sandbox.call::<Value>("count", &()), ErrorKind::GuestAbort);
        println!("\nnothing happened");
        return;
    }
    let Some(target) = target() else { return };
    // hyperlight prints the characters of one port on standard error.
    let print = [0xb8, b'x', 0, 0, 0, 0xe7, 0x67, 0xeb, 0xfc];
    let file = target.with_state(|state: &mut HyperlightState| {
        state.entry()[..print.len()].copy_from_slice(&print);
    });
    let file = target.folder.with("printing", &file);
    let this = [
        "--exact",
        "hyperlight_memory::a_guest_that_prints_where_nobody_listens_harms_only_itself",
        "--nocapture",
    ];
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(this).env(FILE, file).stdout(Stdio::piped()).stderr(Stdio::piped());

    let mut child = command.spawn().unwrap();
    drop(child.stderr.take());
    let output = child.wait_with_output().unwrap();

    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("nothing happened"), "{text}");
}
