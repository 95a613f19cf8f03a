//! Numbers are doubles, computed, read and written alike to the last bit.

use crate::scenario::{Scenario, gives, succeeds, throws_with};
use serde_json::json;

#[test]
fn numbers_in_json_are_read_and_written_as_javascript_does() {
    let cases = [
        ("-0", "0"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("1E3", "1000"),
        ("9007199254740992", "9007199254740992"),
        ("9007199254740993", "9007199254740992"),
        ("-9007199254740993", "-9007199254740992"),
        ("18446744073709551615", "18446744073709552000"),
        ("123456789012345680000", "123456789012345680000"),
        ("1e21", "1e+21"),
        ("1e23", "1e+23"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("1e-7", "1e-7"),
        ("0.000001", "0.000001"),
        ("5e-324", "5e-324"),
        ("2.4703282292062327e-324", "0"),
        ("2.4703282292062328e-324", "5e-324"),
        ("2.2250738585072011e-308", "2.225073858507201e-308"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("1.7976931348623159e308", "null"),
        ("9007199254740992.99999999999999999999999", "9007199254740992"),
        ("1e-400", "0"),
        ("1e400", "null"),
    ];
    cases
        .iter()
        .fold(Scenario::new().handler("echo", "const handler = n => n"), |scenario, (given, expected)| {
            scenario.call_json("echo", given, gives(expected))
        })
        .holds();
}

#[test]
fn what_is_not_finite_becomes_null_and_negative_zero_zero() {
    Scenario::new()
        .handler("zero", "const handler = () => [NaN, Infinity, -Infinity, -0, -1e-400]")
        .call_json("zero", "null", gives("[null,null,null,0,0]"))
        .handler("sign", "const handler = n => Object.is(n, -0)")
        .call_json("sign", "-0", gives("true"))
        .call_json("sign", "0", gives("false"))
        .holds();
}

#[test]
fn integers_of_all_sizes_cross() {
    Scenario::new()
        .handler("echo", "const handler = n => [n, n + 1, typeof n]")
        .call("echo", json!(2_147_483_647), gives(r#"[2147483647,2147483648,"number"]"#))
        .call("echo", json!(-2_147_483_649_i64), gives(r#"[-2147483649,-2147483648,"number"]"#))
        .call(
            "echo",
            json!(9_007_199_254_740_992_u64),
            gives(r#"[9007199254740992,9007199254740992,"number"]"#),
        )
        .call("echo", json!(u64::MAX), gives(r#"[1.8446744073709552e+19,1.8446744073709552e+19,"number"]"#))
        .holds();
}

#[test]
fn arithmetic_is_exact_to_the_last_bit() {
    Scenario::new()
        .expressions(&[
            ("0.1 + 0.2", "0.30000000000000004"),
            (
                "[5 % 3, -5 % 3, 5.5 % -2, 1e308 % 3, Object.is(-4 % 2, -0), 5 % Infinity]",
                "[2,-2,1.5,2,true,5]",
            ),
            (
                "[1, -1, 2 ** 31, 2 ** 32, 2 ** 53 + 2, NaN, 1e20].map(n => n | 0)",
                "[1,-1,-2147483648,0,2,0,1661992960]",
            ),
            ("[-1 >>> 0, 1 << 31, -9 >> 1, 2 ** 40 >>> 3]", "[4294967295,-2147483648,-5,0]"),
            (
                "[Math.sqrt(2), Math.fround(0.1), Math.hypot(3, 4), Math.imul(0xffffffff, 5), Math.clz32(1)]",
                "[1.4142135623730951,0.10000000149011612,5,-5,31]",
            ),
            (
                "[2.5, -2.5, 0.49999999999999994, -0.5, 2 ** 52 + 0.5].map(Math.round)",
                "[3,-2,0,0,4503599627370496]",
            ),
            (
                "[-1.5, 1.5, -0.5].flatMap(n => [Math.floor(n), Math.ceil(n), Math.trunc(n)])",
                "[-2,-1,-1,1,2,1,-1,0,0]",
            ),
            (
                "[2 ** 0.5 === Math.SQRT2, (-8) ** (1 / 3), 10 ** 308, 2 ** -1074, 0 ** 0]",
                "[true,NaN,1e+308,5e-324,1]",
            ),
            ("[Math.max(), Math.min(1, NaN), Math.sign(-3), Math.abs(-0)]", "[-Infinity,NaN,-1,0]"),
        ])
        .holds();
}

/// Two good libraries may differ in the last place: the sixteenth digit is left out.
#[test]
fn functions_with_series_agree_to_fifteen_digits() {
    Scenario::new()
        .eval(
            "const functions = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'atanh', 'exp', 'expm1', 'log1p', 'cbrt'];
             export default functions.map(name => [0, 0.5, -0.25, 1e-10].map(x => Math[name](x).toPrecision(15)).join(' '))",
            succeeds(),
        )
        .eval("export default [Math.log(10), Math.log2(10), Math.log10(2), Math.atan2(1, -2), Math.pow(1.1, 10.5), Math.exp(-20), Math.cosh(20)].map(n => n.toPrecision(15))", gives(r#"["2.30258509299405","3.32192809488736","0.301029995663981","2.67794504458899","2.72034004202750","2.06115362243856e-9","242582597.704895"]"#))
        .holds();
}

#[test]
fn numbers_as_text_have_the_right_digits() {
    Scenario::new()
        .expressions(&[
            ("[0.1, 1e21, 1e-7, -0, 123456789.123, 5e-324, 2 ** 53].map(String)", r#"["0.1","1e+21","1e-7","0","123456789.123","5e-324","9007199254740992"]"#),
            ("[(0.5).toFixed(0), (1.005).toFixed(2), (1e21).toFixed(2), (25).toExponential(0), (0.00001).toPrecision(1)]", r#"["1","1.00","1e+21","3e+1","0.00001"]"#),
            ("[(255).toString(16), (0.5).toString(2), (-255).toString(36), (1e6).toString(7)]", r#"["ff","0.1","-73","11333311"]"#),
            ("[parseFloat('3.14abc'), parseFloat('.5e1'), parseInt('0x1f'), parseInt('12', 3), Number('  12  '), Number('1_0'), Number('')]", "[3.14,5,31,5,12,NaN,0]"),
            ("[Number('0b101'), Number('0o17'), Number('1e1000') === Infinity, Number('-')]", "[5,15,true,NaN]"),
            ("[(12345.678).toLocaleString(), 0.000001234.toString(), 1e20.toFixed(0).length]", r#"["12345.678","0.000001234",21]"#),
        ])
        .holds();
}

#[test]
fn big_integers_compute_exactly() {
    Scenario::new()
        .expressions(&[
            ("String(2n ** 200n)", r#""1606938044258990275541962092341162602522202993782792835301376""#),
            ("String(-(7n ** 30n) / 3n)", r#""-7513113430230752695954416""#),
            (
                "[String(BigInt.asIntN(8, 255n)), String(BigInt('0xff')), 1n < 2, 2n == 2]",
                r#"["-1","255",true,true]"#,
            ),
            ("String((10n ** 50n + 1n) % 97n)", r#""95""#),
        ])
        .expression("1n + 1", throws_with(&["TypeError"]))
        .expression("1n / 0n", throws_with(&["RangeError"]))
        .expression("BigInt(1.5)", throws_with(&["RangeError"]))
        .expression("Math.max(1n)", throws_with(&["TypeError"]))
        .holds();
}
