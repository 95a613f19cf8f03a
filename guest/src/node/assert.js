// node:assert

import { doesNotReject, doesNotThrow, rejects, throws } from "node:internal/assert-throws";
import { AssertionError } from "node:internal/assertion-error";
import { isDeepEqual } from "node:internal/deep-equal";
import { codedError, invalidArgument } from "node:internal/errors";
import { inspect } from "node:internal/inspect";
import { isRegExp } from "node:internal/types";

/** Throws when it failed. */
function judge(holds, operator, actual, expected, given, generated) {
    if (holds) {
        return;
    }
    const [message] = given;
    if (message instanceof Error) {
        throw message;
    }
    if (message === undefined && generated !== undefined) {
        throw Object.assign(new AssertionError({ actual, expected, operator, message: generated }), {
            generatedMessage: true,
        });
    }
    throw new AssertionError({ actual, expected, operator, message });
}

function needTwo(count) {
    if (count < 2) {
        throw codedError(TypeError, "ERR_MISSING_ARGS", 'The "actual" and "expected" arguments must be specified');
    }
}

function truthy(args) {
    const [value, ...message] = args;
    const generated =
        args.length === 0
            ? "No value argument passed to `assert.ok()`"
            : "The expression evaluated to a falsy value";
    judge(value, "==", value, true, message, generated);
}

function assert(...args) {
    truthy(args);
}

function ok(...args) {
    truthy(args);
}

function fail(message = "Failed", ...rest) {
    if (message instanceof Error) {
        throw message;
    }
    throw Object.assign(new AssertionError({ message, operator: "fail" }), { generatedMessage: rest.length === 0 && message === "Failed" });
}

// eslint-disable-next-line eqeqeq
const loose = (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b));

/** An assertion of two values. */
const comparing = (name, operator, compare) =>
    ({
        [name](actual, expected, ...message) {
            needTwo(arguments.length);
            judge(compare(actual, expected), operator, actual, expected, message);
        },
    })[name];

const equal = comparing("equal", "==", loose);
const notEqual = comparing("notEqual", "!=", (a, b) => !loose(a, b));
const strictEqual = comparing("strictEqual", "strictEqual", Object.is);
const notStrictEqual = comparing("notStrictEqual", "notStrictEqual", (a, b) => !Object.is(a, b));
const deepEqual = comparing("deepEqual", "deepEqual", (a, b) => isDeepEqual(a, b, false));
const notDeepEqual = comparing("notDeepEqual", "notDeepEqual", (a, b) => !isDeepEqual(a, b, false));
const deepStrictEqual = comparing("deepStrictEqual", "deepStrictEqual", (a, b) => isDeepEqual(a, b, true));
const notDeepStrictEqual = comparing("notDeepStrictEqual", "notDeepStrictEqual", (a, b) => !isDeepEqual(a, b, true));
const partialDeepStrictEqual = comparing("partialDeepStrictEqual", "partialDeepStrictEqual", isPart);

/** Whether all that `expected` has is in `actual`. */
function isPart(actual, expected) {
    const isPlain = (value) => value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
    if (!isPlain(actual) || !isPlain(expected)) {
        return isDeepEqual(actual, expected, true);
    }
    return Reflect.ownKeys(expected).every((key) => Object.hasOwn(actual, key) && isPart(actual[key], expected[key]));
}

function ifError(value) {
    if (value === null || value === undefined) {
        return;
    }
    const what = typeof value === "object" && typeof value.message === "string" ? value.message || value.constructor.name : inspect(value);
    throw new AssertionError({
        actual: value,
        expected: null,
        operator: "ifError",
        message: `ifError got unwanted exception: ${what}`,
    });
}

function matching(name, wanted, what) {
    return {
        [name](text, pattern, ...message) {
            if (!isRegExp(pattern)) {
                throw invalidArgument("regexp", "an instance of RegExp", pattern);
            }
            const isText = typeof text === "string";
            const generated = isText
                ? `The input ${what} the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`
                : `The "string" argument must be of type string. Received type ${typeof text} (${inspect(text)})`;
            judge(isText && pattern.test(text) === wanted, name, text, pattern, message, generated);
        },
    }[name];
}

const match = matching("match", true, "did not match");
const doesNotMatch = matching("doesNotMatch", false, "was expected to not match");

const functions = {
    AssertionError,
    deepStrictEqual,
    doesNotMatch,
    doesNotReject,
    doesNotThrow,
    fail,
    ifError,
    match,
    notDeepStrictEqual,
    notStrictEqual,
    ok,
    partialDeepStrictEqual,
    rejects,
    strictEqual,
    throws,
};
Object.assign(assert, functions, { deepEqual, equal, notDeepEqual, notEqual });

function strict(...args) {
    truthy(args);
}
Object.assign(strict, functions, {
    deepEqual: deepStrictEqual,
    equal: strictEqual,
    notDeepEqual: notDeepStrictEqual,
    notEqual: notStrictEqual,
    strict,
});
assert.strict = strict;

export {
    AssertionError,
    deepEqual,
    deepStrictEqual,
    assert as default,
    doesNotMatch,
    doesNotReject,
    doesNotThrow,
    equal,
    fail,
    ifError,
    match,
    notDeepEqual,
    notDeepStrictEqual,
    notEqual,
    notStrictEqual,
    ok,
    partialDeepStrictEqual,
    rejects,
    strict,
    strictEqual,
    throws,
};
