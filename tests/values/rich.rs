//! What JSON has no words for: dates, maps, sets, big integers, typed arrays, errors.

use crate::echo;
use hypercell::{
    BigInt, Bytes, Date, ErrorKind, ErrorValue, HostModule, Map, Sandbox, Set, TypedArray, TypedArrayKind,
    Url, Value,
};
use hypercell_tests::{engine, fails, sandbox, says, throws, works};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::{Duration, SystemTime},
};

fn given<T: DeserializeOwned>(sandbox: &mut Sandbox, expression: &str) -> T {
    sandbox.eval(&format!("export default ({expression})")).unwrap().unwrap()
}

fn refused<T: DeserializeOwned + std::fmt::Debug>(sandbox: &mut Sandbox, expression: &str, words: &[&str]) {
    let result = sandbox.eval::<T>(&format!("export default ({expression})"));
    says(fails(result, ErrorKind::InvalidArg), words);
}

/// One of each, inside of one another.
fn all() -> Value {
    let mut error = ErrorValue::new("NotFoundError", "gone");
    error.code = Some("E_GONE".into());
    error.cause = Some(Value::Date(Date(f64::INFINITY)));
    error.stack = Some("    at nowhere".into());
    let rich = vec![
        Value::Undefined,
        Value::Number(f64::INFINITY),
        Value::BigInt("-123456789012345678901234567890".parse().unwrap()),
        Value::Bytes(vec![1, 2]),
        Value::TypedArray(TypedArray::from(vec![u64::MAX, 0])),
        Value::TypedArray(TypedArray::new(TypedArrayKind::Float16Array, vec![0, 0x3c]).unwrap()),
        Value::Date(Date(1_234_567_890_123.0)),
        Value::Map(vec![
            (Value::Null, Value::Set(vec![Value::from("a"), Value::Map(vec![])])),
            (Value::Array(vec![Value::from(1)]), Value::Undefined),
        ]),
        Value::from(error),
    ];
    Value::Object([("odd \"key\"".to_owned(), Value::Array(rich))].into_iter().collect())
}

/// An invalid date is not a number, which does not equal itself.
fn shown(value: &Value) -> String {
    format!("{value:?}").replace("inf", "NaN")
}

#[test]
fn every_value_comes_back_as_it_went() {
    let Some(mut sandbox) = echo() else { return };
    let Value::Object(members) = all() else { panic!("it is an object") };
    let Some(Value::Array(each)) = members.values().next().cloned() else { panic!("it holds an array") };

    for value in each.iter().filter(|value| **value != Value::Undefined).chain([&all()]) {
        let back: Value = sandbox.call("echo", value).unwrap();
        assert_eq!(shown(&back), shown(value));
    }
}

#[test]
fn every_value_crosses_to_host_functions_and_back_too() {
    let Some(engine) = engine() else { return };
    let module = HostModule::new("m")
        .function("same", |value: Value| value)
        .async_function("later", |value: Value| async move { value })
        .function("count", |map: Map<String, Set<BigInt>>| map.0.first().map(|(_, set)| set.0.len()));
    let mut sandbox = engine.sandbox().host_module(module).build().unwrap();
    sandbox
        .add_handler(
            "ask",
            "import { same, later } from 'host:m'; export const handler = async e => [same(e), await later(e)]",
        )
        .unwrap();

    let [direct, promised] = sandbox.call::<[Value; 2]>("ask", &all()).unwrap();

    assert_eq!((shown(&direct), shown(&promised)), (shown(&all()), shown(&all())));
    let counted =
        sandbox.eval::<Json>("import { count } from 'host:m'; export default [count(new Map([['a', new Set([1n, 2n])]])), count(new Map())]");
    assert_eq!(counted.unwrap(), Some(json!([2, null])));
    let wrong = "import { count } from 'host:m'; count(new Map([['a', new Set([1n, 'x'])]]))";
    says(throws(sandbox.eval::<()>(wrong)).message, &["argument 1", "decimal digits"]);
}

#[test]
fn a_type_says_with_its_fields_what_crosses() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Person {
        born: Date,
        home: Url,
        account: BigInt,
        tags: Set<String>,
        ages: Map<u32, Option<Date>>,
        samples: TypedArray,
        photo: Bytes,
        failed: Option<ErrorValue>,
        any: Value,
    }
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_handler(
            "look",
            "const handler = p => [p.born instanceof Date, typeof p.account, p.tags instanceof Set && p.tags.has('a'),
                 p.ages instanceof Map && p.ages.get(7).getTime(), p.samples instanceof Float32Array, p.photo instanceof Uint8Array,
                 p.failed instanceof TypeError, p.any instanceof Map]",
        )
        .unwrap();
    let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
    let mut failed = ErrorValue::new("TypeError", "m");
    failed.stack = Some("    at a".into());
    let person = Person {
        born: Date::from(moment),
        home: Url("https://example.com/".into()),
        account: BigInt::from(u128::MAX),
        tags: Set(vec!["a".into(), "b".into()]),
        ages: Map(vec![(7, Some(Date(8.0))), (9, None)]),
        samples: TypedArray::from(vec![1.5_f32]),
        photo: Bytes(vec![3]),
        failed: Some(failed),
        any: Value::Map(vec![]),
    };

    let looked: Json = sandbox.call("look", &person).unwrap();

    assert_eq!(looked, json!([true, "bigint", true, 8, true, true, true, true]));
    sandbox.add_handler("echo", "const handler = event => event").unwrap();
    let back: Person = sandbox.call("echo", &person).unwrap();
    assert_eq!(back, person);
    assert_eq!(back.born.to_system_time(), Some(moment));
}

#[test]
fn types_of_rust_read_what_they_can_hold() {
    let Some(mut sandbox) = sandbox() else { return };
    let guest = &mut sandbox;

    assert_eq!(given::<String>(guest, "new Date(0)"), "1970-01-01T00:00:00.000Z");
    assert!(given::<Option<Date>>(guest, "new Date(NaN)").unwrap().0.is_nan());
    assert_eq!((given::<i64>(guest, "-5n"), given::<u128>(guest, "2n ** 128n - 1n")), (-5, u128::MAX));
    assert_eq!(given::<Vec<f64>>(guest, "new Float32Array([0.5, 2])"), [0.5, 2.0]);
    assert_eq!(given::<Vec<i64>>(guest, "new BigInt64Array([-1n])"), [-1]);
    assert_eq!(given::<Vec<u8>>(guest, "new Uint8Array([1, 2])"), [1, 2]);
    assert_eq!(given::<Bytes>(guest, "new Uint16Array([258])").0, [2, 1]);
    assert_eq!(given::<BTreeSet<u8>>(guest, "new Set([2, 1])"), BTreeSet::from([1, 2]));
    assert_eq!(
        given::<BTreeMap<u8, Date>>(guest, "new Map([[1, new Date(2)]])"),
        BTreeMap::from([(1, Date(2.0))])
    );
    assert_eq!(
        given::<HashMap<String, f64>>(guest, "new Map([['a', Infinity]])"),
        HashMap::from([("a".into(), f64::INFINITY)])
    );
    assert_eq!(given::<ErrorValue>(guest, "new RangeError('far')").message, "far");
    assert_eq!(given::<(u8, Option<u8>)>(guest, "[1, undefined]"), (1, None));
}

#[test]
fn values_of_serde_json_have_the_json_form() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "{ date: new Date(0), never: new Date(NaN), big: 12n, nan: NaN, nothing: [undefined],
        map: new Map([[1, new Set(['a'])]]), error: Object.assign(new Error('m', { cause: 1n }), { stack: 's', code: 'C' }) }";
    let form = json!({
        "date": "1970-01-01T00:00:00.000Z", "never": null, "big": "12", "nan": null, "nothing": [null],
        "map": [[1, ["a"]]], "error": { "name": "Error", "message": "m", "code": "C", "cause": "1", "stack": "s" },
    });

    assert_eq!(given::<Json>(&mut sandbox, source), form);
    assert_eq!(Json::try_from(given::<Value>(&mut sandbox, source)).unwrap(), form);
    refused::<Json>(&mut sandbox, "{ a: [new Map([[1n, new Uint8Array(1)]])] }", &["does not fit", "$.a[0]"]);
    let bytes: Value = given(&mut sandbox, "{ a: [new Map([[1n, new Uint8Array(1)]])] }");
    let error = fails(Json::try_from(bytes), ErrorKind::InvalidArg);
    says(error, &["a Uint8Array at $.a[0].get(\"1\") has no JSON form"]);
}

#[test]
fn what_does_not_fit_a_type_is_told_with_its_place() {
    let Some(mut sandbox) = sandbox() else { return };
    let guest = &mut sandbox;

    refused::<Vec<Map<String, u8>>>(guest, "[new Map(), new Map([['a', 1], ['b', 256]])]", &["256", "$[1]"]);
    refused::<BTreeMap<String, Vec<Date>>>(guest, "{ a: [new Date(0), new Set()] }", &["a Date", "$.a[1]"]);
    refused::<Vec<u64>>(guest, "[1n, 2n ** 64n]", &["does not fit", "$[1]"]);
    refused::<Vec<i64>>(guest, "[10n ** 60n]", &["a BigInt of 61 digits", "$[0]"]);
    refused::<TypedArray>(guest, "new Uint8Array(1)", &["a typed array other than Uint8Array"]);
    refused::<ErrorValue>(guest, "new Map()", &["does not fit"]);
    works(guest);
}

#[test]
fn what_has_no_form_in_the_guest_is_told_with_its_place() {
    let Some(mut sandbox) = echo() else { return };
    let keyed = BTreeMap::from([("a", Map(vec![("k", vec![BTreeMap::from([(vec![1_u8], 1)])])]))]);

    let error = fails(sandbox.call::<Value>("echo", &keyed), ErrorKind::InvalidArg);

    says(error, &["what is at $.a.get(\"k\")[0] cannot cross to the guest"]);
    works(&mut sandbox);
}

#[test]
fn what_cannot_leave_the_guest_inside_of_a_collection_is_told_by_its_place() {
    let Some(mut sandbox) = sandbox() else { return };
    for (expression, place) in [
        ("{ m: new Map([['k', [() => 1]]]) }", "a function at $.m.get(\"k\")[0]"),
        ("[new Map([[{ a: Symbol() }, 1]])]", "a symbol at $[0][0].key.a"),
        ("new Error('m', { cause: { a: Symbol() } })", "a symbol at $.cause.a"),
        ("(s => s.add([s]))(new Set())", "a cycle at $[0][0]"),
    ] {
        let error = throws(sandbox.eval::<Value>(&format!("export default ({expression})")));
        assert_eq!(
            (error.name.as_str(), error.message),
            ("TypeError", format!("{place} cannot cross to the host"))
        );
    }
    works(&mut sandbox);
}

#[test]
fn a_value_of_serde_json_with_the_name_of_a_class_is_none() {
    let Some(mut sandbox) = echo() else { return };
    let forged = json!({
        "$hypercell::Date": "1970-01-01T00:00:00.000Z", "tag": 35, "map": [["$hypercell::Map", [[1, 2]]]],
    });

    assert_eq!(sandbox.call::<Json>("echo", &forged).unwrap(), forged);
    let forged = Value::from(forged);
    assert_eq!(sandbox.call::<Value>("echo", &forged).unwrap(), forged);
}
