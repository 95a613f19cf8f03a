// The tests of `node:util/types`: by what the engine made a value as, which guest code cannot change.

import * as own from "node:internal/types";
import { classId } from "web:native";

/** A test for the classes of these samples. */
function of(...samples) {
    const classes = samples.map(classId);
    return (value) => classes.includes(classId(value));
}

export const isAnyArrayBuffer = of(new ArrayBuffer(0), new SharedArrayBuffer(0));
export const isArgumentsObject = of(
    (function () {
        return arguments;
    })(),
    Function("return arguments")(),
);
export const isArrayBuffer = of(new ArrayBuffer(0));
export const isArrayBufferView = ArrayBuffer.isView;
export const isAsyncFunction = of(
    async () => {},
    async function* () {},
);
export const isBigInt64Array = of(new BigInt64Array());
export const isBigIntObject = of(Object(0n));
export const isBigUint64Array = of(new BigUint64Array());
export const isBooleanObject = of(Object(false));
export const isBoxedPrimitive = of(Object(0), Object(""), Object(false), Object(0n), Object(Symbol()));
export const isCryptoKey = (value) => value instanceof CryptoKey;
export const isDataView = of(new DataView(new ArrayBuffer(0)));
export const isDate = of(new Date(0));
export const isExternal = () => false;
export const isFloat16Array = of(new Float16Array());
export const isFloat32Array = of(new Float32Array());
export const isFloat64Array = of(new Float64Array());
export const isGeneratorFunction = of(
    function* () {},
    async function* () {},
);
export const isGeneratorObject = of((function* () {})(), (async function* () {})());
export const isInt16Array = of(new Int16Array());
export const isInt32Array = of(new Int32Array());
export const isInt8Array = of(new Int8Array());
export const isKeyObject = () => false;
export const isMap = of(new Map());
export const isMapIterator = of(new Map().entries());
export const isNativeError = of(new Error());
export const isNumberObject = of(Object(0));
export const isPromise = of(Promise.resolve());
export const isProxy = of(new Proxy({}, {}), new Proxy(() => {}, {}));
export const isRegExp = of(/./);
export const isSet = of(new Set());
export const isSetIterator = of(new Set().values());
export const isSharedArrayBuffer = of(new SharedArrayBuffer(0));
export const isStringObject = of(Object(""));
export const isSymbolObject = of(Object(Symbol()));
const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
export const isTypedArray = (value) => tagOf.call(value) !== undefined;
export const isUint16Array = of(new Uint16Array());
export const isUint32Array = of(new Uint32Array());
export const isUint8Array = of(new Uint8Array());
export const isUint8ClampedArray = of(new Uint8ClampedArray());
export const isWeakMap = of(new WeakMap());
export const isWeakSet = of(new WeakSet());

// A module that imports itself has one.
export const isModuleNamespaceObject = of(own);
