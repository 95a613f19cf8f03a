//! Files of the VMM `kvm`: addresses, registers and pages that are no guest's.

use super::is_contained;
use hypercell::{ErrorKind, Sandbox, VmmKind};
use hypercell_tests::{FileTarget, KvmState, Payload, SnapshotFile, fails, new_engine, says, works};
use serde_json::Value;
use std::collections::BTreeMap;

/// A page, in bytes.
const PAGE: u64 = 4096;

#[test]
fn what_is_taken_apart_and_put_together_is_the_same_file() {
    let Some(target) = FileTarget::on(VmmKind::Kvm) else { return };

    assert!(target.with_state(|_: &mut KvmState| {}) == std::fs::read(&target.path).unwrap());
}

#[test]
fn a_processor_without_the_instructions_is_refused_by_their_names() {
    let Some(target) = FileTarget::on(VmmKind::Kvm) else { return };

    // Bits that no processor has, and bits that are no program's.
    says(
        target.refuses_state(|state: &mut KvmState| state.features[0] |= 1 << 16),
        &["instructions", "word 0 bit 16"],
    );
    let refused = target.refuses_state(|state: &mut KvmState| state.features = [u32::MAX; 3]);
    says(refused, &["word 1 bit 6", "word 2 bit 0, word 2 bit 1"]);
    // One that asks for less is welcome.
    let old = target.load(&target.with_state(|state: &mut KvmState| state.features = [0; 3])).unwrap();
    works(&mut old.spawn().unwrap());
}

#[test]
fn pages_that_are_not_the_guests_are_refused() {
    let Some(mut target) = FileTarget::on(VmmKind::Kvm) else { return };
    let good = target.good::<KvmState>();
    let page = |address: u64| (address, PAGE, vec![0xff; 4096]);
    let (system, tables, control, code) = (0x1000, 0x4_0000, 0x10_0000, 0x20_0000);
    let input = good.end;

    for address in [0, system, 0x8000, 0x9000, 0xb000, tables, control, code, good.start - PAGE, input] {
        let refused = target.refuses_state(|state: &mut KvmState| state.runs = vec![page(address)]);
        says(refused, &["no guest's", &format!("0x1000 bytes at {address:#x}")]);
    }
    let (start, end) = (good.start, good.end);
    for (address, bytes) in [
        (start, 0),
        (start + 1, PAGE),
        (start, PAGE + 1),
        (start, PAGE - 1),
        (start, u64::MAX),
        (start, !(PAGE - 1)),
        (start, end - start + PAGE),
        (end - PAGE, 2 * PAGE),
        (end, 0),
        (1 << 40, PAGE),
        (!(PAGE - 1), PAGE),
        (1 << 63, 1 << 63),
    ] {
        let content = vec![0xff; 8192];
        says(
            target.refuses_state(|state: &mut KvmState| state.runs = vec![(address, bytes, content)]),
            &["no guest's"],
        );
    }
    for order in [[start, start], [start + PAGE, start]] {
        says(
            target.refuses_state(|state: &mut KvmState| state.runs = order.map(page).to_vec()),
            &["no guest's"],
        );
    }
    for (n, address) in [tables, control, code].into_iter().enumerate() {
        // Between good ones.
        says(
            target.refuses_state(|state: &mut KvmState| state.runs.insert(n.min(1), page(address))),
            &["no guest's"],
        );
    }
    target.is_unharmed();
}

#[test]
fn counts_and_addresses_that_are_not_true_are_refused() {
    let Some(mut target) = FileTarget::on(VmmKind::Kvm) else { return };
    let runs = target.good::<KvmState>().runs.len() as u64;

    for count in [runs + 1, 1 << 32, u64::MAX] {
        says(
            target.refuses_state(|state: &mut KvmState| state.false_count = Some(count)),
            &["no guest's", "goes on"],
        );
    }
    for count in [0, runs - 1] {
        says(
            target.refuses_state(|state: &mut KvmState| state.false_count = Some(count)),
            &["follow its last run"],
        );
    }
    says(
        target.refuses_state(|state: &mut KvmState| state.runs.last_mut().unwrap().2.truncate(1)),
        &["goes on"],
    );
    says(target.refuses_state(|state: &mut KvmState| state.zero = 1), &["zeros"]);
    for change in [PAGE, 1, u64::MAX] {
        says(
            target.refuses_state(|state: &mut KvmState| state.start = state.start.wrapping_add(change)),
            &["could write"],
        );
        says(
            target.refuses_state(|state: &mut KvmState| state.end = state.end.wrapping_add(change)),
            &["could write"],
        );
    }
    let mut file = SnapshotFile::read(&target.path);
    for length in [0, 1, 183] {
        file.payload = vec![0; length];
        says(target.refuses(&file.sealed()), &["no guest's"]);
    }
    target.is_unharmed();
}

#[test]
fn registers_that_no_waiting_program_has_are_refused() {
    let Some(mut target) = FileTarget::on(VmmKind::Kvm) else { return };
    let good = target.good::<KvmState>();
    let waits = good.registers[KvmState::RIP];
    let (stub, entry) = (0xb000, 0x20_0000);

    // Behind the instruction that resets the vector registers; at CPL0's code; nowhere.
    for rip in [waits + 1, waits + 15, waits - 2, stub, entry, 0, 1 << 47, 1 << 63, u64::MAX] {
        let refused = target.refuses_state(|state: &mut KvmState| state.registers[KvmState::RIP] = rip);
        says(refused, &["no guest's", &format!("rip is {rip:#x}")]);
    }
    let (trap, interrupts, privilege, resume, v86) = (1 << 8, 1 << 9, 3 << 12, 1 << 16, 1 << 17);
    for flags in [trap, interrupts, privilege, 1 << 12, resume, v86, 1 << 19, 1 << 20, 1 << 63, 2, 8, 32] {
        let flags = good.registers[KvmState::RFLAGS] ^ flags;
        let refused = target.refuses_state(|state: &mut KvmState| state.registers[KvmState::RFLAGS] = flags);
        says(refused, &["no guest's", &format!("rflags are {flags:#x}")]);
    }
    for flags in [0, u64::MAX] {
        says(
            target.refuses_state(|state: &mut KvmState| state.registers[KvmState::RFLAGS] = flags),
            &["rflags"],
        );
    }
    target.is_unharmed();
}

#[test]
fn a_loaded_state_is_that_of_the_file_and_nothing_of_the_engines() {
    let Some(target) = FileTarget::on(VmmKind::Kvm) else { return };
    let again = target.folder.file("again");
    let good = target.good::<KvmState>();
    let state_of = |bytes: &[u8]| {
        target.load(bytes).unwrap().save(&again).unwrap();
        KvmState::read(&SnapshotFile::read(&again).payload)
    };

    let same = state_of(&target.with_state(|_: &mut KvmState| {}));
    assert_eq!(same.registers, good.registers);
    assert!(same.pages() == good.pages() && !good.pages().is_empty());
    let left_out = state_of(&target.with_state(|state: &mut KvmState| state.runs.clear()));
    assert!(left_out.pages().is_empty());
    let last = good.end - PAGE;
    let one = state_of(
        &target.with_state(|state: &mut KvmState| state.runs = vec![(last, PAGE, vec![0xab; 4096])]),
    );
    assert!(one.pages() == BTreeMap::from([(last, &[0xab; 4096][..])]));
}

/// Checks that the good file with another state harms nobody; see [`is_contained`].
fn is_harmless(target: &mut FileTarget, what: &str, change: impl FnOnce(&mut KvmState)) -> Option<ErrorKind> {
    let file = target.with_state(change);
    is_contained(target, what, &file)
}

#[test]
fn any_state_that_a_guest_can_have_harms_only_itself() {
    let Some(mut target) = FileTarget::on(VmmKind::Kvm) else { return };
    for value in [0, 1, 0x1000, 0xb000, 1 << 47, 1 << 63, u64::MAX] {
        let what = format!("rsp {value:#x}");
        let failed = is_harmless(&mut target, &what, |state| state.registers[KvmState::RSP] = value);
        assert_eq!(failed, Some(ErrorKind::GuestAbort), "{what}");
        is_harmless(&mut target, &format!("all others {value:#x}"), |state| {
            state.registers[..KvmState::RIP].fill(value);
        });
    }
    is_harmless(&mut target, "all flags of a program", |state| {
        state.registers[KvmState::RFLAGS] = 0x24_4ed7;
    });
    is_harmless(&mut target, "no pages", |state| state.runs.clear());
    for byte in [0, 0x41, 0xcc, 0xff] {
        is_harmless(&mut target, &format!("pages of {byte:#x}"), |state| {
            state.runs.iter_mut().for_each(|run| run.2.fill(byte));
        });
    }
    is_harmless(&mut target, "pages in the wrong order", |state| {
        state.runs.iter_mut().for_each(|run| run.2.reverse());
    });
    is_harmless(&mut target, "every page", |state| {
        let bytes = state.end - state.start;
        state.runs = vec![(state.start, bytes, vec![0x90; usize::try_from(bytes).unwrap()])];
    });
    for seed in 1..20_u64 {
        is_harmless(&mut target, &format!("noise {seed}"), |state| {
            let mut noise = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for run in &mut state.runs {
                for byte in run.2.iter_mut() {
                    noise = noise.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
                    if noise >> 54 == 0 {
                        *byte ^= noise.to_le_bytes()[5];
                    }
                }
            }
        });
    }
}

#[test]
fn a_loaded_guest_has_no_more_rights_and_finds_nothing_of_others() {
    let Some(mut target) = FileTarget::hostile(VmmKind::Kvm) else { return };
    let secret = "6120736563726574206f6620616e6f74686572";
    let registers = |sandbox: &mut Sandbox| {
        let mut found = sandbox.call::<Value>("read-regs", &()).unwrap();
        // Which components the CPU takes for used may change while they hold zeros.
        found.get_mut("in_use").unwrap().take();
        found
    };
    let new = registers(&mut target.neighbour);
    let loaded = target.engine.load_snapshot(&target.path).unwrap();
    for _ in 0..4 {
        // What this machine held, the next ones must not find.
        let mut other = loaded.spawn().unwrap();
        other.call::<Value>("regs", &()).unwrap();
        other.call::<Value>(&format!("secret:{secret}"), &()).unwrap();
    }

    for snapshot in [loaded, target.engine.load_snapshot(&target.path).unwrap()] {
        let mut guest = snapshot.spawn().unwrap();
        assert_eq!(registers(&mut guest), new);
        assert_eq!(guest.call::<u32>(&format!("scan:{secret}"), &()).unwrap(), 0);
        for attack in
            ["insn:hlt", "insn:mov-cr3", "insn:iopl", "read:0x1000", "write:0xb000", "write:0x200000"]
        {
            says(fails(guest.call::<Value>(attack, &()), ErrorKind::GuestAbort), &["it caused a"]);
            guest.restore(&snapshot).unwrap();
        }
        guest.call::<Value>("regs", &()).unwrap();
        guest.restore(&snapshot).unwrap();
        assert_eq!(registers(&mut guest), new);
    }
}

#[test]
fn a_file_of_a_guest_that_attacks_is_loaded_like_any_other() {
    let (Some(target), Some(other)) = (FileTarget::hostile(VmmKind::Kvm), new_engine()) else { return };
    let secret = "73656372657420696e20612066696c65";
    let mut sandbox = target.neighbour;
    sandbox.call::<Value>(&format!("secret:{secret}"), &()).unwrap();
    for order in ["regs", "insn:df", "insn:ac", "fault:control"] {
        if sandbox.call::<Value>(order, &()).is_err() {
            sandbox.restore(&target.engine.load_snapshot(&target.path).unwrap()).unwrap();
        }
        sandbox.snapshot().unwrap().save(&target.path).unwrap();

        let mut loaded = target.engine.load_snapshot(&target.path).unwrap().spawn().unwrap();

        assert_eq!(loaded.call::<u32>("echo", &7).unwrap(), 7, "after {order}");
        // Heap and stack are state; input and output are not.
        assert!(loaded.call::<u32>(&format!("scan:{secret}"), &()).unwrap() <= 2, "after {order}");
    }
    works(&mut other.sandbox().build().unwrap());
}
