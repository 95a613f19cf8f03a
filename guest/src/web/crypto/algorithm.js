// Algorithms: which there are, and the normalization of what names them (Web
// Cryptography 18).

import {
    StringFromCharCode,
    StringPrototypeCharCodeAt,
    TypeError,
    TypedArrayPrototypeGetSymbolToStringTag,
} from "web:primordials";
import { DOMException } from "web:domexception";
import { copyBytes, toBufferSource } from "web:buffersource";
import { isObject, toDOMString, toEnforcedRange } from "web:webidl";
import { toKeySlots } from "web:crypto/key";

const ALGORITHMS = { __proto__: null };

/**
 * Registers an algorithm. `operations` has an entry for each operation: `[members,
 * run]`, where `members` are those of the operation's dictionary, from the least
 * derived one on and there by name: `[name, type, isRequired]`.
 */
export function register(name, operations) {
    ALGORITHMS[lower(name)] = { __proto__: null, name, operations };
}

/** ASCII lower case: what the registered names are found by. */
function lower(text) {
    let lowered = "";
    for (let i = 0; i < text.length; i++) {
        const code = StringPrototypeCharCodeAt(text, i);
        lowered += StringFromCharCode(code >= 65 && code <= 90 ? code + 32 : code);
    }
    return lowered;
}

/** `AlgorithmIdentifier`: an object, or its name. */
export const toAlgorithmIdentifier = (value) =>
    isObject(value) ? value : { __proto__: null, name: toDOMString(value) };

/** What runs an operation for keys of the algorithm of this name, if anything does. */
export function operationOf(name, operation) {
    return ALGORITHMS[lower(name)].operations[operation]?.[1];
}

/**
 * An algorithm identifier as the members of its dictionary for `operation`, with
 * `name` as it is registered, and `run`.
 */
export function normalize(identifier, operation) {
    const given = toName(identifier);
    const algorithm = ALGORITHMS[lower(given)];
    const entry = algorithm?.operations[operation];
    if (entry === undefined) {
        throw new DOMException("the algorithm '" + given + "' is not supported for " + operation, "NotSupportedError");
    }
    const members = entry[0];
    // The dictionary is converted as a whole, `name` again, before anything is done with it.
    toName(identifier);
    const normalized = { __proto__: null, name: algorithm.name, run: entry[1] };
    for (let i = 0; i < members.length; i++) {
        const { 0: name, 1: type, 2: isRequired } = members[i];
        const value = identifier[name];
        if (value !== undefined) {
            normalized[name] = type.convert(value, "'" + name + "' of the algorithm");
        } else if (isRequired) {
            throw new TypeError("the algorithm has no '" + name + "'");
        }
    }
    for (let i = 0; i < members.length; i++) {
        const { 0: name, 1: type } = members[i];
        if (type.settle !== undefined && normalized[name] !== undefined) {
            normalized[name] = type.settle(normalized[name]);
        }
    }
    return normalized;
}

function toName(identifier) {
    const { name } = identifier;
    if (name === undefined) {
        throw new TypeError("the algorithm has no 'name'");
    }
    return toDOMString(name);
}

const integer = (most) => ({ __proto__: null, convert: (value, what) => toEnforcedRange(value, most, what) });

/** Types of members: `convert` for each, and then `settle` for each. */
export const OCTET = integer(0xff);
export const SHORT = integer(0xffff);
export const LONG = integer(0xffffffff);
export const STRING = { __proto__: null, convert: toDOMString };
export const BUFFER = { __proto__: null, convert: toBufferSource, settle: copyBytes };
export const KEY = { __proto__: null, convert: toKeySlots };
export const HASH = {
    __proto__: null,
    convert: toAlgorithmIdentifier,
    settle: (identifier) => normalize(identifier, "digest"),
};
/** `BigInteger`: the bytes of a big-endian number. */
export const INTEGER = {
    __proto__: null,
    convert(value, what) {
        if (TypedArrayPrototypeGetSymbolToStringTag(value) !== "Uint8Array") {
            throw new TypeError(what + " is not a Uint8Array");
        }
        return toBufferSource(value, what);
    },
    settle: copyBytes,
};
