// Readable streams' default controllers (Streams 4.9.4).

import { TypeError } from "web:primordials";
import { callPullIfNeeded, setUpController } from "web:streams/pulling";
import { DequeueValue, EnqueueValueWithSize, ResetQueue, newQueue } from "web:streams/queue";
import {
    IsReadableStreamLocked,
    ReadableStreamAddReadRequest,
    ReadableStreamClose,
    ReadableStreamError,
    ReadableStreamFulfillReadRequest,
    ReadableStreamGetNumReadRequests,
    newReadableStream,
} from "web:streams/readable";
import { one } from "web:streams/strategies";

export const newDefaultController = () => ({
    __proto__: null,
    isByteController: false,
    stream: undefined,
    queue: newQueue(),
    queueTotalSize: 0,
    started: false,
    closeRequested: false,
    pulling: false,
    pullAgain: false,
    strategyHWM: 0,
    strategySizeAlgorithm: undefined,
    pullAlgorithm: undefined,
    cancelAlgorithm: undefined,
    cancelSteps,
    pullSteps,
    releaseSteps,
    shouldCallPull: ReadableStreamDefaultControllerShouldCallPull,
    errorSteps: ReadableStreamDefaultControllerError,
});

function cancelSteps(controller, reason) {
    ResetQueue(controller);
    const result = controller.cancelAlgorithm(reason);
    ReadableStreamDefaultControllerClearAlgorithms(controller);
    return result;
}

function pullSteps(controller, readRequest) {
    const { stream } = controller;
    if (controller.queue.length === 0) {
        ReadableStreamAddReadRequest(stream, readRequest);
        callPullIfNeeded(controller);
        return;
    }
    const chunk = DequeueValue(controller);
    if (controller.closeRequested && controller.queue.length === 0) {
        ReadableStreamDefaultControllerClearAlgorithms(controller);
        ReadableStreamClose(stream);
    } else {
        callPullIfNeeded(controller);
    }
    readRequest.chunkSteps(chunk);
}

function releaseSteps() {}

export function SetUpReadableStreamDefaultController(
    stream,
    controller,
    startAlgorithm,
    pullAlgorithm,
    cancelAlgorithm,
    highWaterMark,
    sizeAlgorithm,
) {
    controller.strategySizeAlgorithm = sizeAlgorithm;
    setUpController(stream, controller, startAlgorithm, pullAlgorithm, cancelAlgorithm, highWaterMark);
}

/** A stream, by algorithms that give internal promises. */
export function CreateReadableStream(
    startAlgorithm,
    pullAlgorithm,
    cancelAlgorithm,
    highWaterMark = 1,
    sizeAlgorithm = one,
) {
    const stream = newReadableStream();
    SetUpReadableStreamDefaultController(
        stream,
        newDefaultController(),
        startAlgorithm,
        pullAlgorithm,
        cancelAlgorithm,
        highWaterMark,
        sizeAlgorithm,
    );
    return stream;
}

function ReadableStreamDefaultControllerShouldCallPull(controller) {
    const { stream } = controller;
    if (!controller.started || !ReadableStreamDefaultControllerCanCloseOrEnqueue(controller)) {
        return false;
    }
    if (IsReadableStreamLocked(stream) && ReadableStreamGetNumReadRequests(stream) > 0) {
        return true;
    }
    return ReadableStreamDefaultControllerGetDesiredSize(controller) > 0;
}

export const ReadableStreamDefaultControllerHasBackpressure = (controller) =>
    !ReadableStreamDefaultControllerShouldCallPull(controller);

function ReadableStreamDefaultControllerClearAlgorithms(controller) {
    controller.pullAlgorithm = undefined;
    controller.cancelAlgorithm = undefined;
    controller.strategySizeAlgorithm = undefined;
}

export function ReadableStreamDefaultControllerClose(controller) {
    if (!ReadableStreamDefaultControllerCanCloseOrEnqueue(controller)) {
        return;
    }
    controller.closeRequested = true;
    if (controller.queue.length === 0) {
        ReadableStreamDefaultControllerClearAlgorithms(controller);
        ReadableStreamClose(controller.stream);
    }
}

export function ReadableStreamDefaultControllerEnqueue(controller, chunk) {
    if (!ReadableStreamDefaultControllerCanCloseOrEnqueue(controller)) {
        return;
    }
    const { stream } = controller;
    if (IsReadableStreamLocked(stream) && ReadableStreamGetNumReadRequests(stream) > 0) {
        ReadableStreamFulfillReadRequest(stream, chunk, false);
    } else {
        try {
            const { strategySizeAlgorithm } = controller;
            EnqueueValueWithSize(controller, chunk, strategySizeAlgorithm(chunk));
        } catch (error) {
            ReadableStreamDefaultControllerError(controller, error);
            throw error;
        }
    }
    callPullIfNeeded(controller);
}

export function ReadableStreamDefaultControllerError(controller, error) {
    const { stream } = controller;
    if (stream.state !== "readable") {
        return;
    }
    ResetQueue(controller);
    ReadableStreamDefaultControllerClearAlgorithms(controller);
    ReadableStreamError(stream, error);
}

/** `null` when the stream is errored. */
export function ReadableStreamDefaultControllerGetDesiredSize(controller) {
    const { state } = controller.stream;
    if (state === "errored") {
        return null;
    }
    return state === "closed" ? 0 : controller.strategyHWM - controller.queueTotalSize;
}

export const ReadableStreamDefaultControllerCanCloseOrEnqueue = (controller) =>
    !controller.closeRequested && controller.stream.state === "readable";

/** Throws a `TypeError` that says `what` cannot be done. */
export function requireCanCloseOrEnqueue(controller, what) {
    if (controller.stream.state !== "readable") {
        throw new TypeError(what + ": the stream is " + controller.stream.state);
    }
    if (controller.closeRequested) {
        throw new TypeError(what + ": the stream is closing");
    }
}
