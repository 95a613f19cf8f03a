//! A guest image that breaks a rule is refused before any of it is loaded. The rules
//! are the same for every VMM; where an image lies is not.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use hypercell::{Engine, ErrorKind, Result, VmmKind};
use hypercell_tests::{engine_of, fails, hostile_image, says, works};

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

/// The VMMs of this build.
fn vmms() -> impl Iterator<Item = VmmKind> {
    VmmKind::ALL.into_iter().filter(|vmm| vmm.is_compiled())
}

/// Where an image starts.
fn base(vmm: VmmKind) -> u64 {
    match vmm {
        VmmKind::Kvm => 0x20_0000,
        _ => 0x4000_0000,
    }
}

/// Code that faults at once.
fn code(vmm: VmmKind) -> Segment {
    Segment {
        kind: LOAD,
        flags: READ | EXECUTE,
        address: base(vmm),
        memory_len: 2,
        content: vec![0x0f, 0x0b],
    }
}

fn data(vmm: VmmKind) -> Segment {
    let content = vec![1, 2, 3];
    Segment { kind: LOAD, flags: READ | WRITE, address: base(vmm) + 0x1000, memory_len: 4096, content }
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

fn load(vmm: VmmKind, image: Vec<u8>) -> Result<Engine> {
    Engine::builder().vmm(vmm).guest_image(image).build()
}

/// Checks that an image is refused with these words.
#[track_caller]
fn refused(vmm: VmmKind, image: Vec<u8>, parts: &[&str]) {
    let error = fails(load(vmm, image), ErrorKind::InvalidArg);
    says(&error, &["guest image"]);
    says(&error, parts);
}

#[test]
fn a_file_that_is_no_elf_file_is_refused() {
    for vmm in vmms() {
        refused(vmm, Vec::new(), &["ELF"]);
        refused(vmm, b"#!/bin/sh\necho hello\n".to_vec(), &["ELF"]);
        let noise = (0..10_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        refused(vmm, noise, &["ELF"]);
    }
}

#[test]
fn a_truncated_image_is_refused() {
    for vmm in vmms() {
        let whole = elf(&[code(vmm), data(vmm)]);
        for len in 0..whole.len() {
            refused(vmm, whole[..len].to_vec(), &[]);
        }
    }
}

#[test]
fn an_image_for_another_machine_or_of_another_type_is_refused() {
    const CLASS: usize = 4;
    const BYTE_ORDER: usize = 5;
    const TYPE: usize = 16;
    const MACHINE: usize = 18;

    for vmm in vmms() {
        for field in [CLASS, BYTE_ORDER, TYPE, MACHINE] {
            let mut image = elf(&[code(vmm), data(vmm)]);
            image[field] ^= 3;
            refused(vmm, image, &[]);
        }
    }
}

#[test]
fn a_position_independent_image_is_refused() {
    const TYPE: usize = 16;
    const SHARED: u8 = 3;

    for vmm in vmms() {
        let mut image = elf(&[code(vmm), data(vmm)]);
        image[TYPE] = SHARED;
        refused(vmm, image, &["no static x86-64 executable"]);
    }
}

#[test]
fn an_image_for_another_vmm_is_refused() {
    for vmm in vmms() {
        for other in vmms().filter(|other| *other != vmm) {
            refused(vmm, elf(&[code(other), data(other)]), &["the segment at"]);
            refused(vmm, hostile_image(other).to_vec(), &["the segment at"]);
        }
    }
}

#[test]
fn a_segment_that_is_writable_and_executable_is_refused() {
    for vmm in vmms() {
        let both = Segment { flags: READ | WRITE | EXECUTE, ..data(vmm) };
        refused(vmm, elf(&[code(vmm), both]), &["writable and executable"]);
    }
}

#[test]
fn a_dynamic_image_is_refused() {
    for vmm in vmms() {
        for kind in [DYNAMIC, INTERPRETER] {
            refused(vmm, elf(&[code(vmm), Segment { kind, ..data(vmm) }]), &["dynamically linked"]);
        }
    }
}

#[test]
fn segments_outside_of_their_place_are_refused() {
    for vmm in vmms() {
        let at = |address| Segment { address, ..data(vmm) };
        let misplaced = [
            ("below the image", at(base(vmm) - 0x10_0000)),
            ("on the page of the code", at(base(vmm) + 0x800)),
            ("too large", Segment { memory_len: 65 << 20, ..data(vmm) }),
            ("beyond the end", at(base(vmm) + (64 << 20))),
            ("around the end of addresses", at(u64::MAX - 4095)),
            ("as long as all memory", Segment { memory_len: u64::MAX, ..data(vmm) }),
            ("smaller in memory than in the file", Segment { memory_len: 2, ..data(vmm) }),
        ];

        for (what, segment) in misplaced {
            println!("{vmm}: {what}");
            refused(vmm, elf(&[code(vmm), segment]), &["the segment at"]);
        }
    }
}

#[test]
fn an_entry_point_outside_of_code_is_refused() {
    for vmm in vmms() {
        let late = Segment { address: base(vmm) + 0x3000, ..code(vmm) };
        refused(vmm, elf(&[data(vmm)]), &["entry point"]);
        refused(vmm, elf(&[data(vmm), late]), &["entry point"]);
    }
}

#[test]
fn code_behind_data_is_refused() {
    for vmm in vmms() {
        let late = Segment { address: base(vmm) + 0x3000, ..code(vmm) };
        refused(vmm, elf(&[code(vmm), data(vmm), late]), &["writable ones must come last"]);
    }
}

/// Checks that flips of these bytes of an image do no more than have it refused, or
/// not boot where a sandbox is made; tells how often it was accepted.
#[track_caller]
fn flip(vmm: VmmKind, whole: &[u8], places: impl Iterator<Item = usize>, boots: bool) -> usize {
    let mut accepted = 0;
    for at in places {
        for flip in [1, 0x80, 0xff] {
            let mut image = whole.to_vec();
            image[at] ^= flip;
            match load(vmm, image) {
                Ok(engine) => {
                    accepted += 1;
                    if boots && let Err(error) = engine.sandbox().build() {
                        assert_eq!(error.kind(), ErrorKind::GuestAbort, "byte {at} by {flip}: {error}");
                    }
                }
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::InvalidArg | ErrorKind::NoHypervisor),
                    "{vmm}, byte {at} by {flip}: {error}"
                ),
            }
        }
    }
    accepted
}

#[test]
fn flipped_bytes_never_do_more_than_refuse_an_image() {
    for vmm in vmms() {
        let whole = elf(&[code(vmm), data(vmm)]);
        assert!(flip(vmm, &whole, 0..whole.len(), false) < whole.len() * 3);
    }
}

#[test]
fn an_image_with_flipped_headers_is_loaded_as_it_says_or_refused() {
    for vmm in vmms() {
        if engine_of(vmm).is_none() {
            return;
        }
        let whole = elf(&[code(vmm), data(vmm)]);
        let headers = 64 + 2 * 56;
        assert!(flip(vmm, &whole, 0..headers, true) < headers * 3);
    }
}

#[test]
fn what_else_is_in_an_image_is_nobodys_business() {
    // The section headers are at the end, and nothing of them is looked at.
    for vmm in vmms() {
        let Some(engine) = engine_of(vmm) else { return };
        let image = hostile_image(engine.vmm());
        let from = image.len() - 64 * 5;
        let tried = flip(vmm, image, (from..image.len()).step_by(7), false);
        assert_eq!(tried, 3 * (from..image.len()).step_by(7).count(), "{vmm}");
        let mut spoilt = image.to_vec();
        spoilt[from..].fill(0xff);
        let mut sandbox = load(vmm, spoilt).unwrap().sandbox().build().unwrap();
        assert_eq!(sandbox.call::<u32>("echo", &7).unwrap(), 7);
    }
}

#[test]
fn an_image_that_does_not_boot_is_an_error_of_the_sandbox() {
    for vmm in vmms() {
        let Some(good) = engine_of(vmm) else { return };
        let engine = load(vmm, elf(&[code(vmm), data(vmm)])).unwrap();
        // With `hyperlight` there are no handlers for faults but the image's own.
        let words: &[&str] =
            if vmm == VmmKind::Kvm { &["invalid opcode", "0x200000"] } else { &["Shutdown"] };

        for _ in 0..2 {
            let error = fails(engine.sandbox().build(), ErrorKind::GuestAbort);
            says(&error, &["does not boot"]);
            says(&error, words);
        }
        works(&mut good.sandbox().build().unwrap());
    }
}
