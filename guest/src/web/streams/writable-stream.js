// WritableStream, WritableStreamDefaultWriter and WritableStreamDefaultController (Streams 5.2 to 5.4).

import { RangeError, ReflectApply, TypeError } from "web:primordials";
import { signalOf } from "web:streams/abort";
import { isInternal, requireInternal, requireStream, wrap } from "web:streams/interface";
import { promiseCall, promiseOperation, promiseResolvedWith } from "web:streams/promises";
import { ExtractHighWaterMark, ExtractSizeAlgorithm, toQueuingStrategy } from "web:streams/strategies";
import {
    AcquireWritableStreamDefaultWriter,
    IsWritableStreamLocked,
    WritableStreamAbort,
    WritableStreamClose,
    WritableStreamCloseQueuedOrInFlight,
    WritableStreamDefaultWriterGetDesiredSize,
    WritableStreamDefaultWriterRelease,
    WritableStreamDefaultWriterWrite,
    newWritableStream,
} from "web:streams/writable";
import {
    SetUpWritableStreamDefaultController,
    WritableStreamDefaultControllerErrorIfNeeded,
    newWritableController,
} from "web:streams/writable-controller";
import { exposeInterface, isObject, requireArguments, toOptionalCallback } from "web:webidl";

/** The record of a WritableStream. Throws a `TypeError` for what is none. */
export let toWritableStream;

export class WritableStream {
    #stream;

    static {
        toWritableStream = (value) => {
            if (!isObject(value) || !(#stream in value)) {
                throw new TypeError("the value is not a WritableStream");
            }
            return value.#stream;
        };
    }

    constructor(underlyingSink = undefined, strategy = undefined) {
        this.#stream = isInternal(underlyingSink) ? strategy : construct(underlyingSink, strategy);
    }

    get locked() {
        return IsWritableStreamLocked(this.#stream);
    }

    abort(reason = undefined) {
        return promiseOperation(() => {
            requireUnlocked(this.#stream, "abort");
            return WritableStreamAbort(this.#stream, reason);
        });
    }

    close() {
        return promiseOperation(() => {
            requireUnlocked(this.#stream, "close");
            return close(this.#stream);
        });
    }

    getWriter() {
        return wrap(WritableStreamDefaultWriter, AcquireWritableStreamDefaultWriter(this.#stream));
    }
}

export class WritableStreamDefaultWriter {
    #writer;

    constructor(stream) {
        requireArguments(arguments.length, 1, "WritableStreamDefaultWriter");
        this.#writer = isInternal(stream) ? arguments[1] : AcquireWritableStreamDefaultWriter(toWritableStream(stream));
    }

    get closed() {
        return promiseOperation(() => this.#writer.closed.promise);
    }

    get desiredSize() {
        const writer = this.#writer;
        requireStream(writer, "desiredSize");
        return WritableStreamDefaultWriterGetDesiredSize(writer);
    }

    get ready() {
        return promiseOperation(() => this.#writer.ready.promise);
    }

    abort(reason = undefined) {
        return promiseOperation(() => {
            requireStream(this.#writer, "abort");
            return WritableStreamAbort(this.#writer.stream, reason);
        });
    }

    close() {
        return promiseOperation(() => {
            requireStream(this.#writer, "close");
            return close(this.#writer.stream);
        });
    }

    releaseLock() {
        const writer = this.#writer;
        if (writer.stream !== undefined) {
            WritableStreamDefaultWriterRelease(writer);
        }
    }

    write(chunk = undefined) {
        return promiseOperation(() => {
            requireStream(this.#writer, "write");
            return WritableStreamDefaultWriterWrite(this.#writer, chunk);
        });
    }
}

export class WritableStreamDefaultController {
    #controller;

    constructor() {
        this.#controller = requireInternal(arguments[0], arguments[1]);
    }

    get signal() {
        return signalOf(this.#controller.abortController);
    }

    error(e = undefined) {
        WritableStreamDefaultControllerErrorIfNeeded(this.#controller, e);
    }
}

function requireUnlocked(stream, what) {
    if (IsWritableStreamLocked(stream)) {
        throw new TypeError(what + ": the stream is locked to a writer");
    }
}

function close(stream) {
    if (WritableStreamCloseQueuedOrInFlight(stream)) {
        throw new TypeError("close: the stream is closing");
    }
    return WritableStreamClose(stream);
}

/** The record of a stream of guest code's. */
function construct(underlyingSink, strategyArgument) {
    if (underlyingSink !== undefined && !isObject(underlyingSink)) {
        throw new TypeError("the underlying sink is not an object");
    }
    const strategy = toQueuingStrategy(strategyArgument, "strategy");
    const sink = underlyingSink ?? { __proto__: null };
    // The dictionary `UnderlyingSink`.
    const abort = toOptionalCallback(sink.abort, "abort");
    const closing = toOptionalCallback(sink.close, "close");
    const start = toOptionalCallback(sink.start, "start");
    const { type } = sink;
    const write = toOptionalCallback(sink.write, "write");
    if (type !== undefined) {
        throw new RangeError("type is reserved for the future, and must be left out");
    }
    const sizeAlgorithm = ExtractSizeAlgorithm(strategy);
    const highWaterMark = ExtractHighWaterMark(strategy, 1);
    const receiver = underlyingSink ?? null;
    const stream = newWritableStream();
    const controller = newWritableController();
    const object = wrap(WritableStreamDefaultController, controller);
    const call = (callback, argumentsList) =>
        callback === undefined
            ? promiseResolvedWith(undefined)
            : promiseCall(() => ReflectApply(callback, receiver, argumentsList));
    SetUpWritableStreamDefaultController(
        stream,
        controller,
        () => (start === undefined ? undefined : ReflectApply(start, receiver, [object])),
        (chunk) => call(write, [chunk, object]),
        () => call(closing, []),
        (reason) => call(abort, [reason]),
        highWaterMark,
        sizeAlgorithm,
    );
    return stream;
}

exposeInterface(WritableStream);
exposeInterface(WritableStreamDefaultWriter);
exposeInterface(WritableStreamDefaultController);
