//! What only a guest of the VMM `hyperlight` can turn against its host: the rings that
//! it shares with it, the messages in them, its page tables, and CPL0. Whatever it does,
//! the host lives, the neighbour works, and a restore brings it back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, Status, VmmKind};
use hypercell_tests::{Hostile, fails, says};
use serde_json::Value;
use std::time::Duration;

/// The sandbox that attacks, on this VMM whichever one the others are tested on.
fn hostile() -> Option<Hostile> {
    Hostile::on(VmmKind::Hyperlight)
}

/// Orders of one kind, each with a number.
fn numbered(order: &str, numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("{order}:{number}")).collect()
}

/// Addresses at the edges of scratch, and far from it.
const ADDRESSES: [u64; 7] =
    [0, 0x1000, 0x4000_0000, 0x7fff_ffff_ffff_f000, 1 << 63, 0xffff_ffff_0000_0000, u64::MAX];

#[test]
fn an_answer_in_descriptors_that_lie_is_refused() {
    let Some(mut guest) = hostile() else { return };
    let mut orders =
        vec!["ring:indirect", "ring:hidden", "ring:loop", "ring:writable", "ring:none", "ring:cut"]
            .into_iter()
            .map(String::from)
            .collect::<Vec<_>>();
    orders.extend(["ring:frame-writable", "ring:twice"].map(String::from));
    orders.extend(numbered("ring:id", [8, 9, 255, 0x7fff, 0xffff]));
    orders.extend(numbered("ring:address", ADDRESSES));
    orders.extend(numbered("ring:frame-address", ADDRESSES));
    orders.extend(numbered("ring:len", [0, 1, 11, 12, 13, 0x7fff_ffff, 0xffff_ffff]));
    orders.extend(numbered("ring:frame-len", [0, 1, 0x7fff_ffff, 0xffff_ffff]));

    for order in orders {
        guest.aborts(&order);
    }
}

#[test]
fn rings_full_of_garbage_are_survived() {
    let Some(mut guest) = hostile() else { return };

    for order in numbered("ring:garbage", 0..100).into_iter().chain(numbered("ring:shuffle", 0..200)) {
        guest.aborts_or_survives(&order);
    }
}

#[test]
fn buffers_for_requests_that_lie_end_the_next_request() {
    let Some(mut guest) = hostile() else { return };
    let mut orders: Vec<_> = ["indirect", "hidden", "loop", "writable", "none", "twice"]
        .map(|what| format!("requests:{what}"))
        .into();
    orders.extend(numbered("requests:id", [8, 0xffff]));
    orders.extend(numbered("requests:address", ADDRESSES));
    orders.extend(numbered("requests:len", [0, 1, 12, 100]));

    for order in orders {
        guest.aborts_later(&order);
    }
    for order in numbered("requests:garbage", 0..50).into_iter().chain(numbered("requests:shuffle", 0..100)) {
        if guest.order(&order).is_ok() {
            guest.aborts_or_survives("echo");
        }
        guest.recovers();
    }
    // Longer than scratch: hyperlight writes what there is, and not beyond.
    for order in numbered("requests:len", [0x7fff_ffff, 0xffff_ffff]) {
        guest.order(&order).unwrap();
        guest.aborts_or_survives("echo");
    }
}

#[test]
fn an_answer_that_is_no_answer_is_refused() {
    let Some(mut guest) = hostile() else { return };
    let mut orders: Vec<_> = [
        "reserved",
        "empty",
        "call",
        "type:int",
        "type:string",
        "type:bool",
        "type:double",
        "type:nothing",
        "type:chunks",
        "error:0",
        "error:3000",
    ]
    .map(|what| format!("message:{what}"))
    .into();
    // A log as an answer, a kind that there is not, and all that are something else.
    orders.extend(numbered("message:kind", [0, 1, 3, 4, 5, 6, 7, 8, 255]));
    orders.extend(numbered("message:id", [0, 0xffff_ffff]));
    orders.extend(numbered("message:payload", [0, 1, 100, 0xffff_ffff]));
    orders.extend(numbered("message:control", [0, 1, 10_000, 0x7fff_ffff, 0xffff_ffff]));

    for order in orders {
        let words = guest.aborts(&order);
        assert!(words.len() < 4000, "{order}: {} bytes", words.len());
        assert!(!words.chars().any(char::is_control), "{order}: {words:?}");
    }
}

#[test]
fn control_data_full_of_garbage_is_survived() {
    let Some(mut guest) = hostile() else { return };

    for order in numbered("message:garbage", 0..300).into_iter().chain(numbered("host:garbage", 0..300)) {
        guest.aborts_or_survives(&order);
    }
}

#[test]
fn a_host_call_that_is_none_reaches_nothing() {
    let Some(mut guest) = hostile() else { return };
    let mut orders: Vec<_> =
        ["name", "long-name", "print", "types", "nothing", "many", "guest", "reserved", "empty", "no-room"]
            .map(|what| format!("host:{what}"))
            .into();
    orders.extend(numbered("host:kind", [0, 2, 3, 4, 5, 6, 7, 255]));
    orders.extend(numbered("host:id", [0]));
    orders.extend(numbered("host:payload", [0, 1, 0xffff_ffff]));
    orders.extend(numbered("host:control", [0, 1, 0x7fff_ffff, 0xffff_ffff]));
    orders.extend(numbered("host:room", [0, 1, 11, 12, 64, 100]));
    orders.extend(numbered("host:room-address", ADDRESSES));

    for order in orders {
        guest.aborts(&order);
        assert_eq!(guest.sandbox.stats().host_calls, 0, "{order}");
    }
    // It believes that it has more room than there is.
    for order in numbered("host:room", [0x7fff_ffff, 0xffff_ffff]) {
        guest.aborts_or_survives(&order);
    }
}

#[test]
fn thousands_of_log_lines_are_survived() {
    let Some(mut guest) = hostile() else { return };

    guest.order("log:1").unwrap();
    guest.recovers();
    guest.order("log:5000").unwrap();
    guest.recovers();
    guest.order("long-log:5000").unwrap();
    guest.recovers();
    // Without end, it ends by the limit.
    let options = CallOptions::new().wall(Duration::from_millis(200));
    fails(guest.sandbox.call_with::<Value>("log:1000000000", &(), &options), ErrorKind::Cancelled);
    guest.recovers();
}

#[test]
fn a_guest_that_does_not_get_ready_for_a_snapshot_gets_none() {
    let Some(mut guest) = hostile() else { return };
    let mut plans: Vec<_> = ["pending", "unprepared", "call", "answer", "fault", "abort"]
        .map(|plan| format!("checkpoint:{plan}"))
        .into();
    plans.extend(numbered("checkpoint:value", [2, 0xdead, u64::MAX]));
    plans.extend(numbered("checkpoint:garbage", 0..20));

    for plan in plans {
        println!("{plan}");
        guest.order(&plan).unwrap();
        fails(guest.sandbox.snapshot(), ErrorKind::GuestAbort);
        fails(guest.order("echo"), ErrorKind::Poisoned);
        guest.recovers();
    }
    // Descriptors that are each in order, and not what they must be together.
    for plan in numbered("checkpoint:shuffle", 0..50) {
        println!("{plan}");
        guest.order(&plan).unwrap();
        fails(guest.sandbox.snapshot(), ErrorKind::GuestAbort);
        guest.recovers();
    }
}

#[test]
fn a_guest_that_never_gets_ready_for_a_snapshot_is_stopped() {
    let Some(mut guest) = hostile() else { return };

    guest.order("checkpoint:never").unwrap();
    fails(guest.sandbox.snapshot(), ErrorKind::GuestAbort);

    guest.recovers();
}

#[test]
fn page_tables_that_lead_nowhere_are_not_followed() {
    let Some(mut guest) = hostile() else { return };

    for tables in ["tables:self", "tables:one-page", "tables:zeros"] {
        println!("{tables}");
        guest.order(tables).unwrap();
        says(fails(guest.sandbox.snapshot(), ErrorKind::GuestAbort), &["page tables map more than"]);
        fails(guest.order("echo"), ErrorKind::Poisoned);
        guest.recovers();
    }
}

#[test]
fn page_tables_full_of_garbage_are_survived() {
    let Some(mut guest) = hostile() else { return };

    for tables in numbered("tables:noise", 0..100).into_iter().chain(["tables:outside".into()]) {
        println!("{tables}");
        guest.order(&tables).unwrap();
        match guest.sandbox.snapshot() {
            Ok(snapshot) => {
                // Whatever is in it, it is the guest's own.
                if let Err(error) = guest.sandbox.restore(&snapshot).and_then(|()| guest.order("echo")) {
                    assert!(
                        matches!(error.kind(), ErrorKind::GuestAbort | ErrorKind::Internal),
                        "{tables}: {error}"
                    );
                }
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::GuestAbort, "{error}"),
        }
        guest.recovers();
    }
}

#[test]
fn memory_that_is_shared_with_others_cannot_be_written_to() {
    let Some(mut guest) = hostile() else { return };

    says(guest.aborts("fault:snapshot-memory"), &["WRITE access"]);
}

#[test]
fn no_port_but_those_of_the_machine_does_anything() {
    /// Ends the request, as an answer without one; tells the host of nothing new.
    const HALT: u16 = 108;
    const NOTIFY: u16 = 109;
    let Some(mut guest) = hostile() else { return };

    for port in 0..0x200_u16 {
        match port {
            HALT => says(guest.aborts("port:108"), &["no guest function result"]),
            NOTIFY => guest.aborts_or_survives("port:109"),
            _ => says(guest.aborts(&format!("port:{port}")), &["general protection fault"]),
        }
    }
}

#[test]
fn cpl0_gives_no_more_than_its_own_machine() {
    let Some(mut guest) = hostile() else { return };

    // It is there: at CPL3 this is a fault.
    says(guest.aborts("cpl0:hlt"), &["no guest function result"]);
    says(guest.aborts("insn:hlt"), &["general protection fault"]);
    // Ports, now without a bitmap. What is printed to port 103 is a zero.
    for port in 0..0x200_u16 {
        guest.aborts_or_survives(&format!("cpl0:out:{port}"));
    }
    for name in ["out-8bit", "outs", "in", "ins"] {
        for port in [0x40, 0x60, 0x70, 0xcf8, 102, 103, 107, 108, 109] {
            guest.aborts_or_survives(&format!("cpl0:{name}:{port}"));
        }
    }
    for name in [
        "cli-hlt",
        "sti-hlt",
        "rdmsr",
        "rdmsr-apic",
        "wrmsr-efer",
        "wrmsr-kvmclock",
        "wrmsr-lstar",
        "wrmsr-any",
        "cr0",
        "cr0-wp",
        "cr0-off",
        "cr3",
        "cr3-low",
        "cr4",
        "cr4-off",
        "cr8",
        "dr7",
        "lidt",
        "lgdt",
        "lldt",
        "int3",
        "nmi",
        "vmcall",
        "vmcall-many",
        "cpuid",
        "wbinvd",
        "invd",
        "monitor",
        "swapgs",
        "xsetbv",
        "clts",
        "rsm",
        "vmxon",
        "iretq",
        "real-mode",
    ] {
        let order = format!("cpl0:{name}");
        println!("{order}");
        let options = CallOptions::new().wall(Duration::from_millis(200));
        match guest.sandbox.call_with::<Value>(&order, &(), &options) {
            Ok(_) => assert_eq!(guest.sandbox.status(), Status::Ready),
            Err(error) => assert!(
                matches!(error.kind(), ErrorKind::GuestAbort | ErrorKind::Cancelled),
                "{order}: {error}"
            ),
        }
        guest.recovers();
    }
}
