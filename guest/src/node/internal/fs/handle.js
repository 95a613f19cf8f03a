// FileHandle: an open file of node:fs/promises.

import { EventEmitter } from "node:events";
import { requireBuiltin } from "node:native";
import { invalidArgument } from "node:internal/errors";
import { buffer, toOptions } from "node:internal/fs/args";
import {
    fchmodSync, fchownSync, fstatSync, futimesSync,
} from "node:internal/fs/attributes";
import {
    appendFileSync, closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, readvSync,
    writeFileSync, writePiece, writeSync, writevSync,
} from "node:internal/fs/content";
import { promised } from "node:internal/fs/promised";

/** Bytes of the buffer that `read` makes. */
const PIECE = 16384;

export class FileHandle extends EventEmitter {
    #fd;
    #closing;

    constructor(fd) {
        super();
        this.#fd = fd;
    }

    get fd() {
        return this.#fd;
    }

    /** What `work` does with the descriptor. */
    #do(syscall, work, signal) {
        return promised(() => {
            if (this.#fd === -1) {
                throw Object.assign(new Error("file closed"), { code: "EBADF", syscall });
            }
            return work(this.#fd);
        }, signal);
    }

    read(view, ...range) {
        let [target, rest] = [view, range];
        if (!ArrayBuffer.isView(view)) {
            if (view !== undefined && (view === null || typeof view !== "object")) {
                return Promise.reject(
                    invalidArgument("buffer", "an instance of Buffer, TypedArray, or DataView", view),
                );
            }
            const { buffer: given, ...options } = view ?? {};
            target = given ?? buffer().alloc(PIECE);
            rest = [options];
        }
        return this.#do("read", (fd) => ({ bytesRead: readSync(fd, target, ...rest), buffer: target }));
    }

    readv(buffers, position) {
        return this.#do("read", (fd) => ({ bytesRead: readvSync(fd, buffers, position), buffers }));
    }

    write(data, ...range) {
        return this.#do("write", (fd) => ({ bytesWritten: writeSync(fd, data, ...range), buffer: data }));
    }

    writev(buffers, position) {
        return this.#do("write", (fd) => ({ bytesWritten: writevSync(fd, buffers, position), buffers }));
    }

    readFile(options) {
        return this.#do("read", (fd) => readFileSync(fd, options), options?.signal);
    }

    writeFile(data, options) {
        return writeData(data, options, (whole) =>
            this.#do("write", (fd) => writeFileSync(fd, whole, options), options?.signal),
            () => this.#fd,
        );
    }

    appendFile(data, options) {
        return this.writeFile(data, options);
    }

    stat(options) {
        return this.#do("fstat", (fd) => fstatSync(fd, options));
    }

    truncate(length) {
        return this.#do("ftruncate", (fd) => ftruncateSync(fd, length));
    }

    chmod(mode) {
        return this.#do("fchmod", (fd) => fchmodSync(fd, mode));
    }

    chown(uid, gid) {
        return this.#do("fchown", (fd) => fchownSync(fd, uid, gid));
    }

    utimes(atime, mtime) {
        return this.#do("futime", (fd) => futimesSync(fd, atime, mtime));
    }

    sync() {
        return this.#do("fsync", fsyncSync);
    }

    datasync() {
        return this.#do("fdatasync", fdatasyncSync);
    }

    close() {
        if (this.#fd === -1) {
            return this.#closing ?? Promise.resolve();
        }
        const fd = this.#fd;
        this.#fd = -1;
        this.#closing = promised(() => closeSync(fd)).finally(() => {
            this.#closing = undefined;
            this.emit("close");
        });
        return this.#closing;
    }

    async *readLines(options) {
        const { encoding = "utf8" } = toOptions(options);
        const lines = (await this.readFile(encoding)).split(/\r\n|\n|\r/);
        if (lines.at(-1) === "") {
            lines.pop();
        }
        yield* lines;
    }

    readableWebStream() {
        const handle = this;
        return new ReadableStream({
            type: "bytes",
            async pull(controller) {
                const { bytesRead, buffer: bytes } = await handle.read(new Uint8Array(PIECE), 0, PIECE);
                if (bytesRead === 0) {
                    controller.close();
                    controller.byobRequest?.respond(0);
                } else {
                    controller.enqueue(bytes.subarray(0, bytesRead));
                }
            },
        });
    }

    createReadStream(options) {
        const { ReadStream } = requireBuiltin("node:internal/fs/streams");
        return new ReadStream(undefined, { ...toOptions(options), fd: this });
    }

    createWriteStream(options) {
        const { WriteStream } = requireBuiltin("node:internal/fs/streams");
        return new WriteStream(undefined, { ...toOptions(options), fd: this });
    }
}

if (Symbol.asyncDispose !== undefined) {
    Object.defineProperty(FileHandle.prototype, Symbol.asyncDispose, {
        value() {
            return this.close();
        },
        writable: true,
        configurable: true,
    });
}

const isIterable = (data) =>
    data !== null &&
    typeof data === "object" &&
    !ArrayBuffer.isView(data) &&
    (data[Symbol.asyncIterator] !== undefined || data[Symbol.iterator] !== undefined);

/** Writes data as a whole, or what it gives one after the other to the file that `open` gives. */
export async function writeData(data, options, whole, open) {
    if (!isIterable(data)) {
        return whole(data);
    }
    const { encoding, signal } = toOptions(options);
    const fd = open();
    for await (const piece of data) {
        await promised(() => writePiece(fd, piece, encoding), signal);
    }
    return undefined;
}

export const openHandle = (path, flags, mode) => promised(() => new FileHandle(openSync(path, flags, mode)));

const toHandle = (file) => (file instanceof FileHandle ? file : undefined);

export function readFile(file, options) {
    return toHandle(file)?.readFile(options) ?? promised(() => readFileSync(checked(file), options), options?.signal);
}

export function writeFile(file, data, options) {
    return toHandle(file)?.writeFile(data, options) ?? write(file, data, options, "w", writeFileSync);
}

export function appendFile(file, data, options) {
    return toHandle(file)?.appendFile(data, options) ?? write(file, data, options, "a", appendFileSync);
}

/** A path: a number is a descriptor in the other forms only. */
function checked(path) {
    if (typeof path === "number") {
        throw invalidArgument("path", "of type string or an instance of Buffer or URL", path);
    }
    return path;
}

async function write(path, data, options, flag, whole) {
    let handle;
    try {
        return await writeData(
            data,
            options,
            (all) => promised(() => whole(checked(path), all, options), options?.signal),
            () => {
                const all = toOptions(options, { flag, mode: 0o666 });
                handle = new FileHandle(openSync(path, all.flag, all.mode));
                return handle.fd;
            },
        );
    } finally {
        await handle?.close();
    }
}

