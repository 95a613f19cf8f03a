// Asynchronous iterators of readable streams (Streams 4.2.5, Web IDL 3.7.10).

import {
    AsyncIteratorPrototype,
    ObjectDefineProperty,
    ObjectSetPrototypeOf,
    ReflectDeleteProperty,
    SymbolToStringTag,
} from "web:primordials";
import { newPromise, promiseOperation, rejectPromise, resolvePromise, uponPromise } from "web:streams/promises";
import {
    ReadableStreamDefaultReaderRead,
    ReadableStreamReaderGenericCancel,
    ReadableStreamReaderRelease,
} from "web:streams/readable";
import { define } from "web:webidl";

class ReadableStreamAsyncIterator {
    #reader;
    #preventCancel;
    #isFinished = false;
    // When what was called last has settled; `undefined` when it has.
    #ongoing;

    constructor(reader, preventCancel) {
        this.#reader = reader;
        this.#preventCancel = preventCancel;
    }

    next() {
        return promiseOperation(() => this.#afterOngoing((settle) => this.#nextSteps(settle)));
    }

    return(value) {
        return promiseOperation(() => this.#afterOngoing((settle) => this.#returnSteps(value, settle)));
    }

    /** Runs steps when nothing else is going on. Gives the promise of what they settle with. */
    #afterOngoing(steps) {
        // Guest code gets the one, the next call waits for the other.
        const result = newPromise();
        const settled = newPromise();
        const finish = () => {
            if (this.#ongoing === settled.promise) {
                this.#ongoing = undefined;
            }
            resolvePromise(settled, undefined);
        };
        const settle = {
            __proto__: null,
            fulfill(value, done) {
                finish();
                resolvePromise(result, { value, done });
            },
            reject(error) {
                finish();
                rejectPromise(result, error);
            },
        };
        const before = this.#ongoing;
        this.#ongoing = settled.promise;
        if (before === undefined) {
            steps(settle);
        } else {
            uponPromise(before, () => steps(settle));
        }
        return result.promise;
    }

    #nextSteps(settle) {
        if (this.#isFinished) {
            settle.fulfill(undefined, true);
            return;
        }
        const finish = () => {
            this.#isFinished = true;
            ReadableStreamReaderRelease(this.#reader);
        };
        ReadableStreamDefaultReaderRead(this.#reader, {
            __proto__: null,
            chunkSteps: (chunk) => settle.fulfill(chunk, false),
            closeSteps() {
                finish();
                settle.fulfill(undefined, true);
            },
            errorSteps(error) {
                finish();
                settle.reject(error);
            },
        });
    }

    #returnSteps(value, settle) {
        if (this.#isFinished) {
            settle.fulfill(value, true);
            return;
        }
        this.#isFinished = true;
        const reader = this.#reader;
        if (this.#preventCancel) {
            ReadableStreamReaderRelease(reader);
            settle.fulfill(value, true);
            return;
        }
        const cancelled = ReadableStreamReaderGenericCancel(reader, value);
        ReadableStreamReaderRelease(reader);
        uponPromise(cancelled, () => settle.fulfill(value, true), settle.reject);
    }
}

export const newAsyncIterator = (reader, preventCancel) => new ReadableStreamAsyncIterator(reader, preventCancel);

const { prototype } = ReadableStreamAsyncIterator;
define(prototype, "next", prototype.next, true);
define(prototype, "return", prototype.return, true);
ReflectDeleteProperty(prototype, "constructor");
ObjectSetPrototypeOf(prototype, AsyncIteratorPrototype);
ObjectDefineProperty(prototype, SymbolToStringTag, {
    __proto__: null,
    value: "ReadableStream AsyncIterator",
    configurable: true,
});
