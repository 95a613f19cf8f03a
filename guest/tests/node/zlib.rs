//! node:zlib: the results are those that Node.js gives.

use super::check;

#[test]
fn what_is_compressed_comes_back() {
    check(&[
        (
            r#"return [zlib.gunzipSync(zlib.gzipSync('hello')).toString(), zlib.inflateSync(zlib.deflateSync(Buffer.from('x'))).toString(), zlib.inflateRawSync(zlib.deflateRawSync('y'.repeat(1000))).length, zlib.unzipSync(zlib.gzipSync('u')).toString(), zlib.unzipSync(zlib.deflateSync('v')).toString()]"#,
            r#"["hello","x",1000,"u","v"]"#,
        ),
        (
            r#"return [zlib.gunzipSync(Buffer.from('H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==', 'base64')).toString(), (await util.promisify(zlib.gunzip)(await util.promisify(zlib.gzip)('later'))).toString()]"#,
            r#"["hello","later"]"#,
        ),
        (
            r#"return await consumers.text(stream.Readable.from(['a', 'b']).pipe(zlib.createGzip()).pipe(zlib.createGunzip()))"#,
            r#""ab""#,
        ),
        (
            r#"try { zlib.gunzipSync(zlib.gzipSync('hello').subarray(0, 12)) } catch (e) { return [e.code, e.errno, e.message] }"#,
            r#"["Z_BUF_ERROR",-5,"unexpected end of file"]"#,
        ),
        (
            r#"try { zlib.inflateSync(Buffer.from('not zlib')) } catch (e) { return [e.code, e.errno] }"#,
            r#"["Z_DATA_ERROR",-3]"#,
        ),
        (
            r#"return await new Promise(r => zlib.createInflate().on('error', e => r(e.code)).end('nonsense'))"#,
            r#""Z_DATA_ERROR""#,
        ),
    ]);
}
