// StructuredSerializeInternal (HTML 2.7.3).
//
// A primitive value is its own record. The record of an object has its kind and what it
// takes to make it again; `clone` is what was made of it.

import {
    ArrayPrototypePush,
    BigIntPrototypeValueOf,
    BooleanPrototypeValueOf,
    DataViewPrototypeGetBuffer,
    DataViewPrototypeGetByteOffset,
    ArrayBufferPrototypeGetDetached,
    DatePrototypeGetTime,
    ErrorPrototypeGetStack,
    MapPrototypeForEach,
    MapPrototypeGet,
    MapPrototypeSet,
    NumberPrototypeValueOf,
    ObjectGetOwnPropertyDescriptor,
    ObjectKeys,
    ObjectPrototype,
    ObjectPrototypeHasOwnProperty,
    ReflectGetPrototypeOf,
    RegExpPrototypeGetDotAll,
    RegExpPrototypeGetGlobal,
    RegExpPrototypeGetHasIndices,
    RegExpPrototypeGetIgnoreCase,
    RegExpPrototypeGetMultiline,
    RegExpPrototypeGetSource,
    RegExpPrototypeGetSticky,
    RegExpPrototypeGetUnicode,
    RegExpPrototypeGetUnicodeSets,
    SetPrototypeForEach,
    StringPrototypeValueOf,
    SymbolToStringTag,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetSymbolToStringTag,
    createList,
} from "web:primordials";
import * as classes from "web:classes";
import { DOMException } from "web:domexception";
import { classId } from "web:native";
import { copyBuffer, dataViewLength, isLengthTracking, typedArrayLength } from "web:structured-clone/buffers";
import { interfaceOf } from "web:structured-clone/registry";
import { isInterfacePrototype, isObject, toDOMString } from "web:webidl";

/** A property that was gone when its turn came. */
export const HOLE = { __proto__: null };

/** Element sizes of typed arrays. */
const ELEMENT_BYTES = {
    __proto__: null,
    Int8Array: 1,
    Uint8Array: 1,
    Uint8ClampedArray: 1,
    Int16Array: 2,
    Uint16Array: 2,
    Float16Array: 2,
    Int32Array: 4,
    Uint32Array: 4,
    Float32Array: 4,
    Float64Array: 8,
    BigInt64Array: 8,
    BigUint64Array: 8,
};

const ERROR_NAMES = {
    __proto__: null,
    EvalError: true,
    RangeError: true,
    ReferenceError: true,
    SyntaxError: true,
    TypeError: true,
    URIError: true,
};

export const refuse = (message) => new DOMException(message, "DataCloneError");

/** The record of a value. `memory` has those of the objects that were met. */
export function serialize(value, memory) {
    if (!isObject(value)) {
        if (typeof value === "symbol") {
            throw refuse("a symbol cannot be cloned");
        }
        return value;
    }
    const known = MapPrototypeGet(memory, value);
    if (known !== undefined) {
        return known;
    }
    const record = { __proto__: null, kind: "", clone: undefined };
    const id = classId(value);
    if (id === classes.OBJECT || id === classes.ARGUMENTS) {
        serializeObject(record, value, memory);
    } else if (id === classes.ARRAY) {
        record.kind = "array";
        record.length = value.length;
        remember(memory, value, record);
        serializeProperties(record, value, memory);
    } else if (id === classes.MAP) {
        serializeMap(record, value, memory);
    } else if (id === classes.SET) {
        serializeSet(record, value, memory);
    } else if (id === classes.ERROR) {
        serializeError(record, value, memory);
    } else {
        serializeLeaf(record, value, id, memory);
        remember(memory, value, record);
    }
    return record;
}

const remember = (memory, value, record) => MapPrototypeSet(memory, value, record);

function serializeObject(record, value, memory) {
    const prototype = ReflectGetPrototypeOf(value);
    if (prototype !== ObjectPrototype && prototype !== null) {
        const found = interfaceOf(value);
        if (found !== undefined) {
            record.kind = "interface";
            record.interface = found;
            remember(memory, value, record);
            record.data = found.serialize(value, (part) => serialize(part, memory));
            return;
        }
        if (isPlatformObject(prototype)) {
            throw refuse(describe(value) + " cannot be cloned");
        }
    }
    record.kind = "object";
    remember(memory, value, record);
    serializeProperties(record, value, memory);
}

/** Whether a prototype makes an object one of an interface. Proxies are not asked. */
function isPlatformObject(prototype) {
    for (let object = prototype; object !== null && classId(object) !== classes.PROXY; object = ReflectGetPrototypeOf(object)) {
        if (isInterfacePrototype(object)) {
            return true;
        }
    }
    return false;
}

/** Own enumerable properties, by the keys that there are now. */
function serializeProperties(record, value, memory) {
    const keys = ObjectKeys(value);
    record.keys = keys;
    record.values = createList();
    for (let i = 0; i < keys.length; i++) {
        const there = ObjectPrototypeHasOwnProperty(value, keys[i]);
        ArrayPrototypePush(record.values, there ? serialize(value[keys[i]], memory) : HOLE);
    }
}

function serializeMap(record, value, memory) {
    record.kind = "map";
    record.entries = createList();
    remember(memory, value, record);
    // First all, then what they refer to: getters could change the map.
    MapPrototypeForEach(value, (item, key) => {
        ArrayPrototypePush(record.entries, key);
        ArrayPrototypePush(record.entries, item);
    });
    serializeAll(record.entries, memory);
}

function serializeSet(record, value, memory) {
    record.kind = "set";
    record.entries = createList();
    remember(memory, value, record);
    SetPrototypeForEach(value, (item) => {
        ArrayPrototypePush(record.entries, item);
    });
    serializeAll(record.entries, memory);
}

function serializeAll(list, memory) {
    for (let i = 0; i < list.length; i++) {
        list[i] = serialize(list[i], memory);
    }
}

function serializeError(record, value, memory) {
    record.kind = "error";
    remember(memory, value, record);
    const { name } = value;
    const known = name === undefined ? "Error" : toDOMString(name);
    record.name = ERROR_NAMES[known] === true ? known : "Error";
    const message = ownData(value, "message");
    record.message = message === undefined ? undefined : toDOMString(message.value);
    const stack = ErrorPrototypeGetStack(value);
    record.stack = typeof stack === "string" ? stack : undefined;
    const cause = ownData(value, "cause");
    record.hasCause = cause !== undefined;
    record.cause = record.hasCause ? serialize(cause.value, memory) : undefined;
}

/** The descriptor of an own data property. */
function ownData(value, key) {
    const descriptor = ObjectGetOwnPropertyDescriptor(value, key);
    return descriptor !== undefined && ObjectPrototypeHasOwnProperty(descriptor, "value") ? descriptor : undefined;
}

/** Objects whose properties are not cloned. */
function serializeLeaf(record, value, id, memory) {
    if (id === classes.DATE) {
        record.kind = "date";
        record.value = DatePrototypeGetTime(value);
    } else if (id === classes.REGEXP) {
        record.kind = "regexp";
        record.source = RegExpPrototypeGetSource(value);
        record.flags = flagsOf(value);
    } else if (id === classes.ARRAY_BUFFER) {
        if (ArrayBufferPrototypeGetDetached(value)) {
            throw refuse("an ArrayBuffer that is detached cannot be cloned");
        }
        // The copy is the clone, so that nothing that runs from here on is in it.
        record.kind = "buffer";
        record.clone = copyBuffer(value);
    } else if (TypedArrayPrototypeGetSymbolToStringTag(value) !== undefined) {
        serializeTypedArray(record, value, memory);
    } else if (id === classes.DATA_VIEW) {
        const buffer = DataViewPrototypeGetBuffer(value);
        serializeView(record, value, buffer, "DataView", 1, dataViewLength, memory);
        record.offset = DataViewPrototypeGetByteOffset(value);
    } else {
        record.kind = "wrapper";
        record.value = wrapped(value, id);
    }
}

/** The primitive value in a wrapper object. */
function wrapped(value, id) {
    switch (id) {
        case classes.BOOLEAN:
            return BooleanPrototypeValueOf(value);
        case classes.NUMBER:
            return NumberPrototypeValueOf(value);
        case classes.STRING:
            return StringPrototypeValueOf(value);
        case classes.BIGINT:
            return BigIntPrototypeValueOf(value);
        default:
            throw refuse(describe(value) + " cannot be cloned");
    }
}

function flagsOf(regexp) {
    return (
        (RegExpPrototypeGetHasIndices(regexp) ? "d" : "") +
        (RegExpPrototypeGetGlobal(regexp) ? "g" : "") +
        (RegExpPrototypeGetIgnoreCase(regexp) ? "i" : "") +
        (RegExpPrototypeGetMultiline(regexp) ? "m" : "") +
        (RegExpPrototypeGetDotAll(regexp) ? "s" : "") +
        (RegExpPrototypeGetUnicode(regexp) ? "u" : "") +
        (RegExpPrototypeGetUnicodeSets(regexp) ? "v" : "") +
        (RegExpPrototypeGetSticky(regexp) ? "y" : "")
    );
}

function serializeTypedArray(record, value, memory) {
    const name = TypedArrayPrototypeGetSymbolToStringTag(value);
    const buffer = TypedArrayPrototypeGetBuffer(value);
    serializeView(record, value, buffer, name, ELEMENT_BYTES[name], typedArrayLength, memory);
    record.offset = TypedArrayPrototypeGetByteOffset(value);
}

function serializeView(record, value, buffer, name, step, lengthOf, memory) {
    const bytes = lengthOf(value);
    if (bytes === undefined) {
        throw refuse("a " + name + " that reaches out of its buffer cannot be cloned");
    }
    record.kind = "view";
    record.name = name;
    record.buffer = serialize(buffer, memory);
    record.length = isLengthTracking(value, buffer, lengthOf, step) ? undefined : bytes / step;
}

/** What a value is, for people. It runs no guest code. */
function describe(value) {
    if (typeof value === "function") {
        return "a function";
    }
    if (classId(value) === classes.PROXY) {
        return "a Proxy";
    }
    const tag = classes.dataProperty(value, SymbolToStringTag);
    return typeof tag === "string" ? "an object of the class " + tag : "an object of this class";
}
