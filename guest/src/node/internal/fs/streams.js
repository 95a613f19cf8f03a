// ReadStream and WriteStream: files as streams.

import { Readable, Writable, finished } from "node:stream";
import { invalidArgument, outOfRange, validateInteger } from "node:internal/errors";
import { buffer, toFd, toFlags, toMode, toOptions, toPath } from "node:internal/fs/args";
import { closeSync, openSync, readSync, writeSync } from "node:internal/fs/content";
import { later } from "node:internal/fs/later";

/** Bytes that a stream reads at once. */
const PIECE = 64 << 10;

/** Calls back with what `work` gives. */
function tell(work, callback) {
    let told;
    try {
        told = [null, work()];
    } catch (error) {
        told = [error];
    }
    later(() => callback(...told));
}

/** What both classes do with their options. */
function prepare(stream, path, options, flag) {
    const { fd, flags = flag, mode = 0o666, start, autoClose = true } = options;
    if (fd === undefined || fd === null) {
        stream.fd = null;
        stream.path = toPath(path);
        toFlags(flags);
    } else if (typeof fd === "object" && typeof fd.fd === "number") {
        stream.fd = fd.fd;
        stream.handle = fd;
    } else {
        stream.fd = toFd(fd);
        stream.path = path === undefined || path === null ? undefined : toPath(path);
    }
    if (start !== undefined) {
        validateInteger(start, "start", 0);
    }
    stream.flags = flags;
    stream.mode = toMode(mode, 0o666);
    stream.start = start;
    stream.pos = start;
    stream.autoClose = autoClose;
    stream.bytesRead = stream.bytesWritten = undefined;
}

function construct(stream, callback) {
    if (stream.fd !== null) {
        callback();
        return;
    }
    tell(
        () => openSync(stream.path, stream.flags, stream.mode),
        (error, fd) => {
            if (error) {
                callback(error);
                return;
            }
            stream.fd = fd;
            callback();
            stream.emit("open", fd);
            stream.emit("ready");
        },
    );
}

function destroy(stream, error, callback) {
    const { fd, handle } = stream;
    stream.fd = null;
    if (fd === null || !stream.autoClose) {
        callback(error);
    } else if (handle !== undefined) {
        handle.close().then(
            () => callback(error),
            (failed) => callback(error ?? failed),
        );
    } else {
        tell(() => closeSync(fd), (failed) => callback(error ?? failed));
    }
}

function close(stream, callback) {
    if (callback) {
        finished(stream, () => callback(null));
    }
    stream.destroy();
}

const streamOptions = (options) => ({
    emitClose: options.emitClose,
    signal: options.signal,
    autoDestroy: options.autoClose,
});

export class ReadStream extends Readable {
    constructor(path, options) {
        const all = toOptions(options);
        const { encoding, end = Infinity, highWaterMark = PIECE, start = 0 } = all;
        if (end !== Infinity) {
            validateInteger(end, "end", 0);
            if (start > end) {
                throw outOfRange("start", `<= "end" (here: ${end})`, start);
            }
        }
        // `_construct` is called in a later turn, when all is set.
        super({ ...streamOptions(all), highWaterMark, encoding: encoding === "buffer" ? null : encoding });
        prepare(this, path, all, "r");
        delete this.bytesWritten;
        this.bytesRead = 0;
        this.end = end;
    }

    get pending() {
        return this.fd === null;
    }

    _construct(callback) {
        construct(this, callback);
    }

    _read(size) {
        const from = this.pos;
        const left = this.end === Infinity ? size : this.end - (from ?? this.bytesRead) + 1;
        const length = Math.min(size, left);
        if (length <= 0) {
            this.push(null);
            return;
        }
        const bytes = buffer().alloc(length);
        tell(
            () => readSync(this.fd, bytes, 0, length, from),
            (error, count) => {
                if (error) {
                    this.destroy(error);
                    return;
                }
                if (this.pos !== undefined) {
                    this.pos += count;
                }
                this.bytesRead += count;
                this.push(count === 0 ? null : bytes.subarray(0, count));
            },
        );
    }

    _destroy(error, callback) {
        destroy(this, error, callback);
    }

    close(callback) {
        close(this, callback);
    }
}

export class WriteStream extends Writable {
    constructor(path, options) {
        const all = toOptions(options);
        const { encoding, highWaterMark } = all;
        super({ ...streamOptions(all), highWaterMark, decodeStrings: true, defaultEncoding: encoding ?? "utf8" });
        prepare(this, path, all, all.start === undefined || all.start === null ? "w" : "r+");
        if (all.flush !== undefined && all.flush !== null && typeof all.flush !== "boolean") {
            throw invalidArgument("options.flush", "of type boolean", all.flush);
        }
        delete this.bytesRead;
        this.bytesWritten = 0;
    }

    get pending() {
        return this.fd === null;
    }

    _construct(callback) {
        construct(this, callback);
    }

    _write(chunk, _encoding, callback) {
        tell(
            () => writeSync(this.fd, chunk, 0, chunk.length, this.pos),
            (error, count) => {
                if (!error) {
                    this.bytesWritten += count;
                    this.pos = this.pos === undefined ? undefined : this.pos + count;
                }
                callback(error);
            },
        );
    }

    _destroy(error, callback) {
        destroy(this, error, callback);
    }

    close(callback) {
        if (!callback) {
            this.end();
        } else if (this.closed) {
            later(() => callback(null));
        } else {
            this.on("close", () => callback(null));
            this.end();
        }
    }

    destroySoon(...args) {
        this.end(...args);
    }
}
