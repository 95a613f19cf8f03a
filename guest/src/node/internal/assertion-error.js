// AssertionError (Node.js).

import { inspect } from "node:internal/inspect";
import { validateObject } from "node:internal/errors";

const WHAT = {
    __proto__: null,
    deepStrictEqual: "Expected values to be strictly deep-equal:",
    strictEqual: "Expected values to be strictly equal:",
    deepEqual: "Expected values to be loosely deep-equal:",
    notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
    notStrictEqual: 'Expected "actual" to be strictly unequal to:',
    notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
};

const show = (value) => inspect(value, { depth: 1000, maxArrayLength: Infinity, compact: false });

/** Most lines of values that are compared line by line. */
const MAX_LINES = 200;

/** The lines of both, with `+` before those of the first alone and `-` before those of the other. */
function difference(actual, expected) {
    const a = actual.split("\n");
    const b = expected.split("\n");
    if (a.length > MAX_LINES || b.length > MAX_LINES) {
        return `${a.slice(0, 50).map((line) => `+ ${line}`).join("\n")}\n${b.slice(0, 50).map((line) => `- ${line}`).join("\n")}\n...`;
    }
    // Lengths of the longest common parts of what follows.
    const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
        for (let k = b.length - 1; k >= 0; k--) {
            common[i][k] = a[i] === b[k] ? common[i + 1][k + 1] + 1 : Math.max(common[i + 1][k], common[i][k + 1]);
        }
    }
    const lines = [];
    let [i, k] = [0, 0];
    while (i < a.length || k < b.length) {
        if (i < a.length && k < b.length && a[i] === b[k]) {
            lines.push(`  ${a[i]}`);
            i += 1;
            k += 1;
        } else if (i < a.length && (k === b.length || common[i + 1][k] >= common[i][k + 1])) {
            lines.push(`+ ${a[i++]}`);
        } else {
            lines.push(`- ${b[k++]}`);
        }
    }
    return lines.join("\n");
}

function describe(operator, actual, expected) {
    const what = WHAT[operator];
    if (what === undefined) {
        return `${inspect(actual)} ${operator} ${inspect(expected)}`;
    }
    const text = show(actual);
    if (operator.startsWith("not")) {
        const one = !text.includes("\n");
        return one ? `${what} ${text}` : `${what}\n\n${text}\n`;
    }
    const other = show(expected);
    if (operator === "deepEqual") {
        return `${what}\n\n${text}\n\nshould loosely deep-equal\n\n${other}`;
    }
    if (operator === "strictEqual" && !text.includes("\n") && !other.includes("\n") && typeof actual !== "object") {
        return `${what}\n\n${text} !== ${other}\n`;
    }
    return `${what}\n+ actual - expected\n\n${difference(text, other)}\n`;
}

export class AssertionError extends Error {
    constructor(options) {
        validateObject(options, "options");
        const { actual, expected, message, operator } = options;
        super(message === undefined || message === null ? describe(operator, actual, expected) : String(message));
        this.generatedMessage = message === undefined || message === null;
        Object.defineProperty(this, "name", {
            value: "AssertionError",
            writable: true,
            configurable: true,
            enumerable: false,
        });
        this.code = "ERR_ASSERTION";
        this.actual = actual;
        this.expected = expected;
        this.operator = operator;
    }

    toString() {
        return `${this.name} [${this.code}]: ${this.message}`;
    }
}
