// Blob (https://w3c.github.io/FileAPI/#blob-section).

import { toBytes } from "web:buffersource";
import { concatenated, copyOf, isBufferSource, lengthOf, partOf, streamOf } from "web:fileapi/bytes";
import { decodeText, encodeUtf8 } from "web:native";
import {
    MathFloor,
    MathMax,
    MathMin,
    StringPrototypeCharCodeAt,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeToLowerCase,
    TypedArrayPrototypeGetBuffer,
    createList,
} from "web:primordials";
import { promiseOperation, promiseResolvedWith } from "web:streams/promises";
import { exposeInterface, isObject, toDictionary, toDOMString, toEnum, toSequenceOf, toUSVString } from "web:webidl";

const ENDINGS = ["transparent", "native"];
const MAX_SAFE_INTEGER = 9007199254740991;

/** Stands before a blob's record in a constructor's arguments. Guest code has none. */
export const RECORD = { __proto__: null };

/** Whether a value is a `Blob`. */
export let isBlob;
/** What a `Blob` is: `{ bytes, type }`. Nobody may change the bytes. */
export let recordOfBlob;

export class Blob {
    #record;

    constructor(blobParts = undefined, options = undefined) {
        if (blobParts === RECORD) {
            this.#record = options;
            return;
        }
        const parts = blobParts === undefined ? createList() : toBlobParts(blobParts, "Blob: the first argument");
        this.#record = newRecord(parts, toBlobOptions(toDictionary(options, "Blob: the second argument")));
    }

    get size() {
        return lengthOf(this.#record.bytes);
    }

    get type() {
        return this.#record.type;
    }

    slice(start = 0, end = undefined, contentType = "") {
        const { bytes } = this.#record;
        const size = lengthOf(bytes);
        const from = within(toClampedInteger(start), size);
        const to = within(end === undefined ? size : toClampedInteger(end), size);
        const type = normalizedType(toDOMString(contentType));
        return new Blob(RECORD, { __proto__: null, bytes: partOf(bytes, from, MathMax(from, to)), type });
    }

    stream() {
        return streamOf(this.#record.bytes);
    }

    text() {
        return promiseOperation(() => promiseResolvedWith(decodeText("utf-8", false, false, this.#record.bytes)));
    }

    arrayBuffer() {
        return promiseOperation(() =>
            promiseResolvedWith(TypedArrayPrototypeGetBuffer(copyOf(this.#record.bytes))),
        );
    }

    bytes() {
        return promiseOperation(() => promiseResolvedWith(copyOf(this.#record.bytes)));
    }

    static {
        isBlob = (value) => isObject(value) && #record in value;
        recordOfBlob = (blob) => blob.#record;
    }
}

exposeInterface(Blob);

/** Converts a sequence of parts: blobs and buffers stay what they are, all else becomes a string. */
export const toBlobParts = (value, what) =>
    toSequenceOf(value, (part) => (isBlob(part) || isBufferSource(part) ? part : toUSVString(part)), what);

/** Converts `BlobPropertyBag`. */
export function toBlobOptions(dictionary) {
    const { endings } = dictionary;
    const native = endings !== undefined && toEnum(endings, ENDINGS, "the endings of a Blob") === "native";
    const { type } = dictionary;
    return { __proto__: null, native, type: type === undefined ? "" : toDOMString(type) };
}

/** What a blob of these parts is. */
export function newRecord(parts, options) {
    const { native, type } = options;
    for (let i = 0; i < parts.length; i++) {
        const part = parts[i];
        if (typeof part === "string") {
            parts[i] = encodeUtf8(native ? withNativeEndings(part) : part);
        } else if (isBlob(part)) {
            parts[i] = recordOfBlob(part).bytes;
        } else if (parts.length === 1) {
            parts[i] = copyOf(toBytes(part, "a part of the Blob"));
        } else {
            parts[i] = toBytes(part, "a part of the Blob");
        }
    }
    const bytes = parts.length === 1 ? parts[0] : concatenated(parts);
    return { __proto__: null, bytes, type: normalizedType(type) };
}

/** A type as blobs have it: in lower case, and nothing at all with a character that is not printable ASCII. */
function normalizedType(type) {
    for (let i = 0; i < type.length; i++) {
        const code = StringPrototypeCharCodeAt(type, i);
        if (code < 0x20 || code > 0x7e) {
            return "";
        }
    }
    return StringPrototypeToLowerCase(type);
}

/** Converts line endings to native ones: the guest's are those of Unix. */
function withNativeEndings(text) {
    let result = "";
    let from = 0;
    for (;;) {
        const at = StringPrototypeIndexOf(text, "\r", from);
        if (at < 0) {
            return result + StringPrototypeSlice(text, from);
        }
        result += StringPrototypeSlice(text, from, at) + "\n";
        from = text[at + 1] === "\n" ? at + 2 : at + 1;
    }
}

/** `[Clamp] long long`. */
function toClampedInteger(value) {
    const number = +value;
    if (number !== number) {
        return 0;
    }
    const clamped = MathMin(MathMax(number, -MAX_SAFE_INTEGER), MAX_SAFE_INTEGER);
    const floor = MathFloor(clamped);
    const rest = clamped - floor;
    return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** An index that counts from the end when it is negative. */
const within = (index, size) => (index < 0 ? MathMax(size + index, 0) : MathMin(index, size));
