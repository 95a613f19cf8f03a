// Writable streams and their writers (Streams 5.5.1 to 5.5.3).

import { TypeError } from "web:primordials";
import {
    newHandledPromise,
    newPromise,
    promiseRejectedWith,
    promiseResolvedWith,
    rejectPromise,
    resolvePromise,
    uponPromise,
} from "web:streams/promises";
import { abortController } from "web:streams/abort";
import { newQueue, push, shift } from "web:streams/queue";
import {
    WritableStreamDefaultControllerClose,
    WritableStreamDefaultControllerGetChunkSize,
    WritableStreamDefaultControllerGetDesiredSize,
    WritableStreamDefaultControllerWrite,
    abortSteps,
    errorSteps,
} from "web:streams/writable-controller";

export const newWritableStream = () => ({
    __proto__: null,
    state: "writable",
    storedError: undefined,
    backpressure: false,
    writer: undefined,
    controller: undefined,
    // What the sink has been given is in flight; other requests wait.
    writeRequests: newQueue(),
    inFlightWriteRequest: undefined,
    closeRequest: undefined,
    inFlightCloseRequest: undefined,
    pendingAbortRequest: undefined,
});

export const IsWritableStreamLocked = (stream) => stream.writer !== undefined;

/** Throws a `TypeError` when the stream is locked. */
export function AcquireWritableStreamDefaultWriter(stream) {
    if (IsWritableStreamLocked(stream)) {
        throw new TypeError("the stream is locked to another writer");
    }
    const ready = newHandledPromise();
    const closed = newHandledPromise();
    const writer = { __proto__: null, stream, ready, closed };
    stream.writer = writer;
    const { state, storedError } = stream;
    if (state === "erroring" || state === "errored") {
        rejectPromise(ready, storedError);
    } else if (state === "closed" || !stream.backpressure || WritableStreamCloseQueuedOrInFlight(stream)) {
        resolvePromise(ready, undefined);
    }
    if (state === "closed") {
        resolvePromise(closed, undefined);
    } else if (state === "errored") {
        rejectPromise(closed, storedError);
    }
    return writer;
}

export function WritableStreamAbort(stream, reason) {
    if (stream.state === "closed" || stream.state === "errored") {
        return promiseResolvedWith(undefined);
    }
    abortController(stream.controller.abortController, reason);
    // Who listens to the signal may have changed it.
    const { state } = stream;
    if (state === "closed" || state === "errored") {
        return promiseResolvedWith(undefined);
    }
    if (stream.pendingAbortRequest !== undefined) {
        return stream.pendingAbortRequest.deferred.promise;
    }
    const wasAlreadyErroring = state === "erroring";
    const deferred = newPromise();
    stream.pendingAbortRequest = {
        __proto__: null,
        deferred,
        reason: wasAlreadyErroring ? undefined : reason,
        wasAlreadyErroring,
    };
    if (!wasAlreadyErroring) {
        WritableStreamStartErroring(stream, reason);
    }
    return deferred.promise;
}

export function WritableStreamClose(stream) {
    const { state, writer } = stream;
    if (state === "closed" || state === "errored") {
        return promiseRejectedWith(new TypeError("the stream is " + state + ", and cannot be closed"));
    }
    const deferred = newPromise();
    stream.closeRequest = deferred;
    if (writer !== undefined && stream.backpressure && state === "writable") {
        resolvePromise(writer.ready, undefined);
    }
    WritableStreamDefaultControllerClose(stream.controller);
    return deferred.promise;
}

export const WritableStreamCloseQueuedOrInFlight = (stream) =>
    stream.closeRequest !== undefined || stream.inFlightCloseRequest !== undefined;

export function WritableStreamDealWithRejection(stream, error) {
    if (stream.state === "writable") {
        WritableStreamStartErroring(stream, error);
    } else {
        WritableStreamFinishErroring(stream);
    }
}

export function WritableStreamStartErroring(stream, reason) {
    const { controller, writer } = stream;
    stream.state = "erroring";
    stream.storedError = reason;
    if (writer !== undefined) {
        writer.ready = ensureRejected(writer.ready, reason);
    }
    if (!WritableStreamHasOperationMarkedInFlight(stream) && controller.started) {
        WritableStreamFinishErroring(stream);
    }
}

export function WritableStreamFinishErroring(stream) {
    const { controller, storedError, writeRequests, pendingAbortRequest } = stream;
    stream.state = "errored";
    errorSteps(controller);
    stream.writeRequests = newQueue();
    while (writeRequests.length > 0) {
        rejectPromise(shift(writeRequests), storedError);
    }
    if (pendingAbortRequest === undefined) {
        WritableStreamRejectCloseAndClosedPromiseIfNeeded(stream);
        return;
    }
    stream.pendingAbortRequest = undefined;
    const { deferred, reason, wasAlreadyErroring } = pendingAbortRequest;
    if (wasAlreadyErroring) {
        rejectPromise(deferred, storedError);
        WritableStreamRejectCloseAndClosedPromiseIfNeeded(stream);
        return;
    }
    uponPromise(
        abortSteps(controller, reason),
        () => {
            resolvePromise(deferred, undefined);
            WritableStreamRejectCloseAndClosedPromiseIfNeeded(stream);
        },
        (error) => {
            rejectPromise(deferred, error);
            WritableStreamRejectCloseAndClosedPromiseIfNeeded(stream);
        },
    );
}

export function WritableStreamFinishInFlightClose(stream) {
    resolvePromise(stream.inFlightCloseRequest, undefined);
    stream.inFlightCloseRequest = undefined;
    if (stream.state === "erroring") {
        // The error came too late to do anything.
        stream.storedError = undefined;
        if (stream.pendingAbortRequest !== undefined) {
            resolvePromise(stream.pendingAbortRequest.deferred, undefined);
            stream.pendingAbortRequest = undefined;
        }
    }
    stream.state = "closed";
    if (stream.writer !== undefined) {
        resolvePromise(stream.writer.closed, undefined);
    }
}

export function WritableStreamFinishInFlightCloseWithError(stream, error) {
    rejectPromise(stream.inFlightCloseRequest, error);
    stream.inFlightCloseRequest = undefined;
    if (stream.pendingAbortRequest !== undefined) {
        rejectPromise(stream.pendingAbortRequest.deferred, error);
        stream.pendingAbortRequest = undefined;
    }
    WritableStreamDealWithRejection(stream, error);
}

export function WritableStreamFinishInFlightWrite(stream) {
    resolvePromise(stream.inFlightWriteRequest, undefined);
    stream.inFlightWriteRequest = undefined;
}

export function WritableStreamFinishInFlightWriteWithError(stream, error) {
    rejectPromise(stream.inFlightWriteRequest, error);
    stream.inFlightWriteRequest = undefined;
    WritableStreamDealWithRejection(stream, error);
}

const WritableStreamHasOperationMarkedInFlight = (stream) =>
    stream.inFlightWriteRequest !== undefined || stream.inFlightCloseRequest !== undefined;

export function WritableStreamMarkCloseRequestInFlight(stream) {
    stream.inFlightCloseRequest = stream.closeRequest;
    stream.closeRequest = undefined;
}

export function WritableStreamMarkFirstWriteRequestInFlight(stream) {
    stream.inFlightWriteRequest = shift(stream.writeRequests);
}

function WritableStreamRejectCloseAndClosedPromiseIfNeeded(stream) {
    if (stream.closeRequest !== undefined) {
        rejectPromise(stream.closeRequest, stream.storedError);
        stream.closeRequest = undefined;
    }
    if (stream.writer !== undefined) {
        rejectPromise(stream.writer.closed, stream.storedError);
    }
}

export function WritableStreamUpdateBackpressure(stream, backpressure) {
    const { writer } = stream;
    if (writer !== undefined && backpressure !== stream.backpressure) {
        if (backpressure) {
            writer.ready = newHandledPromise();
        } else {
            resolvePromise(writer.ready, undefined);
        }
    }
    stream.backpressure = backpressure;
}

/** The promise itself, or a new one if it is settled, rejected. */
function ensureRejected(deferred, error) {
    const rejected = deferred.pending ? deferred : newHandledPromise();
    rejectPromise(rejected, error);
    return rejected;
}

export function WritableStreamDefaultWriterCloseWithErrorPropagation(writer) {
    const { stream } = writer;
    if (stream.state === "closed" || WritableStreamCloseQueuedOrInFlight(stream)) {
        return promiseResolvedWith(undefined);
    }
    return stream.state === "errored" ? promiseRejectedWith(stream.storedError) : WritableStreamClose(stream);
}

/** `null` when the stream is errored, or about to be. */
export function WritableStreamDefaultWriterGetDesiredSize({ stream }) {
    const { state } = stream;
    if (state === "errored" || state === "erroring") {
        return null;
    }
    return state === "closed" ? 0 : WritableStreamDefaultControllerGetDesiredSize(stream.controller);
}

export function WritableStreamDefaultWriterRelease(writer) {
    const { stream } = writer;
    const released = new TypeError("the writer was released");
    writer.ready = ensureRejected(writer.ready, released);
    writer.closed = ensureRejected(writer.closed, released);
    stream.writer = undefined;
    writer.stream = undefined;
}

export function WritableStreamDefaultWriterWrite(writer, chunk) {
    const { stream } = writer;
    const { controller } = stream;
    const chunkSize = WritableStreamDefaultControllerGetChunkSize(controller, chunk);
    // What follows is after guest code.
    if (stream !== writer.stream) {
        return promiseRejectedWith(new TypeError("the writer was released"));
    }
    const { state, storedError } = stream;
    if (state === "errored") {
        return promiseRejectedWith(storedError);
    }
    if (state === "closed" || WritableStreamCloseQueuedOrInFlight(stream)) {
        return promiseRejectedWith(new TypeError("the stream is closing or closed, and cannot be written to"));
    }
    if (state === "erroring") {
        return promiseRejectedWith(storedError);
    }
    const deferred = newPromise();
    push(stream.writeRequests, deferred);
    WritableStreamDefaultControllerWrite(controller, chunk, chunkSize);
    return deferred.promise;
}
