// The engine's classes: the number that all objects with the same internal slots have.
// Unlike names and prototypes, guest code cannot change it. And looks at objects that run
// no guest code.

import {
    ArrayBuffer,
    BigInt,
    Boolean,
    DataView,
    Date,
    Error,
    Map,
    Number,
    Object,
    ObjectGetOwnPropertyDescriptor,
    ObjectPrototypeHasOwnProperty,
    Proxy,
    ReflectGetPrototypeOf,
    RegExp,
    Set,
    String,
} from "web:primordials";
import { classId } from "web:native";
import { isObject } from "web:webidl";

const object = () => ({ __proto__: null });
function argumentsObject() {
    return arguments;
}

export const ARGUMENTS = classId(argumentsObject());
export const ARRAY = classId([]);
export const ARRAY_BUFFER = classId(new ArrayBuffer(0));
export const BIGINT = classId(Object(BigInt(0)));
export const BOOLEAN = classId(new Boolean(false));
export const DATA_VIEW = classId(new DataView(new ArrayBuffer(0)));
export const DATE = classId(new Date(0));
export const ERROR = classId(new Error());
export const MAP = classId(new Map());
export const NUMBER = classId(new Number(0));
export const OBJECT = classId(object());
export const PROXY = classId(new Proxy(object(), object()));
export const REGEXP = classId(new RegExp(""));
export const SET = classId(new Set());
export const STRING = classId(new String(""));

/** A data property of an object or its prototypes. Accessors and proxies are not asked. */
export function dataProperty(value, key) {
    for (let object = value; isObject(object) && classId(object) !== PROXY; object = ReflectGetPrototypeOf(object)) {
        const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
        if (descriptor !== undefined) {
            return ObjectPrototypeHasOwnProperty(descriptor, "value") ? descriptor.value : undefined;
        }
    }
    return undefined;
}
