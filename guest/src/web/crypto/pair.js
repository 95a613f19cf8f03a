// What algorithms with private and public keys have in common.

import { MathCeil, TypedArrayPrototypeGetLength, TypedArrayPrototypeSet, Uint8Array } from "web:primordials";
import { DOMException } from "web:domexception";
import { register } from "web:crypto/algorithm";
import { checkJwk, createJsonWebKey } from "web:crypto/jwk";
import { createSlots, requireType, requireUsages, selectUsages } from "web:crypto/key";
import { notSupportedFormat } from "web:crypto/secret";

/**
 * Registers an algorithm with its keys. `family` says how these are:
 *
 * - `kty`, `use`: their type and use in JSON Web Keys;
 * - `isRaw`: whether public keys have the format `raw`;
 * - `usages`, of which `privateUsages` and `publicUsages` are one key's;
 * - `generateParams`, `importParams`: members of the dictionaries;
 * - `generate(normalized)`, `importPrivate(normalized, bytes)`,
 *   `importPublic(normalized, format, bytes)`, `readJwk(normalized, jwk)`: native keys;
 * - `algorithm(normalized, publicMaterial)`: the algorithm of a key;
 * - `writeJwk(algorithm, publicMaterial, privateMaterial)`: members.
 */
export function registerPair(name, family, operations) {
    const { privateUsages, publicUsages } = family;
    const create = (type, normalized, material) =>
        createSlots(type, family.algorithm(normalized, type === "public" ? material : material("public")), material);
    register(name, {
        __proto__: null,
        ...operations,
        generateKey: [
            family.generateParams,
            (normalized, extractable, usages) => {
                requireUsages(usages, family.usages, name);
                const material = family.generate(normalized);
                const privateKey = create("private", normalized, material);
                privateKey.extractable = extractable;
                privateKey.usages = selectUsages(usages, privateUsages);
                const publicKey = create("public", normalized, material("public"));
                publicKey.extractable = true;
                publicKey.usages = selectUsages(usages, publicUsages);
                return { __proto__: null, privateKey, publicKey };
            },
        ],
        importKey: [
            family.importParams,
            (normalized, format, data, extractable, usages) => {
                const isPrivate = format === "pkcs8" || format === "jwk" && data.d !== undefined;
                if (format === "raw" && !family.isRaw) {
                    throw notSupportedFormat(format, name);
                }
                const type = isPrivate ? "private" : "public";
                requireUsages(usages, isPrivate ? privateUsages : publicUsages, name + ", " + type + ",");
                if (format === "jwk") {
                    checkJwk(data, family.kty, family.use, extractable, usages);
                    return create(type, normalized, family.readJwk(normalized, data));
                }
                return create(
                    type,
                    normalized,
                    isPrivate ? family.importPrivate(normalized, data) : family.importPublic(normalized, format, data),
                );
            },
        ],
        exportKey: [
            [],
            (format, slots) => {
                const { algorithm, material, type } = slots;
                if (format === "jwk") {
                    const isPrivate = type === "private";
                    const publicMaterial = isPrivate ? material("public") : material;
                    const members = family.writeJwk(algorithm, publicMaterial, isPrivate ? material : null);
                    members.kty = family.kty;
                    return createJsonWebKey(slots, members);
                }
                if (format === "raw" && !family.isRaw) {
                    throw notSupportedFormat(format, name);
                }
                requireType(slots, format === "pkcs8" ? "private" : "public");
                return material(format);
            },
        ],
    });
}

/** The bytes one after the other. */
export function concatenate(first, second, third) {
    const parts = [first, second, third];
    let length = 0;
    for (let i = 0; i < 3; i++) {
        length += TypedArrayPrototypeGetLength(parts[i]);
    }
    const bytes = new Uint8Array(length);
    for (let i = 0, at = 0; i < 3; i++) {
        TypedArrayPrototypeSet(bytes, parts[i], at);
        at += TypedArrayPrototypeGetLength(parts[i]);
    }
    return bytes;
}

/** `deriveBits` by the Diffie-Hellman function: `isSameGroup` compares two keys' algorithms. */
export const diffieHellman = (isSameGroup) => (normalized, slots, length) => {
    requireType(slots, "private");
    const other = normalized.public;
    requireType(other, "public", " as the 'public' of the algorithm");
    if (slots.algorithm.name !== other.algorithm.name || !isSameGroup(slots.algorithm, other.algorithm)) {
        throw new DOMException("the two keys are not of the same algorithm and curve", "InvalidAccessError");
    }
    return truncate(slots.material("derive", other.material("raw")), length);
};

/** The first `length` bits of `bytes`, of all if it is `null`. */
function truncate(bytes, length) {
    if (length === null) {
        return bytes;
    }
    if (length > TypedArrayPrototypeGetLength(bytes) * 8) {
        throw new DOMException("the shared secret has fewer than " + length + " bits", "OperationError");
    }
    const wanted = MathCeil(length / 8);
    const truncated = new Uint8Array(wanted);
    for (let i = 0; i < wanted; i++) {
        truncated[i] = bytes[i];
    }
    if (length % 8 !== 0) {
        truncated[wanted - 1] &= 0xff << (8 - (length % 8));
    }
    return truncated;
}
