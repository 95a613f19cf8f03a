//! Host functions: typed, failing, binary, and raw JSON. Guest code reaches these
//! and nothing else.

use hypercell::{Bytes, Engine, HostError, HostModule};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Mutex};

#[derive(Serialize, Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

const HANDLER: &str = r#"
    import { distance, checksum, stringify } from "host:tools";
    import * as store from "host:store";

    function handler(event) {
        store.put("last", event);
        let missing;
        try {
            store.get("nothing");
        } catch (error) {
            missing = `${error.name}: ${error.message} (${error.code})`;
        }
        return {
            distance: distance({ x: 0, y: 0 }, event),
            checksum: checksum(new Uint8Array([1, 2, 3, 4])),
            stored: store.get("last"),
            arguments: stringify("any", ["JSON", 1]),
            missing,
        };
    }
"#;

fn main() -> hypercell::Result<()> {
    let tools = HostModule::new("tools")
        .function("distance", |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y))
        .function("checksum", |data: Bytes| data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)))
        .raw_function("stringify", |arguments| Ok(Value::from(arguments).to_string()));

    // State of the host lives in the closures, and is not rolled back by a restore.
    let data = std::sync::Arc::new(Mutex::new(HashMap::<String, Value>::new()));
    let reader = std::sync::Arc::clone(&data);
    let store = HostModule::new("store")
        .function("put", move |key: String, value: Value| {
            data.lock()
                .map(|mut data| drop(data.insert(key, value)))
                .map_err(|e| HostError::new(e.to_string()))
        })
        .function("get", move |key: String| {
            let data = reader.lock().map_err(|e| HostError::new(e.to_string()))?;
            let missing = || HostError::new(format!("no value for {key:?}")).with_code("ERR_NOT_FOUND");
            data.get(&key).cloned().ok_or_else(missing)
        });

    let mut sandbox = Engine::new()?.sandbox().host_module(tools).host_module(store).build()?;
    sandbox.add_handler("main", HANDLER)?;

    let result: Value = sandbox.call("main", &json!({ "x": 3, "y": 4 }))?;

    println!("{result:#}");
    println!("{} host calls", sandbox.stats().host_calls);
    Ok(())
}
