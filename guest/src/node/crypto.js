// node:crypto, by the platform's natives: hashes, keys from secrets, randomness, Web Cryptography.

import { Hash, Hmac, getHashes, hashName, toBytes, toOutput } from "node:internal/crypto/hash";
import {
    codedError,
    invalidArgument,
    outOfRange,
    unavailable,
    validateFunction,
    validateInteger,
} from "node:internal/errors";
import { nextTick } from "node:internal/next-tick";
import { randomBytes as nativeRandomBytes, secretKey } from "web:native";

export const webcrypto = globalThis.crypto;
export const { subtle } = webcrypto;
export const getRandomValues = (array) => webcrypto.getRandomValues(array);
export const randomUUID = () => webcrypto.randomUUID();

export const createHash = (algorithm, options) => new Hash(algorithm, options);
export const createHmac = (algorithm, key, options) => new Hmac(algorithm, key, options);
/** A digest in one call. */
export const hash = (algorithm, data, encoding = "hex") => new Hash(algorithm).update(data).digest(encoding);

/** What `compute` gives, now or to the callback. */
function deliver(callback, compute) {
    if (callback === undefined) {
        return compute();
    }
    validateFunction(callback, "callback");
    nextTick(() => {
        let result;
        try {
            result = compute();
        } catch (error) {
            callback(error);
            return;
        }
        callback(null, result);
    });
}

export function randomBytes(size, callback) {
    validateInteger(size, "size", 0, 2 ** 31 - 1);
    return deliver(callback, () => toOutput(nativeRandomBytes(size)));
}

export function randomFillSync(buffer, offset = 0, size = undefined) {
    if (!ArrayBuffer.isView(buffer) && !(buffer instanceof ArrayBuffer)) {
        throw invalidArgument("buf", "an instance of ArrayBuffer, Buffer, TypedArray, or DataView", buffer);
    }
    const unit = buffer.BYTES_PER_ELEMENT ?? 1;
    const bytes = toBytes(buffer);
    const start = offset * unit;
    const length = size === undefined ? bytes.length - start : size * unit;
    validateInteger(start, "offset", 0, bytes.length);
    validateInteger(length, "size", 0, bytes.length - start);
    bytes.set(nativeRandomBytes(length), start);
    return buffer;
}

export function randomFill(buffer, ...rest) {
    const callback = rest.pop();
    validateFunction(callback, "callback");
    deliver(callback, () => randomFillSync(buffer, ...rest));
}

export function randomInt(min, max, callback) {
    if (max === undefined || typeof max === "function") {
        [min, max, callback] = [0, min, max];
    }
    for (const [name, value] of Object.entries({ min, max })) {
        if (!Number.isSafeInteger(value)) {
            throw invalidArgument(name, "a safe integer", value);
        }
    }
    const range = max - min;
    if (range <= 0) {
        throw outOfRange("max", `greater than the value of "min" (${min})`, max);
    }
    if (range > 2 ** 48 - 1) {
        throw outOfRange("max - min", "<= 281474976710655", range);
    }
    return deliver(callback, () => {
        // Beyond the last whole multiple of the range the lower numbers would come more often.
        const most = 2 ** 48 - (2 ** 48 % range);
        for (;;) {
            const number = nativeRandomBytes(6).reduce((sum, byte) => sum * 256 + byte, 0);
            if (number < most) {
                return min + (number % range);
            }
        }
    });
}

export function timingSafeEqual(a, b) {
    for (const [name, value] of [
        ["buf1", a],
        ["buf2", b],
    ]) {
        if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) {
            throw invalidArgument(name, "an instance of ArrayBuffer, Buffer, TypedArray, or DataView", value);
        }
    }
    const [left, right] = [toBytes(a), toBytes(b)];
    if (left.length !== right.length) {
        throw codedError(
            RangeError,
            "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH",
            "Input buffers must have the same byte length",
        );
    }
    let different = 0;
    for (let i = 0; i < left.length; i++) {
        different |= left[i] ^ right[i];
    }
    return different === 0;
}

/** A hash function as Web Cryptography calls it. */
function kdfHash(digest) {
    const name = hashName(digest);
    if (name === undefined || name === "sha224") {
        throw codedError(TypeError, "ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${digest}`);
    }
    return name.replace("sha", "SHA-");
}

function derivePbkdf2(password, salt, iterations, length, digest) {
    const hash = kdfHash(digest);
    const [secret, salted] = [toBytes(password, "utf8", "password"), toBytes(salt, "utf8", "salt")];
    validateInteger(iterations, "iterations", 1, 2 ** 31 - 1);
    validateInteger(length, "keylen", 0, 2 ** 31 - 1);
    return () => toOutput(secretKey(secret)("PBKDF2", hash, salted, iterations, length));
}

export const pbkdf2Sync = (...args) => derivePbkdf2(...args)();

export function pbkdf2(password, salt, iterations, length, digest, callback) {
    if (typeof digest === "function") {
        throw invalidArgument("digest", "of type string", undefined);
    }
    validateFunction(callback, "callback");
    deliver(callback, derivePbkdf2(password, salt, iterations, length, digest));
}

function deriveHkdf(digest, secret, salt, info, length) {
    const hash = kdfHash(digest);
    const [key, salted, more] = [toBytes(secret, "utf8", "ikm"), toBytes(salt, "utf8", "salt"), toBytes(info, "utf8", "info")];
    validateInteger(length, "length", 0, 2 ** 31 - 1);
    const sizes = { "SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };
    if (length > 255 * sizes[hash]) {
        throw codedError(RangeError, "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length");
    }
    return () => toOutput(secretKey(key)("HKDF", hash, salted, more, length)).buffer;
}

export const hkdfSync = (...args) => deriveHkdf(...args)();

export function hkdf(digest, secret, salt, info, length, callback) {
    validateFunction(callback, "callback");
    deliver(callback, deriveHkdf(digest, secret, salt, info, length));
}

export const getCiphers = () => [];
export const getCurves = () => [];
export const getFips = () => 0;
export const constants = Object.freeze({ __proto__: null });

/** What there is not here: Web Cryptography has it in most cases. */
const refused = (name) =>
    ({
        [name]() {
            throw unavailable(`crypto.${name}() (crypto.subtle may have it)`);
        },
    })[name];

export const checkPrime = refused("checkPrime");
export const createCipheriv = refused("createCipheriv");
export const createDecipheriv = refused("createDecipheriv");
export const createDiffieHellman = refused("createDiffieHellman");
export const createECDH = refused("createECDH");
export const createPrivateKey = refused("createPrivateKey");
export const createPublicKey = refused("createPublicKey");
export const createSecretKey = refused("createSecretKey");
export const createSign = refused("createSign");
export const createVerify = refused("createVerify");
export const generateKey = refused("generateKey");
export const generateKeyPair = refused("generateKeyPair");
export const generateKeyPairSync = refused("generateKeyPairSync");
export const privateDecrypt = refused("privateDecrypt");
export const publicEncrypt = refused("publicEncrypt");
export const scrypt = refused("scrypt");
export const scryptSync = refused("scryptSync");
export const sign = refused("sign");
export const verify = refused("verify");

export { Hash, Hmac, getHashes };
export default {
    Hash,
    Hmac,
    checkPrime,
    constants,
    createCipheriv,
    createDecipheriv,
    createDiffieHellman,
    createECDH,
    createHash,
    createHmac,
    createPrivateKey,
    createPublicKey,
    createSecretKey,
    createSign,
    createVerify,
    generateKey,
    generateKeyPair,
    generateKeyPairSync,
    getCiphers,
    getCurves,
    getFips,
    getHashes,
    getRandomValues,
    hash,
    hkdf,
    hkdfSync,
    pbkdf2,
    pbkdf2Sync,
    privateDecrypt,
    publicEncrypt,
    randomBytes,
    randomFill,
    randomFillSync,
    randomInt,
    randomUUID,
    scrypt,
    scryptSync,
    sign,
    subtle,
    timingSafeEqual,
    verify,
    webcrypto,
};
