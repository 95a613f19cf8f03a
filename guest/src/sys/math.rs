//! C's mathematics: `libm` for the functions with series, instructions for what
//! the processor does exactly.
#![expect(unsafe_code, reason = "C calls these functions, and some are instructions")]

use core::arch::asm;

macro_rules! unary {
    ($($name:ident)*) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $name(x: f64) -> f64 {
            libm::$name(x)
        })*
    };
}

macro_rules! binary {
    ($($name:ident)*) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $name(x: f64, y: f64) -> f64 {
            libm::$name(x, y)
        })*
    };
}

unary!(acos acosh asin asinh atan atanh cbrt cos cosh exp expm1 fabs);
unary!(log log10 log1p log2 sin sinh sqrt tan tanh);
binary!(atan2 copysign hypot pow);

/// Rounding with the immediate of SSE4.1's `roundsd`; bit 3 keeps the inexact
/// flag as it is.
macro_rules! rounding {
    ($($name:ident = $mode:literal,)*) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $name(x: f64) -> f64 {
            let result: f64;
            // SAFETY: the instruction works on registers only. The image is
            // compiled for processors that have it.
            unsafe {
                asm!("roundsd {0}, {1}, {2}", out(xmm_reg) result, in(xmm_reg) x, const $mode,
                    options(pure, nomem, nostack, preserves_flags));
            }
            result
        })*
    };
}

rounding! {
    nearbyint = 0b1100,
    rint = 0b0100,
    floor = 0b1001,
    ceil = 0b1010,
    trunc = 0b1011,
}

/// To the nearest integer, halves away from zero. The addend is the largest
/// number below a half, so that the sum never reaches the next integer early.
#[unsafe(no_mangle)]
extern "C" fn round(x: f64) -> f64 {
    trunc(x + libm::copysign(0.499_999_999_999_999_94, x))
}

#[unsafe(no_mangle)]
#[expect(clippy::cast_possible_truncation, reason = "C leaves the result of what does not fit open")]
extern "C" fn lround(x: f64) -> i64 {
    round(x) as i64
}

#[unsafe(no_mangle)]
#[expect(clippy::cast_possible_truncation, reason = "C leaves the result of what does not fit open")]
extern "C" fn lrint(x: f64) -> i64 {
    rint(x) as i64
}

/// The remainder is exact, and `fprem` computes it up to 63 bits at a time,
/// where software takes one.
#[unsafe(no_mangle)]
extern "C" fn fmod(x: f64, y: f64) -> f64 {
    let mut value = x;
    // SAFETY: the operands are read from, and the result is stored to, live
    // variables; the x87 stack is empty before and after.
    unsafe {
        asm!(
            "fld qword ptr [{y}]",
            "fld qword ptr [{x}]",
            "2: fprem",
            "fnstsw ax",
            // C2: the reduction is not complete.
            "test ah, 4",
            "jnz 2b",
            "fstp qword ptr [{x}]",
            "fstp st(0)",
            x = in(reg) &raw mut value,
            y = in(reg) &raw const y,
            out("ax") _,
            out("st(0)") _, out("st(1)") _, out("st(2)") _, out("st(3)") _,
            out("st(4)") _, out("st(5)") _, out("st(6)") _, out("st(7)") _,
            options(nostack),
        );
    }
    value
}

#[unsafe(no_mangle)]
extern "C" fn scalbn(x: f64, exponent: i32) -> f64 {
    libm::scalbn(x, exponent)
}

#[unsafe(no_mangle)]
extern "C" fn ldexp(x: f64, exponent: i32) -> f64 {
    libm::ldexp(x, exponent)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn frexp(x: f64, exponent: *mut i32) -> f64 {
    let (fraction, power) = libm::frexp(x);
    // SAFETY: C's promise.
    unsafe { exponent.write(power) };
    fraction
}

#[unsafe(no_mangle)]
unsafe extern "C" fn modf(x: f64, whole: *mut f64) -> f64 {
    let (fraction, integer) = libm::modf(x);
    // SAFETY: C's promise.
    unsafe { whole.write(integer) };
    fraction
}
