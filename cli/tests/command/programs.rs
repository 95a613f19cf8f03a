//! `run` and its company, as a person at a shell uses them.

use crate::support::{File, hypercell, is_available, run};
use serde_json::json;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hypercell-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, name: &str, content: &str) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_program_has_the_commands_streams_arguments_and_status() {
    if !is_available() {
        return;
    }
    let file = File::new(
        "main.mjs",
        "let input = ''; for await (const chunk of process.stdin) input += chunk;
         console.log(input.toUpperCase(), process.argv.slice(2)); console.error('err'); process.exitCode = 7",
    );
    let ran = hypercell(&["run", &file, "a", "--flag", "-x"]).given(b"piped");
    assert_eq!((ran.status, ran.stderr.as_str()), (7, "err\n"));
    assert_eq!(ran.stdout, "PIPED [ 'a', '--flag', '-x' ]\n");
    let input = File::new("input.txt", "of a file");
    let ran = run(&["run", "--stdin", &input, &file]);
    assert_eq!(ran.stdout, "OF A FILE []\n");
}

#[test]
fn typescript_and_its_errors_are_the_users() {
    if !is_available() {
        return;
    }
    let good = File::new("good.ts", "const n: number = 42; console.log(n satisfies number)");
    assert_eq!(run(&["run", &good]).stdout, "42\n");
    let bad = File::new("bad.ts", "const ok = 1;\nenum A { B }\n");
    let ran = run(&["run", &bad]);
    assert_eq!(ran.status, 1);
    ran.says(&["SyntaxError", "enum", "bad.ts:2:1"]);
    let bytes = Folder::new("bytes");
    fs::write(bytes.file("x.js"), [b'1', 0xff]).unwrap();
    let ran = run(&["run", &bytes.file("x.js")]);
    assert_eq!(ran.status, 2);
    ran.says(&["x.js", "not UTF-8", "byte 1"]);
}

#[test]
fn the_environment_is_what_the_arguments_say() {
    if !is_available() {
        return;
    }
    let file = File::new("env.js", "console.log(JSON.stringify(process.env), process.cwd())");
    let variables = File::new("x.env", "# comment\nA=file\nB=\"two words\"\n");
    let ran = hypercell(&[
        "run",
        "--env-file",
        &variables,
        "--env",
        "A=argument",
        "--env",
        "HC_OWN",
        "--cwd",
        "/tmp",
        &file,
    ])
    .with("HC_OWN", "own")
    .with("HC_SECRET", "secret")
    .given(b"");
    assert_eq!(
        ran.stdout, "{\"A\":\"argument\",\"B\":\"two words\",\"HC_OWN\":\"own\"} /tmp\n",
        "{}",
        ran.stderr
    );
    let ran = run(&["run", "--env", "HC_NOT_THERE", &file]);
    assert_eq!(ran.status, 2);
    ran.says(&["HC_NOT_THERE"]);
}

#[test]
fn folders_files_and_exports_are_as_they_were_asked_for() {
    if !is_available() {
        return;
    }
    let folder = Folder::new("mounts")
        .with("app/main.js", "import { name } from './lib/name.js'; import fs from 'node:fs';
            console.log(name, fs.readFileSync('/given.txt', 'utf8'));
            fs.mkdirSync('/out'); fs.writeFileSync('/out/result.txt', 'done'); fs.writeFileSync('/rw/there.txt', 'host');
            try { fs.writeFileSync('/app/x', '') } catch (error) { console.log(error.code) }")
        .with("app/lib/name.js", "export const name = 'ada'")
        .with("given.txt", "given")
        .with("rw/keep", "");
    let mount = format!("{}:/app", folder.file("app"));
    let writable = format!("{}:/rw:rw", folder.file("rw"));
    let given = format!("/given.txt={}", folder.file("given.txt"));
    let out = folder.file("export");
    let ran = run(&[
        "run",
        "--mount",
        &mount,
        "--mount",
        &writable,
        "--file",
        &given,
        "--export",
        &out,
        &folder.file("app/main.js"),
    ]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "ada given\nEROFS\n"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(Path::new(&out).join("out/result.txt")).unwrap(), "done");
    assert_eq!(fs::read_to_string(folder.file("rw/there.txt")).unwrap(), "host");
}

#[test]
fn what_cannot_be_is_told_before_anything_runs() {
    if !is_available() {
        return;
    }
    let file = File::new("never.js", "console.log('ran')");
    for (arguments, part) in [
        (vec!["--mount", "/no/such/folder:/m"], "/no/such/folder"),
        (vec!["--mount", "relative"], "HOST:GUEST"),
        (vec!["--file", "/x=/no/such/file"], "/no/such/file"),
        (vec!["--stdin", "/no/such/file"], "/no/such/file"),
        (vec!["--env-file", "/no/such/file"], "/no/such/file"),
        (vec!["--cwd", "here"], "absolute path"),
        (vec!["--no-such-option"], "--no-such-option"),
    ] {
        let ran = run(&[&["run"], arguments.as_slice(), &[&file]].concat());
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        ran.says(&[part]);
    }
}

#[test]
fn machines_get_one_line() {
    if !is_available() {
        return;
    }
    let file = File::new("json.js", "console.log('out'); __return({ n: 1 }); process.exit(3)");
    let ran = run(&["run", "--json", &file]);
    let line = ran.json();
    assert_eq!(ran.status, 3);
    assert_eq!(
        [&line["ok"], &line["exit_code"], &line["value"], &line["stdout"], &line["terminated_by"]],
        [&json!(false), &json!(3), &json!({ "n": 1 }), &json!("out\n"), &json!(null)]
    );
}

#[test]
fn a_limit_on_time_ends_a_program_and_what_it_wrote_is_there() {
    if !is_available() {
        return;
    }
    let file = File::new("loop.js", "console.log('before'); for (;;);");
    let ran = run(&["run", "--cpu", "100ms", &file]);
    assert_eq!((ran.status, ran.stdout.as_str()), (124, "before\n"));
    ran.says(&["cpu-time"]);
}

#[test]
fn an_interrupt_kills_the_guest() {
    if !is_available() {
        return;
    }
    let file = File::new("forever.js", "console.log('up'); for (;;);");
    let mut child = hypercell(&["run", &file]).spawn();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "up\n");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_program_whose_output_nobody_reads_ends() {
    if !is_available() {
        return;
    }
    let file = File::new("yes.js", "for (;;) console.log('y')");
    let mut child = hypercell(&["run", "--wall", "1h", "--cpu", "1h", &file]).spawn();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(141));
}

#[test]
fn a_sandbox_can_be_explored_line_by_line() {
    if !is_available() {
        return;
    }
    let folder = Folder::new("repl");
    let mut child = hypercell(&["repl"]).with("XDG_STATE_HOME", &folder.file("state")).spawn();
    let lines = "let x = 20\nx + 1\n_ * 2\n({ a: [1, 2] })\nfunction twice(n) {\n  return n * 2\n}\ntwice(4)\nawait Promise.resolve('later')\nthrow new Error('boom')\n.exit\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    for expected in ["21", "42", "{ a: [ 1, 2 ] }", "8", "'later'"] {
        assert!(stdout.contains(expected), "{stdout:?} has no {expected}");
    }
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("Uncaught Error: boom"), "{stderr:?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn completions_and_the_manual_are_generated() {
    let completions = run(&["completions", "bash"]);
    assert!(completions.status == 0 && completions.stdout.contains("--env-file"), "{completions:?}");
    let folder = Folder::new("man");
    let man = run(&["man", &folder.file(".")]);
    assert_eq!(man.status, 0, "{}", man.stderr);
    let page = fs::read_to_string(folder.file("hypercell-run.1")).unwrap();
    assert!(page.contains("mount"), "{page}");
    assert_eq!(run(&["man", "/no/such/folder"]).status, 2);
}
