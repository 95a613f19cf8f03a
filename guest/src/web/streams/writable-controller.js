// Writable streams' default controllers (Streams 5.5.4).

import { newAbortController } from "web:streams/abort";
import { promiseResolvedWith, uponPromise } from "web:streams/promises";
import { DequeueValue, EnqueueValueWithSize, PeekQueueValue, ResetQueue, newQueue } from "web:streams/queue";
import { one } from "web:streams/strategies";
import {
    WritableStreamCloseQueuedOrInFlight,
    WritableStreamDealWithRejection,
    WritableStreamFinishErroring,
    WritableStreamFinishInFlightClose,
    WritableStreamFinishInFlightCloseWithError,
    WritableStreamFinishInFlightWrite,
    WritableStreamFinishInFlightWriteWithError,
    WritableStreamMarkCloseRequestInFlight,
    WritableStreamMarkFirstWriteRequestInFlight,
    WritableStreamStartErroring,
    WritableStreamUpdateBackpressure,
    newWritableStream,
} from "web:streams/writable";

export const newWritableController = () => ({
    __proto__: null,
    stream: undefined,
    queue: newQueue(),
    queueTotalSize: 0,
    started: false,
    abortController: newAbortController(),
    strategyHWM: 0,
    strategySizeAlgorithm: undefined,
    writeAlgorithm: undefined,
    closeAlgorithm: undefined,
    abortAlgorithm: undefined,
});

/** In a queue, where closing comes after the chunks. */
const CLOSE = { __proto__: null };

export function abortSteps(controller, reason) {
    const result = controller.abortAlgorithm(reason);
    WritableStreamDefaultControllerClearAlgorithms(controller);
    return result;
}

export const errorSteps = ResetQueue;

export function SetUpWritableStreamDefaultController(
    stream,
    controller,
    startAlgorithm,
    writeAlgorithm,
    closeAlgorithm,
    abortAlgorithm,
    highWaterMark,
    sizeAlgorithm,
) {
    controller.stream = stream;
    controller.strategyHWM = highWaterMark;
    controller.strategySizeAlgorithm = sizeAlgorithm;
    controller.writeAlgorithm = writeAlgorithm;
    controller.closeAlgorithm = closeAlgorithm;
    controller.abortAlgorithm = abortAlgorithm;
    stream.controller = controller;
    WritableStreamUpdateBackpressure(stream, WritableStreamDefaultControllerGetBackpressure(controller));
    uponPromise(
        promiseResolvedWith(startAlgorithm()),
        () => {
            controller.started = true;
            WritableStreamDefaultControllerAdvanceQueueIfNeeded(controller);
        },
        (error) => {
            controller.started = true;
            WritableStreamDealWithRejection(stream, error);
        },
    );
}

/** A stream, by algorithms that give internal promises. */
export function CreateWritableStream(
    startAlgorithm,
    writeAlgorithm,
    closeAlgorithm,
    abortAlgorithm,
    highWaterMark = 1,
    sizeAlgorithm = one,
) {
    const stream = newWritableStream();
    SetUpWritableStreamDefaultController(
        stream,
        newWritableController(),
        startAlgorithm,
        writeAlgorithm,
        closeAlgorithm,
        abortAlgorithm,
        highWaterMark,
        sizeAlgorithm,
    );
    return stream;
}

function WritableStreamDefaultControllerAdvanceQueueIfNeeded(controller) {
    const { stream } = controller;
    if (!controller.started || stream.inFlightWriteRequest !== undefined) {
        return;
    }
    if (stream.state === "erroring") {
        WritableStreamFinishErroring(stream);
        return;
    }
    if (controller.queue.length === 0) {
        return;
    }
    const value = PeekQueueValue(controller);
    if (value === CLOSE) {
        WritableStreamDefaultControllerProcessClose(controller);
    } else {
        WritableStreamDefaultControllerProcessWrite(controller, value);
    }
}

function WritableStreamDefaultControllerClearAlgorithms(controller) {
    controller.writeAlgorithm = undefined;
    controller.closeAlgorithm = undefined;
    controller.abortAlgorithm = undefined;
    controller.strategySizeAlgorithm = undefined;
}

export function WritableStreamDefaultControllerClose(controller) {
    EnqueueValueWithSize(controller, CLOSE, 0);
    WritableStreamDefaultControllerAdvanceQueueIfNeeded(controller);
}

export function WritableStreamDefaultControllerError(controller, error) {
    WritableStreamDefaultControllerClearAlgorithms(controller);
    WritableStreamStartErroring(controller.stream, error);
}

export function WritableStreamDefaultControllerErrorIfNeeded(controller, error) {
    if (controller.stream.state === "writable") {
        WritableStreamDefaultControllerError(controller, error);
    }
}

const WritableStreamDefaultControllerGetBackpressure = (controller) =>
    WritableStreamDefaultControllerGetDesiredSize(controller) <= 0;

export function WritableStreamDefaultControllerGetChunkSize(controller, chunk) {
    const { strategySizeAlgorithm } = controller;
    if (strategySizeAlgorithm === undefined) {
        // The stream is erroring or closed, and takes no chunk.
        return 1;
    }
    try {
        return strategySizeAlgorithm(chunk);
    } catch (error) {
        WritableStreamDefaultControllerErrorIfNeeded(controller, error);
        return 1;
    }
}

export const WritableStreamDefaultControllerGetDesiredSize = (controller) =>
    controller.strategyHWM - controller.queueTotalSize;

function WritableStreamDefaultControllerProcessClose(controller) {
    const { stream } = controller;
    WritableStreamMarkCloseRequestInFlight(stream);
    DequeueValue(controller);
    const closed = controller.closeAlgorithm();
    WritableStreamDefaultControllerClearAlgorithms(controller);
    uponPromise(
        closed,
        () => WritableStreamFinishInFlightClose(stream),
        (error) => WritableStreamFinishInFlightCloseWithError(stream, error),
    );
}

function WritableStreamDefaultControllerProcessWrite(controller, chunk) {
    const { stream } = controller;
    WritableStreamMarkFirstWriteRequestInFlight(stream);
    uponPromise(
        controller.writeAlgorithm(chunk),
        () => {
            WritableStreamFinishInFlightWrite(stream);
            DequeueValue(controller);
            updateBackpressure(controller);
            WritableStreamDefaultControllerAdvanceQueueIfNeeded(controller);
        },
        (error) => {
            if (stream.state === "writable") {
                WritableStreamDefaultControllerClearAlgorithms(controller);
            }
            WritableStreamFinishInFlightWriteWithError(stream, error);
        },
    );
}

function updateBackpressure(controller) {
    const { stream } = controller;
    if (stream.state === "writable" && !WritableStreamCloseQueuedOrInFlight(stream)) {
        WritableStreamUpdateBackpressure(stream, WritableStreamDefaultControllerGetBackpressure(controller));
    }
}

export function WritableStreamDefaultControllerWrite(controller, chunk, chunkSize) {
    try {
        EnqueueValueWithSize(controller, chunk, chunkSize);
    } catch (error) {
        WritableStreamDefaultControllerErrorIfNeeded(controller, error);
        return;
    }
    updateBackpressure(controller);
    WritableStreamDefaultControllerAdvanceQueueIfNeeded(controller);
}
