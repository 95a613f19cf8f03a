//! ES modules as programs: what they write, how they end, and what `process` tells them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{Kind, STDIN, Tag, body::Program};
use support::{Answer, Guest, configuration, guest};

/// How a program ended and what it wrote.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ended {
    code: String,
    value: String,
    stdout: String,
    stderr: String,
}

fn exec_with(guest: &mut Guest, source: &str, program: Program) -> Ended {
    let program = Program { source: Some(source.to_owned()), ..program };
    let body = serde_json::to_string(&program).unwrap();
    guest.platform.calls.borrow_mut().clear();
    let done = guest.request(Kind::Exec, "/main.js", &body).unwrap();
    assert_eq!(done.kind, Kind::Done);
    let mut ended = Ended { code: done.target, value: done.body, ..Ended::default() };
    for sent in guest.platform.calls.borrow().iter().filter(|sent| sent.kind == Kind::Output) {
        match sent.target.as_str() {
            "stdout" => ended.stdout.push_str(&sent.body),
            _ => ended.stderr.push_str(&sent.body),
        }
    }
    ended
}

fn exec(guest: &mut Guest, source: &str) -> Ended {
    exec_with(guest, source, Program::default())
}

#[test]
fn a_program_writes_to_its_streams_by_the_console() {
    let mut guest = guest();
    let ended = exec(&mut guest, "console.log('out', { a: 1 }); console.error('err'); console.warn('warn')");
    assert_eq!(ended.code, "0");
    assert_eq!(ended.stdout, "out { a: 1 }\n");
    assert_eq!(ended.stderr, "err\nwarn\n");
    assert!(guest.platform.console.borrow().is_empty(), "the console's sink is for what is no program");
}

#[test]
fn a_program_runs_until_nothing_is_left_to_run() {
    let mut guest = guest();
    let ended = exec(
        &mut guest,
        "setTimeout(() => { console.log('late'); setTimeout(() => console.log('later'), 5) }, 10); console.log('now')",
    );
    assert_eq!((ended.code.as_str(), ended.stdout.as_str()), ("0", "now\nlate\nlater\n"));
}

#[test]
fn what_a_program_returns_is_its_value() {
    let mut guest = guest();
    assert_eq!(exec(&mut guest, "__return({ sum: 2 + 40 })").value, r#"{"sum":42}"#);
    assert_eq!(exec(&mut guest, "__return(1); __return()").value, "", "the last one counts");
    assert_eq!(exec(&mut guest, "1").value, "", "nothing is left of the program before");
    assert_eq!(guest.value("export default typeof __return"), "\"undefined\"", "it is for programs");
}

#[test]
fn an_error_that_nobody_caught_is_written_and_ends_the_program_with_1() {
    let mut guest = guest();
    for source in [
        "throw new TypeError('boom')",
        "setTimeout(() => { throw new TypeError('boom') }); setTimeout(() => console.log('never'), 50)",
        "Promise.reject(new TypeError('boom')); setTimeout(() => console.log('never'), 50)",
        "await Promise.reject(new TypeError('boom'))",
    ] {
        let ended = exec(&mut guest, source);
        assert_eq!((ended.code.as_str(), ended.stdout.as_str()), ("1", ""), "{source}");
        assert!(ended.stderr.starts_with("Uncaught TypeError: boom\n    at "), "{source}: {}", ended.stderr);
        assert!(ended.stderr.contains("/main.js:1:"), "{source}: {}", ended.stderr);
    }
    let ended = exec(&mut guest, "let a = ;");
    assert_eq!(ended.code, "1");
    assert!(ended.stderr.starts_with("Uncaught SyntaxError: "), "{}", ended.stderr);
    assert_eq!(exec(&mut guest, "throw 'text'").stderr, "Uncaught text\n");
}

#[test]
fn a_top_level_that_waits_for_ever_ends_the_program_with_13() {
    let mut guest = guest();
    let ended = exec(&mut guest, "console.log('before'); await new Promise(() => {})");
    assert_eq!((ended.code.as_str(), ended.stdout.as_str()), ("13", "before\n"));
    assert_eq!(ended.stderr, "Warning: Detected unsettled top-level await\n");
}

#[test]
fn a_program_exits_where_it_says_so_and_nothing_of_it_runs_on() {
    let mut guest = guest();
    for source in [
        "process.exit(7)",
        "try { process.exit(7) } catch { console.log('caught') } finally { console.log('finally') }",
        "(async () => { await 0; try { process.exit(7) } finally { console.log('finally') } })(); setInterval(() => console.log('tick'), 1)",
        "setTimeout(() => process.exit(7)); await new Promise(() => {})",
        "process.exitCode = 7",
        "process.exitCode = 7; process.exit()",
        "process.on('exit', () => { process.exitCode = 7 })",
        "process.on('exit', () => process.exit(7)); process.exit(3)",
        "[1].forEach(() => process.exit('7'))",
        "process.on('uncaughtException', () => process.exit(7)); throw 1",
    ] {
        let ended = exec(&mut guest, source);
        assert_eq!((ended.code.as_str(), ended.stdout.as_str()), ("7", ""), "{source}: {ended:?}");
        assert_eq!(ended.stderr, "", "{source}");
    }
    assert_eq!(exec(&mut guest, "console.log('well')").stdout, "well\n", "the next program runs as ever");
    let thrown =
        guest.value("let e; try { process.exit(1) } catch (error) { e = error } export default e.message");
    assert_eq!(thrown, "\"process.exit() ends a program, and none runs here\"");
}

#[test]
fn a_program_can_handle_what_nobody_caught() {
    let mut guest = guest();
    let ended = exec(
        &mut guest,
        "process.on('uncaughtException', (error, origin) => console.log(origin, error.message));
         process.on('exit', code => console.log('exit', code));
         setTimeout(() => { throw new Error('one') });
         setTimeout(() => Promise.reject(new Error('two')), 5);
         throw new Error('zero')",
    );
    let said = "uncaughtException zero\nuncaughtException one\nunhandledRejection two\nexit 0\n";
    assert_eq!((ended.code.as_str(), ended.stdout.as_str(), ended.stderr.as_str()), ("0", said, ""));
}

#[test]
fn before_exit_can_go_on() {
    let mut guest = guest();
    let ended = exec(
        &mut guest,
        "let n = 0;
         process.on('beforeExit', code => { console.log('before', code); if (n++ < 2) setTimeout(() => console.log('work')) });
         process.on('exit', code => { console.log('exit', code); setTimeout(() => console.log('never')) })",
    );
    assert_eq!(ended.stdout, "before 0\nwork\nbefore 0\nwork\nbefore 0\nexit 0\n");
}

#[test]
fn a_program_has_its_arguments_environment_and_directory() {
    let mut guest = guest();
    let mut configuration = configuration(&[("hypercell:env", &["hello"]), ("hypercell:env/KV", &["get"])]);
    configuration.env = r#"{"A":"sandbox","B":{"deep":1}}"#.to_owned();
    configuration.cwd = "/work".to_owned();
    guest.configure(&configuration);
    *guest.platform.host.borrow_mut() = Box::new(|sent| {
        Answer::json(match sent.kind {
            Kind::HostCall => r#""from the host""#,
            _ => "",
        })
    });
    let program = Program {
        args: vec!["x".into(), "y z".into()],
        env: r#"{"A":"program","C":1}"#.into(),
        ..Program::default()
    };
    let source = "
        __return([process.argv.slice(1), process.cwd(), process.env === env, env.A, env.B.deep, env.C, env.KV.get('k'), env.hello(), import.meta.url]);
        env.A = 'changed'; env.KV = null";
    let ended = exec_with(&mut guest, source, program);
    assert_eq!(
        ended.value,
        r#"[["/main.js","x","y z"],"/work",true,"program",1,1,"from the host","from the host","file:///main.js"]"#,
        "{ended:?}"
    );
    let ended = exec_with(
        &mut guest,
        "__return([env.A, typeof env.KV.get, process.cwd()])",
        Program { cwd: "/tmp".into(), ..Program::default() },
    );
    assert_eq!(ended.value, r#"["sandbox","function","/tmp"]"#, "each program has an environment of its own");
    assert_eq!(guest.value("export default [env.A, process.env === env]"), r#"["sandbox",true]"#);
}

/// A guest whose host has these pieces for standard input.
fn guest_with_input(pieces: &'static [&'static [u8]]) -> Guest {
    let guest = guest();
    let platform = guest.platform.clone();
    let next = std::cell::Cell::new(0);
    *guest.platform.host.borrow_mut() = Box::new(move |sent| {
        if sent.target != STDIN {
            return Answer::json("");
        }
        let piece = pieces.get(next.get());
        next.set(next.get() + 1);
        let answer = || match piece {
            Some(bytes) => {
                Answer::Return("null".into(), vec![("[]".into(), Tag::Uint8Array, bytes.to_vec())])
            }
            None => Answer::json("null"),
        };
        if sent.kind == Kind::HostCall {
            return answer();
        }
        platform.ended.borrow_mut().push_back((sent.value, answer()));
        Answer::json("")
    });
    guest
}

#[test]
fn standard_input_is_read_piece_by_piece() {
    for source in [
        "let text = ''; for await (const chunk of process.stdin) text += chunk; __return(text.toUpperCase())",
        "let text = ''; process.stdin.setEncoding('utf8').on('data', chunk => text += chunk).on('end', () => __return(text.toUpperCase()))",
    ] {
        let mut guest = guest_with_input(&[b"piped ", b"through"]);
        let ended = exec(&mut guest, source);
        assert_eq!(ended.value, r#""PIPED THROUGH""#, "{source}: {ended:?}");
    }
}

#[test]
fn a_program_that_never_reads_its_input_ends() {
    let mut guest = guest_with_input(&[b"unread"]);
    let ended = exec(&mut guest, "process.stdin; __return(1)");
    assert_eq!((ended.value.as_str(), ended.code.as_str()), ("1", "0"));
}

#[test]
fn streams_take_text_and_bytes() {
    let mut guest = guest();
    let ended = exec(
        &mut guest,
        "process.stdout.write('a'); process.stdout.write(Buffer.from('b')); process.stdout.write('636465', 'hex'); process.stderr.write('e')",
    );
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("abcde", "e"));
    exec(&mut guest, "process.stdout.write(new Uint8Array([0xff, 0xfe]))");
    let calls = guest.platform.calls.borrow();
    let written: Vec<_> = calls.iter().filter(|sent| sent.kind == Kind::Output).collect();
    assert_eq!(written[0].sections, [("[]".to_owned(), Tag::Uint8Array, vec![0xff, 0xfe])]);
}

#[test]
fn what_a_program_prints_is_whole_however_long_it_is() {
    let mut guest = guest();
    let ended = exec(&mut guest, "console.log('é'.repeat(200_000)); console.log('%s', 'x'.repeat(100_000))");
    assert_eq!(ended.stdout, format!("{}\n{}\n", "é".repeat(200_000), "x".repeat(100_000)));
}

#[test]
fn what_is_no_program_writes_to_the_console() {
    let mut guest = guest();
    guest.value(
        "process.stdout.write('out\\n'); process.stderr.write(new Uint8Array([0xff])); export default 1",
    );
    let console = guest.platform.console.take();
    assert_eq!(console, [("log".to_owned(), "out".to_owned()), ("error".to_owned(), "\u{fffd}".to_owned())]);
    assert!(guest.platform.calls.borrow().is_empty());
}

#[test]
fn nothing_of_a_program_runs_after_it_ended() {
    let mut guest = guest();
    for ending in
        ["process.exit(0)", "throw 1", "setTimeout(() => process.exit(0)); await new Promise(() => {})"]
    {
        let source = format!(
            "Promise.resolve().then(() => {{ if (over) {{ globalThis.leaked = 1; console.log('late') }} }});
             let over = false;
             process.on('exit', () => {{
                 over = true;
                 for (let i = 0; i < 100; i++) queueMicrotask(() => {{ globalThis.leaked = 1; console.log('late') }});
                 (async () => {{ await 0; globalThis.leaked = 1; console.log('late') }})();
             }});
             {ending}"
        );
        assert_eq!(exec(&mut guest, &source).stdout, "", "{ending}");
        let next = exec(
            &mut guest,
            "await 0; await new Promise(resolve => setTimeout(resolve)); __return(typeof leaked)",
        );
        assert_eq!((next.value.as_str(), next.stdout.as_str()), ("\"undefined\"", ""), "{ending}");
    }
}

#[test]
fn modules_are_required_once() {
    let mut guest = guest();
    let heap = |guest: &mut Guest| {
        exec(guest, "for (let i = 0; i < 2000; i++) process.getBuiltinModule('path'); __return(1)").code
    };
    assert_eq!(heap(&mut guest), "0");
    let same = "__return(process.getBuiltinModule('path') === (await import('node:path')).default)";
    assert_eq!(exec(&mut guest, same).value, "true");
}
