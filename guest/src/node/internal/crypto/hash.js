// Hash and Hmac of `node:crypto`.

import { Buffer } from "node:buffer";
import { codedError, invalidArgument } from "node:internal/errors";
import { newHash } from "node:native";
import { Transform } from "node:stream";

/** Native names of hash functions, and bytes of their blocks. */
const BLOCKS = { __proto__: null, sha1: 64, sha224: 64, sha256: 64, sha384: 128, sha512: 128 };

export const getHashes = () => ["RSA-SHA1", "RSA-SHA224", "RSA-SHA256", "RSA-SHA384", "RSA-SHA512", ...Object.keys(BLOCKS)];

/** The native name of a hash function, whichever way it is spelt; `undefined` for none that there is. */
export function hashName(algorithm) {
    if (typeof algorithm !== "string") {
        throw invalidArgument("algorithm", "of type string", algorithm);
    }
    const name = algorithm.toLowerCase().replace(/^rsa-/, "").replace(/^sha-/, "sha");
    return name in BLOCKS ? name : undefined;
}

export function toBytes(data, encoding, what = "data") {
    if (typeof data === "string") {
        return Uint8Array.from(Buffer.from(data, encoding === "buffer" ? "utf8" : encoding));
    }
    if (ArrayBuffer.isView(data)) {
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
    if (data instanceof ArrayBuffer) {
        return new Uint8Array(data);
    }
    throw invalidArgument(what, "of type string or an instance of Buffer, TypedArray, or DataView", data);
}

export function toOutput(bytes, encoding) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return encoding === undefined || encoding === "buffer" ? buffer : buffer.toString(encoding);
}

const finalized = () => codedError(Error, "ERR_CRYPTO_HASH_FINALIZED", "Digest already called");

/** Both are streams, too: what is written is added, and what is read is the digest. */
class Digesting extends Transform {
    #ended = false;

    update(data, encoding) {
        if (this.#ended) {
            throw finalized();
        }
        this._add(toBytes(data, encoding));
        return this;
    }

    digest(encoding) {
        if (this.#ended) {
            throw finalized();
        }
        this.#ended = true;
        return toOutput(this._result(), encoding);
    }

    _transform(chunk, encoding, callback) {
        this._add(toBytes(chunk, encoding));
        callback();
    }

    _flush(callback) {
        this.push(this.digest());
        callback();
    }
}

export class Hash extends Digesting {
    #state;
    #ended = false;

    constructor(algorithm, options, state) {
        super(options);
        const name = hashName(algorithm);
        if (name === undefined) {
            throw codedError(
                Error,
                "ERR_OSSL_EVP_UNSUPPORTED",
                `Digest method not supported: there is no '${algorithm}', but ${Object.keys(BLOCKS).join(", ")}`,
            );
        }
        this.algorithm = algorithm;
        this.#state = state ?? newHash(name);
    }

    _add(bytes) {
        this.#state(bytes);
    }

    _result() {
        this.#ended = true;
        return this.#state();
    }

    copy(options) {
        if (this.#ended) {
            throw finalized();
        }
        return new Hash(this.algorithm, options, this.#state(null));
    }
}

/** RFC 2104. */
export class Hmac extends Digesting {
    #inner;
    #outer;

    constructor(algorithm, key, options) {
        super(options);
        const name = hashName(algorithm);
        if (name === undefined) {
            throw codedError(Error, "ERR_CRYPTO_INVALID_DIGEST", `Invalid digest: ${algorithm}`);
        }
        let bytes = toBytes(key, options?.encoding, "key");
        this.#inner = newHash(name);
        this.#outer = newHash(name);
        if (bytes.length > BLOCKS[name]) {
            const hash = newHash(name);
            hash(bytes);
            bytes = hash();
        }
        const block = new Uint8Array(BLOCKS[name]);
        block.set(bytes);
        this.#inner(block.map((byte) => byte ^ 0x36));
        this.#outer(block.map((byte) => byte ^ 0x5c));
    }

    _add(bytes) {
        this.#inner(bytes);
    }

    _result() {
        this.#outer(this.#inner());
        return this.#outer();
    }
}
