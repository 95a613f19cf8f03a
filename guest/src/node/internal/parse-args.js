// `util.parseArgs` (Node.js).

import { codedError, invalidArgument, invalidValue, validateBoolean, validateObject, validateString } from "node:internal/errors";
import { requireBuiltin } from "node:native";

const unknown = (option, positionals) =>
    codedError(
        TypeError,
        "ERR_PARSE_ARGS_UNKNOWN_OPTION",
        `Unknown option '${option}'${positionals ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- ${JSON.stringify(option)}` : ""}`,
    );
const invalid = (message) => codedError(TypeError, "ERR_PARSE_ARGS_INVALID_OPTION_VALUE", message);

function checkOptions(options) {
    for (const [name, option] of Object.entries(options)) {
        const what = `options.${name}`;
        validateObject(option, what);
        if (option.type !== "string" && option.type !== "boolean") {
            throw invalidArgument(`${what}.type`, "one of the following values: 'string|boolean'", option.type);
        }
        if (option.short !== undefined) {
            validateString(option.short, `${what}.short`);
            if (option.short.length !== 1) {
                throw invalidValue(`${what}.short`, option.short, "must be a single character");
            }
        }
        if (option.multiple !== undefined) {
            validateBoolean(option.multiple, `${what}.multiple`);
        }
    }
}

/** The arguments as tokens: options, positionals and the terminator. */
function tokenize(args, options) {
    const tokens = [];
    const rest = args.map((text, index) => ({ text, index }));
    const typeOf = (name) => (Object.hasOwn(options, name) ? options[name].type : undefined);
    const ofShort = (short) => Object.keys(options).find((name) => options[name].short === short) ?? short;
    while (rest.length > 0) {
        const { text, index } = rest.shift();
        const next = rest[0]?.text;
        const add = (rawName, name, value, inlineValue) =>
            tokens.push({ kind: "option", name, rawName, index, value, inlineValue });
        if (text === "--") {
            tokens.push({ kind: "option-terminator", index });
            tokens.push(...rest.map((each) => ({ kind: "positional", index: each.index, value: each.text })));
            break;
        }
        if (/^-[^-]$/.test(text)) {
            const name = ofShort(text[1]);
            if (typeOf(name) === "string" && next !== undefined) {
                add(text, name, rest.shift().text, false);
            } else {
                add(text, name, undefined, undefined);
            }
        } else if (/^-[^-]./.test(text)) {
            const name = ofShort(text[1]);
            if (typeOf(name) === "string") {
                add(`-${text[1]}`, name, text.slice(2), true);
            } else {
                // A group: all but the last take no value.
                const expanded = [];
                for (let i = 1; i < text.length; i++) {
                    if (i > 1 && typeOf(ofShort(text[i])) === "string" && i < text.length - 1) {
                        expanded.push(`-${text.slice(i)}`);
                        break;
                    }
                    expanded.push(`-${text[i]}`);
                }
                rest.unshift(...expanded.map((each) => ({ text: each, index })));
            }
        } else if (/^--[^=]+=/.test(text) || /^--.+=/.test(text)) {
            const at = text.indexOf("=", 3);
            add(text.slice(0, at), text.slice(2, at), text.slice(at + 1), true);
        } else if (text.startsWith("--")) {
            const name = text.slice(2);
            if (typeOf(name) === "string" && next !== undefined) {
                add(text, name, rest.shift().text, false);
            } else {
                add(text, name, undefined, undefined);
            }
        } else {
            tokens.push({ kind: "positional", index, value: text });
        }
    }
    return tokens;
}

function check(token, { options, strict, allowPositionals, allowNegative }) {
    const { name, rawName, value, inlineValue } = token;
    const type = Object.hasOwn(options, name) ? options[name].type : undefined;
    if (!strict) {
        return;
    }
    if (type === undefined) {
        const positive = allowNegative && name.startsWith("no-") ? name.slice(3) : undefined;
        if (positive !== undefined && Object.hasOwn(options, positive) && options[positive].type === "boolean") {
            return;
        }
        throw unknown(rawName, allowPositionals);
    }
    const short = options[name].short;
    const shown = `${short === undefined ? "" : `-${short}, `}--${name}`;
    if (type === "string" && typeof value !== "string") {
        throw invalid(`Option '${shown} <value>' argument missing`);
    }
    if (type === "boolean" && value !== undefined && value !== null) {
        throw invalid(`Option '${shown}' does not take an argument`);
    }
    if (inlineValue === false && typeof value === "string" && value.length > 1 && value.startsWith("-")) {
        const example = rawName.startsWith("--") ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
        throw invalid(
            `Option '${rawName}' argument is ambiguous.\nDid you forget to specify the option argument for '${rawName}'?\nTo specify an option argument starting with a dash use ${example}.`,
        );
    }
}

export function parseArgs(config = {}) {
    const args = config.args ?? requireBuiltin("node:process").default.argv.slice(2);
    const strict = config.strict ?? true;
    const allowPositionals = config.allowPositionals ?? !strict;
    const { tokens: wantsTokens = false, allowNegative = false, options = {} } = config;
    if (!Array.isArray(args)) {
        throw invalidArgument("args", "an instance of Array", args);
    }
    validateObject(options, "options");
    checkOptions(options);
    const tokens = tokenize(args, options);
    const values = { __proto__: null };
    const positionals = [];
    for (const token of tokens) {
        if (token.kind === "option") {
            check(token, { options, strict, allowPositionals, allowNegative });
            let { name, value = true } = token;
            if (allowNegative && name.startsWith("no-") && token.value === undefined && !Object.hasOwn(options, name)) {
                [name, value] = [name.slice(3), false];
            }
            if (name === "__proto__") {
                continue;
            }
            if (options[name]?.multiple) {
                (values[name] ??= []).push(value);
            } else {
                values[name] = value;
            }
        } else if (token.kind === "positional") {
            if (!allowPositionals) {
                throw codedError(
                    TypeError,
                    "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL",
                    `Unexpected argument '${token.value}'. This command does not take positional arguments`,
                );
            }
            positionals.push(token.value);
        }
    }
    for (const [name, option] of Object.entries(options)) {
        if (option.default !== undefined && !(name in values)) {
            values[name] = option.default;
        }
    }
    return wantsTokens ? { values, positionals, tokens } : { values, positionals };
}
