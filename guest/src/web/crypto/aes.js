// AES-CTR, AES-CBC, AES-GCM and AES-KW (Web Cryptography 27 to 30).

import { TypedArrayPrototypeGetLength, Uint8Array } from "web:primordials";
import { encodeBase64Url, randomBytes, secretKey } from "web:native";
import { DOMException } from "web:domexception";
import { BUFFER, OCTET, SHORT, register } from "web:crypto/algorithm";
import { checkAlg, checkJwk, createJsonWebKey, jwkBytes } from "web:crypto/jwk";
import { createSlots, requireUsages } from "web:crypto/key";
import { notSupportedFormat } from "web:crypto/secret";

const CIPHER_USAGES = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
const WRAP_USAGES = ["wrapKey", "unwrapKey"];

const failed = (message) => new DOMException(message, "OperationError");

const isKeyLength = (bits) => bits === 128 || bits === 192 || bits === 256;

/** Throws unless `bytes` has the length of a block. */
function requireBlock(bytes, what) {
    const length = TypedArrayPrototypeGetLength(bytes);
    if (length !== 16) {
        throw failed(what + " must have 16 bytes, and has " + length);
    }
}

function keyLength({ length }) {
    if (!isKeyLength(length)) {
        throw failed("an AES key has 128, 192 or 256 bits, not " + length);
    }
    return length;
}

/** What all modes do with keys: `mode` is the suffix of their names in JSON Web Keys. */
function registerMode(mode, usages, operations) {
    const name = "AES-" + mode;
    const create = (bytes) => {
        const length = TypedArrayPrototypeGetLength(bytes) * 8;
        return createSlots("secret", { __proto__: null, name, length }, secretKey(bytes));
    };
    register(name, {
        __proto__: null,
        ...operations,
        generateKey: [
            [["length", SHORT, true]],
            (normalized, extractable, wanted) => {
                requireUsages(wanted, usages, name);
                return create(randomBytes(keyLength(normalized) / 8));
            },
        ],
        importKey: [
            [],
            (normalized, format, data, extractable, wanted) => {
                requireUsages(wanted, usages, name);
                let bytes = data;
                if (format === "jwk") {
                    checkJwk(data, "oct", "enc", extractable, wanted);
                    bytes = jwkBytes(data, "k");
                } else if (format !== "raw") {
                    throw notSupportedFormat(format, name);
                }
                const bits = TypedArrayPrototypeGetLength(bytes) * 8;
                if (!isKeyLength(bits)) {
                    throw new DOMException("an AES key has 128, 192 or 256 bits, not " + bits, "DataError");
                }
                if (format === "jwk") {
                    checkAlg(data, "A" + bits + mode);
                }
                return create(bytes);
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
                    throw notSupportedFormat(format, name);
                }
                return createJsonWebKey(slots, {
                    __proto__: null,
                    alg: "A" + algorithm.length + mode,
                    k: encodeBase64Url(material("raw")),
                    kty: "oct",
                });
            },
        ],
        "get key length": [[["length", SHORT, true]], keyLength],
    });
}

const CBC_PARAMS = [["iv", BUFFER, true]];

registerMode("CBC", CIPHER_USAGES, {
    __proto__: null,
    encrypt: [
        CBC_PARAMS,
        ({ iv }, { material }, data) => {
            requireBlock(iv, "the initialization vector");
            return material("AES-CBC encrypt", iv, data);
        },
    ],
    decrypt: [
        CBC_PARAMS,
        ({ iv }, { material }, data) => {
            requireBlock(iv, "the initialization vector");
            return material("AES-CBC decrypt", iv, data);
        },
    ],
});

const applyCounter = [
    [["counter", BUFFER, true], ["length", OCTET, true]],
    ({ counter, length }, { material }, data) => {
        requireBlock(counter, "the counter");
        if (length === 0 || length > 128) {
            throw failed("the counter's length must be from 1 to 128 bits, not " + length);
        }
        return material("AES-CTR", counter, length, data);
    },
];

registerMode("CTR", CIPHER_USAGES, { __proto__: null, encrypt: applyCounter, decrypt: applyCounter });

const GCM_PARAMS = [["additionalData", BUFFER, false], ["iv", BUFFER, true], ["tagLength", OCTET, false]];
const NOTHING = new Uint8Array(0);

/** Bytes of the tag. */
function tagBytes({ iv, tagLength = 128 }) {
    if (tagLength !== 32 && tagLength !== 64 && (tagLength < 96 || tagLength > 128 || tagLength % 8 !== 0)) {
        throw failed("the tag's length must be 32, 64, 96, 104, 112, 120 or 128 bits, not " + tagLength);
    }
    if (TypedArrayPrototypeGetLength(iv) === 0) {
        throw failed("the initialization vector is empty");
    }
    return tagLength / 8;
}

const applyGcm = (operation) => [
    GCM_PARAMS,
    (normalized, { material }, data) =>
        material(operation, normalized.iv, normalized.additionalData ?? NOTHING, tagBytes(normalized), data),
];

registerMode("GCM", CIPHER_USAGES, {
    __proto__: null,
    encrypt: applyGcm("AES-GCM encrypt"),
    decrypt: applyGcm("AES-GCM decrypt"),
});

registerMode("KW", WRAP_USAGES, {
    __proto__: null,
    wrapKey: [[], (normalized, { material }, data) => material("AES-KW wrap", data)],
    unwrapKey: [[], (normalized, { material }, data) => material("AES-KW unwrap", data)],
});
