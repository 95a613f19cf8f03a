// Copies of buffers, and views of them as they can be made again.

import {
    ArrayBuffer,
    ArrayBufferPrototypeGetByteLength,
    ArrayBufferPrototypeGetMaxByteLength,
    ArrayBufferPrototypeGetResizable,
    ArrayBufferPrototypeResize,
    DataViewPrototypeGetByteLength,
    TypedArrayPrototypeAt,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeSet,
    Uint8Array,
} from "web:primordials";

/** A new buffer with the same bytes, as resizable as the old one. */
export function copyBuffer(buffer) {
    const length = ArrayBufferPrototypeGetByteLength(buffer);
    const options = ArrayBufferPrototypeGetResizable(buffer)
        ? { __proto__: null, maxByteLength: ArrayBufferPrototypeGetMaxByteLength(buffer) }
        : undefined;
    const copy = new ArrayBuffer(length, options);
    TypedArrayPrototypeSet(new Uint8Array(copy), new Uint8Array(buffer));
    return copy;
}

/** Bytes of a `DataView`; `undefined` when it reaches out of its buffer. */
export function dataViewLength(view) {
    try {
        return DataViewPrototypeGetByteLength(view);
    } catch {
        return undefined;
    }
}

/** Bytes of a typed array; `undefined` when it reaches out of its buffer. */
export function typedArrayLength(view) {
    try {
        // Checks the bounds.
        TypedArrayPrototypeAt(view, 0);
    } catch {
        return undefined;
    }
    return TypedArrayPrototypeGetByteLength(view);
}

/**
 * Whether a view has no length of its own, but that of its buffer. The language has no
 * question for that, so the buffer is resized by `step` bytes, the size of an element, and back.
 */
export function isLengthTracking(view, buffer, lengthOf, step) {
    if (!ArrayBufferPrototypeGetResizable(buffer)) {
        return false;
    }
    const size = ArrayBufferPrototypeGetByteLength(buffer);
    const before = lengthOf(view);
    if (size + step <= ArrayBufferPrototypeGetMaxByteLength(buffer)) {
        ArrayBufferPrototypeResize(buffer, size + step);
        const after = lengthOf(view);
        ArrayBufferPrototypeResize(buffer, size);
        return after !== before;
    }
    if (size < step) {
        return false;
    }
    const tail = new Uint8Array(step);
    TypedArrayPrototypeSet(tail, new Uint8Array(buffer, size - step, step));
    ArrayBufferPrototypeResize(buffer, size - step);
    const after = lengthOf(view);
    ArrayBufferPrototypeResize(buffer, size);
    TypedArrayPrototypeSet(new Uint8Array(buffer, size - step, step), tail);
    return after !== undefined && after !== before;
}
