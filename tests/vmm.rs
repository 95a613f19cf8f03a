//! Who names a VMM gets it, or an error that says why not: never another one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{Engine, ErrorKind, VmmKind};
use hypercell_tests::{engine, fails, says, works};

#[test]
fn an_engine_runs_on_the_vmm_that_its_builder_names() {
    let Some(shared) = engine() else { return };
    let mut usable = Vec::new();

    for kind in VmmKind::ALL {
        match Engine::builder().vmm(kind).build() {
            Ok(engine) => {
                assert_eq!(engine.vmm(), kind);
                works(&mut engine.sandbox().build().unwrap());
                usable.push(kind);
            }
            Err(error) if kind.is_compiled() => assert_eq!(error.kind(), ErrorKind::NoHypervisor, "{error}"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidArg, "{error}");
                says(error, &["not compiled in", kind.as_str()]);
            }
        }
    }

    assert!(usable.contains(&shared.vmm()), "{usable:?}");
}

#[test]
fn an_engine_that_names_none_runs_on_the_chosen_one() {
    let Some(engine) = engine() else { return };

    let choice = VmmKind::chosen().unwrap();

    assert_eq!(engine.vmm(), choice.kind);
    assert!(choice.kind.is_compiled() && !choice.reason.is_empty(), "{choice:?}");
}

#[test]
fn a_snapshot_fits_no_other_vmm() {
    let Some(one) = engine() else { return };
    let snapshot = one.sandbox().build().unwrap().snapshot().unwrap();

    for other in VmmKind::ALL.into_iter().filter(|kind| *kind != one.vmm()) {
        // Where there is no second VMM there is nothing that it could be mistaken for.
        let Ok(other) = Engine::builder().vmm(other).build() else { continue };
        let mut sandbox = other.sandbox().build().unwrap();
        says(fails(sandbox.restore(&snapshot), ErrorKind::InvalidArg), &["another engine"]);
        fails(other.sandbox().build_from(&snapshot), ErrorKind::InvalidArg);
        works(&mut sandbox);
    }
    works(&mut snapshot.spawn().unwrap());
}

#[test]
fn a_name_that_is_none_is_refused_with_those_that_there_are() {
    says(fails("xen".parse::<VmmKind>(), ErrorKind::InvalidArg), &["\"xen\"", "kvm or hyperlight"]);
}
