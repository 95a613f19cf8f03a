// node:util

import { isDeepEqual } from "node:internal/deep-equal";
import { aborted, callbackify, debuglog, deprecate, inherits, promisify, transferableAbortController, transferableAbortSignal } from "node:internal/functions";
import { format, formatWithOptions, inspect } from "node:internal/inspect";
import { parseArgs } from "node:internal/parse-args";
import { stripVTControlCharacters, styleText } from "node:internal/style";
import { getSystemErrorMap, getSystemErrorMessage, getSystemErrorName } from "node:internal/system-errors";
import { validateString } from "node:internal/errors";
import types, { isDate, isNativeError, isRegExp } from "node:util/types";

export const isDeepStrictEqual = (a, b) => isDeepEqual(a, b, true);

export const toUSVString = (text) => `${text}`.toWellFormed();

/** The variables of a `.env` file. */
export function parseEnv(content) {
    validateString(content, "content");
    const variables = {};
    const line =
        /^\s*(?:export\s+)?([\w.-]+)\s*=[ \t]*(?:"((?:\\"|[^"])*)"|'([^']*)'|`([^`]*)`|([^\r\n#]*))?[^\r\n]*$/gm;
    for (const [, name, double, single, back, bare] of content.matchAll(line)) {
        variables[name] = double?.replaceAll("\\n", "\n") ?? single ?? back ?? (bare ?? "").trim();
    }
    return variables;
}

/** Old names, which packages still use. */
const is = {
    isArray: Array.isArray,
    isBoolean: (value) => typeof value === "boolean",
    isBuffer: (value) => value instanceof Uint8Array && typeof value.readUInt8 === "function",
    isDate,
    isError: (value) => isNativeError(value) || value instanceof Error,
    isFunction: (value) => typeof value === "function",
    isNull: (value) => value === null,
    isNullOrUndefined: (value) => value === null || value === undefined,
    isNumber: (value) => typeof value === "number",
    isObject: (value) => value !== null && typeof value === "object",
    isPrimitive: (value) => value === null || (typeof value !== "object" && typeof value !== "function"),
    isRegExp,
    isString: (value) => typeof value === "string",
    isSymbol: (value) => typeof value === "symbol",
    isUndefined: (value) => value === undefined,
    _extend: (target, source) => (source !== null && typeof source === "object" ? Object.assign(target, source) : target),
};
export const {
    isArray,
    isBoolean,
    isBuffer,
    isError,
    isFunction,
    isNull,
    isNullOrUndefined,
    isNumber,
    isObject,
    isPrimitive,
    isString,
    isSymbol,
    isUndefined,
    _extend,
} = is;
export const { TextDecoder, TextEncoder } = globalThis;
export { debuglog as debug, isDate, isRegExp };
export {
    aborted,
    callbackify,
    debuglog,
    deprecate,
    format,
    formatWithOptions,
    getSystemErrorMap,
    getSystemErrorMessage,
    getSystemErrorName,
    inherits,
    inspect,
    parseArgs,
    promisify,
    stripVTControlCharacters,
    styleText,
    transferableAbortController,
    transferableAbortSignal,
    types,
};

export default {
    ...is,
    TextDecoder,
    TextEncoder,
    aborted,
    callbackify,
    debug: debuglog,
    debuglog,
    deprecate,
    format,
    formatWithOptions,
    getSystemErrorMap,
    getSystemErrorMessage,
    getSystemErrorName,
    inherits,
    inspect,
    isDeepStrictEqual,
    parseArgs,
    parseEnv,
    promisify,
    stripVTControlCharacters,
    styleText,
    toUSVString,
    transferableAbortController,
    transferableAbortSignal,
    types,
};
