//! node:assert: the results are those that Node.js gives.

use super::check;

#[test]
fn assertions_hold_or_throw() {
    check(&[
        (
            r#"assert(true); assert.ok(1); assert.equal(1, '1'); assert.strictEqual(NaN, NaN); assert.deepEqual({ a: 1 }, { a: '1' }); assert.deepStrictEqual([new Set([1])], [new Set([1])]); assert.notStrictEqual(1, 2); assert.match('abc', /b/); assert.ifError(null); return 'held'"#,
            r#""held""#,
        ),
        (
            r#"const fails = (f) => { try { f(); return 'held' } catch (e) { return [e.name, e.code, e.operator, e.generatedMessage] } }; return [fails(() => assert.equal(1, 2)), fails(() => assert.strictEqual(1, 2)), fails(() => assert.deepStrictEqual({ a: 1 }, { a: '1' })), fails(() => assert.notDeepEqual([1], [1])), fails(() => assert.fail()), fails(() => assert.match('a', /b/)), fails(() => assert.ifError(new Error('x'))), fails(() => assert.strict.equal(1, '1'))]"#,
            r#"[["AssertionError","ERR_ASSERTION","==",true],["AssertionError","ERR_ASSERTION","strictEqual",true],["AssertionError","ERR_ASSERTION","deepStrictEqual",true],["AssertionError","ERR_ASSERTION","notDeepEqual",true],["AssertionError","ERR_ASSERTION","fail",true],["AssertionError","ERR_ASSERTION","match",true],["AssertionError","ERR_ASSERTION","ifError",false],["AssertionError","ERR_ASSERTION","strictEqual",true]]"#,
        ),
        (
            r#"const message = (f) => { try { f() } catch (e) { return e.message } }; return [message(() => assert.equal(1, 2)), message(() => assert.strictEqual(1, 2)), message(() => assert.ok(0, 'mine')), message(() => assert.fail('boom')), message(() => assert.throws(() => {})), message(() => assert.throws(() => {}, TypeError)), message(() => assert.ifError(new Error('x'))), message(() => assert.notStrictEqual(1, 1))]"#,
            r#"["1 == 2","Expected values to be strictly equal:\n\n1 !== 2\n","mine","boom","Missing expected exception.","Missing expected exception (TypeError).","ifError got unwanted exception: x","Expected \"actual\" to be strictly unequal to: 1"]"#,
        ),
        (
            r#"assert.throws(() => { throw new TypeError('bad') }, TypeError); assert.throws(() => { throw new TypeError('bad') }, /bad/); assert.throws(() => { throw new TypeError('bad') }, { name: 'TypeError', message: 'bad' }); assert.throws(() => { throw new TypeError('bad') }, e => e.message === 'bad'); assert.doesNotThrow(() => {}); await assert.rejects(Promise.reject(new Error('r')), /r/); await assert.doesNotReject(async () => {}); return 'held'"#,
            r#""held""#,
        ),
        (
            r#"try { assert.throws(() => { throw new Error('a') }, { message: 'b' }) } catch (e) { return [e.name, e.code] }"#,
            r#"["AssertionError","ERR_ASSERTION"]"#,
        ),
        (
            r#"try { assert.throws(() => { throw new Error('a') }, TypeError) } catch (e) { return [e.name, e.message.split('\n')[0]] }"#,
            r#"["AssertionError","The error is expected to be an instance of \"TypeError\". Received \"Error\""]"#,
        ),
        (
            r#"const a = {}; a.self = a; const b = {}; b.self = b; assert.deepStrictEqual(a, b); assert.notDeepStrictEqual(Object.create(null), {}); assert.notDeepStrictEqual([1, , 2], [1, undefined, 2]); return 'held'"#,
            r#""held""#,
        ),
    ]);
}
