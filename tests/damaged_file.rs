//! A file that is damaged, foreign or of another engine is refused and says why, and
//! then nothing happened.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use hypercell::{Engine, ErrorKind};
use hypercell_tests::{FileTarget, HEADER_LEN, SnapshotFile, engines, fails, hostile_image, says, works};
use std::fs;

#[test]
fn a_file_that_was_cut_off_or_goes_on_is_refused() {
    let Some(mut target) = FileTarget::new() else { return };
    let good = fs::read(&target.path).unwrap();

    for length in (0..HEADER_LEN).chain((HEADER_LEN..good.len()).step_by(good.len() / 50)) {
        let refused = target.refuses(&good[..length]);
        let why = if length < 8 { "no snapshot" } else { "truncated" };
        says(&refused, &[why]);
        if length >= HEADER_LEN {
            says(&refused, &[&format!("it has {length} of {} bytes", good.len())]);
        }
    }
    says(target.refuses(&good[..good.len() - 1]), &["truncated"]);
    says(target.refuses(&[&good[..], &good[..]].concat()), &["damaged", "more"]);
    target.is_unharmed();
}

#[test]
fn a_bit_that_was_flipped_anywhere_is_noticed() {
    let Some(mut target) = FileTarget::new() else { return };
    let mut file = fs::read(&target.path).unwrap();
    let payload = file.len() - SnapshotFile::read(&target.path).payload.len();
    let sample = (payload..file.len()).step_by((file.len() - payload) / 100);
    let places: Vec<_> = (0..payload + 300).chain(sample).chain([file.len() - 1]).collect();

    for at in places {
        let bit = 1 << (at % 8);
        file[at] ^= bit;
        let refused = target.refuses(&file);
        let why = match at {
            0..8 => "no snapshot",
            8..12 => "format version",
            // A length tells of another file, and else a digest says so.
            12..16 | 96..104 => "it ",
            _ => "it is damaged: the digest",
        };
        says(&refused, &[why]);
        file[at] ^= bit;
    }
    target.is_unharmed();
}

#[test]
fn files_of_other_kinds_are_refused() {
    let Some(mut target) = FileTarget::new() else { return };
    let foreign: [&[u8]; 6] = [
        b"",
        b"HCSNAP",
        b"the quick brown fox jumps over the lazy dog",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        hostile_image(target.engine.vmm()),
        &[0; 1 << 20],
    ];
    let magic = &fs::read(&target.path).unwrap()[..8];

    for file in foreign {
        says(target.refuses(file), &["no snapshot"]);
    }
    for rubbish in [0, 1, 0x7f, 0xff] {
        for length in [1, 4, 100, 159, 160, 161, 10_000] {
            target.refuses(&[magic, &vec![rubbish; length]].concat());
        }
    }
    target.is_unharmed();
}

#[test]
fn a_file_for_something_else_says_for_what() {
    let Some(mut target) = FileTarget::new() else { return };
    let good = SnapshotFile::read(&target.path);
    let with_header = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file.header[at..at + bytes.len()].copy_from_slice(bytes);
        file.sealed()
    };

    for version in [0_u32, 2, 1000] {
        let says_so = format!("format version {version}, and this build reads version 1");
        says(target.refuses(&with_header(8, &version.to_le_bytes())), &[&says_so]);
    }
    let other = b"other\x1b[2J\0\0\0\0\0\0\0";
    says(target.refuses(&with_header(48, other)), &["on the VMM `other\\x1b[2J`"]);
    // Version, VMM and image are next to each other.
    let old = [&b"9.8.7-old"[..], &[0; 23], &good.header[48..64], &[0xab; 32]].concat();
    let this = format!("this engine, of version {}", env!("CARGO_PKG_VERSION"));
    let refused = target.refuses(&with_header(16, &old));
    says(refused, &["by version 9.8.7-old with the guest image abababababab…", &this]);
    // The version alone decides nothing.
    works(&mut target.load(&with_header(16, b"9")).unwrap().spawn().unwrap());

    let vmm = target.engine.vmm();
    let other = Engine::builder().vmm(vmm).guest_image(hostile_image(vmm)).build().unwrap();
    says(fails(other.load_snapshot(&target.path), ErrorKind::Snapshot), &["guest image"]);
    target.is_unharmed();
}

#[test]
fn a_file_of_another_vmm_says_of_which() {
    for (saved, engine) in engines() {
        let mut target = FileTarget::on(engine.vmm()).unwrap();
        for (here, other) in engines().into_iter().filter(|(here, _)| *here != saved) {
            let refused = fails(other.load_snapshot(&target.path), ErrorKind::Snapshot);
            let why = format!("it was saved on the VMM `{saved}`, and this engine runs on `{here}`");
            says(refused, &[&why]);
            works(&mut other.sandbox().build().unwrap());
        }
        target.is_unharmed();
    }
}

#[test]
fn a_description_that_is_out_of_bounds_is_refused() {
    let Some(mut target) = FileTarget::new() else { return };
    let good = SnapshotFile::read(&target.path);
    let described = |from: &str, to: &str| {
        assert!(good.description.contains(from), "{}", good.description);
        SnapshotFile { description: good.description.replace(from, to), ..good.clone() }.sealed()
    };
    let modules = "\"host_modules\":{}";
    let long = format!("\"host_modules\":{{\"m\":{{\"direct\":[\"{}\"],\"promised\":[]}}}}", "f".repeat(300));
    let deep = format!("\"host_modules\":{}", "[".repeat(100_000));
    let huge =
        format!("\"host_modules\":{{\"m\":{{\"direct\":[\"{}\"],\"promised\":[]}}}}", "f".repeat(1 << 20));

    for (from, to, why) in [
        ("\"heap\":33554432", "\"heap\":18446744073709551615", "`heap` is 18446744073709551615"),
        ("\"stack\":1048576", "\"stack\":0", "`stack` is 0"),
        ("\"input\":8388608", "\"input\":8388608000", "`input`"),
        ("\"wall_ns\":10000000000", "\"wall_ns\":0", "`wall` is 0ns"),
        ("\"cpu_ns\":5000000000", "\"cpu_ns\":-1", "cannot be read"),
        ("\"console\":1048576", "\"console\":1e99", "cannot be read"),
        ("\"heap\"", "\"hoop\"", "unknown field"),
        ("}", "", "cannot be read"),
        (modules, "\"host_modules\":{\"\":{\"direct\":[\"f\"],\"promised\":[]}}", "is empty"),
        (modules, "\"host_modules\":{\"m\":{\"direct\":[],\"promised\":[\"\\u001b[2J\"]}}", "are allowed"),
        (modules, &long, "300 bytes, and 256 are allowed"),
        (modules, &deep, "cannot be read"),
        (modules, &huge, "1048576 are allowed"),
    ] {
        says(target.refuses(&described(from, to)), &[why]);
    }
    let fewer = described("\"heap\":33554432", "\"heap\":16777216");
    says(target.refuses(&fewer), &["no guest's"]);
    target.is_unharmed();
}
