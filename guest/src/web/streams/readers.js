// ReadableStreamDefaultReader and ReadableStreamBYOBReader (Streams 4.4 and 4.5).

import { RangeError, TypeError, TypedArrayPrototypeGetLength } from "web:primordials";
import { IsDetachedBuffer, byteLengthOf, toArrayBufferView } from "web:streams/buffers";
import { isInternal, requireStream } from "web:streams/interface";
import { newPromise, promiseOperation, rejectPromise, resolvePromise } from "web:streams/promises";
import { ReadableStreamBYOBReaderRead } from "web:streams/pull-into";
import {
    AcquireReadableStreamBYOBReader,
    AcquireReadableStreamDefaultReader,
    ReadableStreamDefaultReaderRead,
    ReadableStreamReaderGenericCancel,
    ReadableStreamReaderRelease,
} from "web:streams/readable";
import { toReadableStream } from "web:streams/readable-stream";
import { exposeInterface, requireArguments, toDictionary, toEnforcedUnsignedLongLong } from "web:webidl";

/** A read request that settles a promise. */
function readRequest(deferred) {
    return {
        __proto__: null,
        chunkSteps: (value) => resolvePromise(deferred, { value, done: false }),
        closeSteps: (value) => resolvePromise(deferred, { value, done: true }),
        errorSteps: (error) => rejectPromise(deferred, error),
    };
}

export class ReadableStreamDefaultReader {
    #reader;

    constructor(stream) {
        requireArguments(arguments.length, 1, "ReadableStreamDefaultReader");
        this.#reader = isInternal(stream) ? arguments[1] : AcquireReadableStreamDefaultReader(toReadableStream(stream));
    }

    get closed() {
        return closed(() => this.#reader);
    }

    cancel(reason = undefined) {
        return promiseOperation(() => cancel(this.#reader, reason));
    }

    read() {
        return promiseOperation(() => {
            const reader = this.#reader;
            requireStream(reader, "read");
            const deferred = newPromise();
            ReadableStreamDefaultReaderRead(reader, readRequest(deferred));
            return deferred.promise;
        });
    }

    releaseLock() {
        release(this.#reader);
    }
}

export class ReadableStreamBYOBReader {
    #reader;

    constructor(stream) {
        requireArguments(arguments.length, 1, "ReadableStreamBYOBReader");
        this.#reader = isInternal(stream) ? arguments[1] : AcquireReadableStreamBYOBReader(toReadableStream(stream));
    }

    get closed() {
        return closed(() => this.#reader);
    }

    cancel(reason = undefined) {
        return promiseOperation(() => cancel(this.#reader, reason));
    }

    read(view, options = undefined) {
        const given = arguments.length;
        return promiseOperation(() => {
            const reader = this.#reader;
            requireArguments(given, 1, "read");
            const target = toArrayBufferView(view, "the view");
            const { min } = toDictionary(options, "options");
            const least = min === undefined ? 1 : toEnforcedUnsignedLongLong(min, "min");
            requireRoom(view, target, least);
            requireStream(reader, "read");
            const deferred = newPromise();
            ReadableStreamBYOBReaderRead(reader, target, least, readRequest(deferred));
            return deferred.promise;
        });
    }

    releaseLock() {
        release(this.#reader);
    }
}

/** Throws when a view cannot take as many elements. */
function requireRoom(view, { buffer, byteLength, isDataView }, min) {
    if (IsDetachedBuffer(buffer)) {
        throw new TypeError("the view's buffer is detached");
    }
    if (byteLength === 0 || byteLengthOf(buffer) === 0) {
        throw new TypeError("the view is empty");
    }
    if (min === 0) {
        throw new TypeError("min is 0, and must be at least 1");
    }
    const length = isDataView ? byteLength : TypedArrayPrototypeGetLength(view);
    if (min > length) {
        throw new RangeError("min is " + min + ", and the view has room for " + length);
    }
}

/** The promise that a getter gives, which throws nothing. */
const closed = (reader) => promiseOperation(() => reader().closed.promise);

function cancel(reader, reason) {
    requireStream(reader, "cancel");
    return ReadableStreamReaderGenericCancel(reader, reason);
}

function release(reader) {
    if (reader.stream !== undefined) {
        ReadableStreamReaderRelease(reader);
    }
}

exposeInterface(ReadableStreamDefaultReader);
exposeInterface(ReadableStreamBYOBReader);
