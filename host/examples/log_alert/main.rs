//! The main job: a user's code decides from log rows whether to alert.
//!
//! The user wrote `alert.js`, and nobody trusts it. It gets the rows of a log file,
//! and two host functions by which it remembers its last alert; it reaches nothing
//! else.

use hypercell::{Engine, HostModule, Limits};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::HashMap,
    error::Error,
    fs,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/log_alert");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    rows: Vec<Value>,
    now: &'a str,
    window_minutes: u32,
    threshold: f64,
}

#[derive(Deserialize)]
struct Decision {
    alert: bool,
    service: Option<String>,
    reason: String,
    rows: usize,
    suppressed: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    // What the user's code may remember, on the host: service -> time of its alert.
    let alerts = Arc::new(Mutex::new(HashMap::<String, String>::new()));
    let reader = Arc::clone(&alerts);
    let module = HostModule::new("alerts")
        .function("getLastAlert", move |service: String| {
            reader.lock().unwrap_or_else(PoisonError::into_inner).get(&service).cloned()
        })
        .function("setLastAlert", move |service: String, at: String| {
            alerts.lock().unwrap_or_else(PoisonError::into_inner).insert(service, at);
        });

    let limits = Limits::default().wall(Duration::from_secs(5)).cpu(Duration::from_secs(2));
    let mut sandbox = Engine::new()?.sandbox().limits(limits).host_module(module).build()?;
    sandbox.add_handler("alert", &fs::read_to_string(format!("{FOLDER}/alert.js"))?)?;
    let fresh = sandbox.snapshot()?;

    let log = fs::read_to_string(format!("{FOLDER}/service.log.jsonl"))?;
    let rows = log.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;

    // The second run finds the first one's alert, and keeps quiet.
    for now in ["2025-03-14T12:00:00.000Z", "2025-03-14T12:05:00.000Z"] {
        sandbox.restore(&fresh)?;
        let event = Event { rows: rows.clone(), now, window_minutes: 5, threshold: 0.2 };
        let decision: Decision = sandbox.call("alert", &event)?;
        let what = match &decision.service {
            Some(service) if decision.alert => format!("ALERT for {service}: {}", decision.reason),
            _ if !decision.suppressed.is_empty() => {
                format!("no new alert for {}: {}", decision.suppressed.join(", "), decision.reason)
            }
            _ => format!("no alert: {}", decision.reason),
        };
        let stats = sandbox.stats();
        println!(
            "{now}  {what}  ({} rows, {} host calls, {:.0?})",
            decision.rows, stats.host_calls, stats.wall
        );
    }
    Ok(())
}
