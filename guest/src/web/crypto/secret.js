// HMAC, HKDF and PBKDF2 (Web Cryptography 31 to 33), and the hash functions (34).

import { MathCeil, TypedArrayPrototypeGetLength } from "web:primordials";
import { encodeBase64Url, hash as digest, randomBytes, secretKey } from "web:native";
import { DOMException } from "web:domexception";
import { BUFFER, HASH, LONG, register } from "web:crypto/algorithm";
import { checkAlg, checkJwk, createJsonWebKey, jwkBytes } from "web:crypto/jwk";
import { createSlots, requireUsages } from "web:crypto/key";

export const notSupportedFormat = (format, name) =>
    new DOMException("keys of " + name + " have no format '" + format + "'", "NotSupportedError");

const failed = (message) => new DOMException(message, "OperationError");

/** Bits of a block of each hash function, and the numbers in names of JSON Web Algorithms. */
const HASHES = {
    __proto__: null,
    "SHA-1": { block: 512, number: "1" },
    "SHA-256": { block: 512, number: "256" },
    "SHA-384": { block: 1024, number: "384" },
    "SHA-512": { block: 1024, number: "512" },
};

export const hashNumber = (name) => HASHES[name].number;

for (const name in HASHES) {
    register(name, { __proto__: null, digest: [[], (normalized, data) => digest(normalized.name, data)] });
}

const HMAC_USAGES = ["sign", "verify"];
const HMAC_PARAMS = [["hash", HASH, true], ["length", LONG, false]];

/** Sets the bits of the last byte that are beyond `length` to zero. */
function createHmac(bytes, length, hash) {
    if (length % 8 !== 0) {
        bytes[TypedArrayPrototypeGetLength(bytes) - 1] &= 0xff << (8 - (length % 8));
    }
    const algorithm = { __proto__: null, name: "HMAC", hash: { __proto__: null, name: hash.name }, length };
    return createSlots("secret", algorithm, secretKey(bytes));
}

function hmacLength({ hash, length }) {
    if (length === 0) {
        throw new DOMException("an HMAC key of 0 bits is of no use", "OperationError");
    }
    return length ?? HASHES[hash.name].block;
}

register("HMAC", {
    __proto__: null,
    sign: [[], (normalized, { algorithm, material }, data) => material("sign", algorithm.hash.name, data)],
    verify: [
        [],
        (normalized, { algorithm, material }, signature, data) =>
            material("verify", algorithm.hash.name, signature, data),
    ],
    generateKey: [
        HMAC_PARAMS,
        (normalized, extractable, usages) => {
            requireUsages(usages, HMAC_USAGES, "HMAC");
            const length = hmacLength(normalized);
            return createHmac(randomBytes(MathCeil(length / 8)), length, normalized.hash);
        },
    ],
    importKey: [
        HMAC_PARAMS,
        ({ hash, length }, format, data, extractable, usages) => {
            requireUsages(usages, HMAC_USAGES, "HMAC");
            let bytes = data;
            if (format === "jwk") {
                checkJwk(data, "oct", "sig", extractable, usages);
                bytes = jwkBytes(data, "k");
                checkAlg(data, "HS" + hashNumber(hash.name));
            } else if (format !== "raw") {
                throw notSupportedFormat(format, "HMAC");
            }
            const bits = TypedArrayPrototypeGetLength(bytes) * 8;
            if (bits === 0) {
                throw new DOMException("the HMAC key is empty", "DataError");
            }
            const wanted = length ?? bits;
            if (wanted > bits || wanted <= bits - 8) {
                const message = "an HMAC key of " + bits + " bits cannot have a length of " + wanted;
                throw new DOMException(message, "DataError");
            }
            return createHmac(bytes, wanted, hash);
        },
    ],
    exportKey: [
        [],
        (format, slots) => {
            const { algorithm, material } = slots;
            if (format === "raw") {
                return material("raw");
            }
            if (format !== "jwk") {
                throw notSupportedFormat(format, "HMAC");
            }
            return createJsonWebKey(slots, {
                __proto__: null,
                alg: "HS" + hashNumber(algorithm.hash.name),
                k: encodeBase64Url(material("raw")),
                kty: "oct",
            });
        },
    ],
    "get key length": [HMAC_PARAMS, hmacLength],
});

/** Bytes of what is derived. */
function derivedBytes(length) {
    if (length === null || length % 8 !== 0) {
        throw failed("the length to derive must be a multiple of 8 bits, not " + length);
    }
    return length / 8;
}

/** A key that others are derived from: it is imported, and never leaves. */
function registerDerivation(name, members, derive) {
    register(name, {
        __proto__: null,
        deriveBits: [members, derive],
        importKey: [
            [],
            (normalized, format, data, extractable, usages) => {
                if (format !== "raw") {
                    throw notSupportedFormat(format, name);
                }
                requireUsages(usages, ["deriveKey", "deriveBits"], name);
                if (extractable) {
                    throw new DOMException("a key of " + name + " cannot be extractable", "SyntaxError");
                }
                return createSlots("secret", { __proto__: null, name }, secretKey(data));
            },
        ],
        "get key length": [[], () => null],
    });
}

registerDerivation(
    "HKDF",
    [["hash", HASH, true], ["info", BUFFER, true], ["salt", BUFFER, true]],
    ({ hash, info, salt }, { material }, length) => material("HKDF", hash.name, salt, info, derivedBytes(length)),
);

registerDerivation(
    "PBKDF2",
    [["hash", HASH, true], ["iterations", LONG, true], ["salt", BUFFER, true]],
    ({ hash, iterations, salt }, { material }, length) => {
        const bytes = derivedBytes(length);
        if (iterations === 0) {
            throw failed("PBKDF2 needs one iteration at least");
        }
        return material("PBKDF2", hash.name, salt, iterations, bytes);
    },
);
