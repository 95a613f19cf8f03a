// The standard streams of a program.

import { Readable, Writable } from "node:stream";
import { readInput, writeOutput } from "node:native";

class Output extends Writable {
    constructor(fd) {
        super({ decodeStrings: false });
        this.fd = fd;
        this._type = "pipe";
        this.isTTY = false;
    }

    _write(chunk, encoding, callback) {
        const isText = typeof chunk === "string" && (encoding === "utf8" || encoding === "utf-8");
        writeOutput(this.fd, isText ? chunk : toBytes(chunk, encoding));
        callback();
    }

    // They live as long as the program.
    _destroy(error, callback) {
        callback(error);
    }
}

function toBytes(chunk, encoding) {
    if (typeof chunk === "string") {
        return new Uint8Array(Buffer.from(chunk, encoding));
    }
    return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

class Input extends Readable {
    constructor() {
        super({ highWaterMark: 64 << 10 });
        this.fd = 0;
        this.isTTY = false;
    }

    _read() {
        readInput().then(
            (bytes) => this.push(bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
            (error) => this.destroy(error),
        );
    }
}

export const stdin = () => new Input();
export const stdout = () => new Output(1);
export const stderr = () => new Output(2);
