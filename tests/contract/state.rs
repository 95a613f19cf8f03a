//! What lives between calls, and what a restore and an unload take back.

use crate::scenario::{Scenario, fails, gives, gives_nothing, succeeds, throws_with};
use hypercell::ErrorKind;
use serde_json::json;

const COUNT: &str = "let n = 0; const handler = () => ++n";

#[test]
fn pollution_of_prototypes_lasts_until_a_restore() {
    Scenario::new()
        .handler(
            "h",
            "const handler = list => [JSON.stringify(list.map(n => Math.max(n, 2))), ({}).polluted ?? null]",
        )
        .snapshot()
        .call("h", json!([1, 2, 3]), gives(r#"["[2,2,3]",null]"#))
        .eval(
            "JSON.stringify = () => 'patched'; Object.prototype.polluted = 1; Math.max = () => 9",
            gives_nothing(),
        )
        .call("h", json!([1, 2, 3]), gives(r#"["patched",1]"#))
        .eval(
            "export default [typeof ({}).polluted, Object.keys(Object.prototype)]",
            gives(r#"["number",["polluted"]]"#),
        )
        .restore(0)
        .call("h", json!([1, 2, 3]), gives(r#"["[2,2,3]",null]"#))
        .holds();
}

#[test]
fn a_restore_is_as_if_nothing_happened_since() {
    Scenario::new()
        .handler("count", COUNT)
        .call("count", json!(null), gives("1"))
        .snapshot()
        .call("count", json!(null), gives("2"))
        .handler("new", COUNT)
        .module("user:new", "export default 1")
        .script("var variable = 1; let lexical = 2; 0", gives("0"))
        .restore(0)
        .call("count", json!(null), gives("2"))
        .call("new", json!(null), fails(ErrorKind::InvalidArg, &["there is no handler 'new'"]))
        .eval("import 'user:new'", throws_with(&["cannot find module 'user:new'"]))
        .script("[typeof variable, typeof lexical]", gives(r#"["undefined","undefined"]"#))
        .restore(0)
        .call("count", json!(null), gives("2"))
        .holds();
}

#[test]
fn older_and_newer_snapshots_can_be_returned_to_in_any_order() {
    Scenario::new()
        .handler("count", COUNT)
        .snapshot()
        .call("count", json!(null), gives("1"))
        .snapshot()
        .call("count", json!(null), gives("2"))
        .snapshot()
        .restore(0)
        .call("count", json!(null), gives("1"))
        .restore(2)
        .call("count", json!(null), gives("3"))
        .restore(1)
        .call("count", json!(null), gives("2"))
        .restore(1)
        .snapshot()
        .call("count", json!(null), gives("2"))
        .restore(3)
        .call("count", json!(null), gives("2"))
        .holds();
}

#[test]
fn everything_of_the_realm_is_part_of_a_snapshot() {
    Scenario::new()
        .module("user:state", "export const seen = []")
        .module("user:unused", "export default 'unused'")
        .handler("see", "import { seen } from 'user:state'; const handler = x => (seen.push(x), seen)")
        .script("g = 'global'; let lexical = 'lexical'; var waits; new Promise(r => { waits = r }).then(v => { g = v }); 0", succeeds())
        .call("see", json!("before"), gives(r#"["before"]"#))
        .snapshot()
        .call("see", json!("after"), gives(r#"["before","after"]"#))
        .remove_handler("see")
        .script("delete g; lexical = null; 0", succeeds())
        .restore(0)
        .call("see", json!("again"), gives(r#"["before","again"]"#))
        .script("[g, lexical]", gives(r#"["global","lexical"]"#))
        .script("waits('resolved'); 0", gives("0"))
        .script("g", gives(r#""resolved""#))
        .eval("export { default } from 'user:unused'", gives(r#""unused""#))
        .holds();
}

#[test]
fn unload_forgets_everything_but_the_host_functions() {
    Scenario::new()
        .module("user:m", "export const m = 1")
        .handler("h", "import { m } from 'user:m'; globalThis.left = m; const handler = () => m")
        .snapshot()
        .unload()
        .call("h", json!(null), fails(ErrorKind::InvalidArg, &["there is no handler 'h'"]))
        .eval("import 'user:m'", throws_with(&["cannot find module 'user:m'"]))
        .eval(
            "import { add } from 'host:test'; export default [add(1, 1), typeof left]",
            gives(r#"[2,"undefined"]"#),
        )
        .module("user:m", "export const m = 2")
        .handler("h", "import { m } from 'user:m'; const handler = () => m")
        .call("h", json!(null), gives("2"))
        .restore(0)
        .call("h", json!(null), gives("1"))
        .holds();
}

#[test]
fn the_state_of_the_host_is_not_rolled_back() {
    Scenario::new()
        .handler("h", "import { next } from 'host:test'; let n = 0; const handler = () => [++n, next()]")
        .snapshot()
        .call("h", json!(null), gives("[1,1]"))
        .call("h", json!(null), gives("[2,2]"))
        .restore(0)
        .call("h", json!(null), gives("[1,3]"))
        .holds();
}

#[test]
fn clocks_go_forward_and_random_numbers_differ() {
    let draw = "const drawn = Array.from({ length: 100 }, Math.random);
                globalThis.all ??= [];
                all.push(...drawn);
                export default [drawn.every(n => 0 <= n && n < 1), new Set(all).size === all.length]";
    Scenario::new()
        .handler(
            "clock",
            "let last = 0, lastNow = -1;
             const handler = () => {
                 const dates = [Date.now(), new Date().getTime(), Date.now()], nows = [performance.now(), performance.now()];
                 const right = [last, ...dates].every((n, i, all) => i === 0 || all[i - 1] <= n) && [lastNow, ...nows].every((n, i, all) => i === 0 || all[i - 1] <= n);
                 last = dates[2]; lastNow = nows[1];
                 return [right, Number.isInteger(last), last > 1.7e12, typeof performance.timeOrigin];
             }",
        )
        .call("clock", json!(null), gives(r#"[true,true,true,"number"]"#))
        .call("clock", json!(null), gives(r#"[true,true,true,"number"]"#))
        .eval(draw, gives("[true,true]"))
        .eval(draw, gives("[true,true]"))
        .eval("export default [new Date(2024, 0, 1).getTimezoneOffset(), new Date(0).toString()]", gives(r#"[0,"Thu Jan 01 1970 00:00:00 GMT+0000"]"#).only_on_vms("a native engine lives in the time zone of its process"))
        .holds();
}
