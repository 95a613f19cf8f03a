// Buffer sources that can be shared (https://webidl.spec.whatwg.org/#AllowSharedBufferSource).

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
    Uint8Array,
} from "web:primordials";

/** The bytes of a buffer or a view, as a view of them: none when the buffer is detached. */
export function toBytes(source, what) {
    if (!ArrayBufferIsView(source)) {
        return view(source, 0, lengthOf(source, what));
    }
    const kind = TypedArrayPrototypeGetSymbolToStringTag(source);
    if (kind === "Uint8Array") {
        return source;
    }
    if (kind !== undefined) {
        return view(
            TypedArrayPrototypeGetBuffer(source),
            TypedArrayPrototypeGetByteOffset(source),
            TypedArrayPrototypeGetByteLength(source),
        );
    }
    const buffer = DataViewPrototypeGetBuffer(source);
    // The view's own getters throw when it is detached.
    return lengthOf(buffer, what) === 0
        ? new Uint8Array()
        : view(buffer, DataViewPrototypeGetByteOffset(source), DataViewPrototypeGetByteLength(source));
}

const view = (buffer, offset, length) =>
    length === 0 ? new Uint8Array() : new Uint8Array(buffer, offset, length);

/** The length of a buffer, in bytes. */
function lengthOf(buffer, what) {
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
