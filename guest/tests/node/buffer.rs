//! node:buffer: the results are those that Node.js gives.

use super::check;

#[test]
fn text_becomes_bytes_and_back_in_every_encoding() {
    check(&[
        (
            r#"return ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'utf16le', 'ucs2', 'binary'].map(e => Buffer.from('h€llo ✓ 😀').toString(e))"#,
            r#"["h€llo ✓ 😀","68e282ac6c6c6f20e29c9320f09f9880","aOKCrGxsbyDinJMg8J+YgA==","aOKCrGxsbyDinJMg8J-YgA","hâ¬llo â ð","hb\u0002,llo b\u001c\u0013 p\u001f\u0018\u0000","겂汬⁯鳢ₓ鿰肘","겂汬⁯鳢ₓ鿰肘","hâ¬llo â ð"]"#,
        ),
        (
            r#"return [Buffer.from('68656c6c6fzz', 'hex'), Buffer.from('aGVs bG8', 'base64'), Buffer.from('-_-_', 'base64url'), Buffer.from('é€', 'latin1'), Buffer.from('hé', 'utf16le'), Buffer.from('abc', 'hex'), Buffer.from('YQ==YQ==', 'base64')].map(b => b.toString('hex'))"#,
            r#"["68656c6c6f","68656c6c6f","fbffbf","e9ac","6800e900","ab","61"]"#,
        ),
        (
            r#"return [Buffer.from([0xff, 0xc3, 0x28, 0xe2, 0x82]).toString(), Buffer.from([0xef, 0xbb, 0xbf, 0x41]).toString().length, Buffer.byteLength('€'), Buffer.byteLength('YWI=', 'base64'), Buffer.byteLength('abc', 'utf16le')]"#,
            r#"["��(�",2,3,2,6]"#,
        ),
        (
            r#"const b = Buffer.alloc(5); return [b.write('€€'), b.toString('hex'), b.write('zz', 3), b.write('abcd', 1, 2, 'latin1'), b.toString('latin1')]"#,
            r#"[3,"e282ac0000",2,2,"âabzz"]"#,
        ),
        (
            r#"return [Buffer.isEncoding('UTF-8'), Buffer.isEncoding('nope'), Buffer.from('abc').toString('utf8', 1, 2), Buffer.from('abc').toString('hex', 1)]"#,
            r#"[true,false,"b","6263"]"#,
        ),
    ]);
}

#[test]
fn buffers_are_made_compared_and_searched() {
    check(&[
        (
            r#"return [Buffer.concat([Buffer.from('ab'), Buffer.from('cd')], 3).toString(), Buffer.alloc(3, 'ab').toString(), Buffer.from('abc').equals(Buffer.from('abc')), Buffer.compare(Buffer.from('a'), Buffer.from('b')), Buffer.from('abcabc').indexOf('ca'), Buffer.from('abcabc').lastIndexOf('abc'), Buffer.from('abc').includes('d')]"#,
            r#"["abc","aba",true,-1,2,3,false]"#,
        ),
        (
            r#"const b = Buffer.alloc(16); b.writeUInt32BE(0xdeadbeef, 0); b.writeInt16LE(-2, 4); b.writeDoubleBE(1.5, 6); return [b.toString('hex'), b.readUint32BE(0), b.readInt16LE(4), b.readDoubleBE(6), b.readUIntBE(0, 3), b.readBigUInt64LE(0).toString()]"#,
            r#"["deadbeeffeff3ff80000000000000000",3735928559,-2,1.5,14593470,"17888297715347926494"]"#,
        ),
        (
            r#"const b = Buffer.from('abcdef'); const s = b.subarray(1, 3); s[0] = 0x7a; return [b.toString(), s.toString(), b.slice(-2).toString(), Buffer.isBuffer(s), s instanceof Uint8Array, JSON.stringify(Buffer.from('a'))]"#,
            r#"["azcdef","zc","ef",true,true,"{\"type\":\"Buffer\",\"data\":[97]}"]"#,
        ),
        (
            r#"return [Buffer.from('abcd').swap16().toString(), Buffer.from([1, 2, 3]).reverse().toJSON(), Buffer.from('ab').fill('xyz').toString(), [...Buffer.from('ab').entries()]]"#,
            r#"["badc",{"type":"Buffer","data":[3,2,1]},"xy",[[0,97],[1,98]]]"#,
        ),
        (
            r#"return [util.inspect(Buffer.from('abc')), buffer.isUtf8(Buffer.from([0xff])), buffer.isAscii(Buffer.from('a')), buffer.transcode(Buffer.from('€'), 'utf8', 'latin1').toString()]"#,
            r#"["<Buffer 61 62 63>",false,true,"?"]"#,
        ),
        (
            r#"const fails = f => { try { return f() } catch (e) { return [e.name, e.code, e.message] } }; return [fails(() => Buffer.from(5)), fails(() => Buffer.alloc('5')), fails(() => Buffer.from('a').toString('nope')), fails(() => Buffer.concat('x'))]"#,
            r#"[["TypeError","ERR_INVALID_ARG_TYPE","The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received type number (5)"],["TypeError","ERR_INVALID_ARG_TYPE","The \"size\" argument must be of type number. Received type string ('5')"],["TypeError","ERR_UNKNOWN_ENCODING","Unknown encoding: nope"],["TypeError","ERR_INVALID_ARG_TYPE","The \"list\" argument must be an instance of Array. Received type string ('x')"]]"#,
        ),
    ]);
}
