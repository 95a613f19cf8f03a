//! Clocks. There is one, the host's at the last entry plus what the time stamp
//! counter says went by since; the guest's time zone is UTC.

use crate::sys::machine::control;

#[repr(C)]
struct Timeval {
    seconds: i64,
    microseconds: i64,
}

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

/// C's `struct tm` of x86-64 Linux. QuickJS reads the offset only.
#[repr(C)]
struct Tm {
    fields: [i32; 9],
    offset_seconds: i64,
    zone: *const u8,
}

const _: () = assert!(size_of::<Tm>() == 56);

const NANOSECONDS: u64 = 1_000_000_000;

/// Nanoseconds since the Unix epoch.
pub(crate) fn now() -> u64 {
    let ticks = control::ticks().saturating_sub(control::wall_tsc());
    // Whole milliseconds first: the product of the rest does not overflow.
    let khz = control::tsc_khz();
    let since = match (ticks.checked_div(khz), ticks.checked_rem(khz)) {
        (Some(milliseconds), Some(rest)) => {
            milliseconds.saturating_mul(1_000_000).saturating_add(rest.saturating_mul(1_000_000) / khz)
        }
        _ => 0,
    };
    control::wall_us().saturating_mul(1000).saturating_add(since)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(_clock: i32, time: *mut Timespec) -> i32 {
    let now = now();
    let time_now = Timespec {
        seconds: (now / NANOSECONDS).cast_signed(),
        nanoseconds: (now % NANOSECONDS).cast_signed(),
    };
    // SAFETY: C's promise.
    unsafe { time.write(time_now) };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn gettimeofday(time: *mut Timeval, _zone: *mut u8) -> i32 {
    let now = now();
    let time_now = Timeval {
        seconds: (now / NANOSECONDS).cast_signed(),
        microseconds: (now % NANOSECONDS / 1000).cast_signed(),
    };
    // SAFETY: C's promise.
    unsafe { time.write(time_now) };
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn localtime_r(_time: *const i64, local: *mut Tm) -> *mut Tm {
    // SAFETY: C's promise.
    unsafe { local.write(Tm { fields: [0; 9], offset_seconds: 0, zone: c"UTC".as_ptr().cast() }) };
    local
}
