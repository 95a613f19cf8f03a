//! What `crypto.subtle` checks and in which order, and what guest code sees of a key.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// The value of an asynchronous function's body, as JSON text.
fn of(body: &str) -> String {
    let helpers = include_str!("support/crypto.js");
    guest().value(&format!("{helpers}export default await (async () => {{ {body} }})()"))
}

#[test]
fn arguments_are_converted_from_left_to_right_and_algorithms_after_them() {
    assert_eq!(
        of("const read = [];
            const logged = (of, what) => new Proxy(of, { get(target, key) { read.push(what + '.' + String(key)); return target[key] } });
            const usages = { [Symbol.iterator]() { read.push('usages'); return ['encrypt'].values() } };
            const format = { toString() { read.push('format'); return 'jwk' } };
            await subtle.importKey(format, logged({ kty: 'oct', k: 'A'.repeat(22) }, 'key'), logged({ name: 'AES-CBC' }, 'algorithm'), false, usages);
            return read.filter((entry) => !/key[.](?!k$|kty|alg)/.test(entry))"),
        r#"["format","key.alg","key.k","key.kty","usages","algorithm.name","algorithm.name"]"#
    );
    assert_eq!(
        of("let read = 0;
            const algorithm = { get name() { read++; return 'AES-CBC' } };
            return [await name(subtle.encrypt(algorithm, {}, text(''))), await name(subtle.encrypt(algorithm, undefined, 1)), read]"),
        r#"["TypeError","TypeError",0]"#
    );
}

#[test]
fn members_of_an_algorithm_are_read_by_name_after_those_of_what_it_derives_from() {
    assert_eq!(
        of("const read = [];
            const logged = (of) => new Proxy(of, { get(target, key) { read.push(key); return target[key] } });
            const key = await secret('00'.repeat(16), 'AES-GCM', ['encrypt']);
            await subtle.encrypt(logged({ name: 'aes-gcm', iv: text('iv'), additionalData: text('') }), key, text(''));
            const base = await secret('00', 'PBKDF2', ['deriveBits']);
            await subtle.deriveBits(logged({ name: 'pbkdf2', hash: 'sha-1', salt: text(''), iterations: 1 }), base, 8);
            return read"),
        r#"["name","name","additionalData","iv","tagLength","name","name","hash","iterations","salt"]"#
    );
}

#[test]
fn a_use_of_a_key_is_refused_by_the_first_rule_that_it_breaks() {
    assert_eq!(
        of("const key = await secret('00'.repeat(16), 'AES-CBC', ['decrypt']);
            const iv = new Uint8Array(16);
            return Promise.all([
                // No such algorithm, none that encrypts, none with a part missing, one of another key, one without the usage, a bad value.
                subtle.encrypt('none', key, iv), subtle.encrypt('HMAC', key, iv), subtle.encrypt('AES-CBC', key, iv),
                subtle.encrypt({ name: 'AES-GCM', iv }, key, iv), subtle.encrypt({ name: 'AES-CBC', iv: text('') }, key, iv),
                subtle.decrypt({ name: 'AES-CBC', iv: text('') }, key, iv),
            ].map(name))"),
        r#"["NotSupportedError","NotSupportedError","TypeError","InvalidAccessError","InvalidAccessError","OperationError"]"#
    );
}

#[test]
fn a_key_is_generated_when_algorithm_usages_and_parameters_allow_it() {
    assert_eq!(
        of("const aes = (length, usages) => subtle.generateKey({ name: 'AES-CBC', length }, false, usages);
            const ec = (namedCurve, usages) => subtle.generateKey({ name: 'ECDSA', namedCurve }, false, usages);
            const rsa = (modulusLength, publicExponent, usages) =>
                subtle.generateKey({ name: 'RSA-PSS', modulusLength, publicExponent: bytes(publicExponent), hash: 'SHA-1' }, false, usages);
            return Promise.all([
                aes(7, ['hide']), aes(7, ['sign']), aes(7, ['encrypt']), aes(128, []), aes(-1, ['encrypt']), subtle.generateKey('AES-CBC', false, []),
                ec('P-1', ['encrypt']), ec('P-1', ['sign']), ec('P-256', ['verify']),
                rsa(1024, '02', ['encrypt']), rsa(1024, '02', ['sign']), rsa(1024, '01', ['sign']), rsa(7, '03', ['sign']),
                subtle.generateKey('PBKDF2', false, ['deriveBits']), subtle.generateKey({ name: 'RSA-PSS', modulusLength: 1024, publicExponent: [3], hash: 'SHA-1' }, false, ['sign']),
            ].map(name))"),
        r#"["TypeError","SyntaxError","OperationError","SyntaxError","TypeError","TypeError","SyntaxError","NotSupportedError","SyntaxError","SyntaxError","OperationError","OperationError","OperationError","NotSupportedError","TypeError"]"#
    );
}

#[test]
fn a_json_web_key_must_say_what_it_is_imported_as() {
    assert_eq!(
        of("const k = 'A'.repeat(22);
            const load = (jwk, extractable = true, usages = ['sign']) =>
                name(subtle.importKey('jwk', jwk, { name: 'HMAC', hash: 'SHA-256' }, extractable, usages));
            return [
                await load({ kty: 'oct', k }), await load({ kty: 'oct', k, alg: 'HS256', use: 'sig', key_ops: ['sign', 'verify'], ext: true }),
                await load({ kty: 'oct', k, ext: false }, false),
                await Promise.all([
                    load({}), load({ kty: 'RSA', k }), load({ kty: 'oct' }), load({ kty: 'oct', k: 'A' }), load({ kty: 'oct', k: 'AA==' }), load({ kty: 'oct', k: '' }),
                    load({ kty: 'oct', k, alg: 'HS1' }), load({ kty: 'oct', k, use: 'enc' }), load({ kty: 'oct', k, ext: false }),
                    load({ kty: 'oct', k, key_ops: ['verify'] }), load({ kty: 'oct', k, key_ops: ['sign', 'sign'] }),
                ]),
                // Not of the format, and not of the type.
                await name(subtle.importKey('jwk', text('{}'), 'AES-CBC', true, ['encrypt'])), await name(subtle.importKey('raw', {}, 'AES-CBC', true, ['encrypt'])),
                await load({ kty: 'oct', k, key_ops: 1 }), await name(subtle.importKey('jwk', 1, 'AES-CBC', true, ['encrypt'])),
            ]"),
        format!(
            r#"["none","none","none",[{}],"TypeError","TypeError","TypeError","TypeError"]"#,
            [r#""DataError""#; 11].join(",")
        )
    );
}

#[test]
fn a_key_that_is_not_extractable_stays_where_it_is() {
    assert_eq!(
        of("const gcm = { name: 'AES-GCM', iv: new Uint8Array(12) };
            const key = await secret('00'.repeat(16), 'AES-GCM', ['encrypt']);
            const wrapping = await secret('00'.repeat(16), 'AES-GCM', ['wrapKey']);
            const base = await secret('00', 'HKDF', ['deriveBits']);
            const { privateKey, publicKey } = await subtle.generateKey('X25519', false, ['deriveBits']);
            return [
                await Promise.all([
                    subtle.exportKey('raw', key), subtle.exportKey('jwk', key), subtle.wrapKey('raw', key, wrapping, gcm), subtle.exportKey('pkcs8', privateKey),
                    subtle.exportKey('raw', base), subtle.importKey('raw', text(''), 'HKDF', true, ['deriveBits']), subtle.exportKey('pkcs8', publicKey),
                ].map(name)),
                publicKey.extractable, Reflect.ownKeys(key), JSON.stringify(key), String(key),
            ]"),
        r#"[["InvalidAccessError","InvalidAccessError","InvalidAccessError","InvalidAccessError","NotSupportedError","SyntaxError","InvalidAccessError"],true,[],"{}","[object CryptoKey]"]"#
    );
}

#[test]
fn what_a_key_shows_is_a_copy() {
    assert_eq!(
        of("const key = await secret('00'.repeat(16), 'AES-CBC', ['decrypt', 'encrypt', 'decrypt']);
            const shown = [key.type, key.extractable, { ...key.algorithm }, [...key.usages], key.algorithm === key.algorithm, key.usages === key.usages];
            key.algorithm.name = 'HMAC';
            key.usages.length = 0;
            const { get } = Object.getOwnPropertyDescriptor(CryptoKey.prototype, 'type');
            let error;
            try { get.call({}) } catch (thrown) { error = thrown.name }
            return [shown, await name(subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, key, text(''))), error]"),
        r#"[["secret",false,{"name":"AES-CBC","length":128},["encrypt","decrypt"],true,true],"none","TypeError"]"#
    );
}

#[test]
fn a_wrong_partner_in_a_key_agreement_is_refused() {
    assert_eq!(
        of("const pair = (namedCurve) => subtle.generateKey({ name: 'ECDH', namedCurve }, false, ['deriveBits']);
            const own = await pair('P-256');
            const other = await pair('P-384');
            const edwards = await subtle.generateKey('X25519', false, ['deriveBits']);
            const derive = (key, other) => name(subtle.deriveBits({ name: 'ECDH', public: other }, key, 256));
            return Promise.all([
                derive(own.privateKey, own.publicKey), derive(own.privateKey, other.publicKey), derive(own.privateKey, edwards.publicKey),
                derive(own.privateKey, own.privateKey), derive(own.publicKey, own.publicKey), derive(own.privateKey, {}),
            ])"),
        r#"["none","InvalidAccessError","InvalidAccessError","InvalidAccessError","InvalidAccessError","TypeError"]"#
    );
}

#[test]
fn buffers_that_are_gone_are_empty() {
    assert_eq!(
        of("const hashes = [];
            for (const make of [(buffer) => buffer, (buffer) => new Uint8Array(buffer), (buffer) => new DataView(buffer)]) {
                const buffer = new ArrayBuffer(8);
                const data = make(buffer);
                buffer.transfer();
                hashes.push(hex(await subtle.digest('SHA-1', data)).slice(0, 8));
            }
            return [...new Set(hashes)]"),
        r#"["da39a3ee"]"#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    // Beside those of all modules: what properties are looked up by when they are defined and when JSON is made.
    let source = format!(
        "const Bytes = Uint8Array;
        const {{ iterator }} = Symbol;
        const {{ subtle }} = crypto;
        const [objects, lists] = [Object.prototype, Array.prototype];
        const data = new Bytes(16);
        {PATCHES}
        const inherited = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'toJSON', 'kty', 'crv', 'k', 'd', 'x', 'hash', 'usages', 'material'];
        for (let i = 0; i < inherited.length; i++) defineProperty(objects, inherited[i], {{ __proto__: null, get: taint, set: taint }});
        for (let i = 0; i < 8; i++) defineProperty(lists, i, {{ __proto__: null, get: taint, set: taint }});
        const usages = (first, second) => {{
            let given = 0;
            const next = () => ({{ __proto__: null, done: given === 2, value: given++ === 0 ? first : second }});
            return {{ __proto__: null, [iterator]: () => ({{ __proto__: null, next }}) }};
        }};
        const hmac = {{ __proto__: null, name: 'HMAC', hash: 'SHA-256', length: 13 }};
        const mac = await subtle.generateKey(hmac, false, usages('sign', 'verify'));
        const tag = await subtle.sign('HMAC', mac, data);
        const ecdsa = {{ __proto__: null, name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }};
        const pair = await subtle.generateKey(ecdsa, true, usages('sign', 'verify'));
        const gcm = {{ __proto__: null, name: 'AES-GCM', iv: data, length: 128 }};
        const wrapping = await subtle.generateKey(gcm, false, usages('wrapKey', 'unwrapKey'));
        const wrapped = await subtle.wrapKey('jwk', pair.privateKey, wrapping, gcm);
        const key = await subtle.unwrapKey('jwk', wrapped, wrapping, gcm, ecdsa, true, usages('sign', 'sign'));
        const signature = await subtle.sign(ecdsa, key, data);
        const base = await subtle.importKey('raw', data, 'PBKDF2', false, usages('deriveKey', 'deriveBits'));
        const pbkdf2 = {{ __proto__: null, name: 'PBKDF2', hash: 'SHA-256', salt: data, iterations: 1 }};
        const derived = await subtle.deriveKey(pbkdf2, base, gcm, true, usages('encrypt', 'decrypt'));
        const agreement = await subtle.generateKey('X25519', false, usages('deriveKey', 'deriveBits'));
        const shared = await subtle.deriveBits({{ __proto__: null, name: 'X25519', public: agreement.publicKey }}, agreement.privateKey, 13);
        let refused;
        try {{ crypto.getRandomValues(new Bytes(65537)) }} catch (error) {{ refused = error.name }}
        export default typeof crypto.randomUUID() + ' ' + typeof crypto.getRandomValues(data)
            + ' ' + await subtle.verify('HMAC', mac, tag, new Bytes(16)) + ' ' + await subtle.verify(ecdsa, pair.publicKey, signature, new Bytes(16))
            + ' ' + (await subtle.exportKey('jwk', pair.publicKey)).crv + ' ' + derived.algorithm.length + ' ' + (new Bytes(shared)[1] & 7) + ' ' + refused"
    );
    assert_eq!(guest().value(&source), r#""string object true true P-256 128 0 QuotaExceededError""#);
}
