// Errors with the codes and texts of Node.js.

import { inspect } from "node:native";

/** An error of a class with a code. */
export const codedError = (Class, code, message) => Object.assign(new Class(message), { code });

const article = (name) => (name.includes(".") || name.includes("[") ? "property" : "argument");

/** What was given, as the messages of Node.js have it. */
export function received(value) {
    if (value === null || value === undefined) {
        return `Received ${value}`;
    }
    if (typeof value === "function") {
        return `Received function ${value.name}`;
    }
    if (typeof value === "object") {
        return value.constructor?.name
            ? `Received an instance of ${value.constructor.name}`
            : `Received ${inspect(value, { depth: -1 })}`;
    }
    const text = inspect(value);
    return `Received type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** `expected` is the rest of the sentence, such as `of type string`. */
export function invalidArgument(name, expected, value) {
    return codedError(
        TypeError,
        "ERR_INVALID_ARG_TYPE",
        name.endsWith(" argument")
            ? `The ${name} must be ${expected}. ${received(value)}`
            : `The "${name}" ${article(name)} must be ${expected}. ${received(value)}`,
    );
}

export function invalidValue(name, value, reason = "is invalid") {
    let text = inspect(value);
    if (text.length > 128) {
        text = `${text.slice(0, 128)}...`;
    }
    return codedError(TypeError, "ERR_INVALID_ARG_VALUE", `The ${article(name)} '${name}' ${reason}. Received ${text}`);
}

export function outOfRange(name, range, value) {
    let text = typeof value === "bigint" ? `${value}n` : inspect(value);
    if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) > 2 ** 32) {
        text = grouped(String(value));
    }
    return codedError(
        RangeError,
        "ERR_OUT_OF_RANGE",
        `The value of "${name}" is out of range. It must be ${range}. Received ${text}`,
    );
}

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, "_");

/** What this platform has not. */
export function unavailable(what) {
    return codedError(
        Error,
        "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
        `${what} is unavailable on the current platform, which is Hypercell`,
    );
}

export function abortError(signal) {
    const error = codedError(Error, "ABORT_ERR", "The operation was aborted");
    error.name = "AbortError";
    if (signal !== undefined) {
        Object.defineProperty(error, "cause", { value: signal.reason, writable: true, configurable: true });
    }
    return error;
}

export function validateString(value, name) {
    if (typeof value !== "string") {
        throw invalidArgument(name, "of type string", value);
    }
}

export function validateFunction(value, name) {
    if (typeof value !== "function") {
        throw invalidArgument(name, "of type function", value);
    }
}

export function validateObject(value, name) {
    if (value === null || typeof value !== "object") {
        throw invalidArgument(name, "of type object", value);
    }
}

export function validateBoolean(value, name) {
    if (typeof value !== "boolean") {
        throw invalidArgument(name, "of type boolean", value);
    }
}

export function validateInteger(value, name, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER) {
    if (typeof value !== "number") {
        throw invalidArgument(name, "of type number", value);
    }
    if (!Number.isInteger(value)) {
        throw outOfRange(name, "an integer", value);
    }
    if (value < least || value > most) {
        throw outOfRange(name, `>= ${least} && <= ${most}`, value);
    }
}

export function validateAbortSignal(signal, name) {
    if (signal !== undefined && (signal === null || typeof signal !== "object" || !("aborted" in signal))) {
        throw invalidArgument(name, "an instance of AbortSignal", signal);
    }
}
