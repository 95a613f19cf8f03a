// TransformStream and TransformStreamDefaultController (Streams 6.2 and 6.3).

import { RangeError, ReflectApply, TypeError } from "web:primordials";
import { ReadableStreamDefaultControllerGetDesiredSize } from "web:streams/default-controller";
import { requireInternal, wrap } from "web:streams/interface";
import { newPromise, promiseCall, resolvePromise } from "web:streams/promises";
import { ReadableStream } from "web:streams/readable-stream";
import { ExtractHighWaterMark, ExtractSizeAlgorithm, toQueuingStrategy } from "web:streams/strategies";
import {
    InitializeTransformStream,
    SetUpTransformStreamDefaultController,
    TransformStreamDefaultControllerEnqueue,
    TransformStreamDefaultControllerError,
    TransformStreamDefaultControllerTerminate,
    newTransformController,
} from "web:streams/transform";
import { WritableStream } from "web:streams/writable-stream";
import { exposeInterface, isObject, toOptionalCallback } from "web:webidl";

class TransformStream {
    #readable;
    #writable;

    constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
        const stream = construct(transformer, writableStrategy, readableStrategy);
        this.#readable = wrap(ReadableStream, stream.readable);
        this.#writable = wrap(WritableStream, stream.writable);
    }

    get readable() {
        return this.#readable;
    }

    get writable() {
        return this.#writable;
    }
}

class TransformStreamDefaultController {
    #controller;

    constructor() {
        this.#controller = requireInternal(arguments[0], arguments[1]);
    }

    get desiredSize() {
        return ReadableStreamDefaultControllerGetDesiredSize(this.#controller.stream.readable.controller);
    }

    enqueue(chunk = undefined) {
        TransformStreamDefaultControllerEnqueue(this.#controller, chunk);
    }

    error(reason = undefined) {
        TransformStreamDefaultControllerError(this.#controller, reason);
    }

    terminate() {
        TransformStreamDefaultControllerTerminate(this.#controller);
    }
}

/** The record of a stream of guest code's. */
function construct(transformer, writableStrategy, readableStrategy) {
    if (transformer !== undefined && !isObject(transformer)) {
        throw new TypeError("the transformer is not an object");
    }
    const forWritable = toQueuingStrategy(writableStrategy, "writableStrategy");
    const forReadable = toQueuingStrategy(readableStrategy, "readableStrategy");
    const source = transformer ?? { __proto__: null };
    // The dictionary `Transformer`.
    const cancel = toOptionalCallback(source.cancel, "cancel");
    const flush = toOptionalCallback(source.flush, "flush");
    const { readableType } = source;
    const start = toOptionalCallback(source.start, "start");
    const transform = toOptionalCallback(source.transform, "transform");
    const { writableType } = source;
    if (readableType !== undefined || writableType !== undefined) {
        throw new RangeError("readableType and writableType are reserved for the future, and must be left out");
    }
    const readableHighWaterMark = ExtractHighWaterMark(forReadable, 0);
    const readableSizeAlgorithm = ExtractSizeAlgorithm(forReadable);
    const writableHighWaterMark = ExtractHighWaterMark(forWritable, 1);
    const writableSizeAlgorithm = ExtractSizeAlgorithm(forWritable);
    const started = newPromise();
    const stream = InitializeTransformStream(
        started.promise,
        writableHighWaterMark,
        writableSizeAlgorithm,
        readableHighWaterMark,
        readableSizeAlgorithm,
    );
    const controller = newTransformController();
    const object = wrap(TransformStreamDefaultController, controller);
    const receiver = transformer ?? null;
    SetUpTransformStreamDefaultController(
        stream,
        controller,
        transform && ((chunk) => promiseCall(() => ReflectApply(transform, receiver, [chunk, object]))),
        flush && (() => promiseCall(() => ReflectApply(flush, receiver, [object]))),
        cancel && ((reason) => promiseCall(() => ReflectApply(cancel, receiver, [reason]))),
    );
    resolvePromise(started, start === undefined ? undefined : ReflectApply(start, receiver, [object]));
    return stream;
}

exposeInterface(TransformStream);
exposeInterface(TransformStreamDefaultController);
