// Conversions and shapes of Web IDL (https://webidl.spec.whatwg.org/).

import {
    ArrayPrototypeJoin,
    Map,
    MapPrototypeSet,
    MathTrunc,
    NumberIsFinite,
    NumberIsSafeInteger,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ReflectApply,
    ReflectGetOwnPropertyDescriptor,
    ReflectOwnKeys,
    String,
    StringPrototypeToWellFormed,
    SymbolIterator,
    SymbolToStringTag,
    TypeError,
    WeakSet,
    WeakSetPrototypeAdd,
    WeakSetPrototypeHas,
    createList,
    globalObject,
} from "web:primordials";

/** An own data property, like those of the specification: whatever the prototypes say. */
export function define(object, key, value, enumerable = false) {
    ObjectDefineProperty(object, key, {
        __proto__: null,
        value,
        writable: true,
        enumerable,
        configurable: true,
    });
}

const interfacePrototypes = new WeakSet();

/** Whether an object is the prototype of an interface's instances. */
export const isInterfacePrototype = (object) => WeakSetPrototypeHas(interfacePrototypes, object);

/** Makes a class an interface of Web IDL: its operations and attributes are enumerable, and its instances are named. */
export function exposeInterface(Class, name = Class.name) {
    makeEnumerable(Class.prototype);
    makeEnumerable(Class);
    ObjectDefineProperty(Class.prototype, SymbolToStringTag, {
        __proto__: null,
        value: name,
        configurable: true,
    });
    WeakSetPrototypeAdd(interfacePrototypes, Class.prototype);
    define(globalObject, name, Class);
}

/** Makes what a class declared enumerable. */
function makeEnumerable(object) {
    const keys = ReflectOwnKeys(object);
    for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (typeof key === "symbol" || key === "constructor" || typeof object === "function" && isOfFunctions(key)) {
            continue;
        }
        const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
        ObjectDefineProperty(object, key, { __proto__: null, ...descriptor, enumerable: true });
    }
}

const isOfFunctions = (key) => key === "length" || key === "name" || key === "prototype";

/** Constants of an interface, on it and on its prototype. */
export function defineConstants(Class, constants) {
    const keys = ReflectOwnKeys(constants);
    for (let i = 0; i < keys.length; i++) {
        const descriptor = { __proto__: null, value: constants[keys[i]], enumerable: true };
        ObjectDefineProperty(Class, keys[i], descriptor);
        ObjectDefineProperty(Class.prototype, keys[i], descriptor);
    }
}

/** A global function, as Web IDL's operations of the global object are. */
export function exposeFunction(name, value) {
    define(globalObject, name, value, true);
}

/** A global attribute that is read from `get`, until guest code puts a value in its place (`[Replaceable]`). */
export function exposeReplaceable(name, get) {
    const accessor = ObjectGetOwnPropertyDescriptor(
        {
            get [name]() {
                return get();
            },
            set [name](value) {
                define(globalObject, name, value, true);
            },
        },
        name,
    );
    ObjectDefineProperty(globalObject, name, {
        __proto__: null,
        get: accessor.get,
        set: accessor.set,
        enumerable: true,
        configurable: true,
    });
}

/** Throws when a call has too few arguments. */
export function requireArguments(given, wanted, what) {
    if (given < wanted) {
        throw new TypeError(what + ": needs at least " + wanted + " arguments, and got " + given);
    }
}

/** `DOMString`. Not by a template literal: the engine calls `concat` of the prototype for these. */
export const toDOMString = (value) => {
    if (typeof value === "symbol") {
        throw new TypeError("a symbol cannot be converted to a string");
    }
    return String(value);
};

/** `USVString`. */
export const toUSVString = (value) => StringPrototypeToWellFormed(toDOMString(value));

/** `boolean`. */
export const toBoolean = (value) => !!value;

/** `unsigned long`, without attributes. */
export const toUnsignedLong = (value) => {
    const number = +value;
    return NumberIsFinite(number) ? MathTrunc(number) >>> 0 : 0;
};

/** `long`, without attributes. */
export const toLong = (value) => {
    const number = +value;
    return NumberIsFinite(number) ? MathTrunc(number) | 0 : 0;
};

/** A callback function. */
export function toCallback(value, what) {
    if (typeof value !== "function") {
        throw new TypeError(what + " is not a function");
    }
    return value;
}

/** Whether a value is an object of the language, functions included. */
export const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

/** An unsigned integer up to `most`, `[EnforceRange]`. */
export function toEnforcedRange(value, most, what) {
    const number = MathTrunc(+value);
    if (!NumberIsFinite(number) || number < 0 || number > most) {
        throw new TypeError(what + " is not an integer from 0 to " + most);
    }
    // Not the negative zero.
    return number + 0;
}

/** A sequence, of an iterable value: a list of what `convert` makes of its items. */
export function toSequenceOf(value, convert, what) {
    const method = isObject(value) ? getMethod(value, SymbolIterator, what + "'s iterator method") : undefined;
    if (method === undefined) {
        throw new TypeError(what + " is not iterable");
    }
    return toSequence(value, method, convert);
}

/** A dictionary: an object, or nothing. */
export function toDictionary(value, what) {
    if (value === undefined || value === null) {
        return { __proto__: null };
    }
    if (!isObject(value)) {
        throw new TypeError(what + " is not an object");
    }
    return value;
}

/** `[EnforceRange] unsigned long long`. */
export function toEnforcedUnsignedLongLong(value, what) {
    const number = MathTrunc(+value);
    if (!NumberIsSafeInteger(number) || number < 0) {
        throw new TypeError(what + " is " + number + ", and must be an integer from 0 to 2^53 - 1");
    }
    // Not -0.
    return number + 0;
}

/** A callback function that may be left out. */
export function toOptionalCallback(value, what) {
    if (value !== undefined && typeof value !== "function") {
        throw new TypeError(what + " is not a function");
    }
    return value;
}

/** An enumeration of strings. */
export function toEnum(value, allowed, what) {
    const text = toDOMString(value);
    for (let i = 0; i < allowed.length; i++) {
        if (allowed[i] === text) {
            return text;
        }
    }
    throw new TypeError(what + ": '" + text + "' is not one of " + ArrayPrototypeJoin(allowed, ", "));
}

/** A method that may be missing. */
export function getMethod(object, key, what) {
    const method = object[key];
    if (method === undefined || method === null) {
        return undefined;
    }
    if (typeof method !== "function") {
        throw new TypeError(what + " is not a function");
    }
    return method;
}

/** `sequence`: a list of what `convert` makes of the items that `method`, the value's iterator method, gives. */
export function toSequence(value, method, convert) {
    const iterator = ReflectApply(method, value, []);
    if (!isObject(iterator)) {
        throw new TypeError("an iterator is not an object");
    }
    const next = iterator.next;
    const list = createList();
    for (;;) {
        const result = ReflectApply(next, iterator, []);
        if (!isObject(result)) {
            throw new TypeError("an iterator's result is not an object");
        }
        if (result.done) {
            return list;
        }
        list[list.length] = convert(result.value);
    }
}

/** `record`: a Map of what `convertKey` and `convertValue` make of the object's own enumerable properties. */
export function toRecord(object, convertKey, convertValue) {
    const map = new Map();
    const keys = ReflectOwnKeys(object);
    for (let i = 0; i < keys.length; i++) {
        const descriptor = ReflectGetOwnPropertyDescriptor(object, keys[i]);
        if (descriptor !== undefined && descriptor.enumerable) {
            const key = convertKey(keys[i]);
            MapPrototypeSet(map, key, convertValue(object[keys[i]]));
        }
    }
    return map;
}
