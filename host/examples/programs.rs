//! Programs: standard streams, a key-value store in `env`, tools, packages, and two ways to
//! run one program after the other.

use hypercell::{Engine, FileTree, HostModule, Program, SandboxBuilder, Tool};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::Write,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

fn main() -> hypercell::Result<ExitCode> {
    let engine = Engine::new()?;
    let all_well = [
        streams(engine.sandbox())?,
        store(engine.sandbox())?,
        tools(engine.sandbox())?,
        packages(engine.sandbox())?,
        again_and_again(engine.sandbox())?,
    ];
    Ok(ExitCode::from(u8::from(all_well.contains(&false))))
}

/// Upper case by standard input, as a value and as a stream.
fn streams(builder: SandboxBuilder) -> hypercell::Result<bool> {
    let mut sandbox = builder.build()?;
    let source = "
        let text = '';
        for await (const chunk of process.stdin) text += chunk;
        console.log(text.toUpperCase());
        __return(text.length)";
    let program = Program::new(source).stdin("piped through").on_stdout(|bytes| {
        // Nobody may read this any more.
        let _ = std::io::stdout().write_all(bytes);
    });
    let ran = sandbox.run::<usize>(program)?;
    Ok(ran.value == Some(13) && ran.output.stdout_text() == "PIPED THROUGH\n")
}

/// A store of the host's that programs reach through their environment.
fn store(builder: SandboxBuilder) -> hypercell::Result<bool> {
    let entries = Arc::new(Mutex::new(BTreeMap::<String, Value>::new()));
    let (read, written) = (Arc::clone(&entries), Arc::clone(&entries));
    let module = HostModule::new("KV")
        .function("get", move |key: String| {
            read.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
        })
        .function("put", move |key: String, value: Value| {
            written.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value);
        });
    let mut sandbox = builder.env("USER", "ada").env_module(module).build()?;
    let output = sandbox.exec("const n = env.KV.get(env.USER) ?? 0; env.KV.put(env.USER, n + 1)")?;
    let kept = entries.lock().unwrap_or_else(PoisonError::into_inner).get("ada").cloned();
    println!("the store has {kept:?}");
    Ok(output.success() && kept == Some(json!(1)))
}

/// A function of the host as a command, whose input is checked.
fn tools(builder: SandboxBuilder) -> hypercell::Result<bool> {
    let convert = Tool::new("to-fahrenheit")
        .description("Converts a temperature.")
        .input_schema(json!({
            "type": "object",
            "properties": { "celsius": { "type": "number" } },
            "required": ["celsius"],
        }))
        .handler(|input: Value| {
            input.get("celsius").and_then(Value::as_f64).map(|degrees| degrees * 1.8 + 32.0)
        });
    let mut sandbox = builder.tool(convert).build()?;
    let source = "
        import { execFileSync, spawnSync } from 'node:child_process';
        import tools from 'host:tools';
        const text = execFileSync('to-fahrenheit', ['--celsius', '100'], { encoding: 'utf8' });
        const refused = spawnSync('to-fahrenheit', ['--json', '{}']);
        console.log(text.trim(), await tools['to-fahrenheit']({ celsius: 0 }), String(refused.stderr));
        __return([Number(text), refused.status])";
    let ran = sandbox.run::<(f64, i32)>(source)?;
    print!("{}", ran.output.stdout_text());
    Ok(ran.value == Some((212.0, 2)))
}

/// A package among the files, as `npm install` leaves them.
fn packages(builder: SandboxBuilder) -> hypercell::Result<bool> {
    let files = FileTree::new()
        .file("node_modules/greet/package.json", r#"{ "name": "greet", "exports": { ".": "./main.cjs" } }"#)
        .file(
            "node_modules/greet/main.cjs",
            "const { word } = require('./word.json'); exports.greet = (name) => `${word}, ${name}`",
        )
        .file("node_modules/greet/word.json", r#"{ "word": "hello" }"#);
    let mut sandbox = builder.files(files).build()?;
    let output = sandbox.exec("import { greet } from 'greet'; console.log(greet('ada'))")?;
    print!("{}{}", output.stdout_text(), output.stderr_text());
    Ok(output.stdout_text() == "hello, ada\n")
}

/// A resident sandbox keeps what programs leave in it; a restored one knows nothing of them.
fn again_and_again(builder: SandboxBuilder) -> hypercell::Result<bool> {
    const ROUNDS: u32 = 200;
    let mut sandbox = builder.build()?;
    let count = "globalThis.n = (globalThis.n ?? 0) + 1; __return(n)";
    sandbox.run::<u32>(count)?;
    let fresh = sandbox.snapshot()?;
    let started = Instant::now();
    let mut last = None;
    for _ in 0..ROUNDS {
        last = sandbox.run::<u32>(count)?.value;
    }
    let resident = started.elapsed() / ROUNDS;
    let started = Instant::now();
    let mut anew = None;
    for _ in 0..ROUNDS {
        sandbox.restore(&fresh)?;
        anew = sandbox.run::<u32>(count)?.value;
    }
    let restored = started.elapsed() / ROUNDS;
    println!(
        "a program in a resident sandbox: {resident:?} and count {last:?}; restored before each: {restored:?} and count {anew:?}"
    );
    Ok(last == Some(ROUNDS + 1) && anew == Some(2))
}
