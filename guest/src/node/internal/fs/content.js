// Contents of files: the synchronous functions.

import {
    fsClose, fsFstat, fsFtruncate, fsOpen, fsRead, fsReadFile, fsTruncate, fsWrite, fsWriteFile,
} from "node:native";
import { invalidArgument, invalidValue, outOfRange, validateInteger } from "node:internal/errors";
import {
    checkEncoding, fromBytes, isUtf8, toBytes, toData, toFd, toFlags, toLength, toMode, toOptions, toPath, toPosition,
    toView,
} from "node:internal/fs/args";
import { streamAt } from "node:internal/fs/attributes";
import { constants } from "node:internal/fs/constants";
import { readInput, writeStream } from "node:internal/fs/standard";

/** Bytes that a file of unknown length is read by. */
const PIECE = 64 << 10;

export function openSync(path, flags, mode) {
    const text = toPath(path);
    const bits = toFlags(flags);
    const permissions = toMode(mode, 0o666);
    return streamAt(text) ?? fsOpen(text, bits, permissions);
}

export function closeSync(fd) {
    // The standard streams stay open as long as the program.
    if (toFd(fd) > 2) {
        fsClose(fd);
    }
}

/** Up to `length` bytes of a descriptor. */
function read(fd, length, position) {
    return fd === 0 ? readInput(length) : fsRead(fd, length, position);
}

/** Offset, length and position of what is read into `view`. */
function readRange(view, args) {
    let [offset, length, position] = args;
    if (args.length <= 1 && (offset === undefined || offset === null || typeof offset === "object")) {
        ({ offset = 0, length, position } = offset ?? {});
    }
    offset ??= 0;
    validateInteger(offset, "offset", 0);
    length ??= view.byteLength - offset;
    if (typeof length !== "number") {
        throw invalidArgument("length", "of type number", length);
    }
    length |= 0;
    if (length === 0) {
        return [offset, 0, null];
    }
    if (view.byteLength === 0) {
        throw invalidValue("buffer", view, "is empty and cannot be written");
    }
    if (length < 0) {
        throw outOfRange("length", ">= 0", length);
    }
    if (offset + length > view.byteLength) {
        throw outOfRange("length", `<= ${view.byteLength - offset}`, length);
    }
    return [offset, length, toPosition(position)];
}

export function readSync(fd, buffer, ...args) {
    toFd(fd);
    const view = toView(buffer);
    const [offset, length, position] = readRange(view, args);
    if (length === 0) {
        return 0;
    }
    const bytes = read(fd, length, position);
    view.set(bytes, offset);
    return bytes.length;
}

function checkViews(buffers) {
    if (!Array.isArray(buffers) || !buffers.every(ArrayBuffer.isView)) {
        throw invalidArgument("buffers", "an ArrayBufferView[]", buffers);
    }
}

export function readvSync(fd, buffers, position) {
    toFd(fd);
    checkViews(buffers);
    let at = typeof position === "number" ? toPosition(position) : null;
    let all = 0;
    for (const buffer of buffers) {
        const view = toView(buffer);
        const bytes = read(fd, view.byteLength, at);
        view.set(bytes);
        all += bytes.length;
        at = at === null ? null : at + bytes.length;
        if (bytes.length < view.byteLength) {
            break;
        }
    }
    return all;
}

function write(fd, data, position) {
    return fd < 3 ? writeStream(fd, data) : fsWrite(fd, data, position);
}

/** The part of `view` that is written, and where to. */
function writeRange(view, args) {
    let [offset, length, position] = args;
    if (args.length <= 1 && offset !== null && typeof offset === "object") {
        ({ offset = 0, length, position } = offset);
    }
    offset ??= 0;
    validateInteger(offset, "offset", 0);
    length ??= view.byteLength - offset;
    if (offset > view.byteLength) {
        throw outOfRange("offset", `<= ${view.byteLength}`, offset);
    }
    if (length > view.byteLength - offset) {
        throw outOfRange("length", `<= ${view.byteLength - offset}`, length);
    }
    validateInteger(length, "length", 0);
    return [view.subarray(offset, offset + length), typeof position === "number" ? toPosition(position) : null];
}

export function writeSync(fd, buffer, ...args) {
    toFd(fd);
    if (typeof buffer === "string") {
        const [position, encoding] = args;
        return write(fd, toBytes(buffer, encoding, "buffer"), typeof position === "number" ? toPosition(position) : null);
    }
    toData(buffer, undefined, "buffer");
    const [part, position] = writeRange(toView(buffer), args);
    return write(fd, part, position);
}

export function writevSync(fd, buffers, position) {
    toFd(fd);
    checkViews(buffers);
    let at = typeof position === "number" ? toPosition(position) : null;
    let all = 0;
    for (const buffer of buffers) {
        const written = write(fd, toView(buffer), at);
        all += written;
        at = at === null ? null : at + written;
    }
    return all;
}

/** All bytes of a descriptor, from where it is on. */
export function readAll(fd) {
    const pieces = [];
    let length = 0;
    for (;;) {
        const piece = read(fd, fd < 3 ? PIECE : Math.max(PIECE, fsFstat(fd)[4]), null);
        if (piece.length === 0) {
            break;
        }
        pieces.push(piece);
        length += piece.length;
    }
    if (pieces.length === 1) {
        return pieces[0];
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
    }
    return all;
}

/** Does something with a file that is open meanwhile. */
function opened(path, flags, mode, work) {
    const fd = openSync(path, flags, mode);
    try {
        return work(fd);
    } finally {
        closeSync(fd);
    }
}

export function readFileSync(path, options) {
    const { encoding, flag } = toOptions(options, { flag: "r" });
    if (typeof path === "number") {
        return fromBytes(readAll(toFd(path)), encoding);
    }
    const text = toPath(path);
    if (toFlags(flag) !== constants.O_RDONLY || streamAt(text) !== undefined) {
        return opened(text, flag, 0o666, (fd) => fromBytes(readAll(fd), encoding));
    }
    if (isUtf8(encoding)) {
        return fsReadFile(text, true);
    }
    return fromBytes(fsReadFile(text, false), encoding);
}

function writeAll(path, data, options, defaultFlag) {
    const { encoding, mode, flag } = toOptions(options, { encoding: "utf8", mode: 0o666, flag: defaultFlag });
    const bytes = toData(data, encoding);
    if (typeof path === "number") {
        write(toFd(path), typeof bytes === "string" ? toBytes(bytes) : bytes, null);
        return;
    }
    const text = toPath(path);
    const bits = toFlags(flag ?? defaultFlag);
    const permissions = toMode(mode, 0o666);
    const stream = streamAt(text);
    if (stream === undefined) {
        fsWriteFile(text, bytes, bits, permissions);
    } else {
        writeStream(stream, bytes);
    }
}

export const writeFileSync = (path, data, options) => writeAll(path, data, options, "w");
export const appendFileSync = (path, data, options) => writeAll(path, data, options, "a");

export function ftruncateSync(fd, length) {
    toFd(fd);
    fsFtruncate(fd, toLength(length));
}

export function truncateSync(path, length) {
    if (typeof path === "number") {
        ftruncateSync(path, length);
        return;
    }
    fsTruncate(toPath(path), toLength(length));
}

/** What is written is where it stays. */
export function fsyncSync(fd) {
    if (toFd(fd) > 2) {
        try {
            fsFstat(fd);
        } catch (error) {
            error.message = error.message.replace(/fstat$/, "fsync");
            error.syscall = "fsync";
            throw error;
        }
    }
}

export function fdatasyncSync(fd) {
    try {
        fsyncSync(fd);
    } catch (error) {
        if (error.syscall === "fsync") {
            error.message = error.message.replace(/fsync$/, "fdatasync");
            error.syscall = "fdatasync";
        }
        throw error;
    }
}

/** Writes pieces behind each other, of a program that gives them one after the other. */
export function writePiece(fd, piece, encoding) {
    checkEncoding(encoding);
    write(fd, toBytes(piece, encoding), null);
}
