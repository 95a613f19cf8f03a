// Whether two values are deeply equal, as `assert` and `util` of Node.js mean it.

import {
    isAnyArrayBuffer,
    isArrayBufferView,
    isBoxedPrimitive,
    isDate,
    isMap,
    isNativeError,
    isRegExp,
    isSet,
} from "node:internal/types";

const enumerable = Object.prototype.propertyIsEnumerable;
const toText = Object.prototype.toString;

/** `strict` as `assert.deepStrictEqual`, otherwise as `assert.deepEqual`. */
export const isDeepEqual = (a, b, strict) => compare(a, b, strict, []);

function compare(a, b, strict, pairs) {
    if (a === b) {
        return a !== 0 || !strict || Object.is(a, b);
    }
    const isObject = (value) => value !== null && typeof value === "object";
    if (strict) {
        if (typeof a !== "object") {
            return typeof a === "number" && Number.isNaN(a) && Number.isNaN(b);
        }
        if (!isObject(a) || !isObject(b) || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) {
            return false;
        }
    } else {
        if (!isObject(a)) {
            // eslint-disable-next-line eqeqeq
            return !isObject(b) && typeof a !== "function" && (a == b || (Number.isNaN(a) && Number.isNaN(b)));
        }
        if (!isObject(b)) {
            return false;
        }
    }
    if (toText.call(a) !== toText.call(b) || Array.isArray(a) !== Array.isArray(b)) {
        return false;
    }
    return ofKind(a, b, strict, pairs);
}

function ofKind(a, b, strict, pairs) {
    if (Array.isArray(a) && a.length !== b.length) {
        return false;
    }
    if (isDate(a) || isDate(b)) {
        if (!isDate(a) || !isDate(b) || !Object.is(a.getTime(), b.getTime())) {
            return false;
        }
    } else if (isRegExp(a) || isRegExp(b)) {
        if (!isRegExp(a) || !isRegExp(b) || String(a) !== String(b) || a.lastIndex !== b.lastIndex) {
            return false;
        }
    } else if (isNativeError(a) || a instanceof Error) {
        if (!(isNativeError(b) || b instanceof Error) || !equalErrors(a, b, strict, pairs)) {
            return false;
        }
    } else if (isArrayBufferView(a)) {
        return isArrayBufferView(b) && equalViews(a, b, strict) && equalProperties(a, b, strict, pairs);
    } else if (isAnyArrayBuffer(a)) {
        if (!isAnyArrayBuffer(b) || !equalBytes(new Uint8Array(a), new Uint8Array(b))) {
            return false;
        }
    } else if (isBoxedPrimitive(a) || isBoxedPrimitive(b)) {
        if (!isBoxedPrimitive(a) || !isBoxedPrimitive(b) || !Object.is(a.valueOf(), b.valueOf())) {
            return false;
        }
    } else if (isSet(a) !== isSet(b) || isMap(a) !== isMap(b)) {
        return false;
    } else if (a instanceof URL && b instanceof URL && a.href !== b.href) {
        return false;
    }
    if ((isSet(a) || isMap(a)) && a.size !== b.size) {
        return false;
    }
    return equalProperties(a, b, strict, pairs);
}

function equalErrors(a, b, strict, pairs) {
    return (
        a.message === b.message &&
        a.name === b.name &&
        ["cause", "errors"].every(
            (key) => Object.hasOwn(a, key) === Object.hasOwn(b, key) && compare(a[key], b[key], strict, pairs),
        )
    );
}

function equalBytes(a, b) {
    return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function equalViews(a, b, strict) {
    if (a.byteLength !== b.byteLength) {
        return false;
    }
    if (!strict && (a instanceof Float32Array || a instanceof Float64Array)) {
        // 0 and -0 are equal.
        return a.every((number, index) => number === b[index] || (Number.isNaN(number) && Number.isNaN(b[index])));
    }
    const bytes = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);
    return equalBytes(bytes(a), bytes(b));
}

const keysOf = (value) => {
    const keys = Object.keys(value);
    // Elements are compared as bytes.
    return ArrayBuffer.isView(value) ? keys.filter((key) => !/^(?:0|[1-9]\d*)$/.test(key)) : keys;
};

const symbolsOf = (value) => Object.getOwnPropertySymbols(value).filter((key) => enumerable.call(value, key));

function equalProperties(a, b, strict, pairs) {
    const keys = keysOf(a);
    if (keys.length !== keysOf(b).length || !keys.every((key) => enumerable.call(b, key))) {
        return false;
    }
    if (strict) {
        const symbols = symbolsOf(a);
        if (symbols.length !== symbolsOf(b).length || !symbols.every((key) => enumerable.call(b, key))) {
            return false;
        }
        keys.push(...symbols);
    }
    // What is being compared already is equal as long as nothing else is found.
    if (pairs.some(([left, right]) => left === a && right === b)) {
        return true;
    }
    pairs.push([a, b]);
    const equal =
        (!isSet(a) || equalSets(a, b, strict, pairs)) &&
        (!isMap(a) || equalMaps(a, b, strict, pairs)) &&
        keys.every((key) => compare(a[key], b[key], strict, pairs));
    pairs.pop();
    return equal;
}

function equalSets(a, b, strict, pairs) {
    const left = [...b].filter((value) => !a.has(value));
    return [...a].every((value) => {
        if (b.has(value)) {
            return true;
        }
        if (strict && (value === null || typeof value !== "object")) {
            return false;
        }
        const index = left.findIndex((other) => compare(value, other, strict, pairs));
        if (index < 0) {
            return false;
        }
        left.splice(index, 1);
        return true;
    });
}

function equalMaps(a, b, strict, pairs) {
    const left = [...b].filter(([key]) => !a.has(key));
    return [...a].every(([key, value]) => {
        if (b.has(key)) {
            return compare(value, b.get(key), strict, pairs);
        }
        if (strict && (key === null || typeof key !== "object")) {
            return false;
        }
        const index = left.findIndex(
            ([otherKey, other]) => compare(key, otherKey, strict, pairs) && compare(value, other, strict, pairs),
        );
        if (index < 0) {
            return false;
        }
        left.splice(index, 1);
        return true;
    });
}
