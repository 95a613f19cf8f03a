// CryptoKey (Web Cryptography 13).

import { TypeError } from "web:primordials";
import { DOMException } from "web:domexception";
import { copyBytes } from "web:buffersource";
import { registerSerializable } from "web:structured-clone/registry";
import { define, exposeInterface } from "web:webidl";

/** `KeyUsage`, in the order in which keys list them. */
export const USAGES = [
    "encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey",
];

const CREATE = {};
let slotsOf;

/** Whether a value is a `CryptoKey`. */
export let isCryptoKey;

/**
 * What a key is, in `#slots`: `type`, `algorithm` (without prototype, `hash` too),
 * `extractable`, `usages` and `material`, the native key (`web/crypto/mod.rs`).
 */
export class CryptoKey {
    #slots;
    // Guest code may write to what the attributes give: it is not what is used.
    #algorithm;
    #usages;

    constructor() {
        if (arguments[0] !== CREATE) {
            throw new TypeError("Illegal constructor");
        }
        this.#slots = arguments[1];
    }

    get type() {
        return this.#slots.type;
    }

    get extractable() {
        return this.#slots.extractable;
    }

    get algorithm() {
        return this.#algorithm ??= visibleAlgorithm(this.#slots.algorithm);
    }

    get usages() {
        return this.#usages ??= selectUsages(this.#slots.usages, USAGES);
    }

    static {
        isCryptoKey = (value) => typeof value === "object" && value !== null && #slots in value;
        slotsOf = (key) => key.#slots;
    }
}

exposeInterface(CryptoKey);

function visibleAlgorithm(algorithm) {
    const visible = { name: algorithm.name };
    for (const member in algorithm) {
        const value = algorithm[member];
        const isBytes = typeof value === "object" && member !== "hash";
        define(visible, member, member === "hash" ? { name: value.name } : isBytes ? copyBytes(value) : value, true);
    }
    return visible;
}

/**
 * The argument's slots. Nothing changes them once a key is there, so that a clone of
 * the key is another key of the same.
 */
export function toKeySlots(value, what = "the key") {
    if (!isCryptoKey(value)) {
        throw new TypeError(what + " is not a CryptoKey");
    }
    return slotsOf(value);
}

/** A key as the algorithms make it: without extractability and usages, which the methods know. */
export const createSlots = (type, algorithm, material) => ({
    __proto__: null,
    type,
    algorithm,
    extractable: false,
    usages: [],
    material,
});

/** The key for guest code. */
export const createKey = (slots) => new CryptoKey(CREATE, slots);

registerSerializable(isCryptoKey, slotsOf, createKey);

export function hasUsage(usages, usage) {
    for (let i = 0; i < usages.length; i++) {
        if (usages[i] === usage) {
            return true;
        }
    }
    return false;
}

/** Those of `usages` that are in `allowed`, each once, in the order of `USAGES`. */
export function selectUsages(usages, allowed) {
    const selected = [];
    for (let i = 0; i < USAGES.length; i++) {
        if (hasUsage(usages, USAGES[i]) && hasUsage(allowed, USAGES[i])) {
            define(selected, selected.length, USAGES[i], true);
        }
    }
    return selected;
}

/** Throws unless all usages are ones that a key of this kind can have. */
export function requireUsages(usages, allowed, what) {
    for (let i = 0; i < usages.length; i++) {
        if (!hasUsage(allowed, usages[i])) {
            throw new DOMException("a key of " + what + " cannot be used for '" + usages[i] + "'", "SyntaxError");
        }
    }
}

/** Throws unless a key is `type`. */
export function requireType(slots, type, what = "") {
    if (slots.type !== type) {
        const message = "the operation needs a " + type + " key, and got a " + slots.type + " key" + what;
        throw new DOMException(message, "InvalidAccessError");
    }
}
