//! What of this machine keeps VMMs from running, or slows them down.

use hypercell::VmmKind;
use serde::Serialize;
use std::{
    fs::{self, OpenOptions},
    io,
};

/// What there is to say about one thing.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) verdict: Verdict,
    /// What was found.
    pub(super) found: String,
    /// What to do about it, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Good,
    /// Works, but costs performance.
    Slow,
    /// A VMM cannot run.
    Bad,
}

/// Everything that matters to these VMMs.
pub(super) fn all(vmms: &[VmmKind]) -> Vec<Finding> {
    let mut devices: Vec<_> = vmms.iter().map(|kind| kind.device()).collect();
    devices.dedup();
    let mut findings: Vec<_> = devices.into_iter().map(device).collect();
    findings.push(kernel(vmms.contains(&VmmKind::Kvm)));
    findings.extend(SETTINGS.iter().filter_map(Setting::check));
    findings
}

fn device(path: &'static str) -> Finding {
    let opened = OpenOptions::new().read(true).write(true).open(path);
    let (verdict, found, advice) = match opened {
        Ok(_) => (Verdict::Good, "it can be read and written".into(), None),
        Err(error) => {
            let advice = match error.kind() {
                io::ErrorKind::NotFound => "load kvm_intel or kvm_amd; switch on (nested) virtualization",
                io::ErrorKind::PermissionDenied => {
                    "add the user to the group that owns it (for /dev/kvm: sudo usermod -aG kvm $USER), then \
                     log in again"
                }
                _ => "see dmesg for what the kernel says",
            };
            (Verdict::Bad, error.to_string(), Some(advice))
        }
    };
    Finding { check: path, verdict, found, advice }
}

fn kernel(runs_kvm: bool) -> Finding {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let release = release.trim();
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    // PAGEMAP_SCAN, by which the VMM `kvm` finds dirty pages.
    let new_enough = !runs_kvm || version >= (6, 7);
    Finding {
        check: "kernel",
        verdict: if new_enough { Verdict::Good } else { Verdict::Bad },
        found: format!("Linux {release}"),
        advice: (!new_enough).then_some("the VMM `kvm` needs Linux 6.7 or later to restore a snapshot"),
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
