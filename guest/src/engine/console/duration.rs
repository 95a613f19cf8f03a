//! Times as people read them.

use alloc::{format, string::String};

const SECOND: f64 = 1000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;

/// A duration in milliseconds: `1.5ms`, `2.250s`, `1:02.003 (m:ss.mmm)`,
/// `1:00:02.003 (h:mm:ss.mmm)`. One below zero, from a clock that was set back, is zero.
pub(super) fn duration(milliseconds: f64) -> String {
    let milliseconds = milliseconds.max(0.0);
    // Rounding must not give 60 seconds.
    let whole = libm::floor(milliseconds + 0.5);
    if milliseconds < SECOND {
        let rounded = libm::floor(milliseconds * 1000.0 + 0.5) / 1000.0;
        return format!("{}ms", ryu_js::Buffer::new().format(rounded));
    }
    if whole < MINUTE {
        return format!("{:.3}s", milliseconds / SECOND);
    }
    let seconds = whole % MINUTE / SECOND;
    let minutes = libm::floor(whole / MINUTE);
    if whole < HOUR {
        return format!("{minutes}:{seconds:06.3} (m:ss.mmm)");
    }
    let hours = libm::floor(whole / HOUR);
    format!("{hours}:{:02}:{seconds:06.3} (h:mm:ss.mmm)", libm::floor(whole % HOUR / MINUTE))
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn each_size_has_its_unit() {
        for (milliseconds, text) in [
            (-1.0, "0ms"),
            (0.0, "0ms"),
            (0.12345, "0.123ms"),
            (999.5, "999.5ms"),
            (1000.0, "1.000s"),
            (59_999.4, "59.999s"),
            (59_999.9, "1:00.000 (m:ss.mmm)"),
            (62_003.0, "1:02.003 (m:ss.mmm)"),
            (3_599_999.0, "59:59.999 (m:ss.mmm)"),
            (3_602_003.0, "1:00:02.003 (h:mm:ss.mmm)"),
            (90_000_000.0, "25:00:00.000 (h:mm:ss.mmm)"),
        ] {
            assert_eq!(duration(milliseconds), text);
        }
    }
}
