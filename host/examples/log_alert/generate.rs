//! Writes the service log that the `log_alert` example reads: four quiet hours of one shop, with an outage of
//! `payments` from 10:20 to 10:45 and its recovery. The same rows every time:
//!
//! ```text
//! cargo run --example log_alert_generate -- host/examples/log_alert/service.log.jsonl
//! ```

use std::io::{self, BufWriter, Write};
use std::{env, fs::File, ops::Range};

const ROWS: u64 = 12_000;
const MILLIS_PER_ROW: u64 = 1_200;
const MINUTES_AT_START: u64 = 8 * 60;
const OUTAGE_MINUTES: Range<u64> = 10 * 60 + 20..10 * 60 + 45;
const RECOVERY_MINUTES: u64 = 15;

/// Knuth's MMIX generator. The low bits have short periods, so the high ones are used.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// The outage starts at once; afterwards the failures fade out.
fn payments_failures_per_mille(minute: u64) -> u64 {
    const USUAL: u64 = 6;
    if OUTAGE_MINUTES.contains(&minute) {
        620
    } else if minute < OUTAGE_MINUTES.start {
        USUAL
    } else {
        let recovery_left = RECOVERY_MINUTES.saturating_sub(minute - OUTAGE_MINUTES.end);
        USUAL + 250 * recovery_left / RECOVERY_MINUTES
    }
}

fn write_row(log: &mut impl Write, number: u64, random: &mut Random) -> io::Result<()> {
    let millis = MINUTES_AT_START * 60_000 + number * MILLIS_PER_ROW + random.below(MILLIS_PER_ROW);
    let (minute, second) = (millis / 60_000, millis / 1_000 % 60);
    // `reports` often fails but is seldom called: an alert on it would be noise.
    let (service, route, usual_latency_ms, failures_per_mille) = match random.below(100) {
        0..40 => ("catalog", "GET /products/{id}", 18, 3),
        40..64 => ("cart", "POST /cart/items", 25, 4),
        64..86 => ("payments", "POST /payments", 120, payments_failures_per_mille(minute)),
        86..99 => ("accounts", "GET /accounts/me", 15, 2),
        _ => ("reports", "GET /reports/daily", 900, 300),
    };
    let latency = usual_latency_ms + random.below(usual_latency_ms);
    let failed = random.below(1000) < failures_per_mille;
    let (level, status, latency, message) = match (failed, random.below(40)) {
        (true, 0..25) => ("error", 503, latency + 2_000, "upstream did not answer"),
        (true, _) => ("error", 500, latency * 3, "unhandled exception in request"),
        (false, 0) => ("warn", 404, latency, "not found"),
        (false, 1) => ("warn", 200, latency * 5, "slow request"),
        (false, _) => ("info", 200, latency, "ok"),
    };
    let time = format!("{:02}:{:02}:{second:02}.{:03}", minute / 60, minute % 60, millis % 1_000);
    let request_id = format!("{:08x}{number:04x}", random.below(1 << 31));
    writeln!(
        log,
        concat!(
            r#"{{"ts":"2025-03-14T{}Z","level":"{}","service":"{}","route":"{}","status":{},"#,
            r#""latency_ms":{},"message":"{}","request_id":"{}"}}"#,
        ),
        time, level, service, route, status, latency, message, request_id,
    )
}

fn main() -> io::Result<()> {
    let usage = "usage: log_alert_generate PATH";
    let path = env::args_os().nth(1).ok_or_else(|| io::Error::other(usage))?;
    let mut log = BufWriter::new(File::create(path)?);
    let mut random = Random(14_032_025);
    (0..ROWS).try_for_each(|number| write_row(&mut log, number, &mut random))?;
    log.flush()
}
