//! Which VMM runs a sandbox: `--vmm`, `HYPERCELL_VMM`, and what `doctor` tells.

use crate::{
    has_members,
    support::{File, Ran, hypercell, is_available, run},
};
use serde_json::{Value, json};

const ALL: [&str; 2] = ["kvm", "hyperlight"];
const VARIABLE: &str = "HYPERCELL_VMM";

/// Runs the command with `HYPERCELL_VMM` set.
fn run_with(vmm: &str, arguments: &[&str]) -> Ran {
    hypercell(arguments).with(VARIABLE, vmm).given(b"")
}

/// What `doctor` finds out about each VMM.
fn examined() -> Vec<(&'static str, Value)> {
    let report = run(&["doctor", "--json"]).json();
    ALL.map(|vmm| (vmm, report["vmms"][vmm].clone())).into()
}

/// The VMMs that can be used here.
fn usable() -> Vec<&'static str> {
    examined().into_iter().filter(|(_, found)| found["usable"] == true).map(|(vmm, _)| vmm).collect()
}

#[test]
fn sandboxes_run_on_the_vmm_that_is_asked_for_or_not_at_all() {
    if !is_available() {
        return;
    }
    let file = File::new("echo.js", "var handler = e => e");

    for (vmm, found) in examined() {
        for command in [&["call", &*file][..], &["eval", "-e", "1"], &["script", &file]] {
            let json = run(&[command, &["--vmm", vmm, "--json"]].concat()).json();
            assert_eq!(json["vmm"], if found["usable"] == true { json!(vmm) } else { Value::Null }, "{json}");
            assert_eq!(json["error"]["code"], found["error"]["code"], "{json}");
        }
    }
}

#[test]
fn a_vmm_that_there_is_not_is_refused_with_those_that_there_are() {
    for name in ["xen", "KVM", "kvm "] {
        let ran = run(&["eval", "-e", "1", "--vmm", name]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        ran.says(&["--vmm", name, "kvm or hyperlight"]);

        let ran = run_with(name, &["eval", "-e", "1"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
        ran.says(&["ERR_INVALID_ARG", VARIABLE, name, "kvm or hyperlight"]);
    }
}

#[test]
fn the_variable_names_the_vmm_where_no_argument_does() {
    if !is_available() {
        return;
    }
    let eval = ["eval", "-e", "1", "--json"];
    let automatic = hypercell(&eval).without(VARIABLE).given(b"").json();

    assert_eq!(run_with("", &eval).json()["vmm"], automatic["vmm"]);
    for vmm in usable() {
        assert_eq!(run_with(vmm, &eval).json()["vmm"], vmm);
        for variable in ["kvm", "hyperlight", "nonsense"] {
            let ran = run_with(variable, &["eval", "-e", "1", "--vmm", vmm, "--json"]);
            assert_eq!(ran.json()["vmm"], vmm, "while the variable is {variable}");
        }
    }
}

#[test]
fn doctor_tells_where_sandboxes_run() {
    if !is_available() {
        return;
    }
    let vmm = usable()[0];

    let ran = run_with(vmm, &["doctor"]);

    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let chosen = format!("Sandboxes run here, on the `{vmm}` VMM: {VARIABLE} names it.");
    for words in [chosen.as_str(), "kvm:", "hyperlight:", "/dev/", "kernel", "floor"] {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
}

#[test]
fn doctor_tells_machines_too() {
    if !is_available() {
        return;
    }
    let ran = run(&["doctor", "--json"]);

    assert_eq!((ran.status, ran.stdout.lines().count()), (0, 1));
    let json = ran.json();
    has_members(&json, &["findings", "reason", "vmm", "vmms"]);
    has_members(&json["vmms"], &["hyperlight", "kvm"]);
    assert_eq!(json["vmms"][json["vmm"].as_str().unwrap()]["usable"], true);
    for vmm in ALL {
        let found = &json["vmms"][vmm];
        has_members(found, &["compiled", "device", "error", "floor", "usable"]);
        assert_eq!(found["usable"] == true, found["error"].is_null(), "{found}");
        if !found["error"].is_null() {
            has_members(&found["error"], &["code", "message"]);
        }
        if !found["floor"].is_null() {
            has_members(&found["floor"], &["exit_us", "ioctl_us", "vm_create_us"]);
            assert!(found["floor"]["exit_us"].as_f64().unwrap() > 0.0);
        }
    }
    for finding in json["findings"].as_array().unwrap() {
        assert!(finding["check"].is_string() && finding["found"].is_string());
        assert!(["good", "slow", "bad"].contains(&finding["verdict"].as_str().unwrap()), "{finding}");
    }
}

#[test]
fn doctor_looks_at_one_vmm_when_it_is_told_to() {
    if !is_available() {
        return;
    }
    for (vmm, found) in examined() {
        let ran = run(&["doctor", "--vmm", vmm, "--json"]);

        let json = ran.json();
        has_members(&json["vmms"], &[vmm]);
        assert_eq!((&json["vmm"], &json["vmms"][vmm]["usable"]), (&json!(vmm), &found["usable"]));
        assert_eq!(ran.status == 0, found["usable"] == true, "{json}");
    }
}

#[test]
fn doctor_tells_that_the_variable_is_wrong_and_what_runs_nevertheless() {
    if !is_available() {
        return;
    }
    let ran = run_with("xen", &["doctor"]);

    assert_eq!(ran.status, 0);
    for words in ["only where", usable()[0], VARIABLE, "\"xen\"", "kvm or hyperlight"] {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
    assert_eq!(run_with("xen", &["doctor", "--json"]).json()["vmm"], Value::Null);
}
