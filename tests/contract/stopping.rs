//! A call that is stopped poisons its sandbox until a restore or an unload.

use crate::scenario::{Scenario, fails, gives};
use hypercell::ErrorKind;
use serde_json::json;
use std::time::Duration;

/// Why steps of these scenarios are for VMs only.
const STOPS: &str = "nothing but a VM can be stopped, and be poisoned by it";

const SHORT: Duration = Duration::from_millis(60);

#[test]
fn a_sandbox_that_was_stopped_works_after_a_restore() {
    Scenario::new()
        .handler("count", "let n = 0; const handler = () => ++n")
        .call("count", json!(null), gives("1"))
        .snapshot()
        .call("count", json!(null), gives("2"))
        .eval_within(
            SHORT,
            "console.log('so far'); for (;;);",
            fails(ErrorKind::Cancelled, &["wall clock"]).telling(&["log: so far"]).only_on_vms(STOPS),
        )
        .call("count", json!(null), fails(ErrorKind::Poisoned, &["restore"]).only_on_vms(STOPS))
        .eval("export default 1", fails(ErrorKind::Poisoned, &["restore"]).only_on_vms(STOPS))
        .try_handler(
            "new",
            "const handler = () => 1",
            fails(ErrorKind::Poisoned, &["restore"]).only_on_vms(STOPS),
        )
        .restore(0)
        .call("count", json!(null), gives("2"))
        .holds();
}

#[test]
fn a_sandbox_that_was_stopped_works_after_an_unload() {
    Scenario::new()
        .handler("h", "const handler = () => 1")
        .eval_within(
            SHORT,
            "try { for (;;); } finally { globalThis.left = 1 }",
            fails(ErrorKind::Cancelled, &["wall clock"]).only_on_vms(STOPS),
        )
        .script("1", fails(ErrorKind::Poisoned, &["unload"]).only_on_vms(STOPS))
        .unload()
        .call("h", json!(null), fails(ErrorKind::InvalidArg, &["there is no handler 'h'"]))
        .eval("export default typeof left", gives(r#""undefined""#))
        .holds();
}

#[test]
fn endless_code_of_each_kind_is_stopped() {
    let endless = [
        "for (;;) try { for (;;); } catch {}",
        "const f = () => Promise.resolve().then(f); await f()",
        "for await (const x of (async function* () { for (;;) yield 1 })());",
        "export default { toJSON() { for (;;); } }",
        "throw { get message() { for (;;); } }",
        "/(a+)+$/.test('a'.repeat(50) + 'b')",
        "import { nothing } from 'host:test'; for (let i = 0; ; i++) if (i % 1e9 === 0) nothing()",
    ];
    endless
        .iter()
        .fold(Scenario::new(), |scenario, source| {
            scenario
                .eval_within(SHORT, source, fails(ErrorKind::Cancelled, &["wall clock"]).only_on_vms(STOPS))
                .unload()
                .eval("export default 1", gives("1"))
        })
        .holds();
}
