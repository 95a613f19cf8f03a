//! `hypercell doctor`: which VMMs can run sandboxes on this machine, which one they
//! get, and what slows them down.

mod findings;

use crate::{
    args::Survey,
    exit::{ExitStatus, status_of},
    report::{FLOOR, FloorFigure, floor_json, micros},
};
use findings::{Finding, Verdict};
use hypercell::{Engine, Error, Floor, VmmKind};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// What was found out about one VMM.
struct Vmm {
    kind: VmmKind,
    /// Its floor, if it can tell; or why it cannot be used.
    works: Result<Option<Floor>, Error>,
}

impl Vmm {
    fn examine(kind: VmmKind) -> Self {
        let works = Engine::builder().vmm(kind).build().and_then(|engine| {
            engine.sandbox().build()?;
            engine.floor()
        });
        Self { kind, works }
    }

    fn to_json(&self) -> Value {
        let error = self.works.as_ref().err();
        json!({
            "compiled": self.kind.is_compiled(),
            "usable": self.works.is_ok(),
            "device": self.kind.device(),
            "error": error.map(|error| json!({ "code": error.code(), "message": error.to_string() })),
            "floor": self.works.as_ref().ok().and_then(Option::as_ref).map(floor_json),
        })
    }
}

/// All that is to be reported.
struct Report {
    /// The VMM that sandboxes get, and why; or why they get none.
    chosen: Result<(VmmKind, &'static str), Error>,
    vmms: Vec<Vmm>,
    findings: Vec<Finding>,
}

/// Examines the VMMs and prints what was found.
pub(crate) fn run(options: &Survey) -> ExitStatus {
    let kinds = options.kinds();
    let compiled: Vec<_> = kinds.iter().copied().filter(|kind| kind.is_compiled()).collect();
    let chosen = match options.vmm {
        Some(kind) => Ok((kind, "--vmm names it")),
        None => VmmKind::chosen().map(|choice| (choice.kind, choice.reason)),
    };
    let report = Report {
        chosen,
        vmms: kinds.into_iter().map(Vmm::examine).collect(),
        findings: findings::all(&compiled),
    };
    let written =
        if options.output.json { writeln!(io::stdout(), "{}", report.to_json()) } else { report.print() };
    if written.is_err() { ExitStatus::Failure } else { report.status() }
}

impl Report {
    /// Whether sandboxes run on any of the VMMs; if not, why those that name none fail.
    fn status(&self) -> ExitStatus {
        if self.usable().is_some() {
            return ExitStatus::Success;
        }
        let error = match &self.chosen {
            Ok((kind, _)) => self.vmm(*kind).and_then(|vmm| vmm.works.as_ref().err()),
            Err(error) => Some(error),
        };
        error.map_or(ExitStatus::NoHypervisor, status_of)
    }

    /// The first VMM that can be used.
    fn usable(&self) -> Option<&Vmm> {
        self.vmms.iter().find(|vmm| vmm.works.is_ok())
    }

    fn vmm(&self, kind: VmmKind) -> Option<&Vmm> {
        self.vmms.iter().find(|vmm| vmm.kind == kind)
    }

    fn to_json(&self) -> Value {
        let vmms: Map<_, _> = self.vmms.iter().map(|vmm| (vmm.kind.to_string(), vmm.to_json())).collect();
        let chosen = self.chosen.as_ref();
        json!({
            "vmm": chosen.ok().map(|(kind, _)| kind.as_str()),
            "reason": chosen.map_or_else(ToString::to_string, |(_, reason)| (*reason).to_owned()),
            "vmms": vmms,
            "findings": self.findings,
        })
    }

    fn print(&self) -> io::Result<()> {
        let mut out = io::stdout();
        self.print_choice(&mut out)?;
        writeln!(out)?;
        for Vmm { kind, works } in &self.vmms {
            match works {
                Ok(_) => writeln!(out, "ok    {kind}: usable, on {}", kind.device())?,
                Err(error) if kind.is_compiled() => writeln!(out, "BAD   {kind}: {}: {error}", error.code())?,
                Err(error) => writeln!(out, "-     {kind}: {error}")?,
            }
        }
        for Finding { check, verdict, found, advice } in &self.findings {
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
        self.print_floors(&mut out)
    }

    fn print_choice(&self, out: &mut impl Write) -> io::Result<()> {
        match (&self.chosen, self.usable()) {
            (Ok((kind, reason)), _) if self.vmm(*kind).is_some_and(|vmm| vmm.works.is_ok()) => {
                writeln!(out, "Sandboxes run here, on the `{kind}` VMM: {reason}.")
            }
            (_, None) => match &self.vmms[..] {
                [Vmm { kind, .. }] => writeln!(out, "Sandboxes cannot run here on the `{kind}` VMM."),
                _ => writeln!(out, "Sandboxes cannot run here."),
            },
            (Ok((kind, reason)), Some(other)) => {
                let other = other.kind;
                writeln!(
                    out,
                    "Sandboxes run here only where `{other}` is asked for, with --vmm or HYPERCELL_VMM."
                )?;
                writeln!(out, "Else they get the `{kind}` VMM, which is not usable: {reason}.")
            }
            (Err(error), Some(other)) => {
                let other = other.kind;
                writeln!(out, "Sandboxes run here only where `{other}` is asked for, with --vmm.")?;
                writeln!(out, "Else they get none: {error}.")
            }
        }
    }

    /// One column for each VMM that is usable.
    fn print_floors(&self, out: &mut impl Write) -> io::Result<()> {
        let floors: Vec<_> =
            self.vmms.iter().filter_map(|vmm| Some((vmm.kind, vmm.works.as_ref().ok()?.as_ref()))).collect();
        if floors.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nThe floor of this host, which no sandbox can go below (medians, in µs):")?;
        for (kind, _) in &floors {
            write!(out, "{kind:>12}")?;
        }
        writeln!(out)?;
        for FloorFigure { meaning, pick, .. } in FLOOR {
            for (_, floor) in &floors {
                match floor.map(pick) {
                    Some(time) => write!(out, "{:>12}", micros(time))?,
                    None => write!(out, "{:>12}", "-")?,
                }
            }
            writeln!(out, "  {meaning}")?;
        }
        if floors.iter().any(|(_, floor)| floor.is_none()) {
            writeln!(out, "(-: this VMM has no way to tell)")?;
        }
        Ok(())
    }
}
