// node:zlib, by the platform's native DEFLATE.

import { Buffer } from "node:buffer";
import { codedError, invalidArgument, unavailable, validateFunction } from "node:internal/errors";
import { nextTick } from "node:internal/next-tick";
import { Transform } from "node:stream";
import { newCompressor, newDecompressor } from "web:native";

export const constants = Object.freeze({
    __proto__: null,
    Z_NO_FLUSH: 0,
    Z_PARTIAL_FLUSH: 1,
    Z_SYNC_FLUSH: 2,
    Z_FULL_FLUSH: 3,
    Z_FINISH: 4,
    Z_BLOCK: 5,
    Z_OK: 0,
    Z_STREAM_END: 1,
    Z_NEED_DICT: 2,
    Z_ERRNO: -1,
    Z_STREAM_ERROR: -2,
    Z_DATA_ERROR: -3,
    Z_MEM_ERROR: -4,
    Z_BUF_ERROR: -5,
    Z_VERSION_ERROR: -6,
    Z_NO_COMPRESSION: 0,
    Z_BEST_SPEED: 1,
    Z_BEST_COMPRESSION: 9,
    Z_DEFAULT_COMPRESSION: -1,
    Z_FILTERED: 1,
    Z_HUFFMAN_ONLY: 2,
    Z_RLE: 3,
    Z_FIXED: 4,
    Z_DEFAULT_STRATEGY: 0,
    Z_MIN_WINDOWBITS: 8,
    Z_MAX_WINDOWBITS: 15,
    Z_DEFAULT_WINDOWBITS: 15,
    Z_MIN_CHUNK: 64,
    Z_MAX_CHUNK: Infinity,
    Z_DEFAULT_CHUNK: 16384,
    Z_MIN_MEMLEVEL: 1,
    Z_MAX_MEMLEVEL: 9,
    Z_DEFAULT_MEMLEVEL: 8,
    Z_MIN_LEVEL: -1,
    Z_MAX_LEVEL: 9,
    Z_DEFAULT_LEVEL: -1,
});

/** A plain view of what can be compressed. */
function toBytes(input) {
    if (typeof input === "string") {
        return Uint8Array.from(Buffer.from(input));
    }
    if (ArrayBuffer.isView(input)) {
        return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    }
    if (input instanceof ArrayBuffer) {
        return new Uint8Array(input);
    }
    throw invalidArgument("buffer", "of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer", input);
}

/** What the options ask for, and there is not, is an error and no other result. */
function checkOptions(options) {
    if (options?.dictionary !== undefined) {
        throw unavailable("A dictionary of node:zlib");
    }
}

function failed(error, code) {
    const text = code === "Z_BUF_ERROR" ? "unexpected end of file" : error.message;
    return Object.assign(codedError(Error, code, text), { errno: constants[code] });
}

/** A compressor: `write(bytes)` and `end()` give lists of bytes. */
function compressor(format) {
    const run = newCompressor(format);
    return { write: (bytes) => [run(bytes)], end: () => [run()] };
}

function decompressor(format) {
    let run = format === "unzip" ? null : newDecompressor(format);
    let isEmpty = true;
    return {
        write(bytes) {
            if (bytes.length === 0) {
                return [];
            }
            isEmpty = false;
            // gzip starts with 1f; zlib's frame never does.
            run ??= newDecompressor(bytes[0] === 0x1f ? "gzip" : "deflate");
            const parts = [];
            try {
                for (let part = run(bytes); part.length > 0; part = run(undefined)) {
                    parts.push(part);
                }
            } catch (error) {
                throw failed(error, "Z_DATA_ERROR");
            }
            return parts;
        },
        end() {
            if (run === null && isEmpty) {
                throw failed(null, "Z_BUF_ERROR");
            }
            try {
                run(null);
            } catch (error) {
                throw failed(error, "Z_BUF_ERROR");
            }
            return [];
        },
    };
}

/** `{name}` to its class of streams, and its function at once and with a callback. */
function variant(name, start) {
    const Stream = {
        [name]: function (options) {
            if (!new.target) {
                return new Stream(options);
            }
            checkOptions(options);
            const coder = start();
            const self = Reflect.construct(
                Transform,
                [
                    {
                        ...options,
                        transform(chunk, encoding, callback) {
                            pass(this, () => coder.write(toBytes(chunk)), callback);
                        },
                        flush(callback) {
                            pass(this, coder.end, callback);
                        },
                    },
                ],
                new.target,
            );
            self.bytesWritten = 0;
            return self;
        },
    }[name];
    Stream.prototype = Object.create(Transform.prototype, { constructor: { value: Stream, writable: true, configurable: true } });
    Object.setPrototypeOf(Stream, Transform);
    Stream.prototype.close = function (callback) {
        if (callback) {
            this.once("close", callback);
        }
        this.destroy();
    };

    const sync = (input, options) => {
        checkOptions(options);
        const bytes = toBytes(input);
        const coder = start();
        const result = Buffer.concat([...coder.write(bytes), ...coder.end()]);
        const most = options?.maxOutputLength ?? Infinity;
        if (result.length > most) {
            throw codedError(RangeError, "ERR_BUFFER_TOO_LARGE", `Cannot create a Buffer larger than ${most} bytes`);
        }
        return result;
    };
    const later = (input, options, callback) => {
        if (typeof options === "function") {
            [options, callback] = [undefined, options];
        }
        validateFunction(callback, "callback");
        toBytes(input);
        nextTick(() => {
            let result;
            try {
                result = sync(input, options);
            } catch (error) {
                callback(error);
                return;
            }
            callback(null, result);
        });
    };
    return [Stream, (options) => new Stream(options), sync, later];
}

function pass(stream, step, callback) {
    try {
        for (const part of step()) {
            if (part.length > 0) {
                stream.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
            }
        }
    } catch (error) {
        callback(error);
        return;
    }
    callback();
}

export const [Gzip, createGzip, gzipSync, gzip] = variant("Gzip", () => compressor("gzip"));
export const [Gunzip, createGunzip, gunzipSync, gunzip] = variant("Gunzip", () => decompressor("gzip"));
export const [Deflate, createDeflate, deflateSync, deflate] = variant("Deflate", () => compressor("deflate"));
export const [Inflate, createInflate, inflateSync, inflate] = variant("Inflate", () => decompressor("deflate"));
export const [DeflateRaw, createDeflateRaw, deflateRawSync, deflateRaw] = variant("DeflateRaw", () =>
    compressor("deflate-raw"),
);
export const [InflateRaw, createInflateRaw, inflateRawSync, inflateRaw] = variant("InflateRaw", () =>
    decompressor("deflate-raw"),
);
export const [Unzip, createUnzip, unzipSync, unzip] = variant("Unzip", () => decompressor("unzip"));

/** What there is not. */
const refused = (name) =>
    ({
        [name]() {
            throw unavailable(`zlib.${name}: Brotli`);
        },
    })[name];

export const brotliCompress = refused("brotliCompress");
export const brotliCompressSync = refused("brotliCompressSync");
export const brotliDecompress = refused("brotliDecompress");
export const brotliDecompressSync = refused("brotliDecompressSync");
export const createBrotliCompress = refused("createBrotliCompress");
export const createBrotliDecompress = refused("createBrotliDecompress");

/** The CRC-32 of data, which goes on from that of what came before. */
export function crc32(data, value = 0) {
    let crc = ~value;
    for (const byte of toBytes(data)) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }
    return ~crc >>> 0;
}

export const codes = Object.freeze(
    Object.fromEntries(
        Object.entries(constants)
            .filter(([name]) => /^Z_(?:OK|STREAM_END|NEED_DICT|[A-Z]*_?ERR(?:NO|OR))$/.test(name))
            .flatMap(([name, code]) => [
                [name, code],
                [code, name],
            ]),
    ),
);

export default {
    Deflate,
    DeflateRaw,
    Gunzip,
    Gzip,
    Inflate,
    InflateRaw,
    Unzip,
    brotliCompress,
    brotliCompressSync,
    brotliDecompress,
    brotliDecompressSync,
    codes,
    constants,
    crc32,
    createBrotliCompress,
    createBrotliDecompress,
    createDeflate,
    createDeflateRaw,
    createGunzip,
    createGzip,
    createInflate,
    createInflateRaw,
    createUnzip,
    deflate,
    deflateRaw,
    deflateRawSync,
    deflateSync,
    gunzip,
    gunzipSync,
    gzip,
    gzipSync,
    inflate,
    inflateRaw,
    inflateRawSync,
    inflateSync,
    unzip,
    unzipSync,
};
