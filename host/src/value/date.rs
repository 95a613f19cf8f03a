//! Dates, as JavaScript has them.

use super::token;
use hypercell_common::Tag;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The last millisecond that a `Date` can have, and the first one with `-`.
const LAST: f64 = 8.64e15;

/// A `Date`: milliseconds since 1970-01-01 in UTC.
///
/// It crosses as a `Date`. Other formats, such as `serde_json`, write the text that
/// `Date.prototype.toISOString` gives, `null` for an invalid date; and read such a text,
/// or a number of milliseconds.
///
/// ```
/// use hypercell::Date;
///
/// assert_eq!(Date(0.0).to_iso().as_deref(), Some("1970-01-01T00:00:00.000Z"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Date(
    /// Milliseconds; NaN for an invalid date. The guest drops fractions.
    pub f64,
);

impl Date {
    /// The text of `Date.prototype.toISOString`; `None` for what is invalid in the guest.
    #[must_use]
    pub fn to_iso(self) -> Option<String> {
        let millis = self.millis()?;
        let (days, time) = (millis.div_euclid(DAY), millis.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let year = match year {
            0..=9999 => format!("{year:04}"),
            year => format!("{year:+07}"),
        };
        let (hour, minute) = (time / HOUR, time % HOUR / MINUTE);
        let (second, milli) = (time % MINUTE / SECOND, time % SECOND);
        Some(format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"))
    }

    /// Reads the text of `Date.prototype.toISOString`.
    #[must_use]
    pub fn from_iso(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let at = date.len().checked_sub("-01-01".len())?;
        let (year, date) = date.split_at_checked(at)?;
        let year = match year.len() {
            4 if year.bytes().all(|b| b.is_ascii_digit()) => year.parse().ok()?,
            7 if year.starts_with(['+', '-']) => year.parse().ok()?,
            _ => return None,
        };
        let mut parts = date.strip_prefix('-')?.split('-').map(number);
        let (month, day) = (parts.next()??, parts.next()??);
        let mut parts = time.split([':', '.']).map(number);
        let (hour, minute, second, milli) = (parts.next()??, parts.next()??, parts.next()??, parts.next()??);
        let days = days(year, month, day);
        let millis = days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + milli;
        #[expect(clippy::cast_precision_loss, reason = "years have six digits")]
        let date = Self(millis as f64);
        // What is not as it would be written is not a date.
        (date.to_iso()? == text).then_some(date)
    }

    /// The same moment on the host's clock; `None` for an invalid date, and where the
    /// host's clock has no such moment.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let millis = self.millis()?;
        let distance = Duration::from_millis(millis.unsigned_abs());
        if millis < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }

    /// Whole milliseconds, as the guest takes them.
    #[expect(clippy::cast_possible_truncation, reason = "the bounds are below 2^53")]
    fn millis(self) -> Option<i64> {
        (self.0.abs() <= LAST).then_some(self.0 as i64)
    }
}

impl From<SystemTime> for Date {
    /// To the millisecond.
    #[expect(clippy::cast_precision_loss, reason = "what is beyond 2^53 is no valid date anyway")]
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self(since.as_millis() as f64),
            Err(before) => Self(-(before.duration().as_nanos().div_ceil(1_000_000) as f64)),
        }
    }
}

/// A number of three digits at most: whatever they are, the milliseconds do not overflow.
fn number(digits: &str) -> Option<i64> {
    let is_short = digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| digits.parse().ok())?
}

/// Days since 1970-01-01 of a date of the Gregorian calendar. Years start in March, so
/// that the leap day is the last one; see Howard Hinnant, "chrono-compatible low-level date
/// algorithms".
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of so many days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::name(Tag::Date), &self.to_iso())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DateVisitor;
        impl<'de> Visitor<'de> for DateVisitor {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a Date, its ISO text or its milliseconds since 1970")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Date, D::Error> {
                inner.deserialize_any(self)
            }

            fn visit_f64<E>(self, millis: f64) -> Result<Date, E> {
                Ok(Date(millis))
            }

            #[expect(clippy::cast_precision_loss, reason = "what is beyond 2^53 is no valid date anyway")]
            fn visit_i64<E>(self, millis: i64) -> Result<Date, E> {
                Ok(Date(millis as f64))
            }

            #[expect(clippy::cast_precision_loss, reason = "what is beyond 2^53 is no valid date anyway")]
            fn visit_u64<E>(self, millis: u64) -> Result<Date, E> {
                Ok(Date(millis as f64))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Date, E> {
                Date::from_iso(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_newtype_struct(token::name(Tag::Date), DateVisitor)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_javascript_writes_them() {
        for (millis, text) in [
            (0.0, "1970-01-01T00:00:00.000Z"),
            (-1.0, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000.0, "2000-02-29T00:00:00.000Z"),
            (1_234_567_890_123.0, "2009-02-13T23:31:30.123Z"),
            (253_402_300_800_000.0, "+010000-01-01T00:00:00.000Z"),
            (-62_198_755_200_000.0, "-000001-01-01T00:00:00.000Z"),
            (8.64e15, "+275760-09-13T00:00:00.000Z"),
            (-8.64e15, "-271821-04-20T00:00:00.000Z"),
        ] {
            assert_eq!(Date(millis).to_iso().unwrap(), text);
            assert_eq!(Date::from_iso(text), Some(Date(millis)));
        }
        assert_eq!(Date(1.9).to_iso(), Date(1.0).to_iso());
        for invalid in [f64::NAN, f64::INFINITY, 8.64e15 + 1.0] {
            assert_eq!(Date(invalid).to_iso(), None);
        }
    }

    #[test]
    fn what_javascript_does_not_write_is_no_date() {
        for text in [
            "",
            "Z",
            "T",
            "TZ",
            "1970-01-01",
            "1970-01-01T00:00:00.000",
            "1970-02-30T00:00:00.000Z",
            "1970-13-01T00:00:00.000Z",
            "1970-01-01T24:00:00.000Z",
            "+001970-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00.0000Z",
            "1970-01-01T00:00:00.000ZZ",
            "-000000-01-01T00:00:00.000Z",
            "1970-01-01T00:00:00.99999999999999999999Z",
            "ü970-01-01T00:00:00.000Z",
            "1970-01-01T9999999999999999:00:00.000Z",
            "1970-1-001T00:00:00.000Z",
        ] {
            assert_eq!(Date::from_iso(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_the_calendar_comes_back() {
        for day in (-100_000_000..=100_000_000).step_by(997) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }

    #[test]
    fn moments_of_the_hosts_clock_are_dates() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_234_567_890_123);
        assert_eq!(Date::from(moment).to_system_time(), Some(moment));
        let before = UNIX_EPOCH - Duration::from_micros(1500);
        assert_eq!(Date::from(before), Date(-2.0));
    }
}
