// node:querystring

import { Buffer } from "node:buffer";
import { codedError } from "node:internal/errors";

const DIGITS = /^[0-9A-Fa-f]{2}$/;

/** The bytes of a text whose escapes are undone; what is none stays. */
export function unescapeBuffer(text, decodeSpaces) {
    const bytes = [];
    const source = Buffer.from(text);
    for (let i = 0; i < source.length; i++) {
        const byte = source[i];
        const pair = byte === 0x25 ? source.toString("latin1", i + 1, i + 3) : "";
        if (DIGITS.test(pair)) {
            bytes.push(Number.parseInt(pair, 16));
            i += 2;
        } else {
            bytes.push(decodeSpaces && byte === 0x2b ? 0x20 : byte);
        }
    }
    return Buffer.from(bytes);
}

export function unescape(text, decodeSpaces) {
    try {
        return decodeURIComponent(text);
    } catch {
        return querystring.unescapeBuffer(text, decodeSpaces).toString();
    }
}

export function escape(value) {
    const text = typeof value === "string" ? value : typeof value === "object" ? String(value) : `${value}`;
    try {
        return encodeURIComponent(text);
    } catch {
        throw codedError(URIError, "ERR_INVALID_URI", "URI malformed");
    }
}

function primitive(value) {
    switch (typeof value) {
        case "string":
            return value;
        case "number":
            return Number.isFinite(value) ? `${value}` : "";
        case "bigint":
        case "boolean":
            return `${value}`;
        default:
            return "";
    }
}

export function stringify(object, separator = "&", equals = "=", options = undefined) {
    if (object === null || typeof object !== "object") {
        return "";
    }
    const encode = options?.encodeURIComponent ?? querystring.escape;
    const parts = [];
    for (const key of Object.keys(object)) {
        const start = encode(primitive(key)) + (equals || "=");
        const value = object[key];
        for (const item of Array.isArray(value) ? value : [value]) {
            parts.push(start + encode(primitive(item)));
        }
    }
    return parts.join(separator || "&");
}

export function parse(text, separator = "&", equals = "=", options = undefined) {
    const result = { __proto__: null };
    if (typeof text !== "string" || text.length === 0) {
        return result;
    }
    const most = typeof options?.maxKeys === "number" ? options.maxKeys : 1000;
    const custom = options?.decodeURIComponent;
    const decode = (part) => {
        const spaced = part.replaceAll("+", " ");
        if (custom === undefined && !spaced.includes("%")) {
            return spaced;
        }
        try {
            return (custom ?? querystring.unescape)(spaced);
        } catch {
            return querystring.unescape(spaced, true);
        }
    };
    const by = equals ? `${equals}` : "=";
    let count = 0;
    for (const pair of text.split(separator ? `${separator}` : "&")) {
        if (most > 0 && count === most) {
            break;
        }
        if (pair === "") {
            continue;
        }
        count += 1;
        const at = pair.indexOf(by);
        const key = decode(at < 0 ? pair : pair.slice(0, at));
        const value = at < 0 ? "" : decode(pair.slice(at + by.length));
        if (!(key in result)) {
            result[key] = value;
        } else if (Array.isArray(result[key])) {
            result[key].push(value);
        } else {
            result[key] = [result[key], value];
        }
    }
    return result;
}

export { parse as decode, stringify as encode };

const querystring = { unescapeBuffer, unescape, escape, stringify, encode: stringify, parse, decode: parse };
export default querystring;
