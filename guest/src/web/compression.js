// CompressionStream and DecompressionStream (https://compression.spec.whatwg.org/).

import {
    ArrayBufferIsView,
    ArrayBufferPrototypeGetResizable,
    MathMin,
    TypeError,
    TypedArrayPrototypeGetByteLength,
    Uint8Array,
} from "web:primordials";
import { newCompressor, newDecompressor } from "web:native";
import { createTransformStream, enqueueTransformed, waitForReader } from "web:streams";
import { IsDetachedBuffer, bytesOf, toArrayBufferView } from "web:streams/buffers";
import { newPromise, rejectPromise, resolvePromise, uponPromise } from "web:streams/promises";
import { newQueue, push, shift } from "web:streams/queue";
import { exposeInterface, requireArguments, toEnum } from "web:webidl";

const FORMATS = ["deflate", "deflate-raw", "gzip"];

/** Bytes that are compressed at a time. */
const INPUT = 65536;
/** Chunks of decompressed data that wait before no more are made: together a MiB. */
const QUEUED = 16;

class CompressionStream {
    #transform;

    constructor(format) {
        requireArguments(arguments.length, 1, "CompressionStream");
        const compress = newCompressor(toEnum(format, FORMATS, "the compression format"));
        this.#transform = createTransformStream(
            (chunk, controller) => compressAll(toBytes(chunk), compress, controller),
            (controller) => enqueueBytes(controller, compress()),
            () => {
                compress();
            },
        );
    }

    get readable() {
        return this.#transform.readable;
    }

    get writable() {
        return this.#transform.writable;
    }
}

class DecompressionStream {
    #transform;

    constructor(format) {
        requireArguments(arguments.length, 1, "DecompressionStream");
        const decompress = newDecompressor(toEnum(format, FORMATS, "the compression format"));
        this.#transform = createTransformStream(
            (chunk, controller) => decompressAll(toBytes(chunk), decompress, controller),
            () => decompress(null),
            () => {
                try {
                    decompress(null);
                } catch {
                    // What is cancelled need not be whole.
                }
            },
        );
    }

    get readable() {
        return this.#transform.readable;
    }

    get writable() {
        return this.#transform.writable;
    }
}

/** The bytes of a `BufferSource`, where they are; none when its buffer is gone. */
function toBytes(chunk) {
    if (ArrayBufferIsView(chunk)) {
        const { buffer, byteOffset, byteLength } = toArrayBufferView(chunk, "the chunk");
        return IsDetachedBuffer(buffer) ? new Uint8Array() : new Uint8Array(buffer, byteOffset, byteLength);
    }
    let resizable;
    try {
        resizable = ArrayBufferPrototypeGetResizable(chunk);
    } catch {
        throw new TypeError("the chunk is neither an ArrayBuffer nor a view on one");
    }
    if (resizable) {
        throw new TypeError("the chunk is a resizable ArrayBuffer");
    }
    return IsDetachedBuffer(chunk) ? new Uint8Array() : new Uint8Array(chunk);
}

/** Compresses a chunk. All of it before anything is enqueued: who reads that may take the chunk's buffer away. */
function compressAll(bytes, compress, controller) {
    const { buffer, byteOffset, byteLength } = bytesOf(bytes);
    const outputs = newQueue();
    for (let start = 0; start < byteLength; start += INPUT) {
        push(outputs, compress(new Uint8Array(buffer, byteOffset + start, MathMin(INPUT, byteLength - start))));
    }
    while (outputs.length > 0) {
        enqueueBytes(controller, shift(outputs));
    }
}

function enqueueBytes(controller, bytes) {
    if (TypedArrayPrototypeGetByteLength(bytes) > 0) {
        enqueueTransformed(controller, bytes);
    }
}

/** Decompresses a chunk as fast as its output is read. Gives the promise that it is done. */
function decompressAll(bytes, decompress, controller) {
    const { readable } = controller.stream;
    const done = newPromise();
    let output = decompress(bytes);

    function step() {
        try {
            if (readable.state !== "readable") {
                throw new TypeError("the readable side is " + readable.state);
            }
            while (TypedArrayPrototypeGetByteLength(output) > 0) {
                enqueueTransformed(controller, output);
                output = decompress();
                if (readable.controller.queueTotalSize >= QUEUED) {
                    uponPromise(waitForReader(controller), step);
                    return;
                }
            }
            resolvePromise(done, undefined);
        } catch (error) {
            rejectPromise(done, error);
        }
    }

    step();
    return done.promise;
}

exposeInterface(CompressionStream);
exposeInterface(DecompressionStream);
