// Transform streams (Streams 6.4).

import { TypeError } from "web:primordials";
import {
    CreateReadableStream,
    ReadableStreamDefaultControllerCanCloseOrEnqueue,
    ReadableStreamDefaultControllerClose,
    ReadableStreamDefaultControllerEnqueue,
    ReadableStreamDefaultControllerError,
    ReadableStreamDefaultControllerHasBackpressure,
} from "web:streams/default-controller";
import {
    newPromise,
    promiseCall,
    promiseResolvedWith,
    rejectPromise,
    resolvePromise,
    transformPromise,
    uponPromise,
} from "web:streams/promises";
import { one } from "web:streams/strategies";
import { CreateWritableStream, WritableStreamDefaultControllerErrorIfNeeded } from "web:streams/writable-controller";

/** A transform stream. Its controller gets its algorithms before the start promise is resolved. */
export function InitializeTransformStream(
    startPromise,
    writableHighWaterMark = 1,
    writableSizeAlgorithm = one,
    readableHighWaterMark = 0,
    readableSizeAlgorithm = one,
) {
    const stream = {
        __proto__: null,
        readable: undefined,
        writable: undefined,
        backpressure: undefined,
        backpressureChange: undefined,
        controller: undefined,
    };
    const startAlgorithm = () => startPromise;
    stream.writable = CreateWritableStream(
        startAlgorithm,
        (chunk) => TransformStreamDefaultSinkWriteAlgorithm(stream, chunk),
        () => TransformStreamDefaultSinkCloseAlgorithm(stream),
        (reason) => TransformStreamDefaultSinkAbortAlgorithm(stream, reason),
        writableHighWaterMark,
        writableSizeAlgorithm,
    );
    stream.readable = CreateReadableStream(
        startAlgorithm,
        () => TransformStreamDefaultSourcePullAlgorithm(stream),
        (reason) => TransformStreamDefaultSourceCancelAlgorithm(stream, reason),
        readableHighWaterMark,
        readableSizeAlgorithm,
    );
    TransformStreamSetBackpressure(stream, true);
    return stream;
}

/** The controller of a stream, by algorithms that give internal promises; each may be left out. */
export function SetUpTransformStreamDefaultController(
    stream,
    controller,
    transformAlgorithm = (chunk) => promiseCall(() => TransformStreamDefaultControllerEnqueue(controller, chunk)),
    flushAlgorithm = () => promiseResolvedWith(undefined),
    cancelAlgorithm = () => promiseResolvedWith(undefined),
) {
    controller.stream = stream;
    controller.transformAlgorithm = transformAlgorithm;
    controller.flushAlgorithm = flushAlgorithm;
    controller.cancelAlgorithm = cancelAlgorithm;
    stream.controller = controller;
}

export const newTransformController = () => ({
    __proto__: null,
    stream: undefined,
    transformAlgorithm: undefined,
    flushAlgorithm: undefined,
    cancelAlgorithm: undefined,
    finish: undefined,
});

function TransformStreamError(stream, error) {
    ReadableStreamDefaultControllerError(stream.readable.controller, error);
    TransformStreamErrorWritableAndUnblockWrite(stream, error);
}

function TransformStreamErrorWritableAndUnblockWrite(stream, error) {
    TransformStreamDefaultControllerClearAlgorithms(stream.controller);
    WritableStreamDefaultControllerErrorIfNeeded(stream.writable.controller, error);
    TransformStreamUnblockWrite(stream);
}

function TransformStreamUnblockWrite(stream) {
    if (stream.backpressure) {
        TransformStreamSetBackpressure(stream, false);
    }
}

function TransformStreamSetBackpressure(stream, backpressure) {
    if (stream.backpressureChange !== undefined) {
        resolvePromise(stream.backpressureChange, undefined);
    }
    stream.backpressureChange = newPromise();
    stream.backpressure = backpressure;
}

function TransformStreamDefaultControllerClearAlgorithms(controller) {
    controller.transformAlgorithm = undefined;
    controller.flushAlgorithm = undefined;
    controller.cancelAlgorithm = undefined;
}

/** Throws a `TypeError` when the readable side takes no more, and what its strategy throws. */
export function TransformStreamDefaultControllerEnqueue(controller, chunk) {
    const { stream } = controller;
    const { readable } = stream;
    if (!ReadableStreamDefaultControllerCanCloseOrEnqueue(readable.controller)) {
        throw new TypeError("the readable side is closed, closing or errored, so that no chunk can be enqueued");
    }
    try {
        ReadableStreamDefaultControllerEnqueue(readable.controller, chunk);
    } catch (error) {
        TransformStreamErrorWritableAndUnblockWrite(stream, error);
        throw readable.storedError;
    }
    const backpressure = ReadableStreamDefaultControllerHasBackpressure(readable.controller);
    if (backpressure !== stream.backpressure) {
        TransformStreamSetBackpressure(stream, true);
    }
}

export const TransformStreamDefaultControllerError = (controller, error) =>
    TransformStreamError(controller.stream, error);

function TransformStreamDefaultControllerPerformTransform(controller, chunk) {
    const { stream } = controller;
    return transformPromise(controller.transformAlgorithm(chunk), undefined, (error) => {
        TransformStreamError(stream, error);
        throw error;
    });
}

export function TransformStreamDefaultControllerTerminate(controller) {
    const { stream } = controller;
    ReadableStreamDefaultControllerClose(stream.readable.controller);
    TransformStreamErrorWritableAndUnblockWrite(stream, new TypeError("the stream was terminated"));
}

function TransformStreamDefaultSinkWriteAlgorithm(stream, chunk) {
    const { controller, writable } = stream;
    if (!stream.backpressure) {
        return TransformStreamDefaultControllerPerformTransform(controller, chunk);
    }
    return transformPromise(stream.backpressureChange.promise, () => {
        if (writable.state === "erroring") {
            throw writable.storedError;
        }
        return TransformStreamDefaultControllerPerformTransform(controller, chunk);
    });
}

/** What ends a stream, once: the steps of its transformer, and then what they mean for the other side. */
function finish(controller, algorithm, onFulfilled, onRejected) {
    const deferred = newPromise();
    // Before the transformer's steps, which may come back here.
    controller.finish = deferred;
    const done = algorithm();
    TransformStreamDefaultControllerClearAlgorithms(controller);
    uponPromise(
        done,
        () => onFulfilled(deferred),
        (error) => {
            onRejected(error);
            rejectPromise(deferred, error);
        },
    );
    return deferred.promise;
}

/** Ends a stream from its writable side: `end` is what it means for the readable one, unless that has failed. */
function finishFromSink(stream, algorithm, end) {
    const { controller, readable } = stream;
    if (controller.finish !== undefined) {
        return controller.finish.promise;
    }
    return finish(
        controller,
        algorithm,
        (deferred) => {
            if (readable.state === "errored") {
                rejectPromise(deferred, readable.storedError);
            } else {
                end(readable.controller);
                resolvePromise(deferred, undefined);
            }
        },
        (error) => ReadableStreamDefaultControllerError(readable.controller, error),
    );
}

function TransformStreamDefaultSinkAbortAlgorithm(stream, reason) {
    return finishFromSink(
        stream,
        () => stream.controller.cancelAlgorithm(reason),
        (controller) => ReadableStreamDefaultControllerError(controller, reason),
    );
}

function TransformStreamDefaultSinkCloseAlgorithm(stream) {
    return finishFromSink(stream, () => stream.controller.flushAlgorithm(), ReadableStreamDefaultControllerClose);
}

function TransformStreamDefaultSourcePullAlgorithm(stream) {
    TransformStreamSetBackpressure(stream, false);
    // No further pull before there is backpressure.
    return stream.backpressureChange.promise;
}

function TransformStreamDefaultSourceCancelAlgorithm(stream, reason) {
    const { controller, writable } = stream;
    if (controller.finish !== undefined) {
        return controller.finish.promise;
    }
    return finish(
        controller,
        () => controller.cancelAlgorithm(reason),
        (deferred) => {
            if (writable.state === "errored") {
                rejectPromise(deferred, writable.storedError);
            } else {
                WritableStreamDefaultControllerErrorIfNeeded(writable.controller, reason);
                TransformStreamUnblockWrite(stream);
                resolvePromise(deferred, undefined);
            }
        },
        (error) => {
            WritableStreamDefaultControllerErrorIfNeeded(writable.controller, error);
            TransformStreamUnblockWrite(stream);
        },
    );
}
