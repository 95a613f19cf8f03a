//! Tools: functions of the host that programs run as commands.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{ErrorKind, HostError, Limits, Sandbox, Tool};
use hypercell_tests::{engine, fails, says, works};
use serde::Deserialize;
use serde_json::{Value, json};
use std::future::pending;

#[derive(Deserialize)]
struct Place {
    city: String,
}

fn weather() -> Tool {
    Tool::new("weather")
        .description("Tells the weather of a city.")
        .input_schema(json!({
            "type": "object",
            "properties": { "city": { "type": "string" } },
            "required": ["city"],
            "additionalProperties": false,
        }))
        .handler(|place: Place| match place.city.as_str() {
            "Atlantis" => Err(HostError::new("there is no such city")),
            city => Ok(json!({ "city": city, "rain": true })),
        })
}

fn sandbox() -> Option<Sandbox> {
    let shout = Tool::new("shout").async_handler(|input: Value| async move {
        input.get("text").and_then(Value::as_str).unwrap_or_default().to_uppercase()
    });
    Some(engine()?.sandbox().tool(weather()).tool(shout).build().unwrap())
}

#[test]
fn a_tool_is_a_command_and_a_function() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = r#"
        import { execFileSync, execFile, spawn } from 'node:child_process';
        import { promisify } from 'node:util';
        import { weather } from 'host:tools';
        const byFlag = JSON.parse(execFileSync('weather', ['--city', 'Oslo'], { encoding: 'utf8' }));
        const byJSON = JSON.parse(execFileSync('weather', ['--json', '{"city":"Rome"}']).toString());
        const { stdout } = await promisify(execFile)('shout', ['--json', '{"text":"hi"}']);
        const child = spawn('weather', ['--json', '-']);
        child.stdin.end('{"city":"Bergen"}');
        let piped = ''; for await (const chunk of child.stdout) piped += chunk;
        const code = child.exitCode;
        __return([byFlag.city, byJSON.city, stdout, JSON.parse(piped).city, code, (await weather({ city: 'Kyiv' })).rain])"#;
    let ran = sandbox.run::<Value>(source).unwrap();
    assert_eq!(
        ran.value,
        Some(json!(["Oslo", "Rome", "HI", "Bergen", 0, true])),
        "{}",
        ran.output.stderr_text()
    );
}

#[test]
fn wrong_input_is_refused_with_what_is_wrong() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = r#"
        import { spawnSync, execFileSync } from 'node:child_process';
        import { weather } from 'host:tools';
        const run = (...args) => { const { status, stderr } = spawnSync('weather', args); return [status, String(stderr)] };
        const all = [run('--json', '{"city":7}'), run('--town', 'x'), run('--json', 'no'), run('--city', 'Atlantis')];
        try { await weather({}) } catch (error) { all.push([error.code, error.message]) }
        try { execFileSync('weather', []) } catch (error) { all.push([error.status, error.message]) }
        try { execFileSync('none', []) } catch (error) { all.push([error.code, error.message]) }
        __return(all)"#;
    let ran = sandbox.run::<Vec<(Value, String)>>(source).unwrap();
    let refused = ran.value.unwrap_or_else(|| unreachable!("{}", ran.output.stderr_text()));
    let codes: Vec<_> = refused.iter().map(|(code, _)| code.clone()).collect();
    assert_eq!(
        codes,
        [json!(2), json!(2), json!(2), json!(1), json!("ERR_INVALID_ARG"), json!(2), json!("ENOENT")]
    );
    let what = ["/city", "town", "JSON", "no such city", "city", "city", "none"];
    for ((_, message), part) in refused.iter().zip(what) {
        says(message, &[part]);
    }
}

#[test]
fn help_says_what_a_tool_takes() {
    let Some(mut sandbox) = sandbox() else { return };
    let ran = sandbox.run::<String>("import { execFileSync } from 'node:child_process'; __return(execFileSync('weather', ['--help'], { encoding: 'utf8' }))").unwrap();
    says(ran.value.unwrap(), &["Tells the weather of a city.", "--city"]);
}

#[test]
fn a_program_that_runs_tools_without_end_meets_a_limit() {
    let Some(engine) = engine() else { return };
    let forever = Tool::new("forever").async_handler(|_: Value| pending::<()>());
    let limits = Limits::default().host_calls(50).async_calls(10);
    let mut sandbox = engine.sandbox().tool(weather()).tool(forever).limits(limits).build().unwrap();
    let source = "
        import { spawnSync, spawn } from 'node:child_process';
        let errors = 0;
        for (let i = 0; i < 60; i++) if (spawnSync('weather', ['--city', 'x']).error) errors++;
        __return(errors)";
    let ran = sandbox.run::<u32>(source).unwrap();
    assert_eq!(ran.value, Some(10), "{}", ran.output.stderr_text());
    let source = "
        import { spawn } from 'node:child_process';
        let errors = 0;
        for (let i = 0; i < 20; i++) spawn('forever', [], { stdio: 'ignore' }).on('error', () => { if (++errors === 10) { __return(errors); process.exit(0) } });";
    let ran = sandbox.run::<u32>(source).unwrap();
    assert_eq!((ran.value, ran.output.exit_code), (Some(10), 0), "{}", ran.output.stderr_text());
    works(&mut sandbox);
}

#[test]
fn a_tool_that_cannot_be_is_refused() {
    let Some(engine) = engine() else { return };
    for (tool, what) in [
        (Tool::new("").handler(|_: Value| ()), "empty"),
        (Tool::new("t"), "no handler"),
        (Tool::new("t").input_schema(json!({ "type": 7 })).handler(|_: Value| ()), "schema"),
        (
            Tool::new("t").input_schema(json!({ "$ref": "http://example.com/s" })).handler(|_: Value| ()),
            "schema",
        ),
    ] {
        says(fails(engine.sandbox().tool(tool).build(), ErrorKind::InvalidArg), &[what]);
    }
}
