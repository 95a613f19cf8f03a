// Functions about functions, of `node:util`.

import { codedError, invalidArgument, validateAbortSignal, validateFunction, validateObject } from "node:internal/errors";
import { format } from "node:internal/inspect";
import { nextTick } from "node:internal/next-tick";
import { requireBuiltin } from "node:native";
import { customPromisify } from "node:internal/promisify-custom";


/** Names of what a callback gets, for those that get more than one result. */
export const customPromisifyArgs = Symbol("customPromisifyArgs");

export function promisify(original) {
    validateFunction(original, "original");
    const custom = original[customPromisify];
    if (custom !== undefined && custom !== null) {
        validateFunction(custom, "The \"util.promisify.custom\"");
        return Object.defineProperty(custom, customPromisify, { value: custom, configurable: true });
    }
    const names = original[customPromisifyArgs];
    function fn(...args) {
        return new Promise((resolve, reject) => {
            const result = Reflect.apply(original, this, [
                ...args,
                (error, ...values) => {
                    if (error) {
                        reject(error);
                    } else if (names !== undefined && values.length > 1) {
                        resolve(Object.fromEntries(names.map((name, index) => [name, values[index]])));
                    } else {
                        resolve(values[0]);
                    }
                },
            ]);
            void result;
        });
    }
    Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
    Object.defineProperty(fn, customPromisify, { value: fn, configurable: true });
    const described = Object.getOwnPropertyDescriptors(original);
    delete described.prototype;
    return Object.defineProperties(fn, described);
}
promisify.custom = customPromisify;

export function callbackify(original) {
    validateFunction(original, "original");
    function callbackified(...args) {
        const callback = args.pop();
        validateFunction(callback, "last argument");
        Reflect.apply(original, this, args).then(
            (value) => nextTick(() => Reflect.apply(callback, this, [null, value])),
            (reason) => {
                let error = reason;
                if (!reason) {
                    error = codedError(Error, "ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
                    error.reason = reason;
                }
                nextTick(() => Reflect.apply(callback, this, [error]));
            },
        );
    }
    const described = Object.getOwnPropertyDescriptors(original);
    delete described.prototype;
    if (typeof described.length?.value === "number") {
        described.length.value += 1;
    }
    if (typeof described.name?.value === "string") {
        described.name.value += "Callbackified";
    }
    return Object.defineProperties(callbackified, described);
}

export function inherits(constructor, superConstructor) {
    if (typeof constructor !== "function") {
        throw invalidArgument("ctor", "of type function", constructor);
    }
    if (typeof superConstructor !== "function") {
        throw invalidArgument("superCtor", "of type function", superConstructor);
    }
    if (superConstructor.prototype === undefined) {
        throw invalidArgument("superCtor.prototype", "of type object", superConstructor.prototype);
    }
    Object.defineProperty(constructor, "super_", { value: superConstructor, writable: true, configurable: true });
    Object.setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

const told = new Set();

/** The function with a warning at its first call, for each code once. */
export function deprecate(original, message, code) {
    validateFunction(original, "fn");
    let warned = false;
    function deprecated(...args) {
        if (!warned) {
            warned = true;
            if (code === undefined || !told.has(code)) {
                told.add(code);
                const warning = new Error(message);
                warning.name = "DeprecationWarning";
                if (code !== undefined) {
                    warning.code = code;
                }
                requireBuiltin("node:process").default.emitWarning(warning);
            }
        }
        return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
    }
    Object.setPrototypeOf(deprecated, original);
    if (original.prototype) {
        deprecated.prototype = original.prototype;
    }
    Object.defineProperty(deprecated, "name", { value: original.name, configurable: true });
    Object.defineProperty(deprecated, "length", { value: original.length, configurable: true });
    return deprecated;
}

/** Writes to standard error when the environment's `NODE_DEBUG` names the section. */
export function debuglog(section, told = undefined) {
    const name = section.toUpperCase();
    let isEnabled;
    const enabled = () => {
        if (isEnabled === undefined) {
            const sections = requireBuiltin("node:process").default.env.NODE_DEBUG ?? "";
            isEnabled = sections
                .toUpperCase()
                .split(/[\s,]+/)
                .some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name) && pattern !== "");
        }
        return isEnabled;
    };
    const log = (...args) => {
        told?.(log);
        told = undefined;
        if (enabled()) {
            console.error(`${name} 1: ${format(...args)}`);
        }
    };
    return Object.defineProperty(log, "enabled", { get: enabled, configurable: true, enumerable: true });
}

/** A promise that resolves when a signal is aborted. */
export async function aborted(signal, resource) {
    if (signal === undefined) {
        throw invalidArgument("signal", "an instance of AbortSignal", signal);
    }
    validateAbortSignal(signal, "signal");
    validateObject(resource, "resource");
    if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    }
}

export const transferableAbortController = () => new AbortController();
export const transferableAbortSignal = (signal) => signal;
