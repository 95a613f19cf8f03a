// JSON Web Keys (RFC 7517, RFC 7518 6; Web Cryptography 15).

import { ArrayIsArray, JSONParse, JSONStringify, ObjectPrototypeHasOwnProperty, createList } from "web:primordials";
import { decodeBase64Url, decodeKeyText, encodeBase64Url, encodeKeyText } from "web:native";
import { DOMException } from "web:domexception";
import { define, isObject, toBoolean, toDOMString, toDictionary, toSequenceOf } from "web:webidl";
import { hasUsage } from "web:crypto/key";

/** The dictionary's members, by name. */
const MEMBERS = [
    "alg", "crv", "d", "dp", "dq", "e", "ext", "k", "key_ops", "kty", "n", "oth", "p", "q", "qi", "use", "x", "y",
];

/** `JsonWebKey`: a copy without prototype. */
export function toJsonWebKey(value) {
    const key = { __proto__: null };
    for (let i = 0; i < MEMBERS.length; i++) {
        const name = MEMBERS[i];
        const member = value?.[name];
        if (member !== undefined) {
            key[name] = convert(name, member, toSequenceOf);
        }
    }
    return key;
}

/** What is in the bytes of a wrapped key: it has no prototype to inherit from. */
export function parseJsonWebKey(bytes) {
    let value;
    try {
        value = JSONParse(decodeKeyText(bytes));
    } catch {
        throw invalid("the unwrapped data is not JSON");
    }
    if (!isObject(value)) {
        throw invalid("the unwrapped data is not a JSON Web Key");
    }
    const key = { __proto__: null };
    for (let i = 0; i < MEMBERS.length; i++) {
        const name = MEMBERS[i];
        if (ObjectPrototypeHasOwnProperty(value, name)) {
            key[name] = parsed(name, value[name]);
        }
    }
    if (key.kty === undefined) {
        throw invalid("the unwrapped JSON Web Key has no 'kty'");
    }
    return key;
}

/** A member of parsed JSON, where objects as texts would call what guest code can replace. */
function parsed(name, member) {
    const isList = name === "key_ops" || name === "oth";
    if (isList !== ArrayIsArray(member) || !isList && isObject(member)) {
        throw invalid("'" + name + "' of the unwrapped JSON Web Key is of the wrong type");
    }
    return convert(name, member, (list, convertItem) => {
        const items = createList();
        for (let i = 0; i < list.length; i++) {
            if (isObject(list[i]) !== (name === "oth")) {
                throw invalid("'" + name + "' of the unwrapped JSON Web Key is of the wrong type");
            }
            items[i] = convertItem(list[i]);
        }
        return items;
    });
}

function convert(name, member, sequence) {
    switch (name) {
        case "ext":
            return toBoolean(member);
        case "key_ops":
            return sequence(member, toDOMString, "'key_ops' of the JSON Web Key");
        case "oth":
            return sequence(member, (item) => toDictionary(item, "an item of 'oth'"), "'oth' of the JSON Web Key");
        default:
            return toDOMString(member);
    }
}

const invalid = (message) => new DOMException(message, "DataError");

/**
 * Throws unless `key` is of type `kty`, for the use and with the operations of
 * `usages`, and extractable if the imported key shall be.
 */
export function checkJwk(key, kty, use, extractable, usages) {
    if (key.kty !== kty) {
        throw invalid("'kty' of the JSON Web Key is not '" + kty + "'");
    }
    if (usages.length > 0 && key.use !== undefined && key.use !== use) {
        throw invalid("'use' of the JSON Web Key is not '" + use + "'");
    }
    const operations = key.key_ops;
    if (operations !== undefined) {
        for (let i = 0; i < operations.length; i++) {
            for (let k = 0; k < i; k++) {
                if (operations[i] === operations[k]) {
                    throw invalid("'key_ops' of the JSON Web Key has '" + operations[i] + "' twice");
                }
            }
        }
        for (let i = 0; i < usages.length; i++) {
            if (!hasUsage(operations, usages[i])) {
                throw invalid("'key_ops' of the JSON Web Key has no '" + usages[i] + "'");
            }
        }
    }
    if (key.ext === false && extractable) {
        throw invalid("'ext' of the JSON Web Key says that it is not extractable");
    }
}

/** Throws unless `alg` is absent or one of two names. */
export function checkAlg(key, name, other = name) {
    if (key.alg !== undefined && key.alg !== name && key.alg !== other) {
        throw invalid("'alg' of the JSON Web Key is '" + key.alg + "' and not '" + name + "'");
    }
}

/** The bytes of a member that must be there. */
export function jwkBytes(key, name) {
    if (key[name] === undefined) {
        throw invalid("the JSON Web Key has no '" + name + "'");
    }
    return decodeBase64Url(key[name]);
}

/** Throws when two values differ of which one follows from the other. */
export function requireSame(first, second, what) {
    if (encodeBase64Url(first) !== encodeBase64Url(second)) {
        throw invalid(what + " of the JSON Web Key is not that of its private key");
    }
}

/**
 * A key in JSON, as the bytes that are wrapped. Member by member: the engine's
 * `JSON.stringify` sets elements of an array of its own for each object, where setters
 * of `Array.prototype` would see them.
 */
export function serializeJsonWebKey(key) {
    let text = "";
    for (const name in key) {
        const member = key[name];
        text += (text === "" ? "{" : ",") + JSONStringify(name) + ":"
            + (name === "key_ops" ? serializeList(member) : JSONStringify(member));
    }
    return encodeKeyText(text + "}");
}

function serializeList(list) {
    let text = "";
    for (let i = 0; i < list.length; i++) {
        text += (i === 0 ? "" : ",") + JSONStringify(list[i]);
    }
    return "[" + text + "]";
}

/**
 * The JSON Web Key of a key: `members` in base64url or as text, with `key_ops` and
 * `ext`.
 */
export function createJsonWebKey(slots, members) {
    members.ext = slots.extractable;
    members.key_ops = slots.usages;
    const key = { __proto__: null };
    for (let i = 0; i < MEMBERS.length; i++) {
        const member = members[MEMBERS[i]];
        if (member !== undefined) {
            key[MEMBERS[i]] = member;
        }
    }
    return key;
}

/** The same for guest code: an ordinary object. */
export function toObject(key) {
    const object = {};
    for (const name in key) {
        define(object, name, name === "key_ops" ? copyList(key[name]) : key[name], true);
    }
    return object;
}

function copyList(list) {
    const copy = [];
    for (let i = 0; i < list.length; i++) {
        define(copy, i, list[i], true);
    }
    return copy;
}
