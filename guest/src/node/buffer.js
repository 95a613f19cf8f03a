// node:buffer: the package's class, with the conversions between bytes and text done natively.

import { decodeText, encodeUtf8 } from "web:native";
import { bytesToText, textToBytes } from "node:native";
import { invalidArgument, outOfRange, codedError, validateString } from "node:internal/errors";
import { Buffer } from "node:vendor/buffer";

export const kMaxLength = Number.MAX_SAFE_INTEGER;
export const kStringMaxLength = 0x3fffffff;
export const constants = { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength };
export let INSPECT_MAX_BYTES = 50;

const NAMES = {
    __proto__: null,
    utf8: "utf8",
    "utf-8": "utf8",
    hex: "hex",
    base64: "base64",
    base64url: "base64url",
    latin1: "latin1",
    binary: "latin1",
    ascii: "ascii",
    ucs2: "utf16le",
    "ucs-2": "utf16le",
    utf16le: "utf16le",
    "utf-16le": "utf16le",
};

/** An encoding's name as Node.js normalizes it; `undefined` for none. */
function normalizeEncoding(encoding) {
    if (encoding === undefined || encoding === null || encoding === "") {
        return "utf8";
    }
    return NAMES[encoding] ?? NAMES[String(encoding).toLowerCase()];
}

function toEncoding(encoding) {
    const name = normalizeEncoding(encoding);
    if (name === undefined) {
        throw codedError(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${encoding}`);
    }
    return name;
}

const plain = (buffer) => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function encode(text, name) {
    switch (name) {
        case "utf8":
            return encodeUtf8(text);
        case "utf16le": {
            const bytes = new Uint8Array(text.length * 2);
            for (let i = 0; i < text.length; i++) {
                const unit = text.charCodeAt(i);
                bytes[2 * i] = unit;
                bytes[2 * i + 1] = unit >> 8;
            }
            return bytes;
        }
        default:
            return textToBytes(text, name);
    }
}

function decode(bytes, name) {
    switch (name) {
        case "utf8":
            return decodeText("utf-8", false, true, plain(bytes));
        case "utf16le": {
            let text = "";
            for (let i = 0; i + 1 < bytes.length; i += 2) {
                text += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
            }
            return text;
        }
        default:
            return bytesToText(plain(bytes), name);
    }
}

/** Bytes as a `Buffer` on the same memory. */
function asBuffer(bytes) {
    return Object.setPrototypeOf(bytes, Buffer.prototype);
}

const { from, byteLength, concat } = Buffer;
const { write, fill, indexOf, lastIndexOf, includes, equals } = Buffer.prototype;

const statics = {
    from(value, encodingOrOffset, length) {
        if (typeof value === "string") {
            return asBuffer(encode(value, toEncoding(typeof encodingOrOffset === "string" ? encodingOrOffset : undefined)));
        }
        if (value === null || (typeof value !== "object" && typeof value !== "function")) {
            throw invalidArgument(
                "first argument",
                "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object",
                value,
            );
        }
        return from(value, encodingOrOffset, length);
    },
    alloc(size, fill, encoding) {
        checkSize(size);
        const buffer = asBuffer(new Uint8Array(size));
        return fill === undefined || fill === 0 || size === 0 ? buffer : buffer.fill(fill, encoding);
    },
    allocUnsafe(size) {
        checkSize(size);
        return asBuffer(new Uint8Array(size));
    },
    allocUnsafeSlow(size) {
        checkSize(size);
        return asBuffer(new Uint8Array(size));
    },
    byteLength(value, encoding) {
        if (typeof value !== "string") {
            if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
                return value.byteLength;
            }
            throw invalidArgument("string", "of type string or an instance of Buffer or ArrayBuffer", value);
        }
        const name = normalizeEncoding(encoding) ?? "utf8";
        switch (name) {
            case "latin1":
            case "ascii":
                return value.length;
            case "utf16le":
                return value.length * 2;
            case "hex":
                return value.length >>> 1;
            case "utf8":
                return encodeUtf8(value).length;
            default:
                return byteLength(value, "base64");
        }
    },
    isEncoding(encoding) {
        return typeof encoding === "string" && encoding.length > 0 && normalizeEncoding(encoding) !== undefined;
    },
    concat(list, length) {
        if (!Array.isArray(list)) {
            throw invalidArgument("list", "an instance of Array", list);
        }
        for (let i = 0; i < list.length; i++) {
            if (!(list[i] instanceof Uint8Array)) {
                throw invalidArgument(`list[${i}]`, "an instance of Buffer or Uint8Array", list[i]);
            }
        }
        const total = length ?? list.reduce((sum, part) => sum + part.length, 0);
        const buffer = statics.alloc(total);
        let at = 0;
        for (const part of list) {
            if (at + part.length > total) {
                buffer.set(part.subarray(0, total - at), at);
                break;
            }
            buffer.set(part, at);
            at += part.length;
        }
        return buffer;
    },
    copyBytesFrom(view, offset = 0, length = undefined) {
        if (!ArrayBuffer.isView(view) || view instanceof DataView) {
            throw invalidArgument("view", "an instance of TypedArray", view);
        }
        const part = view.subarray(offset, length === undefined ? undefined : offset + length);
        return asBuffer(new Uint8Array(plain(part)));
    },
};

function checkSize(size) {
    if (typeof size !== "number") {
        throw invalidArgument("size", "of type number", size);
    }
    if (!(size >= 0 && size <= kMaxLength)) {
        throw outOfRange("size", `>= 0 && <= ${kMaxLength}`, size);
    }
}

const clamp = (value, most) => Math.min(Math.max(Math.trunc(value) || 0, 0), most);

const methods = {
    toString(encoding, start, end) {
        if (arguments.length === 0) {
            return decode(this, "utf8");
        }
        const first = start === undefined ? 0 : clamp(start, this.length);
        const last = end === undefined ? this.length : clamp(end, this.length);
        const name = toEncoding(encoding);
        return last <= first ? "" : decode(this.subarray(first, last), name);
    },
    write(text, offset, length, encoding) {
        validateString(text, "argument");
        if (typeof offset === "string") {
            [encoding, offset, length] = [offset, 0, undefined];
        } else if (typeof length === "string") {
            [encoding, length] = [length, undefined];
        }
        offset ??= 0;
        if (typeof offset !== "number") {
            throw invalidArgument("offset", "of type number", offset);
        }
        if (!(offset >= 0 && offset <= this.length)) {
            throw outOfRange("offset", `>= 0 && <= ${this.length}`, offset);
        }
        const name = toEncoding(encoding);
        let bytes = encode(text, name);
        const room = Math.min(length ?? Infinity, this.length - offset);
        if (bytes.length > room) {
            // No part of a character is written.
            let end = room;
            if (name === "utf8") {
                while (end > 0 && (bytes[end] & 0xc0) === 0x80) {
                    end -= 1;
                }
            } else if (name === "utf16le") {
                end &= ~1;
            }
            bytes = bytes.subarray(0, end);
        }
        Uint8Array.prototype.set.call(this, bytes, offset);
        return bytes.length;
    },
    fill(value, offset, end, encoding) {
        if (typeof value === "string") {
            if (typeof offset === "string") {
                [encoding, offset, end] = [offset, undefined, undefined];
            } else if (typeof end === "string") {
                [encoding, end] = [end, undefined];
            }
            const name = toEncoding(encoding);
            const bytes = encode(value, name);
            if (value.length > 0 && bytes.length === 0) {
                throw codedError(
                    TypeError,
                    "ERR_INVALID_ARG_VALUE",
                    `The argument 'value' is invalid. Received '${value}'`,
                );
            }
            return fill.call(this, value.length === 0 ? 0 : asBuffer(bytes), offset, end);
        }
        return fill.call(this, value, offset, end);
    },
    equals(other) {
        if (!(other instanceof Uint8Array)) {
            throw invalidArgument("otherBuffer", "an instance of Buffer or Uint8Array", other);
        }
        if (this.length !== other.length) {
            return false;
        }
        for (let i = 0; i < this.length; i++) {
            if (this[i] !== other[i]) {
                return false;
            }
        }
        return true;
    },
    indexOf(value, offset, encoding) {
        return search(this, indexOf, value, offset, encoding);
    },
    lastIndexOf(value, offset, encoding) {
        return search(this, lastIndexOf, value, offset, encoding);
    },
    includes(value, offset, encoding) {
        return this.indexOf(value, offset, encoding) !== -1;
    },
    latin1Slice: slicing("latin1"),
    asciiSlice: slicing("ascii"),
    base64Slice: slicing("base64"),
    base64urlSlice: slicing("base64url"),
    hexSlice: slicing("hex"),
    ucs2Slice: slicing("utf16le"),
    utf8Slice: slicing("utf8"),
    latin1Write: writing("latin1"),
    asciiWrite: writing("ascii"),
    base64Write: writing("base64"),
    base64urlWrite: writing("base64url"),
    hexWrite: writing("hex"),
    ucs2Write: writing("utf16le"),
    utf8Write: writing("utf8"),
};

function slicing(name) {
    return function (start, end) {
        return this.toString(name, start, end);
    };
}

function writing(name) {
    return function (text, offset, length) {
        return this.write(text, offset, length, name);
    };
}

function search(buffer, find, value, offset, encoding) {
    if (typeof offset === "string") {
        [encoding, offset] = [offset, undefined];
    }
    if (typeof value === "string") {
        value = asBuffer(encode(value, toEncoding(encoding)));
    } else if (typeof value !== "number" && !(value instanceof Uint8Array)) {
        throw invalidArgument("value", "one of type number or string or an instance of Buffer or Uint8Array", value);
    }
    return find.call(buffer, value, offset);
}

for (const [target, functions] of [
    [Buffer, statics],
    [Buffer.prototype, methods],
]) {
    for (const name of Object.keys(functions)) {
        Object.defineProperty(target, name, { value: functions[name], writable: true, configurable: true });
    }
}
Buffer.prototype.toLocaleString = Buffer.prototype.toString;
// Both spellings.
for (const name of Object.getOwnPropertyNames(Buffer.prototype)) {
    if (/^(?:read|write)U(?:Int|int)/.test(name)) {
        Buffer.prototype[name.replace(/U(?:Int|int)/, "Uint")] ??= Buffer.prototype[name];
        Buffer.prototype[name.replace(/U(?:Int|int)/, "UInt")] ??= Buffer.prototype[name];
    }
}

export function SlowBuffer(length) {
    return Buffer.allocUnsafeSlow(length);
}

const isBytes = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

const viewOf = (value) =>
    value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

export function isUtf8(input) {
    if (!isBytes(input)) {
        throw invalidArgument("input", "an instance of ArrayBuffer, Buffer, or TypedArray", input);
    }
    try {
        decodeText("utf-8", true, true, viewOf(input));
        return true;
    } catch {
        return false;
    }
}

export function isAscii(input) {
    if (!isBytes(input)) {
        throw invalidArgument("input", "an instance of ArrayBuffer, Buffer, or TypedArray", input);
    }
    return viewOf(input).every((byte) => byte < 0x80);
}

export function transcode(source, fromEncoding, toEncoding_) {
    if (!(source instanceof Uint8Array)) {
        throw invalidArgument("source", "an instance of Buffer or Uint8Array", source);
    }
    const text = decode(source, toEncoding(fromEncoding));
    const name = toEncoding(toEncoding_);
    if (name === "ascii" || name === "latin1") {
        const most = name === "ascii" ? 0x7f : 0xff;
        return Buffer.from(Array.from(text, (character) => (character.codePointAt(0) > most ? 0x3f : character.charCodeAt(0))));
    }
    return Buffer.from(text, name);
}

export const resolveObjectURL = () => undefined;
export const { Blob, File, atob, btoa } = globalThis;
export { Buffer };

export default {
    Buffer,
    SlowBuffer,
    Blob,
    File,
    atob,
    btoa,
    constants,
    kMaxLength,
    kStringMaxLength,
    INSPECT_MAX_BYTES,
    isAscii,
    isUtf8,
    resolveObjectURL,
    transcode,
};
