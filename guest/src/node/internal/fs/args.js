// What functions of node:fs are given, checked as Node.js does.

import { codedError, invalidArgument, invalidValue, outOfRange, validateInteger } from "node:internal/errors";
import { requireBuiltin } from "node:native";
import { constants } from "node:internal/fs/constants";

/** `Buffer`, loaded when it is first needed. */
export const buffer = () => requireBuiltin("node:buffer").Buffer;

const BYTES = "an instance of Buffer, TypedArray, or DataView";
const INT32 = 2 ** 31 - 1;
const UINT32 = 2 ** 32 - 1;

const isURL = (value) =>
    Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);

function pathOfURL(url) {
    if (url.protocol !== "file:") {
        throw codedError(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
    }
    if (url.hostname !== "") {
        throw codedError(
            TypeError,
            "ERR_INVALID_FILE_URL_HOST",
            'File URL host must be "localhost" or empty on linux',
        );
    }
    if (/%2f/i.test(url.pathname)) {
        const message = "File URL path must not include encoded / characters";
        throw codedError(TypeError, "ERR_INVALID_FILE_URL_PATH", message);
    }
    return decodeURIComponent(url.pathname);
}

export const decode = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** The text of a path. */
export function toPath(value, name = "path") {
    let path = isURL(value) ? pathOfURL(value) : value;
    if (path instanceof Uint8Array) {
        path = decode(path);
    } else if (typeof path !== "string") {
        throw invalidArgument(name, "of type string or an instance of Buffer or URL", value);
    }
    if (path.includes("\0")) {
        throw invalidValue(name, value, "must be a string, Uint8Array, or URL without null bytes");
    }
    return path;
}

export function toFd(value) {
    validateInteger(value, "fd", 0, INT32);
    return value;
}

const FLAGS = new Map();
for (const [names, bits] of [
    [["r", "rs", "sr"], 0],
    [["r+", "rs+", "sr+"], constants.O_RDWR],
    [["w"], constants.O_TRUNC | constants.O_CREAT | constants.O_WRONLY],
    [["wx", "xw"], constants.O_TRUNC | constants.O_CREAT | constants.O_WRONLY | constants.O_EXCL],
    [["w+"], constants.O_TRUNC | constants.O_CREAT | constants.O_RDWR],
    [["wx+", "xw+"], constants.O_TRUNC | constants.O_CREAT | constants.O_RDWR | constants.O_EXCL],
    [["a", "as", "sa"], constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY],
    [["ax", "xa"], constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_EXCL],
    [["a+", "as+", "sa+"], constants.O_APPEND | constants.O_CREAT | constants.O_RDWR],
    [["ax+", "xa+"], constants.O_APPEND | constants.O_CREAT | constants.O_RDWR | constants.O_EXCL],
]) {
    names.forEach((name) => FLAGS.set(name, bits));
}

/** The bits of `open`. */
export function toFlags(value, name = "flags") {
    if (value === undefined || value === null) {
        return constants.O_RDONLY;
    }
    if (typeof value === "number") {
        validateInteger(value, name, -(2 ** 31), INT32);
        return value;
    }
    const bits = FLAGS.get(value);
    if (bits === undefined) {
        throw invalidValue(name, value);
    }
    return bits;
}

export function toMode(value, fallback, name = "mode") {
    if (fallback !== undefined && (value === undefined || value === null)) {
        return fallback;
    }
    let mode = value;
    if (typeof value === "string") {
        if (!/^[0-7]+$/.test(value)) {
            throw invalidValue(name, value, "must be a 32-bit unsigned integer or an octal string");
        }
        mode = parseInt(value, 8);
    }
    validateInteger(mode, name, 0, UINT32);
    return mode;
}

/** Seconds of a time that was given as such, as a text or as a `Date`. */
export function toSeconds(time, name = "time") {
    if (typeof time === "string" && +time == time) {
        return +time;
    }
    if (Number.isFinite(time)) {
        return time < 0 ? Date.now() / 1000 : time;
    }
    if (time instanceof Date) {
        return time.getTime() / 1000;
    }
    throw invalidArgument(name, "an instance of Date or an Time in seconds", time);
}

export const toMicroseconds = (time, name) => Math.round(toSeconds(time, name) * 1e6);

const isText = (encoding) => encoding === "utf8" || encoding === "utf-8";

export function checkEncoding(encoding) {
    if (encoding && !isText(encoding) && encoding !== "buffer" && !buffer().isEncoding(encoding)) {
        throw invalidValue("encoding", encoding, "is invalid encoding");
    }
}

/** Options, of which one that is a text is the encoding. */
export function toOptions(options, defaults = {}) {
    if (options === undefined || options === null || typeof options === "function") {
        return defaults;
    }
    const given = typeof options === "string" ? { encoding: options } : options;
    if (typeof given !== "object") {
        throw invalidArgument("options", "one of type string or object", options);
    }
    const all = { ...defaults, ...given };
    checkEncoding(all.encoding);
    const { signal } = all;
    if (signal !== undefined && (signal === null || typeof signal !== "object" || !("aborted" in signal))) {
        throw invalidArgument("options.signal", "an instance of AbortSignal", signal);
    }
    return all;
}

/** Whether bytes in an encoding are what UTF-8 makes of them. */
export const isUtf8 = (encoding) => typeof encoding === "string" && isText(encoding.toLowerCase());

/** Bytes as a `Buffer`, or as text in an encoding. */
export function fromBytes(bytes, encoding) {
    const made = buffer().from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return encoding && encoding !== "buffer" ? made.toString(encoding) : made;
}

/** A name as the encoding wants it. */
export function fromText(text, encoding) {
    if (!encoding || isUtf8(encoding)) {
        return text;
    }
    const bytes = buffer().from(text);
    return encoding === "buffer" ? bytes : bytes.toString(encoding);
}

/** A view of bytes as a `Uint8Array`. */
export function toView(value, name = "buffer") {
    if (!ArrayBuffer.isView(value)) {
        throw invalidArgument(name, BYTES, value);
    }
    return value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** What is to be written: a text for UTF-8, else bytes. */
export function toData(value, encoding, name = "data") {
    if (typeof value !== "string") {
        if (!ArrayBuffer.isView(value)) {
            throw invalidArgument(name, `of type string or ${BYTES}`, value);
        }
        return toView(value);
    }
    checkEncoding(encoding);
    return !encoding || isUtf8(encoding) || encoding === "buffer" ? value : buffer().from(value, encoding);
}

/** Bytes of what is to be written. */
export const toBytes = (value, encoding, name) => {
    const data = toData(value, encoding, name);
    return typeof data === "string" ? buffer().from(data) : data;
};

/** A place in a file; `null` for where the last read or write ended. */
export function toPosition(value) {
    if (value === undefined || value === null || value === -1 || value === -1n) {
        return null;
    }
    if (typeof value === "bigint") {
        if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
            throw outOfRange("position", `>= -1 && <= ${Number.MAX_SAFE_INTEGER}`, value);
        }
        return Number(value);
    }
    validateInteger(value, "position", -1);
    return value;
}

export function toLength(value, name = "len") {
    if (value === undefined || value === null) {
        return 0;
    }
    validateInteger(value, name);
    return Math.max(0, value);
}

export function checkObject(options, name = "options") {
    if (options !== undefined && (options === null || typeof options !== "object")) {
        throw invalidArgument(name, "of type object", options);
    }
}

export function checkBoolean(value, name) {
    if (value !== undefined && typeof value !== "boolean") {
        throw invalidArgument(name, "of type boolean", value);
    }
}

/** An error that Node.js has of its own, for what the system would have refused. */
export function systemError(code, what, { code: name, message, path, syscall, errno, dest }) {
    let text = `${what}: ${syscall} returned ${name} (${message})`;
    text += path === undefined ? "" : ` ${path}`;
    text += dest === undefined ? "" : ` => ${dest}`;
    const error = codedError(Error, code, text);
    Object.defineProperty(error, "name", { value: "SystemError", writable: true, configurable: true });
    const info = { code: name, message, path, syscall, errno };
    return Object.assign(error, { info, errno, syscall, path }, dest === undefined ? undefined : { dest });
}

/** What an error of the system says happened. */
export const words = (error) =>
    error.message.slice(error.code.length + 2, error.message.indexOf(`, ${error.syscall}`));

/** An error of the system that is made here. */
export function refuse(code, errno, text, syscall, path, dest) {
    const paths = `${path === undefined ? "" : ` '${path}'`}${dest === undefined ? "" : ` -> '${dest}'`}`;
    const error = new Error(`${code}: ${text}, ${syscall}${paths}`);
    Object.assign(error, { errno, code, syscall });
    return Object.assign(error, path === undefined ? {} : { path }, dest === undefined ? {} : { dest });
}
