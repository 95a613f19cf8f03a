//! `crypto`: randomness, hash functions, secret keys. Test vectors are those of the standards.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{Guest, guest};

/// The default export of a module that has the helpers, as JSON text.
fn value(guest: &mut Guest, source: &str) -> String {
    guest.value(&format!("{}{source}", include_str!("support/crypto.js")))
}

/// An expression's value, of a fresh guest.
fn of(expression: &str) -> String {
    value(&mut guest(), &format!("export default {expression}"))
}

#[test]
fn crypto_is_one_object_that_cannot_be_constructed_or_replaced_by_assignment() {
    assert_eq!(
        of("[crypto === globalThis.crypto, crypto.subtle === subtle, `${crypto} ${subtle}`,
             (() => { try { globalThis.crypto = 1 } catch (e) { return e.name } })(),
             [Crypto, SubtleCrypto, CryptoKey].map((Class) => { try { new Class() } catch (e) { return e.name } }),
             Object.keys(Crypto.prototype).sort(), Crypto.length, CryptoKey.length]"),
        r#"[true,true,"[object Crypto] [object SubtleCrypto]","TypeError",["TypeError","TypeError","TypeError"],["getRandomValues","randomUUID","subtle"],0,0]"#
    );
}

#[test]
fn random_values_fill_integers_of_every_kind_up_to_the_quota() {
    let kinds = "['Int8Array','Uint8Array','Uint8ClampedArray','Int16Array','Uint16Array','Int32Array','Uint32Array','BigInt64Array','BigUint64Array']";
    assert_eq!(
        of(&format!(
            "{kinds}.every((kind) => {{
                const array = new globalThis[kind](4096);
                const filled = crypto.getRandomValues(array) === array;
                return filled && new Set(array).size > 100;
            }})"
        )),
        "true"
    );
    // A view is filled, and nothing beside it.
    assert_eq!(
        of("(() => {
            const { buffer } = new Uint8Array(64);
            crypto.getRandomValues(new Uint8Array(buffer, 16, 32));
            const all = new Uint8Array(buffer);
            return [all.subarray(0, 16).some(Boolean), all.subarray(16, 48).some(Boolean), all.subarray(48).some(Boolean),
                crypto.getRandomValues(new Uint8Array(0)).length, crypto.getRandomValues(new Uint8Array(65536)).length];
        })()"),
        "[false,true,false,0,65536]"
    );
}

#[test]
fn random_values_refuse_what_the_specification_refuses() {
    assert_eq!(
        of("[new Uint8Array(65537), new Uint16Array(32769), new Float32Array(1), new Float64Array(65537), new DataView(new ArrayBuffer(8)),
             new ArrayBuffer(8), [1], undefined].map((array) => {
            try { crypto.getRandomValues(array) } catch (e) { return [e.name, e.code ?? null, e instanceof DOMException] }
        })"),
        r#"[["QuotaExceededError",22,true],["QuotaExceededError",22,true],["TypeMismatchError",17,true],["TypeMismatchError",17,true],["TypeMismatchError",17,true],["TypeError",null,false],["TypeError",null,false],["TypeError",null,false]]"#
    );
    assert_eq!(
        of("(() => { try { crypto.getRandomValues(new Uint8Array(65537)) } catch (e) {
            return [e instanceof QuotaExceededError, e.quota, e.requested, e.message] } })()"),
        r#"[true,null,null,"getRandomValues gives at most 65536 bytes, and was asked for 65537"]"#
    );
}

#[test]
fn a_quota_exceeded_error_says_how_much_was_asked_for() {
    assert_eq!(
        of("[new QuotaExceededError('m', { quota: 1, requested: 2 }), new QuotaExceededError()].map((e) =>
            [e.name, e.message, e.code, e.quota, e.requested])"),
        r#"[["QuotaExceededError","m",22,1,2],["QuotaExceededError","",22,null,null]]"#
    );
    assert_eq!(
        of("[{ quota: -1 }, { requested: -1 }, { quota: 2, requested: 1 }, { quota: NaN }, 1].map((options) => {
            try { new QuotaExceededError('', options) } catch (e) { return e.name } })"),
        r#"["RangeError","RangeError","RangeError","TypeError","TypeError"]"#
    );
}

#[test]
fn uuids_are_of_version_4_and_never_the_same() {
    assert_eq!(
        of("(() => {
            const ids = Array.from({ length: 256 }, () => crypto.randomUUID());
            return [ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)), new Set(ids).size];
        })()"),
        "[true,256]"
    );
}

#[test]
fn a_new_seed_brings_other_randomness_and_none_brings_an_error() {
    let draw = "export default [hex(crypto.getRandomValues(new Uint8Array(16))), Math.random()]";
    let mut one = guest();
    let first = value(&mut one, draw);
    assert_eq!(value(&mut guest(), draw), first, "the seed is all that there is");
    one.platform.entropy.set(Some([8; 32]));
    let mut other = guest();
    other.platform.entropy.set(Some([9; 32]));
    assert_ne!(value(&mut one, draw), value(&mut other, draw));

    let mut unseeded = support::guest_with_entropy(None);
    assert_eq!(unseeded.error("export default crypto.randomUUID()").name, "OperationError");
}

#[test]
fn digests_are_those_of_fips_180() {
    let abc = "text('abc')";
    for (name, digest) in [
        ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "SHA-384",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            "SHA-512",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ] {
        let source = format!("hex(await subtle.digest('{}', {abc}))", name.to_lowercase());
        assert_eq!(of(&source), format!("\"{digest}\""), "{name}");
        assert_eq!(
            of(&format!("hex(await subtle.digest({{ name: '{name}' }}, {abc}.buffer))")),
            format!("\"{digest}\"")
        );
    }
}

#[test]
fn a_method_rejects_and_never_throws() {
    assert_eq!(
        of("await Promise.all([
            name(subtle.digest()), name(subtle.digest('SHA-256', 1)), name(subtle.digest({}, text(''))),
            name(subtle.digest('MD5', text(''))), name(subtle.digest('HMAC', text(''))), name(subtle.digest.call({}, 'SHA-1', text(''))),
            // Only ASCII letters have a case here.
            name(subtle.digest('\u{17f}ha-1', text(''))),
        ])"),
        r#"["TypeError","TypeError","TypeError","NotSupportedError","NotSupportedError","TypeError","NotSupportedError"]"#
    );
}

#[test]
fn data_is_copied_after_the_algorithm_is_read_and_results_come_later() {
    assert_eq!(
        of("await (async () => {
            const data = text('abd');
            const read = [];
            const algorithm = { get name() { read.push('name'); data[2] = 0x63; return 'SHA-1' } };
            const promise = subtle.digest(algorithm, data);
            data[2] = 0;
            let later = false;
            Promise.resolve().then(() => { later = true });
            const digest = hex(await promise);
            return [digest, read.length, later];
        })()"),
        r#"["a9993e364706816aba3e25717850c26c9cd0d89d",2,true]"#
    );
}

#[test]
fn hmac_is_that_of_rfc_4231() {
    assert_eq!(
        of("await (async () => {
            const key = await secret('4a656665', { name: 'HMAC', hash: 'SHA-256' }, ['sign', 'verify']);
            const data = text('what do ya want for nothing?');
            const mac = await subtle.sign('HMAC', key, data);
            return [hex(mac), await subtle.verify('HMAC', key, mac, data), await subtle.verify('HMAC', key, mac.slice(1), data),
                await subtle.verify('HMAC', key, mac, data.subarray(1)), key.algorithm];
        })()"),
        r#"["5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",true,false,false,{"name":"HMAC","hash":{"name":"SHA-256"},"length":32}]"#
    );
}

#[test]
fn hmac_keys_have_the_length_in_bits_that_is_asked_for() {
    assert_eq!(
        of("await (async () => {
            const hmac = (hash, length) => ({ name: 'HMAC', hash, length });
            const generated = (hash, length) => subtle.generateKey(hmac(hash, length), true, ['sign']);
            const imported = (length) => secret('ffff', hmac('SHA-1', length), ['sign'], true);
            return [
                (await generated('SHA-1')).algorithm.length, (await generated('SHA-512')).algorithm.length,
                (await subtle.exportKey('raw', await generated('SHA-1', 13))).byteLength,
                hex(await subtle.exportKey('raw', await imported(13))),
                await Promise.all([generated('SHA-1', 0), imported(8), imported(17), imported(0), secret('', hmac('SHA-1'), ['sign'])].map(name)),
            ];
        })()"),
        r#"[512,1024,2,"fff8",["OperationError","DataError","DataError","DataError","DataError"]]"#
    );
}

#[test]
fn aes_cbc_and_ctr_are_those_of_sp_800_38a() {
    let block = "6bc1bee22e409f96e93d7e117393172a";
    assert_eq!(
        of(&format!("await (async () => {{
            const key = await secret('2b7e151628aed2a6abf7158809cf4f3c', 'AES-CBC', ['encrypt', 'decrypt']);
            const cbc = {{ name: 'AES-CBC', iv: bytes('000102030405060708090a0b0c0d0e0f') }};
            const sealed = await subtle.encrypt(cbc, key, bytes('{block}'));
            const counted = await secret('2b7e151628aed2a6abf7158809cf4f3c', 'AES-CTR', ['encrypt', 'decrypt']);
            const ctr = {{ name: 'AES-CTR', counter: bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'), length: 128 }};
            const streamed = await subtle.encrypt(ctr, counted, bytes('{block}'));
            return [hex(sealed).slice(0, 32), sealed.byteLength, hex(await subtle.decrypt(cbc, key, sealed)), hex(streamed),
                await Promise.all([sealed.slice(0, 16), sealed.slice(0, 20), new ArrayBuffer(0)].map((data) => name(subtle.decrypt(cbc, key, data)))),
                await name(subtle.encrypt({{ name: 'AES-CBC', iv: new Uint8Array(15) }}, key, text('')))];
        }})()")),
        format!(
            r#"["7649abac8119b246cee98e9b12e9197d",32,"{block}","874d6191b620e3261bef6864990db6ce",["OperationError","OperationError","OperationError"],"OperationError"]"#
        )
    );
}

#[test]
fn a_counter_wraps_in_its_own_bits_and_is_never_used_twice() {
    assert_eq!(
        of("await (async () => {
            const key = await secret('00'.repeat(16), 'AES-CTR', ['encrypt']);
            const stream = async (counter, length, size) =>
                hex(await subtle.encrypt({ name: 'AES-CTR', counter: bytes(counter), length }, key, new Uint8Array(size)));
            const high = 'aa'.repeat(15);
            const wrapped = await stream(high + 'ff', 4, 32);
            const last = await stream('ff'.repeat(16), 128, 32);
            const counter = 'ff'.repeat(16);
            return [
                wrapped === await stream(high + 'ff', 8, 16) + await stream(high + 'f0', 8, 16),
                last === await stream(counter, 128, 16) + await stream('00'.repeat(16), 128, 16),
                (await stream(high + 'ff', 1, 32)).length,
                await Promise.all([[1, 33], [4, 257], [0, 1], [129, 1]].map(([length, size]) => name(stream(counter, length, size)))),
                await name(stream(counter, 256, 1)),
                await name(stream('00', 64, 1)),
            ];
        })()"),
        r#"[true,true,64,["OperationError","OperationError","OperationError","OperationError"],"TypeError","OperationError"]"#
    );
}

#[test]
fn aes_gcm_is_that_of_sp_800_38d() {
    let key = "feffe9928665731c6d6a8f9467308308";
    let text = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    let more = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    // Test cases 4, 5 and 6 of its authors: initialization vectors of 12, 8 and 60 bytes.
    for (iv, tag) in [
        ("cafebabefacedbaddecaf888", "5bc94fbc3221a5db94fae95ae7121a47"),
        ("cafebabefacedbad", "3612d2e79e3b0785561be14aaca2fccb"),
        (
            "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b",
            "619cc5aefffe0bfa462af43c1699d050",
        ),
    ] {
        assert_eq!(
            of(&format!(
                "await (async () => {{
                const key = await secret('{key}', 'AES-GCM', ['encrypt', 'decrypt']);
                const gcm = {{ name: 'AES-GCM', iv: bytes('{iv}'), additionalData: bytes('{more}') }};
                const sealed = await subtle.encrypt(gcm, key, bytes('{text}'));
                return [hex(sealed).slice(-32), hex(await subtle.decrypt(gcm, key, sealed))];
            }})()"
            )),
            format!(r#"["{tag}","{text}"]"#)
        );
    }
}

#[test]
fn aes_gcm_gives_nothing_of_what_it_cannot_authenticate() {
    assert_eq!(
        of("await (async () => {
            const key = await secret('00'.repeat(32), 'AES-GCM', ['encrypt', 'decrypt']);
            const gcm = (more, tagLength) =>
                ({ name: 'AES-GCM', iv: new Uint8Array(12), additionalData: text(more), tagLength });
            const sealed = await subtle.encrypt(gcm('a', 96), key, text('secret'));
            const changed = new Uint8Array(sealed.slice());
            changed[0] ^= 1;
            return [sealed.byteLength, await Promise.all([
                subtle.decrypt(gcm('a', 96), key, sealed), subtle.decrypt(gcm('b', 96), key, sealed), subtle.decrypt(gcm('a', 104), key, sealed),
                subtle.decrypt(gcm('a', 96), key, changed), subtle.decrypt(gcm('a', 96), key, sealed.slice(0, 11)),
                subtle.encrypt(gcm('a', 100), key, sealed), subtle.encrypt(gcm('a', 0), key, sealed), subtle.encrypt(gcm('a', 256), key, sealed),
            ].map(name))];
        })()"),
        r#"[18,["none","OperationError","OperationError","OperationError","OperationError","OperationError","OperationError","TypeError"]]"#
    );
}

#[test]
fn aes_kw_is_that_of_rfc_3394() {
    let key = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";
    assert_eq!(
        of(&format!("await (async () => {{
            const usages = ['wrapKey', 'unwrapKey'];
            const wrapping = await secret('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'AES-KW', usages);
            const key = await secret('{key}', {{ name: 'HMAC', hash: 'SHA-1' }}, ['sign'], true);
            const wrapped = await subtle.wrapKey('raw', key, wrapping, 'AES-KW');
            const unwrap = (data) => subtle.unwrapKey('raw', data, wrapping, 'AES-KW', {{ name: 'HMAC', hash: 'SHA-1' }}, true, ['sign']);
            const odd = await secret('ff'.repeat(17), {{ name: 'HMAC', hash: 'SHA-1' }}, ['sign'], true);
            return [
                hex(wrapped), hex(await subtle.exportKey('raw', await unwrap(wrapped))),
                await Promise.all([unwrap(wrapped.slice(8)), unwrap(wrapped.slice(1)), subtle.wrapKey('raw', odd, wrapping, 'AES-KW')].map(name)),
            ];
        }})()")),
        format!(
            r#"["28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21","{key}",["OperationError","OperationError","OperationError"]]"#
        )
    );
}

#[test]
fn hkdf_is_that_of_rfc_5869() {
    assert_eq!(
        of("await (async () => {
            const key = await secret('0b'.repeat(22), 'HKDF', ['deriveBits', 'deriveKey']);
            const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: bytes('000102030405060708090a0b0c'), info: bytes('f0f1f2f3f4f5f6f7f8f9') };
            const derive = (length) => subtle.deriveBits(hkdf, key, length);
            const aes = await subtle.deriveKey(hkdf, key, { name: 'AES-GCM', length: 128 }, true, ['encrypt']);
            return [
                hex(await derive(336)), hex(await subtle.exportKey('raw', aes)), (await derive(0)).byteLength, (await derive(255 * 256)).byteLength,
                await Promise.all([derive(256 * 256), derive(7), derive(null), derive()].map(name)),
            ];
        })()"),
        r#"["3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865","3cb25f25faacd57a90434f64d0362f2a",0,8160,["OperationError","OperationError","OperationError","OperationError"]]"#
    );
}

#[test]
fn pbkdf2_is_that_of_rfc_6070() {
    assert_eq!(
        of("await (async () => {
            const key = await subtle.importKey('raw', text('password'), 'PBKDF2', false, ['deriveBits']);
            const derive = (iterations, length) =>
                subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-1', salt: text('salt'), iterations }, key, length);
            return [
                hex(await derive(2, 160)), hex(await derive(4096, 160)), (await derive(1, 0)).byteLength,
                await Promise.all([derive(0, 160), derive(1, 4), derive(1, null), derive(-1, 8), derive(2 ** 32, 8)].map(name)),
            ];
        })()"),
        r#"["ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957","4b007901b765489abead49d926f721d065a429c1",0,["OperationError","OperationError","OperationError","TypeError","TypeError"]]"#
    );
}
