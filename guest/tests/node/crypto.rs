//! node:crypto: the results are those that Node.js gives.

use super::check;

#[test]
fn hashes_are_those_of_openssl() {
    check(&[
        (
            r#"return ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map(h => crypto.createHash(h).update('ab').update(Buffer.from('c')).digest('hex'))"#,
            r#"["a9993e364706816aba3e25717850c26c9cd0d89d","23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7","ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7","ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"]"#,
        ),
        (
            r#"const h = crypto.createHash('SHA256').update('a'); const c = h.copy(); return [h.update('b').digest('base64'), c.digest('base64url'), crypto.createHmac('sha512', 'k'.repeat(200)).update('d').digest('hex'), crypto.createHmac('sha1', Buffer.from('k')).update('d').digest().length]"#,
            r#"["+44g/C5MPySMYMOb1lLzwTRymLuXe4tNWQO4UFViBgM=","ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSLs","27fcf007263aa31312aa47fe8052703eed9340a2c6994b2c56f629087ca9fab07457f84f44440282eb71ac556fce45888acbdf97f36d295268e5fbc2b4b853c1",20]"#,
        ),
        (
            r#"try { const h = crypto.createHash('sha1'); h.digest(); h.update('x') } catch (e) { return [e.code, e.message] }"#,
            r#"["ERR_CRYPTO_HASH_FINALIZED","Digest already called"]"#,
        ),
        (
            r#"const h = crypto.createHash('sha256'); h.end('abc'); return (await events.once(h, 'data'))[0].toString('hex')"#,
            r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#,
        ),
        (
            r#"return [crypto.pbkdf2Sync('p', 's', 3, 20, 'sha256').toString('hex'), Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 16)).toString('hex'), await new Promise(r => crypto.pbkdf2('p', 's', 1, 8, 'sha1', (e, k) => r(k.toString('hex'))))]"#,
            r#"["3c174b26bc748c193e403d2d198cf1a278daad18","9ca0d662557439e3b83365f2da4626d3","843c87e7eda3ee2f"]"#,
        ),
    ]);
}

#[test]
fn randomness_has_the_size_that_was_asked_for() {
    check(&[
        (
            r#"return [crypto.randomBytes(7).length, crypto.randomUUID().length, crypto.randomInt(5, 6), crypto.randomFillSync(Buffer.alloc(4)).length, crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')), crypto.webcrypto.subtle === crypto.subtle]"#,
            r#"[7,36,5,4,true,true]"#,
        ),
        (
            r#"try { crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab')) } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["RangeError","ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH","Input buffers must have the same byte length"]"#,
        ),
        (
            r#"try { crypto.randomBytes(-1) } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["RangeError","ERR_OUT_OF_RANGE","The value of \"size\" is out of range. It must be >= 0 && <= 2147483647. Received -1"]"#,
        ),
    ]);
}
