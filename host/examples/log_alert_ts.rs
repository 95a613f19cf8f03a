//! A user's TypeScript decides whether a log calls for an alert. The log and the sources are
//! files of the sandbox, and the host remembers when it alerted last: two alerts within an
//! hour are one too many.

use hypercell::{Date, Engine, FileTree, Sandbox};
use std::{
    process::ExitCode,
    sync::{Arc, Mutex},
};

const LOG: &str = r#"{"message":"connected","errorCode":0,"dateTime":"2026-03-01T08:00:00Z"}
{"message":"disk full","errorCode":28,"dateTime":"2026-03-01T08:05:00Z"}
"#;

const TYPES: &str = "
export type Row = { message: string; errorCode: number; dateTime: string };
export type Decide = (rows: Row[], last: Date) => boolean;
";

/// What the user wrote.
const CUSTOM: &str = "
import type { Decide, Row } from './types.js';

const HOUR = 60 * 60 * 1000;
const isError = (row: Row): boolean => row.errorCode !== 0;

export const decide: Decide = (rows, last) => rows.some(isError) && Date.now() - last.getTime() > HOUR;
";

const MAIN: &str = "
import { readFileSync } from 'node:fs';
import { decide } from './custom.js';
import type { Row } from './types.js';

const rows: Row[] = readFileSync('/log.jsonl', 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
const alert = decide(rows, env.getLastAlert());
if (alert) {
    env.setLastAlert(new Date());
}
__return(alert);
";

fn main() -> hypercell::Result<ExitCode> {
    let files = FileTree::new()
        .file("log.jsonl", LOG)
        .file("src/types.ts", TYPES)
        .file("src/custom.ts", CUSTOM)
        .file("src/main.ts", MAIN);
    let last = Arc::new(Mutex::new(Date(0.0)));
    let (told, noted) = (Arc::clone(&last), last);
    let lock = |date: &Mutex<Date>| *date.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut sandbox = Engine::new()?
        .sandbox()
        .files(files)
        .env_function("getLastAlert", move || lock(&told))
        .env_function("setLastAlert", move |date: Date| {
            *noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = date;
        })
        .build()?;
    // The state that counts is the host's: the sandbox starts anew each time.
    let fresh = sandbox.snapshot()?;
    let first = look(&mut sandbox)?;
    sandbox.restore(&fresh)?;
    let second = look(&mut sandbox)?;
    println!("the first look alerts: {first}; the second, a moment later: {second}");
    Ok(ExitCode::from(u8::from(!first || second)))
}

fn look(sandbox: &mut Sandbox) -> hypercell::Result<bool> {
    let ran = sandbox.run::<bool>(hypercell::Program::file("/src/main.ts"))?;
    eprint!("{}", ran.output.stderr_text());
    Ok(ran.value.unwrap_or_default())
}
