//! Threads that share an engine and its snapshots never meet each other's state: not in
//! the machines that sandboxes leave behind, nor in those that were killed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, Sandbox, Snapshot};
use hypercell_tests::{engine, fails};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::HashSet, sync::Mutex, thread, time::Duration};

const THREADS: u64 = 8;
const ROUNDS: usize = 60;

/// Adds to its module's state, which starts at `START`; may spin or fill its heap.
const HANDLER: &str = "
    let n = START;
    export function handler({ add, spin, fill }) {
        while (spin);
        n += add;
        globalThis.kept = new Array(fill).fill(n);
        return { n, random: Math.random() };
    }
";

#[derive(Debug, Deserialize)]
struct Answer {
    n: u64,
    random: f64,
}

/// A snapshot whose sandboxes start to count at `start`.
fn counting_from(start: u64) -> Option<(u64, Snapshot)> {
    let mut sandbox = engine()?.sandbox().build().unwrap();
    sandbox.add_handler("count", &HANDLER.replace("START", &start.to_string())).unwrap();
    Some((start, sandbox.snapshot().unwrap()))
}

fn count(sandbox: &mut Sandbox, fill: u64) -> Answer {
    sandbox.call("count", &json!({ "add": 5, "fill": fill })).unwrap()
}

/// Knuth's MMIX generator: each thread does the same in every run.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[test]
fn threads_that_share_an_engine_never_meet_each_others_state() {
    let (Some(low), Some(high)) = (counting_from(0), counting_from(1000)) else { return };
    let snapshots = [low, high];
    let drawn = Mutex::new(HashSet::new());
    let is_fresh = |sandbox: &mut Sandbox, start: u64| {
        let answer = count(sandbox, 0);
        assert_eq!(answer.n, start + 5);
        assert!(drawn.lock().unwrap().insert(answer.random.to_bits()), "a random number came twice");
    };

    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (snapshots, is_fresh) = (&snapshots, &is_fresh);
            scope.spawn(move || {
                let mut seed = thread;
                let mut own = snapshots.first().unwrap().1.spawn().unwrap();
                for _ in 0..ROUNDS {
                    let (start, snapshot) =
                        snapshots.get(usize::from(next(&mut seed).is_multiple_of(2))).unwrap();
                    match next(&mut seed) % 4 {
                        0 => is_fresh(&mut snapshot.spawn().unwrap(), *start),
                        1 => {
                            let mut sandbox = snapshot.spawn().unwrap();
                            count(&mut sandbox, next(&mut seed) % 300_000);
                            sandbox.restore(snapshot).unwrap();
                            is_fresh(&mut sandbox, *start);
                        }
                        2 => {
                            // Dropped as it is: the next sandbox may get its machine.
                            let options = CallOptions::new().wall(Duration::from_millis(2));
                            let event = json!({ "add": 1, "fill": 0, "spin": true });
                            let stopped =
                                snapshot.spawn().unwrap().call_with::<Value>("count", &event, &options);
                            fails(stopped, ErrorKind::Cancelled);
                        }
                        _ => {
                            own.restore(snapshot).unwrap();
                            is_fresh(&mut own, *start);
                        }
                    }
                }
            });
        }
    });
}
