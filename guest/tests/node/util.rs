//! node:util: the results are those that Node.js gives.

use super::check;

#[test]
fn values_are_shown_as_the_console_shows_them() {
    check(&[
        (
            r#"return [util.inspect({ a: { b: { c: { d: 1 } } } }), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect('a'), util.inspect([1, , 2]), util.inspect(new Map([['k', new Set([1])]])), util.inspect({ [util.inspect.custom]: () => 'mine' })]"#,
            r#"["{ a: { b: { c: [Object] } } }","{ a: [Object] }","'a'","[ 1, <1 empty item>, 2 ]","Map(1) { 'k' => Set(1) { 1 } }","mine"]"#,
        ),
        (
            r#"return [util.format('%s is %d and %i, %j %o %%', 'x', 1.5, 2.7, { a: 1 }, [1]), util.format('a', 'b', 3), util.format(1, 'a'), util.format('%s')]"#,
            r#"["x is 1.5 and 2, {\"a\":1} [ 1, [length]: 1 ] %","a b 3","1 a","%s"]"#,
        ),
    ]);
}

#[test]
fn functions_change_between_callbacks_and_promises() {
    check(&[
        (
            r#"const f = util.promisify((a, cb) => cb(null, a + 1)); const g = util.promisify(cb => cb(new Error('no'))); return [await f(1), await g().catch(e => e.message), await util.promisify(setTimeout)(1, 'late')]"#,
            r#"[2,"no","late"]"#,
        ),
        (
            r#"const f = util.callbackify(async a => a + 1); const g = util.callbackify(async () => { throw null }); return [await new Promise(r => f(1, (...args) => r(args))), await new Promise(r => g(e => r([e.code, e.reason])))]"#,
            r#"[[null,2],["ERR_FALSY_VALUE_REJECTION",null]]"#,
        ),
        (
            r#"return [util.isDeepStrictEqual({ a: [1, new Map([[{ k: 1 }, 2]])] }, { a: [1, new Map([[{ k: 1 }, 2]])] }), util.isDeepStrictEqual([1], ['1']), util.isDeepStrictEqual(new Set([{ a: 1 }]), new Set([{ a: 2 }])), util.isDeepStrictEqual(NaN, NaN), util.isDeepStrictEqual(0, -0), util.isDeepStrictEqual(new Date(1), new Date(1))]"#,
            r#"[true,false,false,true,false,true]"#,
        ),
        (
            r#"const { types } = util; return [types.isDate(new Date()), types.isProxy(new Proxy({}, {})), types.isPromise({ then() {} }), types.isMap(new Map()), types.isRegExp(/a/), types.isAsyncFunction(async () => {}), types.isGeneratorFunction(function* () {}), types.isTypedArray(new Uint8Array()), types.isUint8Array(Buffer.from('')), types.isBoxedPrimitive(Object(1)), types.isNativeError(new TypeError()), types.isArgumentsObject((function () { return arguments })()), types.isSetIterator(new Set().values()), types.isDate({ __proto__: Date.prototype })]"#,
            r#"[true,true,false,true,true,true,true,true,true,true,true,true,true,false]"#,
        ),
        (
            r#"return [util.parseArgs({ args: ['-f', '--bar', 'b', '--', 'x'], options: { foo: { type: 'boolean', short: 'f' }, bar: { type: 'string' } }, allowPositionals: true }), util.parseArgs({ args: ['-abv1', '--m=1', '--m=2', 'p'], options: { a: { type: 'boolean', short: 'a' }, b: { type: 'boolean', short: 'b' }, v: { type: 'string', short: 'v' }, m: { type: 'string', multiple: true } }, allowPositionals: true })]"#,
            r#"[{"values":{"foo":true,"bar":"b"},"positionals":["x"]},{"values":{"a":true,"b":true,"v":"1","m":["1","2"]},"positionals":["p"]}]"#,
        ),
        (
            r#"try { util.parseArgs({ args: ['--x'], options: {} }) } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["TypeError","ERR_PARSE_ARGS_UNKNOWN_OPTION","Unknown option '--x'"]"#,
        ),
        (
            r#"return [util.stripVTControlCharacters('\u001b[31mred\u001b[39m'), util.styleText('red', 'x'), util.toUSVString('\ud800'), util.getSystemErrorName(-2)]"#,
            r#"["red","x","�","ENOENT"]"#,
        ),
    ]);
}
