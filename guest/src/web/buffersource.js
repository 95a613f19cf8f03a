// Buffer sources of Web IDL (https://webidl.spec.whatwg.org/#BufferSource), and those that may be shared.

import {
    ArrayBufferIsView,
    ArrayBufferPrototypeGetByteLength,
    DataViewPrototypeGetBuffer,
    DataViewPrototypeGetByteLength,
    DataViewPrototypeGetByteOffset,
    SharedArrayBufferPrototypeGetByteLength,
    TypeError,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet,
    Uint8Array,
} from "web:primordials";

/** Whether a value is an `ArrayBuffer`, whatever its prototype is. */
function isArrayBuffer(value) {
    try {
        ArrayBufferPrototypeGetByteLength(value);
        return true;
    } catch {
        return false;
    }
}

const isDataView = (view) => TypedArrayPrototypeGetSymbolToStringTag(view) === undefined;

const bufferOf = (view) => (isDataView(view) ? DataViewPrototypeGetBuffer(view) : TypedArrayPrototypeGetBuffer(view));

/** Whether a value is an `ArrayBuffer` or a view of one, and not of shared memory. */
export const isBufferSource = (value) => isArrayBuffer(ArrayBufferIsView(value) ? bufferOf(value) : value);

/** `BufferSource`: the value itself, to be read when the specification says. */
export function toBufferSource(value, what) {
    if (!isBufferSource(value)) {
        throw new TypeError(what + " is neither an ArrayBuffer nor a view of one");
    }
    return value;
}

/** The bytes of a buffer or a view, as a view of them that is the platform's own: none when the buffer is detached. */
export function toBytes(source, what) {
    toBufferSource(source, what);
    return ownView(source, ArrayBufferPrototypeGetByteLength);
}

/** The same of an `AllowSharedBufferSource`; a `Uint8Array` is given as it is. */
export function toSharedBytes(source, what) {
    if (ArrayBufferIsView(source) && TypedArrayPrototypeGetSymbolToStringTag(source) === "Uint8Array") {
        return source;
    }
    return ownView(source, (buffer) => lengthOfAny(buffer, what));
}

function ownView(source, lengthOf) {
    if (!ArrayBufferIsView(source)) {
        return view(source, 0, lengthOf(source));
    }
    const buffer = bufferOf(source);
    if (!isDataView(source)) {
        return view(buffer, TypedArrayPrototypeGetByteOffset(source), TypedArrayPrototypeGetByteLength(source));
    }
    // The view's own getters throw when it is detached.
    return lengthOf(buffer) === 0
        ? new Uint8Array(0)
        : view(buffer, DataViewPrototypeGetByteOffset(source), DataViewPrototypeGetByteLength(source));
}

// Nothing can be constructed over a detached buffer.
const view = (buffer, offset, length) =>
    length === 0 ? new Uint8Array(0) : new Uint8Array(buffer, offset, length);

/** The length of a buffer that may be shared, in bytes. */
function lengthOfAny(buffer, what) {
    try {
        return ArrayBufferPrototypeGetByteLength(buffer);
    } catch {
        // It may be shared.
    }
    try {
        return SharedArrayBufferPrototypeGetByteLength(buffer);
    } catch {
        throw new TypeError(what + " is neither an ArrayBuffer nor a view of one");
    }
}

/** A copy of the bytes of what is a buffer source. */
export function copyBytes(source, what) {
    const bytes = toBytes(source, what);
    const copy = new Uint8Array(TypedArrayPrototypeGetByteLength(bytes));
    TypedArrayPrototypeSet(copy, bytes);
    return copy;
}
