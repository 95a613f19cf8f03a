//! The frame: its bytes stay what they are, whatever was sent arrives, and
//! whatever arrives is refused or lies within its bounds.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hypercell_common::{Frame, FrameError, HEADER_LEN, Kind, MAX_SECTIONS, Message, Section, Tag};
use proptest::{collection::vec, prelude::*, sample::select};

/// A frame of every part, as version 2 of the wire has it. If this changes,
/// `WIRE_VERSION` must.
const GOLDEN: &[u8] = b"HCF1\x03\0\x05\0\
    \x08\x07\x06\x05\x04\x03\x02\x01\
    \x01\0\0\0\0\0\0\0\
    \x59\0\0\0\
    \x05\0\0\0\
    \x0d\0\0\0\
    \x02\0\0\0\
    greet\
    {\"data\":null}\
    \x06\0\0\0\x03\0\0\0\x01\0[\"da\"]\x00\xff\x7f\
    \x02\0\0\0\0\0\0\0\x24\0[]";

/// Offsets of fields in the header.
const VERSION: usize = 4;
const KIND: usize = 6;
const TOTAL: usize = 24;
const TARGET: usize = 28;
const BODY: usize = 32;
const SECTIONS: usize = 36;

/// A message that owns its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Owned {
    kind: Kind,
    call: u64,
    value: u64,
    target: String,
    body: String,
    sections: Vec<(String, Tag, Vec<u8>)>,
}

impl Owned {
    fn example() -> Self {
        Self {
            kind: Kind::Call,
            call: 0x0102_0304_0506_0708,
            value: 1,
            target: "greet".into(),
            body: "{\"data\":null}".into(),
            sections: vec![
                ("[\"da\"]".into(), Tag::Uint8Array, vec![0, 0xff, 0x7f]),
                ("[]".into(), Tag::Map, vec![]),
            ],
        }
    }

    fn encode(&self) -> Vec<u8> {
        let sections = sections(&self.sections);
        let message = Message {
            kind: self.kind,
            call: self.call,
            value: self.value,
            target: &self.target,
            body: &self.body,
            sections: &sections,
        };
        let mut bytes = Vec::new();
        let len = message.encode(|part| bytes.extend_from_slice(part)).unwrap();
        assert_eq!((len, message.encoded_len().unwrap()), (bytes.len(), bytes.len()));
        bytes
    }

    fn of(frame: &Frame<'_>) -> Self {
        Self {
            kind: frame.kind,
            call: frame.call,
            value: frame.value,
            target: frame.target.into(),
            body: frame.body.into(),
            sections: frame.sections().map(|s| (s.path.into(), s.tag, s.data.into())).collect(),
        }
    }
}

fn sections(owned: &[(String, Tag, Vec<u8>)]) -> Vec<Section<'_>> {
    owned.iter().map(|(path, tag, data)| Section { path, tag: *tag, data }).collect()
}

/// Decodes bytes that may be anything: each part must lie in them, and what was
/// decoded must encode to the same bytes again.
fn is_refused_or_in_bounds(bytes: &[u8]) {
    let Ok(frame) = Frame::decode(bytes) else { return };
    let range = bytes.as_ptr_range();
    let is_inside = |part: &[u8]| {
        part.is_empty() || (range.start <= part.as_ptr() && part.as_ptr_range().end <= range.end)
    };
    assert!(is_inside(frame.target.as_bytes()) && is_inside(frame.body.as_bytes()));
    assert_eq!(frame.sections().count(), frame.sections().len());
    assert!(frame.sections().all(|section| is_inside(section.path.as_bytes()) && is_inside(section.data)));
    assert_eq!(Owned::of(&frame).encode(), bytes);
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes.get_mut(at..at + 4).unwrap().copy_from_slice(&value.to_le_bytes());
}

#[test]
fn the_bytes_of_a_frame_are_golden() {
    let encoded = Owned::example().encode();

    assert_eq!(encoded.escape_ascii().to_string(), GOLDEN.escape_ascii().to_string());
    assert_eq!(Owned::of(&Frame::decode(GOLDEN).unwrap()), Owned::example());
}

#[test]
fn an_empty_message_is_a_header() {
    let mut bytes = Vec::new();
    Message::new(Kind::Ready, 0, "").encode(|part| bytes.extend_from_slice(part)).unwrap();

    assert_eq!(bytes.len(), HEADER_LEN);
    assert_eq!(HEADER_LEN, 40);
    assert_eq!(Frame::decode(&bytes).unwrap().kind, Kind::Ready);
}

#[test]
fn every_kind_has_its_number_and_direction() {
    let numbers: Vec<_> = Kind::ALL.iter().map(|kind| *kind as u16).collect();

    assert_eq!(numbers, (1..=20).chain(32..=43).collect::<Vec<_>>());
    for number in 0..=u16::MAX {
        match Kind::try_from(number) {
            Ok(kind) => assert_eq!((kind as u16, kind.is_to_guest()), (number, number < 32)),
            Err(unknown) => assert!(unknown.0 == number && !numbers.contains(&number)),
        }
    }
}

#[test]
fn every_tag_has_its_number_and_the_name_of_its_class() {
    let numbers: Vec<_> = Tag::ALL.iter().map(|tag| *tag as u16).collect();

    assert_eq!(numbers, (1..=12).chain(32..=39).collect::<Vec<_>>());
    for number in 0..=u16::MAX {
        match Tag::try_from(number) {
            Ok(tag) => assert_eq!(tag as u16, number),
            Err(unknown) => assert!(unknown.0 == number && !numbers.contains(&number)),
        }
    }
    assert_eq!((Tag::URL.name(), Tag::Float16Array.name()), ("URL", "Float16Array"));
}

#[test]
fn data_that_cannot_be_of_its_tag_is_refused() {
    let decoded = |tag: u16, data: usize| {
        let sections = vec![("[]".into(), Tag::Uint8Array, vec![0; data])];
        let mut bytes = Owned { sections, ..Owned::example() }.encode();
        let tag_at = bytes.len() - data - "[]".len() - 2;
        bytes.get_mut(tag_at..tag_at + 2).unwrap().copy_from_slice(&tag.to_le_bytes());
        Frame::decode(&bytes).map(|frame| frame.sections().count())
    };

    for tag in Tag::ALL {
        for data in 0..=17 {
            let fits = match (tag, tag.element_len()) {
                (_, Some(element)) => data % element == 0,
                (Tag::Number | Tag::Date, _) => data == 8,
                _ => data == 0,
            };
            let expected = if fits { Ok(1) } else { Err(FrameError::TagData { tag: *tag, bytes: data }) };
            assert_eq!(decoded(*tag as u16, data), expected, "{tag:?}");
        }
    }
    assert_eq!(decoded(0, 0), Err(FrameError::Tag(0)));
    assert_eq!(decoded(u16::MAX, 1), Err(FrameError::Tag(u16::MAX)));
}

#[test]
fn each_broken_field_has_its_error() {
    let broken = |at: usize, value: u32| {
        let mut bytes = Owned::example().encode();
        put(&mut bytes, at, value);
        Frame::decode(&bytes).unwrap_err()
    };

    assert!(matches!(broken(0, 0), FrameError::Magic(0)));
    assert!(matches!(broken(VERSION, 0x0005_0001), FrameError::Version(1)));
    assert!(matches!(broken(VERSION, 0x001f_0003), FrameError::Kind(31)));
    assert_eq!(KIND, VERSION + 2, "the two share the word above");
    assert!(matches!(broken(TOTAL, 87), FrameError::Total { alleged: 87, found: 89 }));
    assert!(matches!(broken(TOTAL, u32::MAX), FrameError::Total { .. }));
    assert!(matches!(broken(TARGET, 50), FrameError::Truncated { part: "target", needed: 50, found: 49 }));
    assert!(matches!(broken(BODY, u32::MAX), FrameError::Truncated { part: "body", .. }));
    assert!(matches!(broken(SECTIONS, 0), FrameError::Trailing { bytes: 31 }));
    assert!(matches!(broken(SECTIONS, 1), FrameError::Trailing { bytes: 12 }));
    assert!(matches!(broken(SECTIONS, 3), FrameError::Truncated { part: "section header", .. }));
    assert!(matches!(broken(SECTIONS, u32::MAX), FrameError::TooManySections { .. }));
    assert!(matches!(
        Frame::decode(&[]),
        Err(FrameError::Truncated { part: "header", needed: 40, found: 0 })
    ));
}

#[test]
fn text_that_is_not_utf8_is_refused_in_each_part() {
    let example = Owned::example().encode();

    for (at, part) in
        [(HEADER_LEN, "target"), (HEADER_LEN + 5, "body"), (HEADER_LEN + 5 + 13 + 10, "section path")]
    {
        let mut bytes = example.clone();
        *bytes.get_mut(at + 1).unwrap() = 0xff;
        assert_eq!(Frame::decode(&bytes).unwrap_err(), FrameError::Utf8 { part, valid_up_to: 1 });
    }
}

#[test]
fn lengths_whose_sum_overflows_are_refused() {
    for (target, body) in
        [(u32::MAX, u32::MAX), (u32::MAX - 49, u32::MAX), (50, u32::MAX), (u32::MAX, 1), (1 << 31, 1 << 31)]
    {
        let mut bytes = Owned::example().encode();
        put(&mut bytes, TARGET, target);
        put(&mut bytes, BODY, body);
        assert!(matches!(Frame::decode(&bytes), Err(FrameError::Truncated { .. })));
    }
    for (path, data) in [(u32::MAX, u32::MAX), (0, u32::MAX), (u32::MAX, 0), (6, u32::MAX - 5)] {
        let mut bytes = Owned::example().encode();
        put(&mut bytes, HEADER_LEN + 18, path);
        put(&mut bytes, HEADER_LEN + 22, data);
        assert!(matches!(Frame::decode(&bytes), Err(FrameError::Truncated { .. })));
    }
}

#[test]
fn as_many_sections_as_allowed_are_taken_and_no_more() {
    let mut message =
        Owned { sections: vec![(String::new(), Tag::Undefined, vec![]); MAX_SECTIONS], ..Owned::example() };
    let mut bytes = message.encode();
    assert_eq!(Frame::decode(&bytes).unwrap().sections().count(), MAX_SECTIONS);

    let count = u32::try_from(MAX_SECTIONS + 1).unwrap();
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 0, Tag::Undefined as u8, 0]);
    let total = u32::try_from(bytes.len()).unwrap();
    put(&mut bytes, TOTAL, total);
    put(&mut bytes, SECTIONS, count);
    assert_eq!(Frame::decode(&bytes).unwrap_err(), FrameError::TooManySections { count: MAX_SECTIONS + 1 });

    message.sections.push((String::new(), Tag::Undefined, vec![]));
    let sections = sections(&message.sections);
    let too_many = Message { sections: &sections, ..Message::new(Kind::Done, 0, "") };
    let refused = too_many.encode(|_| panic!("nothing may be written"));
    assert_eq!(refused, Err(FrameError::TooManySections { count: MAX_SECTIONS + 1 }));
}

#[test]
fn every_error_is_a_sentence_with_its_values() {
    let error = Frame::decode(b"HCF1").unwrap_err();

    assert_eq!(error.to_string(), "the frame's header needs 40 bytes and 4 are there");
}

/// A section with as much of the data as its tag may have.
fn fitting((path, tag, mut data): (String, Tag, Vec<u8>)) -> (String, Tag, Vec<u8>) {
    match (tag, tag.element_len()) {
        (_, Some(element)) => data.truncate(data.len() / element * element),
        (Tag::Number | Tag::Date, _) => data.resize(8, 0),
        _ => data.clear(),
    }
    (path, tag, data)
}

fn any_message() -> impl Strategy<Value = Owned> {
    let sections = vec((any::<String>(), select(Tag::ALL), vec(any::<u8>(), 0..64)).prop_map(fitting), 0..6);
    (select(Kind::ALL), any::<u64>(), any::<u64>(), any::<String>(), any::<String>(), sections).prop_map(
        |(kind, call, value, target, body, sections)| Owned { kind, call, value, target, body, sections },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_encoded_is_decoded(message in any_message()) {
        let bytes = message.encode();
        prop_assert_eq!(Owned::of(&Frame::decode(&bytes).unwrap()), message);
    }

    #[test]
    fn a_frame_that_is_cut_or_followed_by_bytes_is_refused(message in any_message(), at in any::<prop::sample::Index>(), more in vec(any::<u8>(), 1..20)) {
        let bytes = message.encode();
        let cut = bytes.get(..at.index(bytes.len())).unwrap();
        prop_assert!(Frame::decode(cut).is_err());
        prop_assert!(Frame::decode(&[bytes, more].concat()).is_err());
    }

    #[test]
    fn trailing_bytes_that_are_counted_are_refused(message in any_message(), more in vec(any::<u8>(), 1..20)) {
        let mut bytes = message.encode();
        bytes.extend(&more);
        let total = u32::try_from(bytes.len()).unwrap();
        put(&mut bytes, TOTAL, total);
        prop_assert_eq!(Frame::decode(&bytes).unwrap_err(), FrameError::Trailing { bytes: more.len() });
    }

    #[test]
    fn flipped_bits_never_lead_out_of_bounds(message in any_message(), flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = message.encode();
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            *bytes.get_mut(at).unwrap() ^= flip;
        }
        is_refused_or_in_bounds(&bytes);
    }

    #[test]
    fn false_lengths_never_lead_out_of_bounds(message in any_message(), field in select(&[TARGET, BODY, SECTIONS][..]), value in prop_oneof![0u32..200, any::<u32>()]) {
        let mut bytes = message.encode();
        put(&mut bytes, field, value);
        is_refused_or_in_bounds(&bytes);
    }

    #[test]
    fn random_bytes_never_lead_out_of_bounds(mut bytes in vec(any::<u8>(), 0..300), headed in any::<bool>()) {
        if headed && bytes.len() >= HEADER_LEN {
            let total = u32::try_from(bytes.len()).unwrap();
            bytes.get_mut(..8).unwrap().copy_from_slice(b"HCF1\x02\0\x21\0");
            put(&mut bytes, TOTAL, total);
            for field in [TARGET, BODY, SECTIONS] {
                let small = u32::from(*bytes.get(field).unwrap()) % 64;
                put(&mut bytes, field, small);
            }
        }
        is_refused_or_in_bounds(&bytes);
    }
}
