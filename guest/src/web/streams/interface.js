// What the classes of streams have in common.

import { TypeError } from "web:primordials";

/** Stands for the record in a constructor's arguments that the platform makes an object of. Guest code has none. */
const INTERNAL = { __proto__: null };

/** An object of a class for a record. */
export const wrap = (Class, record) => new Class(INTERNAL, record);

export const isInternal = (argument) => argument === INTERNAL;

/** The record that a class without a constructor wraps. */
export function requireInternal(argument, record) {
    if (argument !== INTERNAL) {
        throw new TypeError("Illegal constructor");
    }
    return record;
}

/** Throws unless a method of a reader or writer has its stream. */
export function requireStream(record, what) {
    if (record.stream === undefined) {
        throw new TypeError(what + ": it was released");
    }
}
