//! A guest image that breaks a rule is refused before any of it is loaded: the rules
//! of the VMM `kvm`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use hypercell::{Engine, ErrorKind, Result, VmmKind};
use hypercell_tests::{engine, fails, says, works};

const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const INTERPRETER: u32 = 3;
const EXECUTE: u32 = 1;
const WRITE: u32 = 2;
const READ: u32 = 4;

/// A program header, and the bytes that it loads.
#[derive(Clone)]
struct Segment {
    kind: u32,
    flags: u32,
    address: u64,
    memory_len: u64,
    content: Vec<u8>,
}

/// Code that faults at once.
fn code() -> Segment {
    Segment {
        kind: LOAD,
        flags: READ | EXECUTE,
        address: 0x20_0000,
        memory_len: 2,
        content: vec![0x0f, 0x0b],
    }
}

fn data() -> Segment {
    Segment { kind: LOAD, flags: READ | WRITE, address: 0x20_1000, memory_len: 4096, content: vec![1, 2, 3] }
}

/// A static x86-64 executable that starts at its first segment.
fn elf(segments: &[Segment]) -> Vec<u8> {
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let headers_len = 64 + 56 * segments.len() as u64;
    for half in [2u16, 62] {
        file.extend(half.to_le_bytes());
    }
    file.extend(1u32.to_le_bytes());
    for word in [segments[0].address, 64, 0] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0u32.to_le_bytes());
    for half in [64u16, 56, u16::try_from(segments.len()).unwrap(), 64, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    let mut offset = headers_len;
    for Segment { kind, flags, address, memory_len, content } in segments {
        file.extend(kind.to_le_bytes());
        file.extend(flags.to_le_bytes());
        for word in [offset, *address, *address, content.len() as u64, *memory_len, 4096] {
            file.extend(word.to_le_bytes());
        }
        offset += content.len() as u64;
    }
    for segment in segments {
        file.extend(&segment.content);
    }
    file
}

fn load(image: Vec<u8>) -> Result<Engine> {
    Engine::builder().vmm(VmmKind::Kvm).guest_image(image).build()
}

/// Checks that an image is refused with these words.
#[track_caller]
fn refused(image: Vec<u8>, parts: &[&str]) {
    let error = fails(load(image), ErrorKind::InvalidArg);
    says(&error, &["guest image"]);
    says(&error, parts);
}

#[test]
fn a_file_that_is_no_elf_file_is_refused() {
    refused(Vec::new(), &["ELF"]);
    refused(b"#!/bin/sh\necho hello\n".to_vec(), &["ELF"]);
    refused((0..10_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect(), &["ELF"]);
}

#[test]
fn a_truncated_image_is_refused() {
    let whole = elf(&[code(), data()]);

    for len in 0..whole.len() {
        refused(whole[..len].to_vec(), &[]);
    }
}

#[test]
fn an_image_for_another_machine_or_of_another_type_is_refused() {
    const CLASS: usize = 4;
    const BYTE_ORDER: usize = 5;
    const TYPE: usize = 16;
    const MACHINE: usize = 18;

    for field in [CLASS, BYTE_ORDER, TYPE, MACHINE] {
        let mut image = elf(&[code(), data()]);
        image[field] ^= 3;
        refused(image, &[]);
    }
}

#[test]
fn a_segment_that_is_writable_and_executable_is_refused() {
    let both = Segment { flags: READ | WRITE | EXECUTE, ..data() };

    refused(elf(&[code(), both]), &["writable and executable"]);
}

#[test]
fn a_dynamic_image_is_refused() {
    for kind in [DYNAMIC, INTERPRETER] {
        refused(elf(&[code(), Segment { kind, ..data() }]), &["dynamically linked"]);
    }
}

#[test]
fn segments_outside_of_their_place_are_refused() {
    let misplaced = [
        ("below the image", Segment { address: 0x10_0000, ..data() }),
        ("on the page of the code", Segment { address: 0x20_0800, ..data() }),
        ("too large", Segment { memory_len: 65 << 20, ..data() }),
        ("beyond the end", Segment { address: 0x20_0000 + (64 << 20), ..data() }),
        ("around the end of addresses", Segment { address: u64::MAX - 4095, ..data() }),
        ("as long as all memory", Segment { memory_len: u64::MAX, ..data() }),
        ("smaller in memory than in the file", Segment { memory_len: 2, ..data() }),
    ];

    for (what, segment) in misplaced {
        println!("{what}");
        refused(elf(&[code(), segment]), &["the segment at"]);
    }
}

#[test]
fn an_entry_point_outside_of_code_is_refused() {
    refused(elf(&[data()]), &["entry point"]);
    refused(elf(&[data(), Segment { address: 0x20_3000, ..code() }]), &["entry point"]);
}

#[test]
fn code_behind_data_is_refused() {
    let late = Segment { address: 0x20_3000, ..code() };

    refused(elf(&[code(), data(), late]), &["writable ones must come last"]);
}

#[test]
fn flipped_bytes_never_do_more_than_refuse_an_image() {
    let whole = elf(&[code(), data()]);
    let mut accepted = 0;

    for at in 0..whole.len() {
        for flip in [1, 0x80, 0xff] {
            let mut image = whole.clone();
            image[at] ^= flip;
            match load(image) {
                Ok(_) => accepted += 1,
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::InvalidArg | ErrorKind::NoHypervisor),
                    "byte {at} by {flip}: {error}"
                ),
            }
        }
    }

    assert!(accepted < whole.len() * 3);
}

#[test]
fn an_image_that_does_not_boot_is_an_error_of_the_sandbox() {
    let Some(good) = engine() else { return };
    let engine = load(elf(&[code(), data()])).unwrap();

    for _ in 0..2 {
        let error = fails(engine.sandbox().build(), ErrorKind::GuestAbort);
        says(error, &["does not boot", "invalid opcode", "0x200000"]);
    }
    works(&mut good.sandbox().build().unwrap());
}
