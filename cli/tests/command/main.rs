//! The command as people and scripts use it: output, exit codes, and what it says
//! about wrong use.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod programs;
mod support;
mod vmm;

use serde_json::{Value, json};
use support::{File, hypercell, is_available, run};

const GREET: &str = "export const handler = e => ({ text: `Hello, ${e?.name ?? 'nobody'}!` })";

#[test]
fn call_prints_what_the_handler_returns() {
    if !is_available() {
        return;
    }
    let file = File::new("greet.js", GREET);

    let ran = run(&["call", &file, "--event", r#"{"name":"Ada"}"#]);

    assert_eq!(
        (ran.status, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "{\n  \"text\": \"Hello, Ada!\"\n}\n", "")
    );
}

#[test]
fn the_event_comes_from_the_arguments_a_file_or_standard_input() {
    if !is_available() {
        return;
    }
    let handler = File::new("length.js", "const handler = e => e === null ? 'null' : e.length");
    let event = File::new("event.json", " [1, 2, 3]\n");
    let event = format!("@{}", &*event);

    assert_eq!(run(&["call", &handler, "--event", "[1]"]).stdout, "1\n");
    assert_eq!(run(&["call", &handler, "--event", &event]).stdout, "3\n");
    assert_eq!(hypercell(&["call", &handler, "--event", "-"]).given(b"[1,2]").stdout, "2\n");
    assert_eq!(run(&["call", &handler]).stdout, "null\n");
}

#[test]
fn other_handlers_can_be_loaded_and_called() {
    if !is_available() {
        return;
    }
    let main = File::new("main.js", "globalThis.order = ['main']; const handler = () => order");
    let other = File::new("other.js", "order.push('other'); const handler = () => order");
    let other = format!("other={}", &*other);

    assert_eq!(run(&["call", &main, "--handler", &other, "--json"]).json()["data"], json!(["main", "other"]));
    assert_eq!(
        run(&["call", &main, "--handler", &other, "--call", "other", "--json"]).json()["data"],
        json!(["main", "other"])
    );
}

#[test]
fn modules_are_given_by_name_with_or_without_a_namespace() {
    if !is_available() {
        return;
    }
    let module = File::new("answer.js", "export default 42");
    let code = "import a from 'user:answer'; import b from 'shop:lib/answer'; export default [a, b]";

    let ran = run(&[
        "eval",
        "-e",
        code,
        "--module",
        &format!("answer={}", &*module),
        "--module",
        &format!("shop:lib/answer={}", &*module),
        "--json",
    ]);

    assert_eq!(ran.json()["data"], json!([42, 42]));
}

#[test]
fn eval_prints_the_default_export_of_a_file_or_of_code() {
    if !is_available() {
        return;
    }
    let file = File::new("eval.js", "export default await Promise.resolve('from a file')");

    assert_eq!(run(&["eval", &file]).stdout, "from a file\n");
    assert_eq!(run(&["eval", "-e", "export default [1, 'two']"]).stdout, "[\n  1,\n  \"two\"\n]\n");
    assert_eq!(run(&["eval", "-e", "6 * 7"]).stdout, "42\n");
    assert_eq!(run(&["eval", "-e", "{ a: 1, b: 2 }.b"]).stdout, "2\n");
    assert_eq!(run(&["eval", "-e", "const nothing = 1"]).stdout, "");
    assert_eq!(run(&["eval", "-e", "export default new Uint8Array([104, 105])"]).stdout, "hi");
}

#[test]
fn scripts_run_in_one_realm_and_the_last_value_is_printed() {
    if !is_available() {
        return;
    }
    let first = File::new("first.js", "var a = 20; let b = 1; 'not this'");
    let second = File::new("second.js", "Promise.resolve(2 * (a + b))");

    let ran = run(&["script", &first, &second]);

    assert_eq!((ran.status, ran.stdout.as_str()), (0, "42\n"));
}

/// Checks that an object has these members and no others.
#[track_caller]
fn has_members(value: &Value, members: &[&str]) {
    let mut found: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, members, "{value}");
}

const STATS: [&str; 5] = ["cpu_us", "host_calls", "peak_heap_bytes", "terminated_by", "wall_us"];

#[test]
fn json_is_one_line_with_data_and_stats() {
    if !is_available() {
        return;
    }
    let ran = run(&["eval", "-e", "export default { a: [1] }", "--json"]);

    assert_eq!((ran.status, ran.stdout.lines().count(), ran.stderr.as_str()), (0, 1, ""));
    let json = ran.json();
    has_members(&json, &["data", "ok", "stats", "vmm"]);
    assert_eq!((&json["ok"], &json["data"]), (&json!(true), &json!({ "a": [1] })));
    has_members(&json["stats"], &STATS);
    assert!(json["stats"]["wall_us"].as_f64().unwrap() > 0.0);
    assert!(json["stats"]["peak_heap_bytes"].as_u64().unwrap() > 0);
    assert_eq!(json["stats"]["terminated_by"], Value::Null);
}

#[test]
fn json_of_a_failure_has_code_name_message_and_stack() {
    if !is_available() {
        return;
    }
    let thrown = run(&["eval", "-e", "\nthrow new RangeError('far')", "--json"]);

    assert_eq!((thrown.status, thrown.stdout.lines().count()), (1, 1));
    let json = thrown.json();
    has_members(&json, &["error", "isSyntaxError", "ok", "stats", "vmm"]);
    has_members(&json["error"], &["code", "message", "name", "stack"]);
    has_members(&json["stats"], &STATS);
    assert_eq!((&json["ok"], &json["isSyntaxError"]), (&json!(false), &json!(false)));
    assert_eq!(
        (&json["error"]["code"], &json["error"]["name"], &json["error"]["message"]),
        (&json!("ERR_JS"), &json!("RangeError"), &json!("far"))
    );
    assert!(json["error"]["stack"].as_str().unwrap().contains(":2"));

    let broken = run(&["eval", "-e", "export default (", "--json"]);
    assert_eq!(broken.status, 1);
    assert_eq!(
        (&broken.json()["isSyntaxError"], &broken.json()["error"]["code"]),
        (&json!(true), &json!("ERR_SYNTAX"))
    );
}

#[test]
fn a_failure_of_guest_code_exits_1_and_tells_people_why() {
    if !is_available() {
        return;
    }
    let file = File::new("broken.js", "const fine = 1;\nconst handler = ;");
    let undefined = File::new("undefined.js", "function handler() {}");

    let thrown = run(&["eval", "-e", "throw new Error('oh')"]);
    assert_eq!((thrown.status, thrown.stdout.as_str()), (1, ""));
    thrown.says(&["ERR_JS", "Error: oh"]);
    let broken = run(&["call", &file]);
    assert_eq!(broken.status, 1);
    broken.says(&["ERR_SYNTAX", ":2"]);
    let nothing = run(&["call", &undefined]);
    assert_eq!(nothing.status, 1);
    nothing.says(&["undefined"]);
}

#[test]
fn a_limit_on_time_exits_124() {
    if !is_available() {
        return;
    }
    for (option, by) in [("--wall", "wall-clock"), ("--cpu", "cpu-time")] {
        let ran = run(&["eval", "-e", "for (;;);", option, "50ms", "--json"]);

        assert_eq!(ran.status, 124);
        assert_eq!(
            (&ran.json()["error"]["code"], &ran.json()["stats"]["terminated_by"]),
            (&json!("ERR_CANCELLED"), &json!(by))
        );
    }
    let file = File::new("loads.js", "for (;;);");
    assert_eq!(run(&["call", &file, "--wall", "50ms"]).status, 124);
}

#[test]
fn limits_are_given_in_human_units() {
    if !is_available() {
        return;
    }
    let ran = run(&[
        "eval",
        "-e",
        "'x'.repeat(8e6).length",
        "--heap",
        "4MiB",
        "--stack",
        "512KiB",
        "--wall",
        "2s 500ms",
        "--cpu",
        "1min",
        "--json",
    ]);

    assert_eq!(ran.status, 1);
    assert!(ran.json()["error"]["message"].as_str().unwrap().contains("memory"), "{}", ran.stdout);
    assert_eq!(run(&["eval", "-e", "'x'.repeat(8e6).length", "--heap", "32 MB"]).stdout, "8000000\n");
}

#[test]
fn a_limit_out_of_range_exits_2_and_names_the_field() {
    if !is_available() {
        return;
    }
    for (option, value, field) in [
        ("--wall", "0s", "`wall`"),
        ("--cpu", "2h", "`cpu`"),
        ("--heap", "1KiB", "`heap`"),
        ("--stack", "1GiB", "`stack`"),
    ] {
        let ran = run(&["eval", "-e", "1", option, value]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        ran.says(&[field, "must be from"]);
    }
}

#[test]
fn the_console_goes_to_standard_error_level_by_level() {
    if !is_available() {
        return;
    }
    let code = "console.log('a'); console.warn('b', { c: 1 }); console.error('d'); console.debug('e'); console.info('f'); export default 'data'";

    let ran = run(&["eval", "-e", code]);

    assert_eq!((ran.status, ran.stdout.as_str()), (0, "data\n"));
    let lines: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert_eq!((lines[0], lines[2], lines[3], lines[4]), ("log: a", "error: d", "debug: e", "info: f"));
    assert!(lines[1].starts_with("warn: b ") && lines[1].contains("c: 1"), "{lines:?}");
}

#[test]
fn control_characters_of_the_guest_reach_no_terminal() {
    if !is_available() {
        return;
    }
    let code = r"console.log('\u001b[2J\u009b1m\r\u0000\u0007ü'); throw new Error('\u001b]0;title\u0007')";

    let ran = run(&["eval", "-e", code]);

    assert!(ran.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", ran.stderr);
    ran.says(&[r"log: \u{1b}[2J\u{9b}1m\r\u{0}\u{7}ü", r"\u{1b}]0;title"]);
}

#[test]
fn bad_input_exits_2_and_says_what_is_wrong() {
    if !is_available() {
        return;
    }
    let good = File::new("good.js", "var handler = e => e");
    let not_text = File::new("latin1.js", b"const umlaut = '\xfc'");
    let not_json = File::new("event.txt", "{ not: json }");
    let at_not_json = format!("@{}", &*not_json);
    let cases: [(&[&str], &[&str]); 10] = [
        (&["call", "no/such/file.js"], &["no/such/file.js"]),
        (&["script", &good, "no/such/file.js"], &["no/such/file.js"]),
        (&["call", &not_text], &["UTF-8", "latin1.js", "16"]),
        (&["call", &good, "--event", "@no/such/event"], &["no/such/event"]),
        (&["call", &good, "--event", "{ not: json }"], &["event", "not JSON"]),
        (&["call", &good, "--event", &at_not_json], &["event.txt", "not JSON"]),
        (&["call", &good, "--event", ""], &["event", "not JSON"]),
        (&["eval", "-e", "1", "--module", "host:x=good.js"], &[]),
        (&["eval", "-e", "1", "--module", &format!("a b={}", &*good)], &["module", "' '"]),
        (&["eval", "-e", "1", "--module", &format!(":x={}", &*good)], &["namespace", "empty"]),
    ];

    for (arguments, words) in cases {
        let ran = run(arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
        ran.says(words);
        let json = run(&[arguments, &["--json"]].concat());
        assert_eq!(
            (json.status, &json.json()["error"]["code"]),
            (2, &json!("ERR_INVALID_ARG")),
            "{arguments:?}"
        );
    }
}

#[test]
fn names_that_are_taken_or_unknown_exit_2() {
    if !is_available() {
        return;
    }
    let file = File::new("handler.js", GREET);
    let twice = format!("twice={}", &*file);

    for arguments in [
        ["call", &file, "--call", "nobody", "--json"].as_slice(),
        &["call", &file, "--handler", &twice, "--handler", &twice],
        &["call", &file, "--handler", &format!("main={}", &*file)],
        &["eval", "-e", "1", "--module", &twice, "--module", &twice],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.status, 2, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn wrong_use_exits_2_and_explains() {
    for arguments in [
        &["call"][..],
        &["script"],
        &["eval"],
        &["eval", "file.js", "-e", "1"],
        &["nonsense"],
        &["eval", "-e", "1", "--nonsense"],
        &["eval", "-e", "1", "--wall", "soon"],
        &["eval", "-e", "1", "--heap", "much"],
        &["eval", "-e", "1", "--vmm", "xen"],
        &["doctor", "--vmm", "KVM"],
        &["bench", "--vmm", ""],
        &["eval", "-e", "1", "--module", "=file.js"],
        &["eval", "-e", "1", "--module", "name="],
        &["eval", "-e", "1", "--module", "name"],
        &["call", "file.js", "--handler", "=file.js"],
        &[],
    ] {
        let ran = run(arguments);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        ran.says(&["--help"]);
    }
    assert_eq!(run(&["--help"]).status, 0);
    assert!(run(&["--version"]).stdout.starts_with("hypercell 0."));
}
