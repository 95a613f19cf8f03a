// ReadableStream (Streams 4.2).

import { ArrayOf, ObjectDefineProperty, RangeError, ReflectApply, SymbolAsyncIterator, TypeError } from "web:primordials";
import { isSignal } from "web:streams/abort";
import { SetUpReadableByteStreamController, newByteController } from "web:streams/byte-controller";
import { SetUpReadableStreamDefaultController, newDefaultController } from "web:streams/default-controller";
import { ReadableStreamFromIterable } from "web:streams/from";
import { isInternal, wrap } from "web:streams/interface";
import { newAsyncIterator } from "web:streams/iterator";
import { ReadableStreamPipeTo } from "web:streams/pipe";
import { promiseCall, promiseOperation, promiseResolvedWith, setPromiseIsHandled } from "web:streams/promises";
import {
    AcquireReadableStreamBYOBReader,
    AcquireReadableStreamDefaultReader,
    IsReadableStreamLocked,
    ReadableStreamCancel,
    newReadableStream,
} from "web:streams/readable";
import { ReadableByteStreamController, ReadableStreamDefaultController } from "web:streams/readable-controllers";
import { ReadableStreamBYOBReader, ReadableStreamDefaultReader } from "web:streams/readers";
import { ExtractHighWaterMark, ExtractSizeAlgorithm, toQueuingStrategy } from "web:streams/strategies";
import { ReadableStreamTee } from "web:streams/tee";
import { toWritableStream } from "web:streams/writable-stream";
import { IsWritableStreamLocked } from "web:streams/writable";
import {
    exposeInterface,
    isObject,
    requireArguments,
    toBoolean,
    toOptionalCallback,
    toDictionary,
    toEnforcedUnsignedLongLong,
    toEnum,
} from "web:webidl";

/** The record of a ReadableStream. Throws a `TypeError` for what is none. */
export let toReadableStream;
export let isReadableStream;

export class ReadableStream {
    #stream;

    static {
        isReadableStream = (value) => isObject(value) && #stream in value;
        toReadableStream = (value) => {
            if (!isReadableStream(value)) {
                throw new TypeError("the value is not a ReadableStream");
            }
            return value.#stream;
        };
    }

    constructor(underlyingSource = undefined, strategy = undefined) {
        this.#stream = isInternal(underlyingSource) ? strategy : construct(underlyingSource, strategy);
    }

    static from(asyncIterable) {
        requireArguments(arguments.length, 1, "ReadableStream.from");
        return wrap(ReadableStream, ReadableStreamFromIterable(asyncIterable));
    }

    get locked() {
        return IsReadableStreamLocked(this.#stream);
    }

    cancel(reason = undefined) {
        return promiseOperation(() => {
            requireUnlocked(this.#stream, "cancel");
            return ReadableStreamCancel(this.#stream, reason);
        });
    }

    getReader(options = undefined) {
        const stream = this.#stream;
        const { mode } = toDictionary(options, "options");
        if (mode === undefined) {
            return wrap(ReadableStreamDefaultReader, AcquireReadableStreamDefaultReader(stream));
        }
        toEnum(mode, MODES, "mode");
        return wrap(ReadableStreamBYOBReader, AcquireReadableStreamBYOBReader(stream));
    }

    pipeThrough(transform, options = undefined) {
        const stream = this.#stream;
        requireArguments(arguments.length, 1, "pipeThrough");
        const pair = toDictionary(transform, "transform");
        const { readable } = pair;
        toReadableStream(readable);
        const writable = toWritableStream(pair.writable);
        const { preventAbort, preventCancel, preventClose, signal } = toPipeOptions(options);
        requireUnlocked(stream, "pipeThrough");
        requireUnlockedDestination(writable, "pipeThrough");
        setPromiseIsHandled(
            ReadableStreamPipeTo(stream, writable, preventClose, preventAbort, preventCancel, signal),
        );
        return readable;
    }

    pipeTo(destination, options = undefined) {
        const given = arguments.length;
        return promiseOperation(() => {
            const stream = this.#stream;
            requireArguments(given, 1, "pipeTo");
            const writable = toWritableStream(destination);
            const { preventAbort, preventCancel, preventClose, signal } = toPipeOptions(options);
            requireUnlocked(stream, "pipeTo");
            requireUnlockedDestination(writable, "pipeTo");
            return ReadableStreamPipeTo(stream, writable, preventClose, preventAbort, preventCancel, signal);
        });
    }

    tee() {
        const { branch1, branch2 } = ReadableStreamTee(this.#stream);
        return ArrayOf(wrap(ReadableStream, branch1), wrap(ReadableStream, branch2));
    }

    values(options = undefined) {
        const stream = this.#stream;
        const { preventCancel } = toDictionary(options, "options");
        return newAsyncIterator(AcquireReadableStreamDefaultReader(stream), toBoolean(preventCancel));
    }
}

const MODES = ["byob"];
const TYPES = ["bytes"];

function requireUnlocked(stream, what) {
    if (IsReadableStreamLocked(stream)) {
        throw new TypeError(what + ": the stream is locked to a reader");
    }
}

function requireUnlockedDestination(stream, what) {
    if (IsWritableStreamLocked(stream)) {
        throw new TypeError(what + ": the destination is locked to a writer");
    }
}

/** The dictionary `StreamPipeOptions`. */
function toPipeOptions(options) {
    const dictionary = toDictionary(options, "options");
    const preventAbort = toBoolean(dictionary.preventAbort);
    const preventCancel = toBoolean(dictionary.preventCancel);
    const preventClose = toBoolean(dictionary.preventClose);
    const { signal } = dictionary;
    if (signal !== undefined && !isSignal(signal)) {
        throw new TypeError("signal is not an AbortSignal");
    }
    return { __proto__: null, preventAbort, preventCancel, preventClose, signal };
}

/** The dictionary `UnderlyingSource`. */
function toUnderlyingSource(source) {
    const { autoAllocateChunkSize } = source;
    const size =
        autoAllocateChunkSize === undefined
            ? undefined
            : toEnforcedUnsignedLongLong(autoAllocateChunkSize, "autoAllocateChunkSize");
    const cancel = toOptionalCallback(source.cancel, "cancel");
    const pull = toOptionalCallback(source.pull, "pull");
    const start = toOptionalCallback(source.start, "start");
    const { type } = source;
    return {
        __proto__: null,
        autoAllocateChunkSize: size,
        cancel,
        pull,
        start,
        type: type === undefined ? undefined : toEnum(type, TYPES, "type"),
    };
}

/** The record of a stream of guest code's. */
function construct(underlyingSource, strategyArgument) {
    if (underlyingSource !== undefined && !isObject(underlyingSource)) {
        throw new TypeError("the underlying source is not an object");
    }
    const strategy = toQueuingStrategy(strategyArgument, "strategy");
    const { autoAllocateChunkSize, cancel, pull, start, type } = toUnderlyingSource(
        underlyingSource ?? { __proto__: null },
    );
    const receiver = underlyingSource ?? null;
    const stream = newReadableStream();
    const isBytes = type === "bytes";
    const controller = isBytes ? newByteController() : newDefaultController();
    const object = wrap(isBytes ? ReadableByteStreamController : ReadableStreamDefaultController, controller);
    const startAlgorithm = () => (start === undefined ? undefined : ReflectApply(start, receiver, [object]));
    const pullAlgorithm = () =>
        pull === undefined ? promiseResolvedWith(undefined) : promiseCall(() => ReflectApply(pull, receiver, [object]));
    const cancelAlgorithm = (reason) =>
        cancel === undefined ? promiseResolvedWith(undefined) : promiseCall(() => ReflectApply(cancel, receiver, [reason]));
    if (isBytes) {
        if (strategy.size !== undefined) {
            throw new RangeError("a stream of bytes has no size function in its strategy");
        }
        const highWaterMark = ExtractHighWaterMark(strategy, 0);
        if (autoAllocateChunkSize === 0) {
            throw new TypeError("autoAllocateChunkSize is 0, and must be at least 1");
        }
        SetUpReadableByteStreamController(
            stream,
            controller,
            startAlgorithm,
            pullAlgorithm,
            cancelAlgorithm,
            highWaterMark,
            autoAllocateChunkSize,
        );
    } else {
        const sizeAlgorithm = ExtractSizeAlgorithm(strategy);
        const highWaterMark = ExtractHighWaterMark(strategy, 1);
        SetUpReadableStreamDefaultController(
            stream,
            controller,
            startAlgorithm,
            pullAlgorithm,
            cancelAlgorithm,
            highWaterMark,
            sizeAlgorithm,
        );
    }
    return stream;
}

exposeInterface(ReadableStream);
ObjectDefineProperty(ReadableStream.prototype, SymbolAsyncIterator, {
    __proto__: null,
    value: ReadableStream.prototype.values,
    writable: true,
    configurable: true,
});
