// Asynchronous iterators of readable streams (Streams 4.2.5, Web IDL 3.7.10).

import {
    AsyncIteratorPrototype,
    ObjectDefineProperty,
    ObjectSetPrototypeOf,
    ReflectDeleteProperty,
    SymbolToStringTag,
} from "web:primordials";
import {
    newPromise,
    promiseOperation,
    promiseResolvedWith,
    rejectPromise,
    resolvePromise,
    uponPromise,
} from "web:streams/promises";
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
        return promiseOperation(() => this.#afterOngoing(() => this.#nextSteps()));
    }

    return(value) {
        return promiseOperation(() => this.#afterOngoing(() => this.#returnSteps(value)));
    }

    /** Runs steps when nothing else is going on. The promise is of what they come to. */
    #afterOngoing(steps) {
        // Guest code gets the one, and the next call waits for the other.
        const result = newPromise();
        const settled = newPromise();
        const finish = (settle, value) => {
            if (this.#ongoing === settled.promise) {
                this.#ongoing = undefined;
            }
            resolvePromise(settled, undefined);
            settle(result, value);
        };
        const run = () => {
            const { promise, take } = steps();
            uponPromise(
                promise,
                (value) => finish(resolvePromise, take(value)),
                (error) => {
                    this.#isFinished = true;
                    finish(rejectPromise, error);
                },
            );
        };
        const before = this.#ongoing;
        this.#ongoing = settled.promise;
        if (before === undefined) {
            run();
        } else {
            uponPromise(before, run);
        }
        return result.promise;
    }

    #nextSteps() {
        const chunk = newPromise();
        const take = (value) => {
            if (value === END) {
                this.#isFinished = true;
                return { value: undefined, done: true };
            }
            return { value, done: false };
        };
        if (this.#isFinished) {
            resolvePromise(chunk, END);
            return { __proto__: null, promise: chunk.promise, take };
        }
        const reader = this.#reader;
        ReadableStreamDefaultReaderRead(reader, {
            __proto__: null,
            chunkSteps: (value) => resolvePromise(chunk, value),
            closeSteps() {
                ReadableStreamReaderRelease(reader);
                resolvePromise(chunk, END);
            },
            errorSteps(error) {
                ReadableStreamReaderRelease(reader);
                rejectPromise(chunk, error);
            },
        });
        return { __proto__: null, promise: chunk.promise, take };
    }

    #returnSteps(value) {
        const reader = this.#reader;
        const wasFinished = this.#isFinished;
        this.#isFinished = true;
        const promise =
            wasFinished || this.#preventCancel
                ? promiseResolvedWith(undefined)
                : ReadableStreamReaderGenericCancel(reader, value);
        if (!wasFinished) {
            ReadableStreamReaderRelease(reader);
        }
        return { __proto__: null, promise, take: () => ({ value, done: true }) };
    }
}

/** The end of iteration. */
const END = { __proto__: null };

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
