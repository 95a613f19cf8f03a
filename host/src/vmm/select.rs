//! Which VMM an engine gets.

use super::VmmKind;
use crate::error::{Error, ErrorKind};
use std::{env, ffi::OsStr, path::Path};

/// Names the VMM of engines that are built without one. Empty is as if it were not
/// set.
const VARIABLE: &str = "HYPERCELL_VMM";
const DEV_KVM: &str = "/dev/kvm";
const DEV_MSHV: &str = "/dev/mshv";

/// The VMM that an engine gets, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VmmChoice {
    /// The VMM.
    pub kind: VmmKind,
    /// Why this one, e.g. `/dev/kvm is there`.
    pub reason: &'static str,
}

impl VmmKind {
    /// The VMM of an engine whose builder names none: the one that the environment
    /// variable `HYPERCELL_VMM` names, or else the one that suits this machine.
    ///
    /// That it can be used is not said: building an engine tells.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the variable names no VMM, or one that is not compiled in;
    /// `ERR_NO_HYPERVISOR` when only a build with the cargo feature `mshv` can run here.
    pub fn chosen() -> Result<VmmChoice, Error> {
        choose(None)
    }

    /// The device that it uses on this machine, e.g. `/dev/kvm`.
    #[must_use]
    pub fn device(self) -> &'static str {
        Here::look().device(self)
    }
}

/// The VMM of an engine whose builder asked for `asked`.
pub(crate) fn choose(asked: Option<VmmKind>) -> Result<VmmChoice, Error> {
    decide(asked, env::var_os(VARIABLE).as_deref(), &Here::look())
}

/// The error for a VMM that this build has not.
pub(crate) fn not_compiled(kind: VmmKind) -> Error {
    Error::invalid_argument(format!(
        "the VMM `{kind}` is not compiled in: build hypercell with its cargo feature `{kind}`"
    ))
}

/// What there is to choose from.
#[derive(Debug, Clone, Copy)]
struct Here {
    /// Whether `/dev/kvm` is there.
    dev_kvm: bool,
    /// Whether `/dev/mshv` is there.
    dev_mshv: bool,
    /// The cargo feature `kvm`.
    kvm: bool,
    /// The cargo feature `hyperlight`.
    hyperlight: bool,
    /// The cargo feature `mshv`.
    mshv: bool,
}

impl Here {
    fn look() -> Self {
        Self {
            dev_kvm: Path::new(DEV_KVM).exists(),
            dev_mshv: Path::new(DEV_MSHV).exists(),
            kvm: cfg!(feature = "kvm"),
            hyperlight: cfg!(feature = "hyperlight"),
            mshv: cfg!(feature = "mshv"),
        }
    }

    fn has(&self, kind: VmmKind) -> bool {
        match kind {
            VmmKind::Kvm => self.kvm,
            VmmKind::Hyperlight => self.hyperlight,
        }
    }

    fn device(&self, kind: VmmKind) -> &'static str {
        match kind {
            VmmKind::Hyperlight if self.mshv && self.dev_mshv => DEV_MSHV,
            VmmKind::Kvm | VmmKind::Hyperlight => DEV_KVM,
        }
    }
}

/// The rules, in their order.
fn decide(asked: Option<VmmKind>, variable: Option<&OsStr>, here: &Here) -> Result<VmmChoice, Error> {
    let named = match (asked, variable.filter(|value| !value.is_empty())) {
        (Some(kind), _) => Some(VmmChoice { kind, reason: "it was asked for" }),
        (None, Some(value)) => {
            let kind = value.to_string_lossy().parse().map_err(|error: Error| {
                Error::invalid_argument(format!("the variable {VARIABLE}: {}", error.message()))
            })?;
            Some(VmmChoice { kind, reason: "HYPERCELL_VMM names it" })
        }
        (None, None) => None,
    };
    if let Some(choice) = named
        && !here.has(choice.kind)
    {
        return Err(not_compiled(choice.kind));
    }
    let wants_mshv = named.is_none_or(|choice| choice.kind == VmmKind::Hyperlight);
    if wants_mshv && here.dev_mshv && !here.dev_kvm && !here.mshv {
        return Err(Error::new(
            ErrorKind::NoHypervisor,
            format!(
                "this machine has {DEV_MSHV} and no {DEV_KVM}: build hypercell with its cargo feature `mshv`"
            ),
        ));
    }
    Ok(named.unwrap_or_else(|| automatic(here)))
}

fn automatic(here: &Here) -> VmmChoice {
    let (kind, reason) = match here {
        Here { mshv: true, dev_mshv: true, .. } => (VmmKind::Hyperlight, "/dev/mshv is there"),
        Here { hyperlight: false, .. } => (VmmKind::Kvm, "this build has no other"),
        Here { kvm: false, .. } => (VmmKind::Hyperlight, "this build has no other"),
        Here { dev_kvm: true, .. } => (VmmKind::Kvm, "/dev/kvm is there"),
        _ => (VmmKind::Hyperlight, "there is no /dev/kvm for `kvm`"),
    };
    VmmChoice { kind, reason }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use VmmKind::{Hyperlight, Kvm};

    /// A build with both VMMs on a machine with KVM.
    const USUAL: Here = Here { dev_kvm: true, dev_mshv: false, kvm: true, hyperlight: true, mshv: false };
    const MSHV_BUILD: Here = Here { mshv: true, ..USUAL };
    const ONLY_DEV_MSHV: Here = Here { dev_kvm: false, dev_mshv: true, ..USUAL };

    fn kind(asked: Option<VmmKind>, variable: Option<&str>, here: Here) -> VmmKind {
        decide(asked, variable.map(OsStr::new), &here).unwrap().kind
    }

    #[track_caller]
    fn refused(asked: Option<VmmKind>, variable: Option<&str>, here: Here, kind: ErrorKind, says: &[&str]) {
        let error = decide(asked, variable.map(OsStr::new), &here).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        for part in says {
            assert!(error.to_string().contains(part), "{error}: it does not say {part:?}");
        }
    }

    #[test]
    fn who_asks_gets_it_whatever_the_variable_says() {
        for asked in VmmKind::ALL {
            for variable in [None, Some("kvm"), Some("hyperlight"), Some("nonsense")] {
                assert_eq!(kind(Some(asked), variable, USUAL), asked);
            }
        }
    }

    #[test]
    fn the_variable_decides_where_nobody_asks() {
        assert_eq!(kind(None, Some("kvm"), Here { dev_mshv: true, ..MSHV_BUILD }), Kvm);
        assert_eq!(kind(None, Some("hyperlight"), USUAL), Hyperlight);
        assert_eq!(kind(None, Some(""), USUAL), Kvm);
    }

    #[test]
    fn a_variable_that_names_no_vmm_is_refused_with_the_names_that_there_are() {
        for value in ["xen", "KVM", " kvm", "kvm,hyperlight"] {
            let says = ["HYPERCELL_VMM", value, "kvm or hyperlight"];
            refused(None, Some(value), USUAL, ErrorKind::InvalidArg, &says);
        }
    }

    #[test]
    fn a_vmm_that_is_not_compiled_in_is_refused_with_the_feature_that_brings_it() {
        let says = ["not compiled in", "cargo feature `hyperlight`"];
        let without = Here { hyperlight: false, ..USUAL };
        refused(Some(Hyperlight), None, without, ErrorKind::InvalidArg, &says);
        refused(None, Some("hyperlight"), without, ErrorKind::InvalidArg, &says);
        let without = Here { kvm: false, ..USUAL };
        refused(Some(Kvm), None, without, ErrorKind::InvalidArg, &["cargo feature `kvm`"]);
    }

    #[test]
    fn a_machine_with_kvm_gets_kvm_where_it_is_compiled_in() {
        assert_eq!(kind(None, None, USUAL), Kvm);
        assert_eq!(kind(None, None, Here { hyperlight: false, ..USUAL }), Kvm);
        assert_eq!(kind(None, None, MSHV_BUILD), Kvm);
        assert_eq!(kind(None, None, Here { dev_mshv: true, ..USUAL }), Kvm);
        assert_eq!(kind(None, None, Here { kvm: false, ..USUAL }), Hyperlight);
    }

    #[test]
    fn a_machine_with_mshv_gets_hyperlight_in_a_build_for_it() {
        for dev_kvm in [false, true] {
            let here = Here { dev_kvm, dev_mshv: true, ..MSHV_BUILD };
            assert_eq!(kind(None, None, here), Hyperlight);
            assert_eq!((here.device(Hyperlight), here.device(Kvm)), (DEV_MSHV, DEV_KVM));
        }
        assert_eq!(MSHV_BUILD.device(Hyperlight), DEV_KVM);
    }

    #[test]
    fn a_machine_with_only_mshv_says_which_build_it_needs() {
        let says = ["/dev/mshv", "cargo feature `mshv`"];
        refused(None, None, ONLY_DEV_MSHV, ErrorKind::NoHypervisor, &says);
        refused(None, Some("hyperlight"), ONLY_DEV_MSHV, ErrorKind::NoHypervisor, &says);
        refused(Some(Hyperlight), None, ONLY_DEV_MSHV, ErrorKind::NoHypervisor, &says);
        let only_kvm = Here { hyperlight: false, ..ONLY_DEV_MSHV };
        refused(None, None, only_kvm, ErrorKind::NoHypervisor, &says);
        // Opening /dev/kvm says what is wrong with it.
        assert_eq!(kind(Some(Kvm), None, ONLY_DEV_MSHV), Kvm);
    }

    #[test]
    fn a_machine_without_any_device_gets_a_vmm_that_says_so() {
        let bare = Here { dev_kvm: false, ..USUAL };
        assert_eq!(kind(None, None, bare), Hyperlight);
        assert_eq!(kind(None, None, Here { hyperlight: false, ..bare }), Kvm);
        assert_eq!(kind(None, None, Here { kvm: false, ..bare }), Hyperlight);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for vmm in VmmKind::ALL {
            assert_eq!(vmm.to_string().parse::<VmmKind>().unwrap(), vmm);
        }
    }
}
