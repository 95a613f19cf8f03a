//! Programs: what they are given, what they write, and how they end.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use hypercell::{
    CallOptions, ErrorKind, HostModule, Limits, Program, Sandbox, SandboxBuilder, Status, Termination,
};
use hypercell_tests::{Folder, engine, fails, works};
use serde_json::{Value, json};
use std::{
    io::{self, Read},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};

fn builder() -> Option<SandboxBuilder> {
    engine().map(|engine| engine.sandbox())
}

fn sandbox() -> Option<Sandbox> {
    Some(builder()?.build().unwrap())
}

#[test]
fn a_program_leaves_its_streams_and_its_exit_code() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "console.log('out', process.argv.slice(1)); console.error('err'); process.exit(3)";
    let output = sandbox.exec(Program::new(source).named("/app/main.js").args(["a", "b c"])).unwrap();

    assert_eq!(output.stdout_text(), "out [ '/app/main.js', 'a', 'b c' ]\n");
    assert_eq!(output.stderr_text(), "err\n");
    assert_eq!((output.exit_code, output.success(), output.terminated_by), (3, false, None));
}

#[test]
fn what_a_program_writes_arrives_while_it_runs() {
    let Some(builder) = builder() else { return };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let at_call = Arc::clone(&seen);
    let module = HostModule::new("m").function("look", move || {
        let seen: Vec<u8> = at_call.lock().unwrap().clone();
        String::from_utf8(seen).unwrap()
    });
    let mut sandbox = builder.host_module(module).build().unwrap();
    let sink = Arc::clone(&seen);
    let program = Program::new("import { look } from 'host:m'; console.log('first'); __return(look())")
        .on_stdout(move |bytes| sink.lock().unwrap().extend_from_slice(bytes));
    assert_eq!(sandbox.run::<String>(program).unwrap().value.unwrap(), "first\n");
}

#[test]
fn what_is_above_the_capture_is_cut_and_said_to_be() {
    let Some(mut sandbox) = sandbox() else { return };
    let passed = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&passed);
    let program = Program::new("const line = 'x'.repeat(99_999); for (let i = 0; i < 1000; i++) console.log(line); console.error('e')")
        .capture(10)
        .on_stdout(move |bytes| *counted.lock().unwrap() += bytes.len());
    let output = sandbox.exec(program).unwrap();

    assert_eq!((output.stdout_text().as_ref(), output.stdout_truncated), ("xxxxxxxxxx", true));
    assert_eq!((output.stderr_text().as_ref(), output.stderr_truncated), ("e\n", false));
    assert_eq!(*passed.lock().unwrap(), 100_000_000, "what is streamed is whole");
}

#[test]
fn bytes_that_are_no_text_pass_unchanged() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk); process.stdout.write(Buffer.concat(chunks).reverse())";
    let output = sandbox.exec(Program::new(source).stdin([0xff, 0, 0xfe, b'a'])).unwrap();
    assert_eq!(output.stdout, [b'a', 0xfe, 0, 0xff]);
}

#[test]
fn standard_input_can_be_larger_than_a_request() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "let n = 0; for await (const chunk of process.stdin) n += chunk.length; __return(n)";
    let input = vec![b'x'; 20 << 20];
    let ran = sandbox.run::<u64>(Program::new(source).stdin(input)).unwrap();
    assert_eq!(ran.value, Some(20 << 20));
}

/// A reader that gives what a channel has, and waits for more.
struct Piped(Receiver<&'static [u8]>);

impl Read for Piped {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Ok(piece) = self.0.recv() else { return Ok(0) };
        into[..piece.len()].copy_from_slice(piece);
        Ok(piece.len())
    }
}

#[test]
fn a_program_answers_its_input_piece_by_piece() {
    let Some(mut sandbox) = sandbox() else { return };
    let (give, take) = channel::<&'static [u8]>();
    give.send(b"one").unwrap();
    let mut rest = vec![b"three".as_slice(), b"two"];
    let mut give = Some(give);
    // Each answer brings the next question.
    let program = Program::new("for await (const chunk of process.stdin) console.log(`${chunk}!`)")
        .stdin_reader(Piped(take))
        .on_stdout(move |_| match rest.pop() {
            Some(piece) => give.as_ref().unwrap().send(piece).unwrap(),
            None => give = None,
        });
    assert_eq!(sandbox.exec(program).unwrap().stdout_text(), "one!\ntwo!\nthree!\n");
}

#[test]
fn a_program_that_waits_for_its_input_can_be_stopped() {
    let Some(mut sandbox) = sandbox() else { return };
    for source in [
        "for await (const chunk of process.stdin);",
        "import { readFileSync } from 'node:fs'; readFileSync(0)",
    ] {
        let fresh = sandbox.snapshot().unwrap();
        let (give, take) = channel();
        let options = CallOptions::new().wall(Duration::from_millis(50));
        let output = sandbox.exec(Program::new(source).stdin_reader(Piped(take)).options(options)).unwrap();
        assert_eq!(
            (output.exit_code, output.terminated_by),
            (124, Some(Termination::WallClock)),
            "{source}: {output:?}"
        );
        drop(give);
        sandbox.restore(&fresh).unwrap();
    }
}

#[test]
fn a_stopped_program_keeps_what_it_wrote() {
    let Some(mut sandbox) = sandbox() else { return };
    let fresh = sandbox.snapshot().unwrap();
    let options = CallOptions::new().cpu(Duration::from_millis(50));
    let output = sandbox.exec(Program::new("console.log('before'); for (;;);").options(options)).unwrap();

    assert_eq!((output.exit_code, output.terminated_by), (124, Some(Termination::CpuTime)));
    assert_eq!(output.stdout_text(), "before\n");
    assert_eq!(sandbox.status(), Status::Poisoned);
    fails(sandbox.exec("1"), ErrorKind::Poisoned);

    sandbox.restore(&fresh).unwrap();
    let handle = sandbox.interrupt_handle();
    let (started, wait) = channel();
    let killer = thread::spawn(move || {
        wait.recv().unwrap();
        handle.kill();
    });
    let program = Program::new("console.log('up'); for (;;);").on_stdout(move |_| {
        let _ = started.send(());
    });
    let output = sandbox.exec(program).unwrap();
    killer.join().unwrap();
    assert_eq!((output.exit_code, output.terminated_by), (137, Some(Termination::Killed)));
}

#[test]
fn a_resident_sandbox_runs_one_program_after_the_other() {
    let Some(mut sandbox) = sandbox() else { return };
    for round in 0..20 {
        let ran = sandbox
            .run::<Value>(
                Program::new("globalThis.n = (globalThis.n ?? 0) + 1; __return([n, env.ROUND])")
                    .env("ROUND", round),
            )
            .unwrap();
        assert_eq!(
            ran.value,
            Some(json!([round + 1, round])),
            "they share the global object, and not the environment"
        );
    }
}

#[test]
fn programs_of_a_restored_sandbox_know_nothing_of_each_other() {
    let Some(mut sandbox) = sandbox() else { return };
    let fresh = sandbox.snapshot().unwrap();
    for _ in 0..3 {
        let source = "__return([typeof secret, process.listenerCount('exit'), typeof env.SECRET]); globalThis.secret = 1; env.SECRET = 1; process.on('exit', () => {})";
        let ran = sandbox.run::<Value>(source).unwrap();
        assert_eq!(ran.value, Some(json!(["undefined", 0, "undefined"])));
        sandbox.restore(&fresh).unwrap();
    }
}

#[test]
fn the_environment_has_values_and_host_functions() {
    let Some(builder) = builder() else { return };
    let store = Arc::new(Mutex::new(std::collections::BTreeMap::<String, String>::new()));
    let (getting, setting) = (Arc::clone(&store), Arc::clone(&store));
    let module = HostModule::new("KV")
        .function("get", move |key: String| getting.lock().unwrap().get(&key).cloned())
        .async_function("put", move |key: String, value: String| {
            let store = Arc::clone(&setting);
            async move {
                store.lock().unwrap().insert(key, value);
            }
        });
    let mut sandbox = builder
        .env("MODE", "test")
        .env("OPTIONS", json!({ "deep": [1, 2] }))
        .env_function("double", |n: f64| n * 2.0)
        .env_module(module)
        .cwd("/work")
        .build()
        .unwrap();
    let source = "
        await env.KV.put('k', 'v');
        __return([env.MODE, env.OPTIONS.deep[1], env.double(21), env.KV.get('k'), env === process.env, process.cwd()]);
        env.MODE = 'changed'; delete env.KV";
    for _ in 0..2 {
        let ran = sandbox.run::<Value>(source).unwrap();
        assert_eq!(ran.value, Some(json!(["test", 2, 42, "v", true, "/work"])), "{:?}", ran.output);
    }
    assert_eq!(store.lock().unwrap().get("k").unwrap(), "v");
    let evaluated = sandbox.eval::<Value>("export default [env.MODE, env.double(1)]").unwrap();
    assert_eq!(evaluated, Some(json!(["test", 2])), "what is no program has it, too");
    fails(sandbox.eval::<()>("import 'host:hypercell:env'"), ErrorKind::Js);
}

#[test]
fn the_environment_survives_a_file() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().env("A", 1).cwd("/w").build().unwrap();
    let fresh = sandbox.snapshot().unwrap();
    let folder = Folder::new();
    let path = folder.file("saved");
    fresh.save(&path).unwrap();
    let mut loaded = engine.load_snapshot(&path).unwrap().spawn().unwrap();
    let asked = "__return([env.A, process.cwd()])";
    assert_eq!(loaded.run::<Value>(asked).unwrap().value, Some(json!([1, "/w"])));
    loaded.unload().unwrap();
    assert_eq!(loaded.run::<Value>(asked).unwrap().value, Some(json!([1, "/w"])), "also after an unload");
    fails(engine.sandbox().env("A", 2).build_from(&fresh), ErrorKind::InvalidArg);
}

#[test]
fn values_that_programs_give_back_can_be_rich() {
    let Some(mut sandbox) = sandbox() else { return };
    let ran =
        sandbox.run::<hypercell::Value>("__return(new Map([['bytes', new Uint8Array([1, 2])]]))").unwrap();
    let map = hypercell::Value::Map(vec![("bytes".into(), hypercell::Value::Bytes(vec![1, 2]))]);
    assert_eq!(ran.value, Some(map));
    let ran = sandbox.run::<()>("console.log('kept'); __return({ f() {} })").unwrap();
    assert_eq!((ran.value, ran.output.exit_code, ran.output.stdout_text().as_ref()), (None, 1, "kept\n"));
    hypercell_tests::says(ran.output.stderr_text(), &["Uncaught TypeError", "f"]);
    works(&mut sandbox);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_runs() {
    let Some(mut sandbox) = sandbox() else { return };
    for (program, what) in [
        (Program::new("1").named("main.js"), "\"main.js\""),
        (Program::new("1").named("/a\nb"), "absolute path"),
        (Program::new("1").cwd("here"), "\"here\""),
        (Program::new("1").env("F", f64::NAN).options(CallOptions::new().wall(Duration::ZERO)), "wall"),
    ] {
        let error = fails(sandbox.exec(program), ErrorKind::InvalidArg);
        assert!(error.to_string().contains(what), "{error}");
    }
    let error = fails(sandbox.exec("x".repeat(9 << 20)), ErrorKind::Limit);
    assert!(error.to_string().contains("input limit"), "{error}");
    works(&mut sandbox);
}

#[test]
fn a_program_that_runs_out_of_memory_says_so_and_leaves_the_sandbox_usable() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.limits(Limits::default().heap(16 << 20)).build().unwrap();
    let output = sandbox.exec("const all = []; for (;;) all.push(new Array(1000).fill(0))").unwrap();
    assert_eq!(output.exit_code, 1);
    assert!(output.stderr_text().contains("out of memory"), "{}", output.stderr_text());
    works(&mut sandbox);
}
