// Bodies of what guest code gives (https://fetch.spec.whatwg.org/#concept-bodyinit-extract).

import { toBytes } from "web:buffersource";
import { isFormData, multipartOf } from "web:fetch/form-data";
import { isBlob, recordOfBlob } from "web:fileapi/blob";
import { copyOf, isBufferSource } from "web:fileapi/bytes";
import {
    JSONStringify,
    ObjectGetPrototypeOf,
    ObjectPrototype,
    ObjectPrototypeHasOwnProperty,
    SymbolToPrimitive,
    TypeError,
} from "web:primordials";
import { isDisturbed, isLocked, isReadableStream } from "web:streams";
import { isSearchParams, serializeParams } from "web:url/searchparams";
import { isObject, toUSVString } from "web:webidl";

const TEXT = "text/plain;charset=UTF-8";
const FORM = "application/x-www-form-urlencoded;charset=UTF-8";
const JSON_TYPE = "application/json";

/**
 * A body. It begins as one of `text`, `bytes` and `stream`, of which the last is there for what guest code streams or
 * when it asked for one. Bytes are nobody's to change; `shared` ones are also another object's. `signal` aborts what
 * was not read yet.
 */
export const newBody = (text, bytes, stream) => ({
    __proto__: null,
    text,
    bytes,
    stream,
    shared: false,
    used: false,
    signal: undefined,
});

/** `{ body, type }` of a value; the type is null where the value has none. Throws for a stream that was read. */
export function extractBody(value) {
    if (!isObject(value)) {
        return extracted(toUSVString(value), undefined, undefined, TEXT);
    }
    if (isReadableStream(value)) {
        if (isDisturbed(value) || isLocked(value)) {
            throw new TypeError("the body is a stream that was read or that is locked");
        }
        return extracted(undefined, undefined, value, null);
    }
    if (isBlob(value)) {
        const { bytes, type } = recordOfBlob(value);
        const result = extracted(undefined, bytes, undefined, type === "" ? null : type);
        result.body.shared = true;
        return result;
    }
    if (isBufferSource(value)) {
        return extracted(undefined, copyOf(toBytes(value, "the body")), undefined, null);
    }
    if (isFormData(value)) {
        const { bytes, type } = multipartOf(value);
        return extracted(undefined, bytes, undefined, type);
    }
    if (isSearchParams(value)) {
        return extracted(serializeParams(value), undefined, undefined, FORM);
    }
    if (isPlainObject(value)) {
        return extractJson(value);
    }
    return extracted(toUSVString(value), undefined, undefined, TEXT);
}

/** `{ body, type }` of a value as JSON. */
export function extractJson(value) {
    const text = JSONStringify(value);
    if (text === undefined) {
        throw new TypeError("the body has no form as JSON");
    }
    return extracted(text, undefined, undefined, JSON_TYPE);
}

const extracted = (text, bytes, stream, type) => ({ __proto__: null, body: newBody(text, bytes, stream), type });

/**
 * Whether a value is an object as literals make them, without a string of its own. The standard's string for these is
 * "[object Object]", which nobody means.
 */
function isPlainObject(value) {
    const prototype = ObjectGetPrototypeOf(value);
    return (
        (prototype === null || prototype === ObjectPrototype) &&
        !ObjectPrototypeHasOwnProperty(value, "toString") &&
        !ObjectPrototypeHasOwnProperty(value, SymbolToPrimitive)
    );
}
