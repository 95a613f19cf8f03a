// Buffers and views (Streams 8.2, Web IDL 3.2.25).

import {
    ArrayBuffer,
    ArrayBufferIsView,
    ArrayBufferPrototypeGetByteLength,
    ArrayBufferPrototypeGetDetached,
    ArrayBufferPrototypeGetResizable,
    ArrayBufferPrototypeTransfer,
    BigInt64Array,
    BigUint64Array,
    DataView,
    DataViewPrototypeGetBuffer,
    DataViewPrototypeGetByteLength,
    DataViewPrototypeGetByteOffset,
    Float16Array,
    Float32Array,
    Float64Array,
    Int16Array,
    Int32Array,
    Int8Array,
    TypeError,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet,
    Uint16Array,
    Uint32Array,
    Uint8Array,
    Uint8ClampedArray,
} from "web:primordials";

const kind = (constructor, elementSize) => ({ __proto__: null, constructor, elementSize });

const KINDS = {
    __proto__: null,
    Int8Array: kind(Int8Array, 1),
    Uint8Array: kind(Uint8Array, 1),
    Uint8ClampedArray: kind(Uint8ClampedArray, 1),
    Int16Array: kind(Int16Array, 2),
    Uint16Array: kind(Uint16Array, 2),
    Float16Array: kind(Float16Array, 2),
    Int32Array: kind(Int32Array, 4),
    Uint32Array: kind(Uint32Array, 4),
    Float32Array: kind(Float32Array, 4),
    BigInt64Array: kind(BigInt64Array, 8),
    BigUint64Array: kind(BigUint64Array, 8),
    Float64Array: kind(Float64Array, 8),
};
const DATA_VIEW = kind(DataView, 1);

/** An `ArrayBufferView` as it is: `{ buffer, byteOffset, byteLength, kind, isDataView }`. */
export function toArrayBufferView(value, what) {
    if (!ArrayBufferIsView(value)) {
        throw new TypeError(what + " is not a view on an ArrayBuffer");
    }
    const tag = TypedArrayPrototypeGetSymbolToStringTag(value);
    const isDataView = tag === undefined;
    const buffer = isDataView ? DataViewPrototypeGetBuffer(value) : TypedArrayPrototypeGetBuffer(value);
    let resizable;
    try {
        resizable = ArrayBufferPrototypeGetResizable(buffer);
    } catch {
        throw new TypeError(what + " is a view on a SharedArrayBuffer");
    }
    if (resizable) {
        throw new TypeError(what + " is a view on a resizable ArrayBuffer");
    }
    const detached = IsDetachedBuffer(buffer);
    return {
        __proto__: null,
        buffer,
        // Where the buffer is gone, a DataView's accessors throw.
        byteOffset: detached ? 0 : isDataView ? DataViewPrototypeGetByteOffset(value) : TypedArrayPrototypeGetByteOffset(value),
        byteLength: detached ? 0 : isDataView ? DataViewPrototypeGetByteLength(value) : TypedArrayPrototypeGetByteLength(value),
        kind: isDataView ? DATA_VIEW : KINDS[tag],
        isDataView,
    };
}

/** What `toArrayBufferView` gives for a `Uint8Array` that the platform made. */
export const bytesOf = (array) => ({
    __proto__: null,
    buffer: TypedArrayPrototypeGetBuffer(array),
    byteOffset: TypedArrayPrototypeGetByteOffset(array),
    byteLength: TypedArrayPrototypeGetByteLength(array),
    kind: BYTES,
    isDataView: false,
});

export const BYTES = KINDS.Uint8Array;

export const byteLengthOf = ArrayBufferPrototypeGetByteLength;

export const IsDetachedBuffer = ArrayBufferPrototypeGetDetached;

/** Throws a `TypeError` for a detached buffer. */
export const TransferArrayBuffer = (buffer) => ArrayBufferPrototypeTransfer(buffer);

/** Copies bytes between buffers. */
export function CopyDataBlockBytes(to, toIndex, from, fromIndex, count) {
    TypedArrayPrototypeSet(new Uint8Array(to), new Uint8Array(from, fromIndex, count), toIndex);
}

/** A buffer of its own with the bytes of another. Not by `slice`, which asks the buffer for its constructor. */
export function CloneArrayBuffer(buffer, byteOffset, byteLength) {
    const clone = new ArrayBuffer(byteLength);
    CopyDataBlockBytes(clone, 0, buffer, byteOffset, byteLength);
    return clone;
}

export function CloneAsUint8Array(view) {
    const { buffer, byteOffset, byteLength } = view;
    return new Uint8Array(CloneArrayBuffer(buffer, byteOffset, byteLength));
}
