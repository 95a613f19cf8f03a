// An open directory, of `opendir`.

import { codedError, validateFunction } from "node:internal/errors";
import { later } from "node:internal/fs/later";

const closed = () => codedError(Error, "ERR_DIR_CLOSED", "Directory handle was closed");

/** The result of `work`, told in a later turn. */
function told(work, callback) {
    if (callback !== undefined) {
        validateFunction(callback, "cb");
        let tell;
        try {
            const value = work();
            tell = () => (value === undefined ? callback(null) : callback(null, value));
        } catch (error) {
            tell = () => callback(error);
        }
        later(tell);
        return undefined;
    }
    return new Promise((resolve, reject) => {
        try {
            const value = work();
            later(() => resolve(value));
        } catch (error) {
            reject(error);
        }
    });
}

export class Dir {
    #path;
    #entries;
    #next = 0;
    #open = true;

    constructor(path, entries) {
        this.#path = path;
        this.#entries = entries;
    }

    get path() {
        return this.#path;
    }

    readSync() {
        if (!this.#open) {
            throw closed();
        }
        return this.#entries[this.#next++] ?? null;
    }

    read(callback) {
        return told(() => this.readSync(), callback);
    }

    closeSync() {
        if (!this.#open) {
            throw closed();
        }
        this.#open = false;
        this.#entries = [];
    }

    close(callback) {
        return told(() => this.closeSync(), callback);
    }

    async *entries() {
        try {
            for (let entry; (entry = await this.read()) !== null; ) {
                yield entry;
            }
        } finally {
            if (this.#open) {
                await this.close();
            }
        }
    }

    [Symbol.asyncIterator]() {
        return this.entries();
    }
}

if (Symbol.asyncDispose !== undefined) {
    Object.defineProperty(Dir.prototype, Symbol.asyncDispose, {
        value: async function () {
            await this.close();
        },
        writable: true,
        configurable: true,
    });
}
