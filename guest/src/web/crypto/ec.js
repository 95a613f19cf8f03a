// ECDSA and ECDH (Web Cryptography 23 and 24).

import { TypedArrayPrototypeGetLength, Uint8Array } from "web:primordials";
import { ecGenerate, ecPrivate, ecPublic, encodeBase64Url, randomBytes } from "web:native";
import { DOMException } from "web:domexception";
import { HASH, KEY, STRING } from "web:crypto/algorithm";
import { checkAlg, jwkBytes, requireSame } from "web:crypto/jwk";
import { requireType } from "web:crypto/key";
import { concatenate, diffieHellman, registerPair } from "web:crypto/pair";

/** Bytes of a coordinate, and the name of ECDSA in JSON Web Keys. */
const CURVES = {
    __proto__: null,
    "P-256": { bytes: 32, alg: "ES256" },
    "P-384": { bytes: 48, alg: "ES384" },
    "P-521": { bytes: 66, alg: "ES512" },
};

const invalid = (message) => new DOMException(message, "DataError");

/** The curve of a key that is imported. */
function curveOf({ namedCurve }) {
    if (CURVES[namedCurve] === undefined) {
        throw invalid("there is no curve '" + namedCurve + "'");
    }
    return namedCurve;
}

/** A member of a JSON Web Key that is a number of the curve's field. */
function fieldBytes(key, name, curve) {
    const bytes = jwkBytes(key, name);
    if (TypedArrayPrototypeGetLength(bytes) !== CURVES[curve].bytes) {
        throw invalid("'" + name + "' of the JSON Web Key does not have the length of " + curve);
    }
    return bytes;
}

const UNCOMPRESSED = new Uint8Array(1);
UNCOMPRESSED[0] = 4;

const PARAMS = [["namedCurve", STRING, true]];

const family = (name, use, privateUsages, publicUsages, usages) => ({
    __proto__: null,
    kty: "EC",
    use,
    isRaw: true,
    privateUsages,
    publicUsages,
    usages,
    generateParams: PARAMS,
    importParams: PARAMS,
    generate({ namedCurve }) {
        if (CURVES[namedCurve] === undefined) {
            throw new DOMException("the curve '" + namedCurve + "' is not supported", "NotSupportedError");
        }
        return ecGenerate(namedCurve, randomBytes(32));
    },
    algorithm: ({ namedCurve }) => ({ __proto__: null, name, namedCurve }),
    importPrivate: (normalized, bytes) => ecPrivate(curveOf(normalized), "pkcs8", bytes),
    importPublic: (normalized, format, bytes) => ecPublic(curveOf(normalized), format, bytes),
    readJwk(normalized, key) {
        const curve = curveOf(normalized);
        if (key.crv !== curve) {
            throw invalid("'crv' of the JSON Web Key is not '" + curve + "'");
        }
        if (name === "ECDSA") {
            checkAlg(key, CURVES[curve].alg);
        }
        const x = fieldBytes(key, "x", curve);
        const y = fieldBytes(key, "y", curve);
        const point = concatenate(UNCOMPRESSED, x, y);
        if (key.d === undefined) {
            return ecPublic(curve, "raw", point);
        }
        const material = ecPrivate(curve, "raw", fieldBytes(key, "d", curve));
        requireSame(material("public")("raw"), point, "the public key");
        return material;
    },
    writeJwk({ namedCurve }, publicMaterial, privateMaterial) {
        const { 0: x, 1: y } = publicMaterial("coordinates");
        return {
            __proto__: null,
            crv: namedCurve,
            x: encodeBase64Url(x),
            y: encodeBase64Url(y),
            d: privateMaterial === null ? undefined : encodeBase64Url(privateMaterial("raw")),
        };
    },
});

const SIGN_PARAMS = [["hash", HASH, true]];

registerPair("ECDSA", family("ECDSA", "sig", ["sign"], ["verify"], ["sign", "verify"]), {
    __proto__: null,
    sign: [
        SIGN_PARAMS,
        ({ hash }, slots, data) => {
            requireType(slots, "private");
            return slots.material("sign", hash.name, data, randomBytes(32));
        },
    ],
    verify: [
        SIGN_PARAMS,
        ({ hash }, slots, signature, data) => {
            requireType(slots, "public");
            return slots.material("verify", hash.name, signature, data);
        },
    ],
});

const DERIVE_USAGES = ["deriveKey", "deriveBits"];

registerPair("ECDH", family("ECDH", "enc", DERIVE_USAGES, [], DERIVE_USAGES), {
    __proto__: null,
    deriveBits: [
        [["public", KEY, true]],
        diffieHellman((own, other) => own.namedCurve === other.namedCurve),
    ],
});
