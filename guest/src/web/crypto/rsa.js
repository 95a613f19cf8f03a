// RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP (Web Cryptography 20 to 22).

import { Uint8Array } from "web:primordials";
import {
    encodeBase64Url,
    randomBytes,
    rsaGenerate,
    rsaPrivate,
    rsaPrivateOf,
    rsaPublic,
    rsaPublicOf,
} from "web:native";
import { DOMException } from "web:domexception";
import { BUFFER, HASH, INTEGER, LONG } from "web:crypto/algorithm";
import { checkAlg, jwkBytes } from "web:crypto/jwk";
import { requireType } from "web:crypto/key";
import { registerPair } from "web:crypto/pair";
import { hashNumber } from "web:crypto/secret";

/** `alg` gives an algorithm's name in JSON Web Keys, of the number of its hash function. */
const family = (name, alg, use, privateUsages, publicUsages, usages) => ({
    __proto__: null,
    kty: "RSA",
    use,
    isRaw: false,
    privateUsages,
    publicUsages,
    usages,
    generateParams: [["modulusLength", LONG, true], ["publicExponent", INTEGER, true], ["hash", HASH, true]],
    importParams: [["hash", HASH, true]],
    generate: ({ modulusLength, publicExponent }) => rsaGenerate(modulusLength, publicExponent, randomBytes(32)),
    algorithm: ({ hash }, publicMaterial) => ({
        __proto__: null,
        name,
        modulusLength: publicMaterial("bits"),
        publicExponent: publicMaterial("components")[1],
        hash: { __proto__: null, name: hash.name },
    }),
    importPrivate: (normalized, bytes) => rsaPrivate(bytes),
    importPublic: (normalized, format, bytes) => rsaPublic(bytes),
    readJwk({ hash }, key) {
        checkAlg(key, alg(hashNumber(hash.name)));
        const n = jwkBytes(key, "n");
        const e = jwkBytes(key, "e");
        if (key.d === undefined) {
            return rsaPublicOf(n, e);
        }
        if (key.oth !== undefined) {
            throw new DOMException("RSA keys of more than two primes are not supported", "NotSupportedError");
        }
        const d = jwkBytes(key, "d");
        if (
            key.p === undefined && key.q === undefined && key.dp === undefined && key.dq === undefined
            && key.qi === undefined
        ) {
            return rsaPrivateOf(n, e, d);
        }
        // These follow from the others: they must be there, and are computed anew.
        jwkBytes(key, "dp");
        jwkBytes(key, "dq");
        jwkBytes(key, "qi");
        return rsaPrivateOf(n, e, d, jwkBytes(key, "p"), jwkBytes(key, "q"));
    },
    writeJwk({ hash }, publicMaterial, privateMaterial) {
        const components = (privateMaterial ?? publicMaterial)("components");
        const members = { __proto__: null, alg: alg(hashNumber(hash.name)) };
        for (let i = 0; i < components.length; i++) {
            members[COMPONENTS[i]] = encodeBase64Url(components[i]);
        }
        return members;
    },
});

const COMPONENTS = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

const SIGNATURES = ["sign", "verify"];

const PKCS1 = "RSASSA-PKCS1-v1_5";

registerPair(PKCS1, family(PKCS1, (hash) => "RS" + hash, "sig", ["sign"], ["verify"], SIGNATURES), {
    __proto__: null,
    sign: [
        [],
        (normalized, slots, data) => {
            requireType(slots, "private");
            return slots.material("sign PKCS#1", slots.algorithm.hash.name, data, randomBytes(32));
        },
    ],
    verify: [
        [],
        (normalized, slots, signature, data) => {
            requireType(slots, "public");
            return slots.material("verify PKCS#1", slots.algorithm.hash.name, signature, data);
        },
    ],
});

const PSS_PARAMS = [["saltLength", LONG, true]];

registerPair("RSA-PSS", family("RSA-PSS", (hash) => "PS" + hash, "sig", ["sign"], ["verify"], SIGNATURES), {
    __proto__: null,
    sign: [
        PSS_PARAMS,
        ({ saltLength }, slots, data) => {
            requireType(slots, "private");
            return slots.material("sign PSS", slots.algorithm.hash.name, saltLength, data, randomBytes(32));
        },
    ],
    verify: [
        PSS_PARAMS,
        ({ saltLength }, slots, signature, data) => {
            requireType(slots, "public");
            return slots.material("verify PSS", slots.algorithm.hash.name, saltLength, signature, data);
        },
    ],
});

const OAEP_PARAMS = [["label", BUFFER, false]];
const NOTHING = new Uint8Array(0);

registerPair(
    "RSA-OAEP",
    family(
        "RSA-OAEP",
        (hash) => (hash === "1" ? "RSA-OAEP" : "RSA-OAEP-" + hash),
        "enc",
        ["decrypt", "unwrapKey"],
        ["encrypt", "wrapKey"],
        ["encrypt", "decrypt", "wrapKey", "unwrapKey"],
    ),
    {
        __proto__: null,
        encrypt: [
            OAEP_PARAMS,
            ({ label }, slots, data) => {
                requireType(slots, "public");
                return slots.material("encrypt", slots.algorithm.hash.name, label ?? NOTHING, data, randomBytes(32));
            },
        ],
        decrypt: [
            OAEP_PARAMS,
            ({ label }, slots, data) => {
                requireType(slots, "private");
                return slots.material("decrypt", slots.algorithm.hash.name, label ?? NOTHING, data, randomBytes(32));
            },
        ],
    },
);
