//! `crypto.subtle` with private and public keys. Test vectors are those of the standards.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::guest;

/// The value of an asynchronous function's body, as JSON text.
fn of(body: &str) -> String {
    let helpers = include_str!("support/crypto.js");
    guest().value(&format!("{helpers}export default await (async () => {{ {body} }})()"))
}

/// The same, with the keys of `rsa.js`.
fn of_rsa(body: &str) -> String {
    of(&format!("{}{body}", include_str!("support/rsa.js")))
}

#[test]
fn ecdsa_verifies_the_signatures_of_rfc_6979() {
    // A.2.5 to A.2.7, of "sample": public keys, signatures.
    for (curve, hash, point, signature) in [
        (
            "P-256",
            "SHA-256",
            "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            "P-384",
            "SHA-384",
            "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
            "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
        ),
        (
            "P-521",
            "SHA-512",
            "01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a400493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5",
            "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a",
        ),
    ] {
        let checked = of(&format!(
            "const raw = bytes('04{point}');
            const ecdsa = {{ name: 'ECDSA', namedCurve: '{curve}', hash: '{hash}' }};
            const key = await subtle.importKey('raw', raw, ecdsa, true, ['verify']);
            const compressed = new Uint8Array([2 | raw.at(-1) & 1, ...raw.subarray(1, (raw.length + 1) / 2)]);
            const same = await subtle.importKey('raw', compressed, ecdsa, true, ['verify']);
            const signature = bytes('{signature}');
            return [
                await subtle.verify(ecdsa, key, signature, text('sample')), await subtle.verify(ecdsa, same, signature, text('sample')),
                await subtle.verify(ecdsa, key, signature, text('Sample')), await subtle.verify(ecdsa, key, signature.subarray(1), text('sample')),
                hex(await subtle.exportKey('raw', same)) === hex(raw),
            ]"
        ));
        assert_eq!(checked, "[true,true,false,false,true]", "{curve}");
    }
}

#[test]
fn signatures_of_generated_keys_hold_in_every_format_of_the_keys() {
    for (algorithm, size) in [
        ("{ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-512' }", 64),
        ("{ name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-1' }", 96),
        ("{ name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-256' }", 132),
        ("{ name: 'Ed25519' }", 64),
        (
            "{ name: 'RSA-PSS', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256', saltLength: 20 }",
            128,
        ),
        (
            "{ name: 'RSASSA-PKCS1-v1_5', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }",
            128,
        ),
    ] {
        let checked = of(&format!(
            "const algorithm = {algorithm};
            const {{ privateKey, publicKey }} = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
            const signature = await subtle.sign(algorithm, privateKey, text('data'));
            const results = [signature.byteLength];
            const again = async (key, format) =>
                subtle.importKey(format, await subtle.exportKey(format, key), algorithm, true, key.usages);
            for (const format of ['spki', 'jwk']) {{
                results.push(await subtle.verify(algorithm, await again(publicKey, format), signature, text('data')));
            }}
            for (const format of ['pkcs8', 'jwk']) {{
                const signed = await subtle.sign(algorithm, await again(privateKey, format), text('data'));
                results.push(await subtle.verify(algorithm, publicKey, signed, text('data')));
                results.push(await subtle.verify(algorithm, publicKey, signed, text('date')));
            }}
            return results"
        ));
        assert_eq!(checked, format!("[{size},true,true,true,false,true,false]"), "{algorithm}");
    }
}

#[test]
fn ecdh_is_that_of_rfc_5903() {
    assert_eq!(
        of("const part = (hex) => bytes(hex).toBase64({ alphabet: 'base64url', omitPadding: true });
            const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
            const jwk = {
                kty: 'EC', crv: 'P-256', d: part('c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433'),
                x: part('dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180'),
                y: part('5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3'),
            };
            const own = await subtle.importKey('jwk', jwk, ecdh, false, ['deriveBits', 'deriveKey']);
            const other = await subtle.importKey('raw', bytes('04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab'), ecdh, true, []);
            const derive = (length) => subtle.deriveBits({ name: 'ECDH', public: other }, own, length);
            const hkdf = await subtle.deriveKey({ name: 'ECDH', public: other }, own, 'HKDF', false, ['deriveBits']);
            return [
                hex(await derive(256)), hex(await derive()) === hex(await derive(256)), hex(await derive(12)), await name(derive(257)),
                hkdf.algorithm.name, await name(subtle.importKey('jwk', { ...jwk, d: jwk.x }, ecdh, false, ['deriveBits'])),
            ]"),
        r#"["d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",true,"d680","OperationError","HKDF","DataError"]"#
    );
}

#[test]
fn ed25519_is_that_of_rfc_8032() {
    assert_eq!(
        of("const pkcs8 = bytes('302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
            const own = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
            const raw = bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
            const key = await subtle.importKey('raw', raw, 'Ed25519', true, ['verify']);
            const signature = await subtle.sign('Ed25519', own, bytes('72'));
            const { x } = await subtle.exportKey('jwk', own);
            return [
                hex(signature), await subtle.verify('Ed25519', key, signature, bytes('72')), await subtle.verify('Ed25519', key, signature, bytes('73')),
                hex(await subtle.exportKey('pkcs8', own)) === hex(pkcs8), x === raw.toBase64({ alphabet: 'base64url', omitPadding: true }),
            ]"),
        r#"["92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",true,false,true,true]"#
    );
}

#[test]
fn a_point_of_small_order_signs_nothing_in_ed25519() {
    // The neutral element as key and as R, with S = 0: the equation holds for every message.
    assert_eq!(
        of("const neutral = '01' + '00'.repeat(31);
            const key = await subtle.importKey('raw', bytes(neutral), 'Ed25519', false, ['verify']);
            return subtle.verify('Ed25519', key, bytes(neutral + '00'.repeat(32)), text('anything'))"),
        "false"
    );
}

#[test]
fn x25519_is_that_of_rfc_7748() {
    assert_eq!(
        of("const own = await subtle.importKey('pkcs8', bytes('302e020100300506032b656e0422042077076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'), 'X25519', true, ['deriveBits']);
            const derive = async (raw, length) =>
                subtle.deriveBits({ name: 'X25519', public: await subtle.importKey('raw', bytes(raw), 'X25519', true, []) }, own, length);
            const other = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
            // All that comes of a point of small order is zeros.
            return [hex(await derive(other, 256)), await name(derive('00'.repeat(32), 256)), await name(derive(other, 264))]"),
        r#"["4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742","OperationError","OperationError"]"#
    );
}

#[test]
fn rsassa_pkcs1_is_that_of_rfc_7515() {
    assert_eq!(
        of_rsa("const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
            const own = await subtle.importKey('jwk', rs256.key, rsa, true, ['sign']);
            const { d, ...jwk } = rs256.key;
            const key = await subtle.importKey('jwk', jwk, rsa, true, ['verify']);
            const { alg, n, p, qi } = await subtle.exportKey('jwk', own);
            return [
                hex(await subtle.sign(rsa, own, rs256.data)) === hex(rs256.signature), await subtle.verify(rsa, key, rs256.signature, rs256.data),
                await subtle.verify(rsa, key, rs256.signature, text('')), alg, n === jwk.n, [typeof p, typeof qi],
                key.algorithm.modulusLength, hex(key.algorithm.publicExponent), key.algorithm.hash,
            ]"),
        r#"[true,true,false,"RS256",true,["string","string"],2048,"010001",{"name":"SHA-256"}]"#
    );
}

#[test]
fn numbers_that_are_no_private_key_of_rsa_are_refused() {
    assert_eq!(
        of_rsa("const load = (changes, from = rs256.key) =>
                name(subtle.importKey('jwk', { ...from, ...changes }, { name: 'RSA-PSS', hash: 'SHA-256' }, true, ['sign']));
            return Promise.all([
                load({}), load({}, oaep.key),
                load({ d: 'AA' }), load({ d: 'AQ' }), load({ d: rs256.key.n }), load({ d: oaep.key.d }), load({ n: 'Iw', e: 'BQ', d: 'BQ' }),
                load({ e: 'AA' }), load({ e: 'Ag' }), load({ e: rs256.key.d }), load({ n: '' }),
                load({ p: oaep.key.q }, oaep.key), load({ p: 'AQ', q: oaep.key.n }, oaep.key), load({ q: undefined }, oaep.key),
                load({ oth: [{}] }, oaep.key),
            ])"),
        format!(r#"["none","none",{},"NotSupportedError"]"#, [r#""DataError""#; 12].join(","))
    );
}

#[test]
fn rsa_pss_is_that_of_rfc_7520() {
    assert_eq!(
        of_rsa("const key = await subtle.importKey('jwk', ps384.key, { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']);
            const verify = (saltLength, data) => subtle.verify({ name: 'RSA-PSS', saltLength }, key, ps384.signature, data);
            return [await verify(48, ps384.data), await verify(47, ps384.data), await verify(48, text('')), await verify(2 ** 32 - 1, ps384.data)]"),
        "[true,false,false,false]"
    );
}

#[test]
fn rsa_oaep_unwraps_the_key_of_rfc_7516() {
    assert_eq!(
        of_rsa("const own = await subtle.importKey('jwk', oaep.key, { name: 'RSA-OAEP', hash: 'SHA-1' }, false, ['unwrapKey', 'decrypt']);
            const key = await subtle.unwrapKey('raw', oaep.wrapped, own, 'RSA-OAEP', 'AES-GCM', false, ['decrypt']);
            const plain = await subtle.decrypt({ name: 'AES-GCM', iv: oaep.iv, additionalData: oaep.additionalData }, key, oaep.sealed);
            return [
                String.fromCharCode(...new Uint8Array(plain)),
                await name(subtle.decrypt({ name: 'RSA-OAEP', label: text('other') }, own, oaep.wrapped)),
            ]"),
        r#"["The true sign of intelligence is not knowledge but imagination.","OperationError"]"#
    );
}

#[test]
fn rsa_oaep_takes_what_fits_the_modulus() {
    assert_eq!(
        of_rsa("const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' };
            const own = await subtle.importKey('jwk', oaep.key, rsa, false, ['decrypt']);
            const key = await subtle.importKey('jwk', { kty: 'RSA', n: oaep.key.n, e: 'AQAB' }, rsa, false, ['encrypt']);
            const labelled = { name: 'RSA-OAEP', label: text('label') };
            const sealed = await subtle.encrypt(labelled, key, new Uint8Array(190));
            return [(await subtle.decrypt(labelled, own, sealed)).byteLength, await name(subtle.encrypt(labelled, key, new Uint8Array(191)))]"),
        r#"[190,"OperationError"]"#
    );
}

#[test]
fn every_format_of_a_key_can_be_wrapped_and_unwrapped() {
    assert_eq!(
        of("const gcm = { name: 'AES-GCM', iv: new Uint8Array(12) };
            const wrapping = await secret('00'.repeat(16), 'AES-GCM', ['wrapKey', 'unwrapKey', 'decrypt']);
            const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
            const { privateKey, publicKey } = await subtle.generateKey(ecdsa, true, ['sign', 'verify']);
            const results = [];
            for (const format of ['pkcs8', 'jwk']) {
                const wrapped = await subtle.wrapKey(format, privateKey, wrapping, gcm);
                const key = await subtle.unwrapKey(format, wrapped, wrapping, gcm, ecdsa, false, ['sign']);
                const signature = await subtle.sign(ecdsa, key, text('data'));
                results.push([key.extractable, await subtle.verify(ecdsa, publicKey, signature, text('data'))]);
            }
            const other = await subtle.wrapKey('spki', publicKey, wrapping, gcm);
            results.push(await name(subtle.unwrapKey('jwk', other, wrapping, gcm, ecdsa, true, ['verify'])));
            const jwk = await subtle.decrypt(gcm, wrapping, await subtle.wrapKey('jwk', publicKey, wrapping, gcm));
            return [results, Object.keys(JSON.parse(String.fromCharCode(...new Uint8Array(jwk))))]"),
        r#"[[[false,true],[false,true],"DataError"],["crv","ext","key_ops","kty","x","y"]]"#
    );
}
