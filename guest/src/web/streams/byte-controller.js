// Readable byte streams' controllers (Streams 4.9.5): the queue. What a BYOB reader asks for is in `pull-into`.

import { ArrayBuffer, TypeError, Uint8Array } from "web:primordials";
import { BYTES, CloneArrayBuffer, IsDetachedBuffer, TransferArrayBuffer } from "web:streams/buffers";
import {
    ReadableByteStreamControllerCommitPullIntoDescriptors,
    ReadableByteStreamControllerInvalidateBYOBRequest,
    ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue,
    ReadableByteStreamControllerShiftPendingPullInto,
} from "web:streams/pull-into";
import { callPullIfNeeded, setUpController } from "web:streams/pulling";
import { ResetQueue, first, newQueue, push, shift } from "web:streams/queue";
import {
    ReadableStreamAddReadRequest,
    ReadableStreamClose,
    ReadableStreamError,
    ReadableStreamFulfillReadRequest,
    ReadableStreamGetNumReadIntoRequests,
    ReadableStreamGetNumReadRequests,
    ReadableStreamHasBYOBReader,
    ReadableStreamHasDefaultReader,
    newReadableStream,
} from "web:streams/readable";

export const newByteController = () => ({
    __proto__: null,
    isByteController: true,
    stream: undefined,
    queue: newQueue(),
    queueTotalSize: 0,
    started: false,
    closeRequested: false,
    pulling: false,
    pullAgain: false,
    strategyHWM: 0,
    pullAlgorithm: undefined,
    cancelAlgorithm: undefined,
    autoAllocateChunkSize: undefined,
    byobRequest: null,
    pendingPullIntos: newQueue(),
    cancelSteps,
    pullSteps,
    releaseSteps,
    shouldCallPull: ReadableByteStreamControllerShouldCallPull,
    errorSteps: ReadableByteStreamControllerError,
});

function cancelSteps(controller, reason) {
    ReadableByteStreamControllerClearPendingPullIntos(controller);
    ResetQueue(controller);
    const result = controller.cancelAlgorithm(reason);
    ReadableByteStreamControllerClearAlgorithms(controller);
    return result;
}

function pullSteps(controller, readRequest) {
    if (controller.queueTotalSize > 0) {
        ReadableByteStreamControllerFillReadRequestFromQueue(controller, readRequest);
        return;
    }
    const { autoAllocateChunkSize } = controller;
    if (autoAllocateChunkSize !== undefined) {
        let buffer;
        try {
            buffer = new ArrayBuffer(autoAllocateChunkSize);
        } catch (error) {
            readRequest.errorSteps(error);
            return;
        }
        push(controller.pendingPullIntos, {
            __proto__: null,
            buffer,
            bufferByteLength: autoAllocateChunkSize,
            byteOffset: 0,
            byteLength: autoAllocateChunkSize,
            bytesFilled: 0,
            minimumFill: 1,
            kind: BYTES,
            readerType: "default",
        });
    }
    ReadableStreamAddReadRequest(controller.stream, readRequest);
    callPullIfNeeded(controller);
}

function releaseSteps(controller) {
    if (controller.pendingPullIntos.length > 0) {
        const pending = first(controller.pendingPullIntos);
        pending.readerType = "none";
        controller.pendingPullIntos = newQueue();
        push(controller.pendingPullIntos, pending);
    }
}

export function SetUpReadableByteStreamController(
    stream,
    controller,
    startAlgorithm,
    pullAlgorithm,
    cancelAlgorithm,
    highWaterMark,
    autoAllocateChunkSize,
) {
    controller.autoAllocateChunkSize = autoAllocateChunkSize;
    setUpController(stream, controller, startAlgorithm, pullAlgorithm, cancelAlgorithm, highWaterMark);
}

/** A stream of bytes, by algorithms that give internal promises. */
export function CreateReadableByteStream(startAlgorithm, pullAlgorithm, cancelAlgorithm) {
    const stream = newReadableStream();
    SetUpReadableByteStreamController(
        stream,
        newByteController(),
        startAlgorithm,
        pullAlgorithm,
        cancelAlgorithm,
        0,
        undefined,
    );
    return stream;
}

function ReadableByteStreamControllerShouldCallPull(controller) {
    const { stream } = controller;
    if (stream.state !== "readable" || controller.closeRequested || !controller.started) {
        return false;
    }
    if (ReadableStreamHasDefaultReader(stream) && ReadableStreamGetNumReadRequests(stream) > 0) {
        return true;
    }
    if (ReadableStreamHasBYOBReader(stream) && ReadableStreamGetNumReadIntoRequests(stream) > 0) {
        return true;
    }
    return ReadableByteStreamControllerGetDesiredSize(controller) > 0;
}

function ReadableByteStreamControllerClearAlgorithms(controller) {
    controller.pullAlgorithm = undefined;
    controller.cancelAlgorithm = undefined;
}

function ReadableByteStreamControllerClearPendingPullIntos(controller) {
    ReadableByteStreamControllerInvalidateBYOBRequest(controller);
    controller.pendingPullIntos = newQueue();
}

/** Throws a `TypeError` when an element is half filled. */
export function ReadableByteStreamControllerClose(controller) {
    const { stream } = controller;
    if (controller.closeRequested || stream.state !== "readable") {
        return;
    }
    if (controller.queueTotalSize > 0) {
        controller.closeRequested = true;
        return;
    }
    if (controller.pendingPullIntos.length > 0) {
        const pending = first(controller.pendingPullIntos);
        if (pending.bytesFilled % pending.kind.elementSize !== 0) {
            const error = insufficientBytes(pending);
            ReadableByteStreamControllerError(controller, error);
            throw error;
        }
    }
    ReadableByteStreamControllerClearAlgorithms(controller);
    ReadableStreamClose(stream);
}

export const insufficientBytes = ({ bytesFilled, kind }) =>
    new TypeError("the stream ends inside an element: " + bytesFilled + " bytes for elements of " + kind.elementSize);

export function ReadableByteStreamControllerError(controller, error) {
    const { stream } = controller;
    if (stream.state !== "readable") {
        return;
    }
    ReadableByteStreamControllerClearPendingPullIntos(controller);
    ResetQueue(controller);
    ReadableByteStreamControllerClearAlgorithms(controller);
    ReadableStreamError(stream, error);
}

/** `null` when the stream is errored. */
export function ReadableByteStreamControllerGetDesiredSize(controller) {
    const { state } = controller.stream;
    if (state === "errored") {
        return null;
    }
    return state === "closed" ? 0 : controller.strategyHWM - controller.queueTotalSize;
}

/** `chunk` is what `toArrayBufferView` gives. Throws a `TypeError` for a detached one. */
export function ReadableByteStreamControllerEnqueue(controller, chunk) {
    const { stream } = controller;
    if (controller.closeRequested || stream.state !== "readable") {
        return;
    }
    const { byteOffset, byteLength } = chunk;
    const buffer = TransferArrayBuffer(chunk.buffer);
    if (controller.pendingPullIntos.length > 0) {
        const pending = first(controller.pendingPullIntos);
        if (IsDetachedBuffer(pending.buffer)) {
            throw new TypeError("the buffer of the BYOB request is detached, so that no chunk can be enqueued");
        }
        ReadableByteStreamControllerInvalidateBYOBRequest(controller);
        pending.buffer = TransferArrayBuffer(pending.buffer);
        if (pending.readerType === "none") {
            ReadableByteStreamControllerEnqueueDetachedPullIntoToQueue(controller, pending);
        }
    }
    if (ReadableStreamHasDefaultReader(stream)) {
        ReadableByteStreamControllerProcessReadRequestsUsingQueue(controller);
        if (ReadableStreamGetNumReadRequests(stream) === 0) {
            ReadableByteStreamControllerEnqueueChunkToQueue(controller, buffer, byteOffset, byteLength);
        } else {
            if (controller.pendingPullIntos.length > 0) {
                ReadableByteStreamControllerShiftPendingPullInto(controller);
            }
            ReadableStreamFulfillReadRequest(stream, new Uint8Array(buffer, byteOffset, byteLength), false);
        }
    } else {
        ReadableByteStreamControllerEnqueueChunkToQueue(controller, buffer, byteOffset, byteLength);
        if (ReadableStreamHasBYOBReader(stream)) {
            const filled = ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue(controller);
            ReadableByteStreamControllerCommitPullIntoDescriptors(stream, filled);
        }
    }
    callPullIfNeeded(controller);
}

function ReadableByteStreamControllerEnqueueChunkToQueue(controller, buffer, byteOffset, byteLength) {
    push(controller.queue, { __proto__: null, buffer, byteOffset, byteLength });
    controller.queueTotalSize += byteLength;
}

export function ReadableByteStreamControllerEnqueueClonedChunkToQueue(controller, buffer, byteOffset, byteLength) {
    let clone;
    try {
        clone = CloneArrayBuffer(buffer, byteOffset, byteLength);
    } catch (error) {
        ReadableByteStreamControllerError(controller, error);
        throw error;
    }
    ReadableByteStreamControllerEnqueueChunkToQueue(controller, clone, 0, byteLength);
}

export function ReadableByteStreamControllerEnqueueDetachedPullIntoToQueue(controller, descriptor) {
    const { buffer, byteOffset, bytesFilled } = descriptor;
    if (bytesFilled > 0) {
        ReadableByteStreamControllerEnqueueClonedChunkToQueue(controller, buffer, byteOffset, bytesFilled);
    }
    ReadableByteStreamControllerShiftPendingPullInto(controller);
}

function ReadableByteStreamControllerProcessReadRequestsUsingQueue(controller) {
    const { requests } = controller.stream.reader;
    while (requests.length > 0 && controller.queueTotalSize > 0) {
        ReadableByteStreamControllerFillReadRequestFromQueue(controller, shift(requests));
    }
}

function ReadableByteStreamControllerFillReadRequestFromQueue(controller, readRequest) {
    const { buffer, byteOffset, byteLength } = shift(controller.queue);
    controller.queueTotalSize -= byteLength;
    ReadableByteStreamControllerHandleQueueDrain(controller);
    readRequest.chunkSteps(new Uint8Array(buffer, byteOffset, byteLength));
}

export function ReadableByteStreamControllerHandleQueueDrain(controller) {
    if (controller.queueTotalSize === 0 && controller.closeRequested) {
        ReadableByteStreamControllerClearAlgorithms(controller);
        ReadableStreamClose(controller.stream);
    } else {
        callPullIfNeeded(controller);
    }
}
