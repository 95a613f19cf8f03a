//! A guest that fell to its attacker turns against its machine: it reaches no
//! memory but its own, no instruction helps it, and nothing that it leaves behind
//! survives a restore.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{ErrorKind, HostModule, Limits, Sandbox, VmmKind};
use hypercell_tests::{Hostile, fails, sandbox, says, works};
use serde::Deserialize;
use serde_json::Value;

#[test]
fn memory_that_is_not_the_guests_is_out_of_its_reach() {
    let Some(mut guest) = Hostile::new() else { return };
    let faults = [
        "null",
        "text",
        "constants",
        "nx",
        "nx-stack",
        "guard",
        "gdt",
        "noncanonical",
        "kernel",
        "unbacked",
        "mmio-read",
    ];
    // What is next to what differs, and with `kvm` the page tables are the host's.
    let more = guest.by_vmm(vec!["pagetable", "pagetable-read", "output-end"], vec!["heap-end"]);
    // Its own memory, where it harms only itself.
    let harmless =
        guest.by_vmm(vec!["control", "heap-end", "input-before"], vec!["output-end", "input-before"]);

    for fault in faults.into_iter().chain(more) {
        says(guest.aborts(&format!("fault:{fault}")), &["fault", "rip"]);
    }
    for harmless in harmless {
        guest.aborts_or_survives(&format!("fault:{harmless}"));
    }
}

#[test]
fn no_address_outside_of_its_memory_is_mapped() {
    let Some(mut guest) = Hostile::new() else { return };
    let far = [
        0x1000_0000_0000,
        0x7fff_ffff_f000,
        0x5555_5555_0000,
        1 << 40,
        0xfee0_0000,
        0xffff_ffff,
        u64::MAX,
        0x8000_0000_0000_0000,
    ];
    // Below the image are the host's pages, and what hyperlight tells its guest.
    let system = guest.by_vmm(0..0x100, 0..1).map(|page| page << 12);
    // With `hyperlight` this is the heap.
    let end = guest.by_vmm(1 << 32, 1 << 46);

    for address in system.chain(far).chain([end]) {
        for access in ["read", "write", "jump"] {
            says(guest.aborts(&format!("{access}:{address:#x}")), &["fault"]);
        }
    }
    let sealed = guest.by_vmm(["write:0x200000", "jump:0x100000"], ["write:0x40000000", "jump:0x100000000"]);
    for access in sealed {
        says(guest.aborts(access), &["page fault"]);
    }
    for address in (0..0x100).step_by(guest.by_vmm(256, 11)).map(|page| page << 12) {
        for access in ["read", "write", "jump"] {
            guest.aborts_or_survives(&format!("{access}:{address:#x}"));
        }
    }
}

#[test]
fn privileged_instructions_fault() {
    let Some(mut guest) = Hostile::new() else { return };
    let privileged = [
        "hlt",
        "cli",
        "sti",
        "rdmsr",
        "wrmsr",
        "mov-cr0",
        "mov-cr3",
        "write-cr3",
        "mov-dr7",
        "int80",
        "int-fault",
        "int3",
        "syscall",
        "sysenter",
        "lgdt",
        "lidt",
        "ltr",
        "invlpg",
        "swapgs",
        "iretq",
        "far-jump",
        "in",
        "out-other",
        "out-fault",
        "out-last",
        "ud2",
        "div0",
        "xsetbv",
        "invd",
        "wbinvd",
        "monitor",
        "mov-ss",
        "iopl",
        "tf",
        "rsp0",
        "rsp-noncanonical",
    ];

    for instruction in privileged {
        says(guest.aborts(&format!("insn:{instruction}")), &["it caused a"]);
    }
}

#[test]
fn exits_that_no_honest_guest_takes_end_the_call() {
    let Some(mut guest) = Hostile::new() else { return };

    for order in ["out-8bit", "out-16bit", "insn:in-return", "insn:out-between", "insn:outs"] {
        guest.aborts(order);
    }
}

#[test]
fn other_instructions_harm_nobody() {
    let Some(mut guest) = Hostile::new() else { return };

    for instruction in
        ["vmcall", "vmmcall", "cpuid", "sgdt", "rdpmc", "rdtscp", "ac", "nt", "df", "x87", "sse"]
    {
        guest.aborts_or_survives(&format!("insn:{instruction}"));
    }
}

/// What a request finds in the registers; counts of bytes that are not zero. Which
/// components the CPU takes for used is not part of it: that may change while they
/// hold zeros.
#[derive(Debug, PartialEq, Deserialize)]
struct Registers {
    x87: u32,
    sse: u32,
    extended: u32,
    fcw: u32,
    mxcsr: u32,
    selectors: [u16; 4],
}

fn registers(sandbox: &mut Sandbox) -> Registers {
    sandbox.call("read-regs", &()).unwrap()
}

#[test]
fn registers_are_as_new_after_a_restore() {
    let Some(mut guest) = Hostile::new() else { return };
    let new = registers(&mut guest.sandbox);
    assert_eq!((new.x87, new.sse, new.extended, new.fcw, new.mxcsr), (0, 0, 0, 0x37f, 0x1f80));

    for ending in ["echo", "fault:null", "abort:plain", "length:max"] {
        guest.order("regs").unwrap();
        let _ = guest.order(ending);
        guest.sandbox.restore(&guest.fresh).unwrap();
        assert_eq!(registers(&mut guest.sandbox), new, "after {ending}");
        guest.order("regs").unwrap();
        guest.sandbox.unload().unwrap();
        assert_eq!(registers(&mut guest.sandbox), new, "after {ending} and unload");
    }
    for _ in 0..10 {
        let mut other = guest.fresh.spawn().unwrap();
        assert_eq!(registers(&mut other), new, "in a machine that was used before");
        other.call::<Value>("regs", &()).unwrap();
    }
}

#[test]
fn what_a_guest_left_in_registers_was_really_there() {
    // hyperlight's guests run without AVX, and this one must bring itself to CPL0 to have
    // it: only if that works do the tests of restores say anything.
    let Some(mut guest) = Hostile::on(VmmKind::Hyperlight) else { return };
    let new = registers(&mut guest.sandbox);

    guest.order("regs").unwrap();

    let found = registers(&mut guest.sandbox);
    assert!(found.extended > new.extended, "{found:?}");
    guest.recovers();
}

/// A text that is nowhere by chance, in hexadecimal.
const SECRET: &str = "736563726574206f6620612074656e616e74";

#[test]
fn a_secret_in_memory_is_gone_after_a_restore() {
    let limits = Limits::default().heap(8 << 20).input(1 << 20).output(1 << 20);
    let Some(mut guest) = Hostile::with(limits, HostModule::new("test")) else { return };
    let (plant, scan) = (format!("secret:{SECRET}"), format!("scan:{SECRET}"));

    for ending in ["echo", "fault:null", "abort:plain"] {
        let places = guest.order(&plant).unwrap();
        assert!(places.as_u64() >= Some(4), "{places}");
        assert_eq!(guest.order(&scan).unwrap(), places, "it is wherever it was planted");
        let _ = guest.order(ending);
        guest.sandbox.restore(&guest.fresh).unwrap();
        assert_eq!(guest.order(&scan).unwrap(), 0, "after {ending}");

        guest.order(&plant).unwrap();
        guest.sandbox.unload().unwrap();
        assert_eq!(guest.order(&scan).unwrap(), 0, "after {ending} and unload");
        guest.recovers();
    }
    for _ in 0..10 {
        let mut other = guest.fresh.spawn().unwrap();
        assert_eq!(other.call::<u32>(&scan, &()).unwrap(), 0, "in memory that was used before");
        other.call::<Value>(&plant, &()).unwrap();
    }
}

#[test]
fn any_number_of_dirty_pages_is_clean_after_a_restore() {
    let limits = Limits::default().heap(32 << 20);
    let Some(mut guest) = Hostile::with(limits, HostModule::new("test")) else { return };
    // What `dirty` writes at the start of pages that are otherwise zero.
    let scan = format!("scan:d1{}", "00".repeat(63));
    let clean = guest.order(&scan).unwrap().as_u64().unwrap();

    for pages in [1, 2, 100, 511, 512, 513, 4000] {
        guest.order(&format!("dirty:{pages}")).unwrap();
        assert_eq!(guest.order(&scan).unwrap(), clean + pages);
        guest.sandbox.restore(&guest.fresh).unwrap();
        assert_eq!(guest.order(&scan).unwrap(), clean, "after {pages} pages");
        guest.sandbox.restore(&guest.fresh).unwrap();
    }
}

#[test]
fn sandboxes_of_an_honest_engine_never_notice() {
    let Some(mut guest) = Hostile::new() else { return };
    let Some(mut honest) = sandbox() else { return };

    for order in
        ["fault:null", "insn:hlt", "length:max", "sections:many", "abort:long", "insn:rsp0", "write:0x0"]
    {
        fails(guest.order(order), ErrorKind::GuestAbort);
        works(&mut honest);
        guest.sandbox.restore(&guest.fresh).unwrap();
    }
}
