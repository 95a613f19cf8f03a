//! Whatever JSON has comes back as it went.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::Sandbox;
use hypercell_tests::sandbox;
use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value as Json, json};
use std::cell::RefCell;

/// A sandbox with a handler `echo` that returns its event.
fn echo() -> Option<RefCell<Sandbox>> {
    let mut sandbox = sandbox()?;
    sandbox.add_handler("echo", "const handler = event => event").unwrap();
    Some(RefCell::new(sandbox))
}

/// Values that JSON has, a few levels deep.
fn any_json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![any::<i32>().prop_map(Json::from), any::<f64>().prop_map(Json::from)];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        number,
        any::<String>().prop_map(Json::from)
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Json::from),
            btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// The values as JavaScript has them, where all numbers are doubles.
fn as_doubles(value: &Json) -> Json {
    match value {
        Json::Number(number) => json!(number.as_f64().unwrap() + 0.0),
        Json::Array(elements) => elements.iter().map(as_doubles).collect(),
        Json::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), as_doubles(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn arbitrary_json_comes_back_as_it_went() {
    let Some(sandbox) = echo() else { return };
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });

    runner
        .run(&any_json(), |value| {
            let back: Json = sandbox.borrow_mut().call("echo", &value).unwrap();
            prop_assert_eq!(as_doubles(&back), as_doubles(&value));
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_double_comes_back_to_the_last_bit() {
    let Some(sandbox) = echo() else { return };
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let finite = vec(any::<f64>().prop_filter("JSON has finite numbers", |double| double.is_finite()), 32);

    runner
        .run(&finite, |doubles| {
            let back: Vec<f64> = sandbox.borrow_mut().call("echo", &doubles).unwrap();
            prop_assert_eq!(back, doubles);
            Ok(())
        })
        .unwrap();
}
