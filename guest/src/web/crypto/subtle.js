// SubtleCrypto (Web Cryptography 14).

import {
    Promise,
    PromisePrototypeThen,
    PromiseResolve,
    TypeError,
    TypedArrayPrototypeGetBuffer,
} from "web:primordials";
import { copyBytes, isBufferSource, toBufferSource } from "web:buffersource";
import { DOMException } from "web:domexception";
import {
    define,
    exposeInterface,
    isObject,
    requireArguments,
    toBoolean,
    toEnum,
    toSequenceOf,
    toUnsignedLong,
} from "web:webidl";
import { normalize, operationOf, toAlgorithmIdentifier } from "web:crypto/algorithm";
import { parseJsonWebKey, serializeJsonWebKey, toJsonWebKey, toObject } from "web:crypto/jwk";
import { USAGES, createKey, hasUsage, selectUsages, toKeySlots } from "web:crypto/key";
// In the order of dependence; they register themselves.
import "web:crypto/secret";
import "web:crypto/aes";
import "web:crypto/ec";
import "web:crypto/okp";
import "web:crypto/rsa";

const FORMATS = ["raw", "spki", "pkcs8", "jwk"];

const toFormat = (value) => toEnum(value, FORMATS, "the key format");
const toUsage = (value) => toEnum(value, USAGES, "the key usage");
const toUsages = (value) => toSequenceOf(value, toUsage, "the list of key usages");
const refuse = (message) => new DOMException(message, "InvalidAccessError");

/** A settled promise whose reactions are the engine's own affair. */
const SETTLED = PromiseResolve();
define(SETTLED, "constructor", undefined);

/**
 * A method's promise: `prepare` does what the specification does at once, and gives
 * what it does "in parallel". That runs as a microtask, so with most of the stack
 * free. What either throws rejects the promise.
 */
const promised = (prepare) =>
    new Promise((resolve, reject) => {
        const work = prepare();
        PromisePrototypeThen(SETTLED, () => {
            let result;
            try {
                result = work();
            } catch (error) {
                reject(error);
                return;
            }
            resolve(result);
        });
    });

const toBuffer = (bytes) => TypedArrayPrototypeGetBuffer(bytes);

/** Throws unless a key is of the algorithm and can be used for what is asked. */
function requireKey(normalized, slots, usage) {
    if (normalized.name !== slots.algorithm.name) {
        throw refuse("the key is one of " + slots.algorithm.name + ", and not of " + normalized.name);
    }
    if (!hasUsage(slots.usages, usage)) {
        throw refuse("the key's usages do not contain '" + usage + "'");
    }
}

/** Makes a new key complete, and a `CryptoKey`. */
function finish(slots, extractable, usages) {
    slots.extractable = extractable;
    slots.usages = selectUsages(usages, USAGES);
    requireUse(slots);
    return createKey(slots);
}

function requireUse({ type, usages }) {
    if (type !== "public" && usages.length === 0) {
        throw new DOMException("a " + type + " key without usages is of no use", "SyntaxError");
    }
}

/** A key in a format, by what `exportKey` and `wrapKey` check. */
function exportSlots(slots, format) {
    const { name } = slots.algorithm;
    const run = operationOf(name, "exportKey");
    if (run === undefined) {
        throw new DOMException("keys of " + name + " cannot be exported", "NotSupportedError");
    }
    if (!slots.extractable) {
        throw refuse("the key is not extractable");
    }
    return run(format, slots);
}

/** What names the algorithm of an operation that has a fallback. */
function normalizeEither(algorithm, operation, fallback) {
    try {
        return normalize(algorithm, operation);
    } catch {
        return normalize(algorithm, fallback);
    }
}

const CREATE = {};

export class SubtleCrypto {
    #brand;

    constructor() {
        if (arguments[0] !== CREATE) {
            throw new TypeError("Illegal constructor");
        }
    }

    /** Checks the receiver and how many arguments a method got. */
    static #begin(receiver, given, wanted, what) {
        if (!isObject(receiver) || !(#brand in receiver)) {
            throw new TypeError(what + " was called on what is not a SubtleCrypto");
        }
        requireArguments(given, wanted, what);
    }

    /** `encrypt`, `decrypt` and `sign`. */
    static #transform(receiver, given, operation, algorithm, key, data) {
        SubtleCrypto.#begin(receiver, given, 3, operation);
        algorithm = toAlgorithmIdentifier(algorithm);
        const slots = toKeySlots(key);
        toBufferSource(data, "the data");
        const normalized = normalize(algorithm, operation);
        const bytes = copyBytes(data);
        return () => {
            requireKey(normalized, slots, operation);
            return toBuffer(normalized.run(normalized, slots, bytes));
        };
    }

    encrypt(algorithm, key, data) {
        return promised(() => SubtleCrypto.#transform(this, arguments.length, "encrypt", algorithm, key, data));
    }

    decrypt(algorithm, key, data) {
        return promised(() => SubtleCrypto.#transform(this, arguments.length, "decrypt", algorithm, key, data));
    }

    sign(algorithm, key, data) {
        return promised(() => SubtleCrypto.#transform(this, arguments.length, "sign", algorithm, key, data));
    }

    verify(algorithm, key, signature, data) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 4, "verify");
            algorithm = toAlgorithmIdentifier(algorithm);
            const slots = toKeySlots(key);
            toBufferSource(signature, "the signature");
            toBufferSource(data, "the data");
            const normalized = normalize(algorithm, "verify");
            const given = copyBytes(signature);
            const bytes = copyBytes(data);
            return () => {
                requireKey(normalized, slots, "verify");
                return normalized.run(normalized, slots, given, bytes);
            };
        });
    }

    digest(algorithm, data) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 2, "digest");
            algorithm = toAlgorithmIdentifier(algorithm);
            toBufferSource(data, "the data");
            const normalized = normalize(algorithm, "digest");
            const bytes = copyBytes(data);
            return () => toBuffer(normalized.run(normalized, bytes));
        });
    }

    generateKey(algorithm, extractable, keyUsages) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 3, "generateKey");
            algorithm = toAlgorithmIdentifier(algorithm);
            extractable = toBoolean(extractable);
            const usages = toUsages(keyUsages);
            const normalized = normalize(algorithm, "generateKey");
            return () => {
                const generated = normalized.run(normalized, extractable, usages);
                if (generated.type !== undefined) {
                    return finish(generated, extractable, usages);
                }
                requireUse(generated.privateKey);
                return { privateKey: createKey(generated.privateKey), publicKey: createKey(generated.publicKey) };
            };
        });
    }

    deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 5, "deriveKey");
            algorithm = toAlgorithmIdentifier(algorithm);
            const slots = toKeySlots(baseKey, "the base key");
            derivedKeyType = toAlgorithmIdentifier(derivedKeyType);
            extractable = toBoolean(extractable);
            const usages = toUsages(keyUsages);
            const normalized = normalize(algorithm, "deriveBits");
            const derived = normalize(derivedKeyType, "importKey");
            const derivedLength = normalize(derivedKeyType, "get key length");
            return () => {
                requireKey(normalized, slots, "deriveKey");
                const bits = normalized.run(normalized, slots, derivedLength.run(derivedLength));
                return finish(derived.run(derived, "raw", bits, extractable, usages), extractable, usages);
            };
        });
    }

    deriveBits(algorithm, baseKey, length = null) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 2, "deriveBits");
            algorithm = toAlgorithmIdentifier(algorithm);
            const slots = toKeySlots(baseKey, "the base key");
            const bits = length === null ? null : toUnsignedLong(length);
            const normalized = normalize(algorithm, "deriveBits");
            return () => {
                requireKey(normalized, slots, "deriveBits");
                return toBuffer(normalized.run(normalized, slots, bits));
            };
        });
    }

    importKey(format, keyData, algorithm, extractable, keyUsages) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 5, "importKey");
            format = toFormat(format);
            const isBytes = isBufferSource(keyData);
            if (!isBytes && !isObject(keyData) && keyData !== undefined && keyData !== null) {
                throw new TypeError("the key data is neither a buffer nor a JSON Web Key");
            }
            const key = isBytes ? null : toJsonWebKey(keyData);
            algorithm = toAlgorithmIdentifier(algorithm);
            extractable = toBoolean(extractable);
            const usages = toUsages(keyUsages);
            const normalized = normalize(algorithm, "importKey");
            if (isBytes === (format === "jwk")) {
                const given = isBytes ? "a buffer" : "no buffer";
                throw new TypeError("the key data is " + given + ", and the format '" + format + "'");
            }
            const data = isBytes ? copyBytes(keyData) : key;
            return () => finish(normalized.run(normalized, format, data, extractable, usages), extractable, usages);
        });
    }

    exportKey(format, key) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 2, "exportKey");
            format = toFormat(format);
            const slots = toKeySlots(key);
            return () => {
                const exported = exportSlots(slots, format);
                return format === "jwk" ? toObject(exported) : toBuffer(exported);
            };
        });
    }

    wrapKey(format, key, wrappingKey, wrapAlgorithm) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 4, "wrapKey");
            format = toFormat(format);
            const slots = toKeySlots(key);
            const wrapping = toKeySlots(wrappingKey, "the wrapping key");
            const normalized = normalizeEither(toAlgorithmIdentifier(wrapAlgorithm), "wrapKey", "encrypt");
            return () => {
                requireKey(normalized, wrapping, "wrapKey");
                const exported = exportSlots(slots, format);
                const bytes = format === "jwk" ? serializeJsonWebKey(exported) : exported;
                return toBuffer(normalized.run(normalized, wrapping, bytes));
            };
        });
    }

    unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
        return promised(() => {
            SubtleCrypto.#begin(this, arguments.length, 7, "unwrapKey");
            format = toFormat(format);
            toBufferSource(wrappedKey, "the wrapped key");
            const unwrapping = toKeySlots(unwrappingKey, "the unwrapping key");
            unwrapAlgorithm = toAlgorithmIdentifier(unwrapAlgorithm);
            unwrappedKeyAlgorithm = toAlgorithmIdentifier(unwrappedKeyAlgorithm);
            extractable = toBoolean(extractable);
            const usages = toUsages(keyUsages);
            const normalized = normalizeEither(unwrapAlgorithm, "unwrapKey", "decrypt");
            const imported = normalize(unwrappedKeyAlgorithm, "importKey");
            const wrapped = copyBytes(wrappedKey);
            return () => {
                requireKey(normalized, unwrapping, "unwrapKey");
                const bytes = normalized.run(normalized, unwrapping, wrapped);
                const data = format === "jwk" ? parseJsonWebKey(bytes) : bytes;
                return finish(imported.run(imported, format, data, extractable, usages), extractable, usages);
            };
        });
    }
}

exposeInterface(SubtleCrypto);

export const subtle = new SubtleCrypto(CREATE);
