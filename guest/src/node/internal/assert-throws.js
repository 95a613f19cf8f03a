// What `assert.throws` and its likes expect of errors.

import { AssertionError } from "node:internal/assertion-error";
import { isDeepEqual } from "node:internal/deep-equal";
import { codedError, invalidArgument, invalidValue, validateFunction } from "node:internal/errors";
import { inspect } from "node:internal/inspect";
import { isNativeError, isPromise, isRegExp } from "node:internal/types";

const NONE = Symbol("nothing was thrown");

function fail(options, message) {
    if (message instanceof Error) {
        throw message;
    }
    throw Object.assign(new AssertionError({ ...options, message: message ?? options.message }), {
        generatedMessage: message === undefined,
    });
}

function run(f) {
    validateFunction(f, "fn");
    try {
        f();
    } catch (error) {
        return error;
    }
    return NONE;
}

const isThenable = (value) =>
    isPromise(value) || (value !== null && typeof value === "object" && typeof value.then === "function" && typeof value.catch === "function");

async function settle(promiseFn) {
    let promise = promiseFn;
    if (typeof promiseFn === "function") {
        promise = promiseFn();
        if (!isThenable(promise)) {
            throw codedError(
                TypeError,
                "ERR_INVALID_RETURN_VALUE",
                `Expected instance of Promise to be returned from the "promiseFn" function but got ${promise === null ? "null" : `type ${typeof promise}`}.`,
            );
        }
    } else if (!isThenable(promise)) {
        throw invalidArgument("promiseFn", "of type function or an instance of Promise", promiseFn);
    }
    try {
        await promise;
    } catch (error) {
        return error;
    }
    return NONE;
}

function matchesObject(actual, expected, message, operator) {
    const keys = Object.keys(expected);
    if (isNativeError(expected) || expected instanceof Error) {
        keys.push("name", "message");
    } else if (keys.length === 0) {
        throw invalidValue("error", expected, "may not be an empty object");
    }
    for (const key of keys) {
        const isText = typeof actual?.[key] === "string" && isRegExp(expected[key]) && expected[key].test(actual[key]);
        if (isText || (actual !== null && actual !== undefined && key in Object(actual) && isDeepEqual(actual[key], expected[key], true))) {
            continue;
        }
        const pick = (source) => Object.fromEntries(keys.filter((each) => each in Object(source)).map((each) => [each, source[each]]));
        const shown = new AssertionError({ actual: pick(actual), expected: pick(expected), operator: "deepStrictEqual" });
        fail({ actual, expected, operator, message: shown.message }, message);
    }
}

function check(actual, expected, message, operator) {
    if (isRegExp(expected)) {
        if (!expected.test(String(actual))) {
            fail(
                {
                    actual,
                    expected,
                    operator,
                    message: `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(String(actual))}\n`,
                },
                message,
            );
        }
        return;
    }
    if (typeof expected === "object") {
        matchesObject(actual, expected, message, operator);
        return;
    }
    if (expected.prototype !== undefined && actual instanceof expected) {
        return;
    }
    if (Error.isPrototypeOf(expected)) {
        const name = actual?.constructor?.name ?? inspect(actual);
        fail(
            {
                actual,
                expected,
                operator,
                message: `The error is expected to be an instance of "${expected.name}". Received "${name}"\n\nError message:\n\n${actual?.message}`,
            },
            message,
        );
    }
    const result = Reflect.apply(expected, {}, [actual]);
    if (result !== true) {
        const name = expected.name ? `"${expected.name}" ` : "";
        fail(
            {
                actual,
                expected,
                operator,
                message: `The ${name}validation function is expected to return "true". Received ${inspect(result)}\n\nCaught error:\n\n${actual}`,
            },
            message,
        );
    }
}

function expectError(operator, actual, expected, message) {
    if (typeof expected === "string") {
        if (message !== undefined) {
            throw invalidArgument("error", "of type function or an instance of Error, RegExp, or Object", expected);
        }
        if (actual !== NONE && (actual?.message ?? actual) === expected) {
            throw codedError(
                TypeError,
                "ERR_AMBIGUOUS_ARGUMENT",
                `The "error/message" argument is ambiguous. The error message "${actual.message ?? actual}" is identical to the message.`,
            );
        }
        message = expected;
        expected = undefined;
    } else if (expected !== undefined && expected !== null && typeof expected !== "object" && typeof expected !== "function") {
        throw invalidArgument("error", "of type function or an instance of Error, RegExp, or Object", expected);
    }
    if (actual === NONE) {
        const name = expected?.name ? ` (${expected.name})` : "";
        const what = operator === "rejects" ? "rejection" : "exception";
        const text = `Missing expected ${what}${name}${message ? `: ${message instanceof Error ? message.message : message}` : "."}`;
        fail({ actual: undefined, expected, operator, message: text }, message instanceof Error ? message : undefined);
    }
    if (expected) {
        check(actual, expected, message, operator);
    }
}

function expectNone(operator, actual, expected, message) {
    if (actual === NONE) {
        return;
    }
    if (typeof expected === "string") {
        [expected, message] = [undefined, expected];
    }
    const isExpected =
        expected === undefined ||
        (isRegExp(expected) ? expected.test(String(actual)) : actual instanceof expected);
    if (!isExpected) {
        throw actual;
    }
    const what = operator === "doesNotReject" ? "rejection" : "exception";
    fail({
        actual,
        expected,
        operator,
        message: `Got unwanted ${what}${message ? `: ${message}` : "."}\nActual message: "${actual?.message}"`,
    });
}

export function throws(fn, ...args) {
    expectError("throws", run(fn), ...args);
}

export async function rejects(promiseFn, ...args) {
    expectError("rejects", await settle(promiseFn), ...args);
}

export function doesNotThrow(fn, ...args) {
    expectNone("doesNotThrow", run(fn), ...args);
}

export async function doesNotReject(fn, ...args) {
    expectNone("doesNotReject", await settle(fn), ...args);
}
