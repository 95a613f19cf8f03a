//! `hypercell doctor`: whether this machine can run sandboxes, and what slows it
//! down.

use crate::{exit::ExitStatus, exit::status_of, report::micros};
use hypercell::Engine;
use serde::Serialize;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
};

/// What there is to say about one thing.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    /// What was found.
    found: String,
    /// What to do about it, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Good,
    /// Works, but costs performance.
    Slow,
    /// Sandboxes cannot run.
    Bad,
}

/// Runs all checks and prints them.
pub(crate) fn run(as_json: bool) -> ExitStatus {
    let mut findings = vec![device(), kernel()];
    findings.extend(SETTINGS.iter().filter_map(Setting::check));
    let (vmm, floor, status) = match Engine::new() {
        Ok(engine) => match engine.floor() {
            Ok(floor) => (Some("kvm"), floor, ExitStatus::Success),
            Err(error) => {
                findings.push(broken(error.to_string()));
                (None, None, status_of(&error))
            }
        },
        Err(error) => {
            findings.push(broken(error.to_string()));
            (None, None, status_of(&error))
        }
    };
    let floor = floor.map(|floor| {
        serde_json::json!({
            "exit_us": micros(floor.exit), "ioctl_us": micros(floor.ioctl), "vm_create_us": micros(floor.vm_create)
        })
    });
    let written = if as_json {
        let report = serde_json::json!({ "vmm": vmm, "findings": findings, "floor": floor });
        writeln!(io::stdout(), "{report}")
    } else {
        print(vmm, &findings, floor.as_ref())
    };
    if written.is_err() { ExitStatus::Failure } else { status }
}

fn print(vmm: Option<&str>, findings: &[Finding], floor: Option<&serde_json::Value>) -> io::Result<()> {
    let mut out = io::stdout();
    match vmm {
        Some(vmm) => writeln!(out, "Sandboxes run here, on the `{vmm}` VMM.\n")?,
        None => writeln!(out, "Sandboxes cannot run here.\n")?,
    }
    for Finding { check, verdict, found, advice } in findings {
        let mark = match verdict {
            Verdict::Good => "ok  ",
            Verdict::Slow => "slow",
            Verdict::Bad => "BAD ",
        };
        writeln!(out, "{mark}  {check}: {found}")?;
        if let Some(advice) = advice {
            writeln!(out, "      -> {advice}")?;
        }
    }
    if let Some(floor) = floor {
        writeln!(out, "\nThe floor of this host, which no sandbox can go below (medians, in µs):")?;
        for (key, name) in [
            ("exit_us", "leaving and entering a guest"),
            ("ioctl_us", "a system call on a virtual CPU"),
            ("vm_create_us", "creating and closing an empty VM"),
        ] {
            writeln!(out, "{:>10}  {name}", floor.get(key).unwrap_or(&serde_json::Value::Null))?;
        }
    }
    Ok(())
}

fn broken(error: String) -> Finding {
    Finding { check: "engine", verdict: Verdict::Bad, found: error, advice: None }
}

fn device() -> Finding {
    let opened = OpenOptions::new().read(true).write(true).open("/dev/kvm");
    let (verdict, found, advice) = match opened {
        Ok(_) => (Verdict::Good, "it can be read and written".into(), None),
        Err(error) => {
            let advice = match error.kind() {
                io::ErrorKind::NotFound => "load kvm_intel or kvm_amd; switch on (nested) virtualization",
                io::ErrorKind::PermissionDenied => "sudo usermod -aG kvm $USER, then log in again",
                _ => "see dmesg for what KVM says",
            };
            (Verdict::Bad, error.to_string(), Some(advice))
        }
    };
    Finding { check: "/dev/kvm", verdict, found, advice }
}

fn kernel() -> Finding {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let release = release.trim();
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    // PAGEMAP_SCAN, by which dirty pages are found.
    let new_enough = version >= (6, 7);
    Finding {
        check: "kernel",
        verdict: if new_enough { Verdict::Good } else { Verdict::Bad },
        found: format!("Linux {release}"),
        advice: (!new_enough).then_some("restoring a snapshot needs Linux 6.7 or later"),
    }
}

/// A file of the kernel with a setting that costs performance.
struct Setting {
    check: &'static str,
    file: &'static str,
    /// Whether the file's content is slow.
    slow: fn(&str) -> bool,
    advice: &'static str,
}

/// Settings that cost performance; one whose file is missing does not apply.
const SETTINGS: [Setting; 5] = [
    Setting {
        check: "large pages",
        file: "/sys/kernel/mm/transparent_hugepage/enabled",
        slow: |content| content.contains("[never]"),
        advice: "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled: heaps above 8 MiB get quicker",
    },
    Setting {
        check: "nx_huge_pages",
        file: "/sys/module/kvm/parameters/nx_huge_pages",
        slow: |content| matches!(content, "Y" | "force"),
        advice: "it starts a kernel thread for each VM; kvm.nx_huge_pages=never is safe if the CPU is not \
                 affected by iTLB multihit",
    },
    Setting {
        check: "memory overcommit",
        file: "/proc/sys/vm/overcommit_memory",
        slow: |content| content == "2",
        advice: "each sandbox reserves its limits as address space, which strict accounting may refuse",
    },
    Setting {
        check: "same-page merging",
        file: "/sys/kernel/mm/ksm/run",
        slow: |content| content == "1",
        advice: "it scans guests' memory; echo 0 > /sys/kernel/mm/ksm/run if nothing else needs it",
    },
    Setting {
        check: "clock source",
        file: "/sys/devices/system/clocksource/clocksource0/current_clocksource",
        slow: |content| !matches!(content, "tsc" | "kvm-clock" | "hyperv_clocksource_tsc_page"),
        advice: "reading the time is a system call with this one; each call of a sandbox reads it several times",
    },
];

impl Setting {
    fn check(&self) -> Option<Finding> {
        let content = fs::read_to_string(self.file).ok()?;
        let content = content.trim();
        let slow = (self.slow)(content);
        Some(Finding {
            check: self.check,
            verdict: if slow { Verdict::Slow } else { Verdict::Good },
            found: content.to_owned(),
            advice: slow.then_some(self.advice),
        })
    }
}
