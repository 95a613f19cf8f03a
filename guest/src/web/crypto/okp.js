// Ed25519 and X25519 (Web Cryptography 25 and 26).

import { encodeBase64Url, okpGenerate, okpPrivate, okpPublic, randomBytes } from "web:native";
import { DOMException } from "web:domexception";
import { KEY } from "web:crypto/algorithm";
import { checkAlg, jwkBytes, requireSame } from "web:crypto/jwk";
import { requireType } from "web:crypto/key";
import { diffieHellman, registerPair } from "web:crypto/pair";

const family = (name, alg, use, privateUsages, publicUsages, usages) => ({
    __proto__: null,
    kty: "OKP",
    use,
    isRaw: true,
    privateUsages,
    publicUsages,
    usages,
    generateParams: [],
    importParams: [],
    generate: () => okpGenerate(name, randomBytes(32)),
    algorithm: () => ({ __proto__: null, name }),
    importPrivate: (normalized, bytes) => okpPrivate(name, "pkcs8", bytes),
    importPublic: (normalized, format, bytes) => okpPublic(name, format, bytes),
    readJwk(normalized, key) {
        if (key.crv !== name) {
            throw new DOMException("'crv' of the JSON Web Key is not '" + name + "'", "DataError");
        }
        if (alg !== undefined) {
            checkAlg(key, alg, "EdDSA");
        }
        const x = jwkBytes(key, "x");
        if (key.d === undefined) {
            return okpPublic(name, "raw", x);
        }
        const material = okpPrivate(name, "raw", jwkBytes(key, "d"));
        requireSame(material("public")("raw"), x, "'x'");
        return material;
    },
    writeJwk: (algorithm, publicMaterial, privateMaterial) => ({
        __proto__: null,
        alg,
        crv: name,
        x: encodeBase64Url(publicMaterial("raw")),
        d: privateMaterial === null ? undefined : encodeBase64Url(privateMaterial("raw")),
    }),
});

registerPair("Ed25519", family("Ed25519", "Ed25519", "sig", ["sign"], ["verify"], ["sign", "verify"]), {
    __proto__: null,
    sign: [
        [],
        (normalized, slots, data) => {
            requireType(slots, "private");
            return slots.material("sign", data);
        },
    ],
    verify: [
        [],
        (normalized, slots, signature, data) => {
            requireType(slots, "public");
            return slots.material("verify", signature, data);
        },
    ],
});

const DERIVE_USAGES = ["deriveKey", "deriveBits"];

registerPair("X25519", family("X25519", undefined, "enc", DERIVE_USAGES, [], DERIVE_USAGES), {
    __proto__: null,
    deriveBits: [[["public", KEY, true]], diffieHellman(() => true)],
});
