// Bytes of blobs and bodies: views that nothing changes, which so can be shared. What guest code gets is a copy.

import { ARRAY_BUFFER } from "web:classes";
import { classId } from "web:native";
import {
    ArrayBufferIsView,
    ArrayBufferPrototypeGetByteLength,
    MathMin,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetLength,
    TypedArrayPrototypeSet,
    Uint8Array,
} from "web:primordials";
import { close, createReadableStream, enqueue } from "web:streams";

/** Most bytes of a stream's chunk. */
const CHUNK = 65536;

export const lengthOf = TypedArrayPrototypeGetLength;

/** A `Uint8Array` of its own. */
export function copyOf(bytes) {
    const copy = new Uint8Array(lengthOf(bytes));
    TypedArrayPrototypeSet(copy, bytes);
    return copy;
}

/** The bytes from `start` to `end`, where they are. */
export const partOf = (bytes, start, end) =>
    new Uint8Array(TypedArrayPrototypeGetBuffer(bytes), TypedArrayPrototypeGetByteOffset(bytes) + start, end - start);

/** Bytes that nobody else sees, as a `Uint8Array` with a buffer of its own. */
export const ownedOf = (bytes, shared) =>
    shared || lengthOf(bytes) !== ArrayBufferPrototypeGetByteLength(TypedArrayPrototypeGetBuffer(bytes))
        ? copyOf(bytes)
        : bytes;

/** All bytes of a list of `Uint8Array`s. */
export function concatenated(list) {
    let length = 0;
    for (let i = 0; i < list.length; i++) {
        length += lengthOf(list[i]);
    }
    const all = new Uint8Array(length);
    let offset = 0;
    for (let i = 0; i < list.length; i++) {
        TypedArrayPrototypeSet(all, list[i], offset);
        offset += lengthOf(list[i]);
    }
    return all;
}

/** Whether a value is a `BufferSource`. */
export const isBufferSource = (value) => ArrayBufferIsView(value) || classId(value) === ARRAY_BUFFER;

/**
 * A stream of bytes. `onStart(controller)` is called when it is made, and `onEnd` when there is no more to read: both
 * may be left out.
 */
export function streamOf(bytes, onStart = undefined, onEnd = undefined) {
    let offset = 0;
    return createReadableStream(
        onStart,
        (controller) => {
            const end = MathMin(offset + CHUNK, lengthOf(bytes));
            enqueue(controller, copyOf(partOf(bytes, offset, end)));
            offset = end;
            if (offset === lengthOf(bytes)) {
                close(controller);
                onEnd?.();
            }
        },
        onEnd,
        { __proto__: null, type: "bytes" },
    );
}
