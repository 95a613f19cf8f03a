//! What the guest says of a value may be anything: it is refused in words, or is a value
//! that crosses back as it is.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{Payload, Value, decode};
use hypercell_common::{Frame, Kind, Message, Section, Tag};
use proptest::{collection::vec, prelude::*, sample::select};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

/// Decodes the body and sections of a frame, which has to be one.
fn decoded<T: DeserializeOwned>(body: &str, sections: &[Section<'_>]) -> Result<T, String> {
    let mut bytes = Vec::new();
    let message = Message { body, sections, ..Message::new(Kind::Done, 1, "") };
    message.encode(|part| bytes.extend_from_slice(part)).unwrap();
    let frame = Frame::decode(&bytes).unwrap();
    decode(frame.body, frame.sections())
}

fn data_of(tag: Tag) -> &'static [u8] {
    if tag.fits(0) { &[] } else { &[0xff; 8] }
}

#[test]
fn a_section_that_does_not_fit_the_body_is_refused_in_words() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (body, sections, words) in [
        ("1", &[(Tag::Map, "[]")][..], "no place for a value of the type Map"),
        ("[[1]]", &[(Tag::Map, "[]")], "type Map"),
        ("[[1,2,3]]", &[(Tag::Map, "[]")], "type Map"),
        ("[[1,2]]", &[(Tag::Map, "[]"), (Tag::Undefined, "[0]")], "the path \"[0]\" of a section"),
        ("[1]", &[(Tag::Set, "[]"), (Tag::Set, "[]")], "type Set"),
        ("\"1x\"", &[(Tag::BigInt, "[]")], "type BigInt"),
        ("{}", &[(Tag::Error, "[]")], "type Error"),
        (r#"{"name":1,"message":2}"#, &[(Tag::Error, "[]")], "type Error"),
        ("\"text\"", &[(Tag::Float64Array, "[]")], "type Float64Array"),
        ("null", &[(Tag::Undefined, "[\"a\"]")], "leads to no place"),
        ("[]", &[(Tag::Undefined, "[18446744073709551615]")], "leads to no place"),
        ("[]", &[(Tag::Undefined, "[-1]")], "is not valid"),
        ("[]", &[(Tag::Undefined, "[[0]]")], "is not valid"),
        ("[]", &[(Tag::Undefined, "")], "is not valid"),
        (&deep, &[(Tag::Map, "[]")], "recursion limit"),
    ] {
        let sections: Vec<_> =
            sections.iter().map(|(tag, path)| Section { path, tag: *tag, data: data_of(*tag) }).collect();
        let refused = decoded::<Value>(body, &sections).unwrap_err();
        assert!(refused.contains(words), "{body}: {refused}");
    }
}

#[test]
fn a_date_is_what_its_section_says() {
    let moment = 5_f64.to_le_bytes();
    let section = Section { path: "[]", tag: Tag::Date, data: &moment };

    let read = |body: &str| decoded::<String>(body, &[section]).unwrap();

    assert_eq!(read("null"), "1970-01-01T00:00:00.005Z");
    assert_eq!(read("\"forged\""), "1970-01-01T00:00:00.005Z");
}

/// JSON with few keys and short arrays, so that arbitrary paths lead somewhere.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<f64>().prop_map(Json::from),
        select(&["", "12", "-007", "1970-01-01T00:00:00.000Z", "text"][..]).prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            vec((inner.clone(), inner.clone()), 0..3)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| json!([key, value])).collect()),
            vec((any_key(), inner), 0..4).prop_map(|members| Json::Object(members.into_iter().collect())),
            select(&["a", "name"][..])
                .prop_map(|key| json!({ key: "x", "name": "E", "message": "m", "cause": null })),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    select(&["a", "name", "message", "cause", "__proto__", "0"][..]).prop_map(str::to_owned)
}

fn any_path() -> impl Strategy<Value = String> {
    let step = prop_oneof![(0_u32..3).prop_map(Json::from), any_key().prop_map(Json::from)];
    prop_oneof![9 => vec(step, 0..4).prop_map(|steps| Json::from(steps).to_string()), 1 => any::<String>()]
}

fn any_section() -> impl Strategy<Value = (String, Tag, Vec<u8>)> {
    (any_path(), select(Tag::ALL), vec(any::<u8>(), 8)).prop_map(|(path, tag, data)| {
        let data = if tag.fits(0) && tag.element_len().is_none() { Vec::new() } else { data };
        (path, tag, data)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_sections_say_is_refused_or_crosses_back(body in any_json(), parts in vec(any_section(), 0..5)) {
        let sections: Vec<_> = parts.iter().map(|(path, tag, data)| Section { path, tag: *tag, data }).collect();
        // Other types come to an end too.
        let _ = (decoded::<Json>(&body.to_string(), &sections), decoded::<Vec<u64>>(&body.to_string(), &sections));
        if let Ok(value) = decoded::<Value>(&body.to_string(), &sections) {
            let _ = Json::try_from(value.clone());
            let sent = Payload::encode(&value).unwrap();
            let back: Value = decoded(sent.json(), &sent.sections()).unwrap();
            prop_assert_eq!(Payload::encode(&back).unwrap(), sent);
        }
    }
}
