// Crypto and the global `crypto` (Web Cryptography 10).

import {
    ArrayBufferIsView,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    TypeError,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet,
    globalObject,
} from "web:primordials";
import { formatUuid, randomBytes } from "web:native";
import { isBufferSource, toBytes } from "web:buffersource";
import { DOMException } from "web:domexception";
import { QuotaExceededError } from "web:quotaexceedederror";
import { exposeInterface, requireArguments } from "web:webidl";
import { subtle } from "web:crypto/subtle";

/** Most bytes of one call, by the specification. */
const QUOTA = 65536;

const INTEGERS = {
    __proto__: null,
    Int8Array: true,
    Uint8Array: true,
    Uint8ClampedArray: true,
    Int16Array: true,
    Uint16Array: true,
    Int32Array: true,
    Uint32Array: true,
    BigInt64Array: true,
    BigUint64Array: true,
};

const CREATE = {};

export class Crypto {
    #subtle;

    constructor() {
        if (arguments[0] !== CREATE) {
            throw new TypeError("Illegal constructor");
        }
        this.#subtle = subtle;
    }

    get subtle() {
        return this.#subtle;
    }

    getRandomValues(array) {
        // The receiver is checked by that.
        this.#subtle;
        requireArguments(arguments.length, 1, "getRandomValues");
        if (!ArrayBufferIsView(array) || !isBufferSource(array)) {
            throw new TypeError("getRandomValues: the argument is not a view of an ArrayBuffer");
        }
        const kind = TypedArrayPrototypeGetSymbolToStringTag(array);
        if (INTEGERS[kind] === undefined) {
            const message = "getRandomValues fills arrays of integers, and got a " + (kind ?? "DataView");
            throw new DOMException(message, "TypeMismatchError");
        }
        const length = TypedArrayPrototypeGetByteLength(array);
        if (length > QUOTA) {
            const message = "getRandomValues gives at most " + QUOTA + " bytes, and was asked for " + length;
            throw new QuotaExceededError(message);
        }
        TypedArrayPrototypeSet(toBytes(array), randomBytes(length));
        return array;
    }

    randomUUID() {
        this.#subtle;
        return formatUuid(randomBytes(16));
    }
}

exposeInterface(Crypto);

const instance = new Crypto(CREATE);
// An accessor as a class makes it, so with the name that Web IDL gives it.
const { get } = ObjectGetOwnPropertyDescriptor({ get crypto() { return instance; } }, "crypto");
ObjectDefineProperty(globalObject, "crypto", { __proto__: null, get, enumerable: true, configurable: true });
