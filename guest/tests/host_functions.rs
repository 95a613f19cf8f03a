//! Host modules: what guest code imports, what the host gets, what comes back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{
    FrameError, Kind, Message, Tag,
    body::{Cause, Thrown},
};
use hypercell_guest::platform::SendError;
use support::{Answer, configuration, encode, guest_with_host, told};

#[test]
fn a_host_function_gets_its_arguments_and_returns_its_result() {
    let mut guest = guest_with_host(&[("math", &["add"])], |sent| {
        let [a, b]: [i64; 2] = serde_json::from_str(&sent.body).unwrap();
        Answer::json(&(a + b).to_string())
    });
    assert_eq!(guest.value("import { add } from 'host:math'; export default add(2, 3)"), "5");
    let calls = guest.platform.calls.take();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        (calls[0].kind, calls[0].target.as_str(), calls[0].body.as_str()),
        (Kind::HostCall, "math\0add", "[2,3]")
    );
}

#[test]
fn a_host_call_carries_the_number_of_its_request() {
    let mut guest = guest_with_host(&[("m", &["f"])], |_| Answer::json("1"));
    guest
        .run(&Message { body: "import { f } from 'host:m'; f()", ..Message::new(Kind::Eval, 4242, "e.js") })
        .unwrap();
    assert_eq!(guest.platform.calls.borrow()[0].call, 4242);
}

#[test]
fn the_default_export_has_all_functions_and_names_may_be_any_string() {
    let mut guest = guest_with_host(
        &[("m", &["plain", "with-dash", "with \"quotes\"", "__proto__", "ünïcode"])],
        |sent| Answer::json(&serde_json::to_string(sent.target.split('\0').nth(1).unwrap()).unwrap()),
    );
    assert_eq!(
        guest.value(
            r#"import m, { plain, "with-dash" as dash, "__proto__" as proto, 'with "quotes"' as quotes } from 'host:m';
               export default [plain(), dash(), proto(), quotes(), m["ünïcode"](), Object.keys(m).length, plain.name]"#
        ),
        r#"["plain","with-dash","__proto__","with \"quotes\"","ünïcode",5,"plain"]"#
    );
}

#[test]
fn a_function_named_default_is_the_default_export() {
    let mut guest = guest_with_host(&[("m", &["default"])], |_| Answer::json("7"));
    assert_eq!(guest.value("import f from 'host:m'; export default f()"), "7");
}

#[test]
fn an_unknown_host_module_is_told_with_those_that_exist() {
    let mut guest = guest_with_host(&[("fs", &["read"]), ("math", &["add"])], |_| Answer::Silence);
    let error = guest.error("import 'host:net'");
    assert_eq!(
        told(&error),
        (
            Cause::Exception,
            "ReferenceError: cannot find host module 'host:net' imported from 'main.js': there are 'host:fs', 'host:math'"
                .into()
        )
    );
}

#[test]
fn an_empty_answer_is_undefined() {
    let mut guest = guest_with_host(&[("m", &["f"])], |_| Answer::json(""));
    assert_eq!(guest.value("import { f } from 'host:m'; export default f() === undefined"), "true");
}

#[test]
fn bytes_cross_in_both_directions_at_any_depth() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| {
        assert_eq!(sent.body, r#"[null,{"data":null,"more":[0,null]}]"#);
        Answer::Return(
            r#"{"a":[null]}"#.into(),
            vec![(r#"["a",0]"#.into(), Tag::Uint8Array, sent.sections[1].2.clone())],
        )
    });
    let reply = guest.value(
        "import { f } from 'host:m';
         const r = f(new Uint8Array([1]), { data: new Uint8Array([2, 255]).subarray(1), more: [0, new ArrayBuffer(3)] });
         export default [r.a[0] instanceof Uint8Array, [...r.a[0]]]",
    );
    assert_eq!(reply, "[true,[255]]");
    let sections = guest.platform.calls.take().remove(0).sections;
    assert_eq!(
        sections,
        [
            ("[0]".to_owned(), Tag::Uint8Array, vec![1]),
            (r#"[1,"data"]"#.to_owned(), Tag::Uint8Array, vec![255]),
            (r#"[1,"more",1]"#.to_owned(), Tag::Uint8Array, vec![0, 0, 0])
        ]
    );
}

#[test]
fn a_host_error_is_an_error_of_its_class_with_its_code() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| {
        let name: Vec<String> = serde_json::from_str(&sent.body).unwrap();
        Answer::Throw(Thrown {
            name: name[0].clone(),
            message: "no such file".into(),
            stack: "secret host frames".into(),
            code: Some("ENOENT".into()),
            ..Thrown::default()
        })
    });
    let value = guest.value(
        "import { f } from 'host:m';
         const seen = [];
         for (const name of ['TypeError', 'FileError', 'Error', '']) {
             try { f(name) } catch (e) {
                 seen.push([e instanceof Error, e instanceof TypeError, e.name, e.message, e.code, e.stack.includes('secret'), Object.keys(e)]);
             }
         }
         export default seen",
    );
    assert_eq!(
        value,
        r#"[[true,true,"TypeError","no such file","ENOENT",false,[]],[true,false,"FileError","no such file","ENOENT",false,[]],[true,false,"Error","no such file","ENOENT",false,[]],[true,false,"Error","no such file","ENOENT",false,[]]]"#
    );
}

#[test]
fn an_uncaught_host_error_has_the_guests_stack() {
    let mut guest = guest_with_host(&[("m", &["f"])], |_| {
        Answer::Throw(Thrown { name: "Error".into(), message: "down".into(), ..Thrown::default() })
    });
    guest.handler("h", "import { f } from 'host:m';\nexport function handler() {\n  return f();\n}");
    let error = guest.call("h", "null").unwrap_err();
    assert_eq!(error.stack.trim(), "at handler (handler:h:3:10)");
}

#[test]
fn a_malformed_answer_is_an_error_in_the_guest() {
    let deep = "[".repeat(100_000);
    let answers: Vec<Box<dyn Fn() -> Answer>> = vec![
        Box::new(|| Answer::Silence),
        Box::new(|| Answer::Bytes(Vec::new())),
        Box::new(|| Answer::Bytes(vec![0; 100])),
        Box::new(|| Answer::json("{")),
        Box::new(|| Answer::json("\0")),
        Box::new(|| Answer::Return("null".into(), vec![("[1]".into(), Tag::Uint8Array, vec![])])),
        Box::new(|| Answer::Return("null".into(), vec![("not json".into(), Tag::Uint8Array, vec![])])),
        Box::new(|| Answer::Bytes(encode(&Message::new(Kind::Call, 1, "h")))),
        Box::new(|| Answer::Bytes(encode(&Message { body: "[]", ..Message::new(Kind::HostThrow, 1, "") }))),
        Box::new(move || Answer::json(&deep)),
    ];
    let count = answers.len();
    let next = std::cell::Cell::new(0);
    let mut guest = guest_with_host(&[("m", &["f"])], move |_| {
        next.set(next.get() + 1);
        answers[next.get() - 1]()
    });
    for n in 0..count {
        let caught = guest.value("import { f } from 'host:m'; let e; try { f() } catch (x) { e = x } export default e instanceof Error");
        assert_eq!(caught, "true", "answer {n}");
    }
    let errors = guest.platform.calls.borrow().len();
    assert_eq!(errors, count);
}

#[test]
fn a_message_that_does_not_fit_is_a_range_error_with_the_numbers() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| {
        Answer::Fail(match sent.body.as_str() {
            "[1]" => SendError::OutputLimit { bytes: 2000, limit: 1000 },
            _ => SendError::Frame(FrameError::TooManySections { count: 70_000 }),
        })
    });
    let value = guest.value(
        "import { f } from 'host:m'; const seen = []; for (const n of [1, 2]) try { f(n) } catch (e) { seen.push(String(e)) } export default seen",
    );
    assert_eq!(
        value,
        r#"["RangeError: a message of 2000 bytes is above the output limit of 1000 bytes","RangeError: the frame has 70000 sections and 65536 are allowed"]"#
    );
}

#[test]
fn arguments_that_cannot_cross_are_named_and_nothing_is_sent() {
    let mut guest = guest_with_host(&[("m", &["f"])], |_| Answer::json("1"));
    let error = guest.error("import { f } from 'host:m'; f(1, { a: [0, () => 1] })");
    assert_eq!(
        told(&error),
        (Cause::Exception, "TypeError: a function at $[1].a[1] cannot cross to the host".into())
    );
    assert!(guest.platform.calls.borrow().is_empty());
}

#[test]
fn undefined_arguments_are_null_and_the_number_of_arguments_is_kept() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| Answer::json(&sent.body));
    assert_eq!(
        guest.value("import { f } from 'host:m'; export default [f(), f(undefined), f(1, undefined)]"),
        "[[],[null],[1,null]]"
    );
}

#[test]
fn many_arguments_cross() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| {
        let all: Vec<u32> = serde_json::from_str(&sent.body).unwrap();
        Answer::json(&all.len().to_string())
    });
    assert_eq!(guest.value("import { f } from 'host:m'; export default f(...Array(60000).keys())"), "60000");
}

#[test]
fn host_functions_may_be_called_while_a_value_is_encoded() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| Answer::json(&sent.body));
    let value = guest.value(
        "import { f } from 'host:m';
         export default { a: 1, get b() { return f({ toJSON() { return f('inner') } }) }, c: { toJSON: () => f('json') } }",
    );
    assert_eq!(value, r#"{"a":1,"b":[["inner"]],"c":["json"]}"#);
}

#[test]
fn patched_intrinsics_do_not_reach_host_calls() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| {
        Answer::Return(sent.body.clone(), vec![("[0,\"u\"]".into(), Tag::Uint8Array, vec![1])])
    });
    let value = guest.value(
        "const trap = () => { throw new Error('trapped') };
         const own = Object.defineProperty, call = Function.prototype.call;
         const keys = ['length', '0', '1', 'calls', 'f', 'then', 'u', 'a', 'constructor', 'get', 'set', 'value'];
         for (const k of ['u', 'a', 'name', 'code', 'calls']) own(Object.prototype, k, { get: trap, set: trap, configurable: true });
         for (const k of ['0', '1']) own(Array.prototype, k, { get: trap, set: trap, configurable: true });
         for (const [o, k] of [[JSON, 'stringify'], [JSON, 'parse'], [Array.prototype, 'push'], [Array.prototype, 'map'], [Function.prototype, 'call'],
             [Function.prototype, 'apply'], [Uint8Array.prototype, 'toBase64'], [Object, 'keys'], [Array, 'isArray'], [Array.prototype, Symbol.iterator]])
             own(o, k, { value: trap, configurable: true, writable: true });
         own(ArrayBuffer, Symbol.hasInstance, { value: trap });
         globalThis.Uint8Array = trap; globalThis.Error = trap; globalThis.Promise = trap; globalThis.TypeError = trap;
         const { f } = await import('host:m');
         const r = f({ u: null, a: new ArrayBuffer(2) });
         export default r",
    );
    assert_eq!(value, r#"[{"u":null,"a":null}]"#);
}

#[test]
fn reconfiguring_replaces_host_modules() {
    let mut guest = guest_with_host(&[("m", &["old"])], |sent| {
        Answer::json(&format!("{:?}", sent.target.replace('\0', ".")))
    });
    assert_eq!(guest.value("import { old } from 'host:m'; export default old()"), r#""m.old""#);
    guest.configure(&configuration(&[("m", &["new"]), ("other", &[])]));
    assert_eq!(
        guest.value("import { new as f } from 'host:m'; import 'host:other'; export default f()"),
        r#""m.new""#
    );
    guest.configure(&configuration(&[]));
    assert_eq!(
        guest.error("import 'host:m'").message,
        "cannot find host module 'host:m' imported from 'main.js': there are none"
    );
}

#[test]
fn nothing_of_a_host_module_is_global() {
    let mut guest = guest_with_host(&[("m", &["f"])], |_| Answer::json("1"));
    let names = "Object.getOwnPropertyNames(globalThis).sort()";
    let before = guest.value(&format!("export default {names}"));
    let after = guest.value(&format!("import {{ f }} from 'host:m'; f(); export default {names}"));
    assert_eq!(before, after);
    assert_eq!(guest.value("import 'host:m'; export default typeof import.meta.calls"), r#""undefined""#);
}
