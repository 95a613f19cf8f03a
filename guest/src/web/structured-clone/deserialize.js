// StructuredDeserialize (HTML 2.7.6). No guest code runs here.

import * as primordials from "web:primordials";
import {
    Array,
    DataView,
    Date,
    Map,
    MapPrototypeSet,
    Object,
    ObjectPrototype,
    ReflectGetPrototypeOf,
    RegExp,
    Set,
    SetPrototypeAdd,
} from "web:primordials";
import { HOLE } from "web:structured-clone/serialize";
import { define, isObject } from "web:webidl";

/** The value of a record. */
export function deserialize(record) {
    if (!isObject(record)) {
        return record;
    }
    if (record.clone !== undefined) {
        return record.clone;
    }
    switch (record.kind) {
        case "object":
            record.clone = {};
            restoreProperties(record);
            break;
        case "array":
            record.clone = new Array(record.length);
            restoreProperties(record);
            break;
        case "map":
            record.clone = new Map();
            for (let i = 0; i < record.entries.length; i += 2) {
                MapPrototypeSet(record.clone, deserialize(record.entries[i]), deserialize(record.entries[i + 1]));
            }
            break;
        case "set":
            record.clone = new Set();
            for (let i = 0; i < record.entries.length; i++) {
                SetPrototypeAdd(record.clone, deserialize(record.entries[i]));
            }
            break;
        case "error":
            restoreError(record);
            break;
        case "date":
            record.clone = new Date(record.value);
            break;
        case "regexp":
            record.clone = new RegExp(record.source, record.flags);
            break;
        case "view":
            record.clone = restoreView(record);
            break;
        case "wrapper":
            record.clone = Object(record.value);
            break;
        case "interface":
            record.clone = record.interface.deserialize(record.data, deserialize);
    }
    return record.clone;
}

/** Whether a key can be set on a new object without that a setter or a trap runs. */
function isFree(key, prototype) {
    return !(key in ObjectPrototype) && (prototype === ObjectPrototype || ReflectGetPrototypeOf(prototype) === ObjectPrototype && !(key in prototype));
}

function restoreProperties(record) {
    const { clone, keys, values } = record;
    const prototype = ReflectGetPrototypeOf(clone);
    for (let i = 0; i < keys.length; i++) {
        if (values[i] === HOLE) {
            continue;
        }
        if (isFree(keys[i], prototype)) {
            clone[keys[i]] = deserialize(values[i]);
        } else {
            define(clone, keys[i], deserialize(values[i]), true);
        }
    }
}

function restoreError(record) {
    const Class = primordials[record.name];
    const error = record.message === undefined ? new Class() : new Class(record.message);
    record.clone = error;
    if (record.stack !== undefined) {
        define(error, "stack", record.stack);
    }
    if (record.hasCause) {
        define(error, "cause", deserialize(record.cause));
    }
}

function restoreView(record) {
    const Class = record.name === "DataView" ? DataView : primordials[record.name];
    return new Class(deserialize(record.buffer), record.offset, record.length);
}
