// Readable byte streams' controllers (Streams 4.9.5): buffers that wait to be filled, and BYOB requests.

import { MathMin, RangeError, TypeError, Uint8Array } from "web:primordials";
import { CopyDataBlockBytes, TransferArrayBuffer, byteLengthOf, bytesOf } from "web:streams/buffers";
import {
    ReadableByteStreamControllerEnqueueClonedChunkToQueue,
    ReadableByteStreamControllerEnqueueDetachedPullIntoToQueue,
    ReadableByteStreamControllerError,
    ReadableByteStreamControllerHandleQueueDrain,
    insufficientBytes,
} from "web:streams/byte-controller";
import { callPullIfNeeded } from "web:streams/pulling";
import { first, newQueue, push, shift } from "web:streams/queue";
import {
    ReadableStreamAddReadIntoRequest,
    ReadableStreamFulfillReadIntoRequest,
    ReadableStreamFulfillReadRequest,
    ReadableStreamGetNumReadIntoRequests,
    ReadableStreamHasBYOBReader,
} from "web:streams/readable";

/** `view` is what `toArrayBufferView` gives, `min` a number of its elements. */
export function ReadableStreamBYOBReaderRead(reader, view, min, readIntoRequest) {
    const { stream } = reader;
    stream.disturbed = true;
    if (stream.state === "errored") {
        readIntoRequest.errorSteps(stream.storedError);
    } else {
        ReadableByteStreamControllerPullInto(stream.controller, view, min, readIntoRequest);
    }
}

function ReadableByteStreamControllerPullInto(controller, view, min, readIntoRequest) {
    const { stream } = controller;
    const { byteOffset, byteLength, kind } = view;
    let buffer;
    try {
        buffer = TransferArrayBuffer(view.buffer);
    } catch (error) {
        readIntoRequest.errorSteps(error);
        return;
    }
    const descriptor = {
        __proto__: null,
        buffer,
        bufferByteLength: byteLengthOf(buffer),
        byteOffset,
        byteLength,
        bytesFilled: 0,
        minimumFill: min * kind.elementSize,
        kind,
        readerType: "byob",
    };
    if (controller.pendingPullIntos.length > 0) {
        // The source has been told already that somebody reads.
        push(controller.pendingPullIntos, descriptor);
        ReadableStreamAddReadIntoRequest(stream, readIntoRequest);
        return;
    }
    if (stream.state === "closed") {
        readIntoRequest.closeSteps(new kind.constructor(buffer, byteOffset, 0));
        return;
    }
    if (controller.queueTotalSize > 0) {
        if (ReadableByteStreamControllerFillPullIntoDescriptorFromQueue(controller, descriptor)) {
            const filledView = ReadableByteStreamControllerConvertPullIntoDescriptor(descriptor);
            ReadableByteStreamControllerHandleQueueDrain(controller);
            readIntoRequest.chunkSteps(filledView);
            return;
        }
        if (controller.closeRequested) {
            const error = insufficientBytes(descriptor);
            ReadableByteStreamControllerError(controller, error);
            readIntoRequest.errorSteps(error);
            return;
        }
    }
    push(controller.pendingPullIntos, descriptor);
    ReadableStreamAddReadIntoRequest(stream, readIntoRequest);
    callPullIfNeeded(controller);
}

/** Copies what there is in the queue; whether the descriptor has its minimum. */
function ReadableByteStreamControllerFillPullIntoDescriptorFromQueue(controller, descriptor) {
    const { byteLength, minimumFill, kind } = descriptor;
    const maxBytesToCopy = MathMin(controller.queueTotalSize, byteLength - descriptor.bytesFilled);
    const maxBytesFilled = descriptor.bytesFilled + maxBytesToCopy;
    const maxAlignedBytes = maxBytesFilled - (maxBytesFilled % kind.elementSize);
    const ready = maxAlignedBytes >= minimumFill;
    let remaining = ready ? maxAlignedBytes - descriptor.bytesFilled : maxBytesToCopy;
    while (remaining > 0) {
        const head = first(controller.queue);
        const count = MathMin(remaining, head.byteLength);
        const start = descriptor.byteOffset + descriptor.bytesFilled;
        CopyDataBlockBytes(descriptor.buffer, start, head.buffer, head.byteOffset, count);
        if (head.byteLength === count) {
            shift(controller.queue);
        } else {
            head.byteOffset += count;
            head.byteLength -= count;
        }
        controller.queueTotalSize -= count;
        descriptor.bytesFilled += count;
        remaining -= count;
    }
    return ready;
}

/** Takes the descriptors that the queue fills. To commit them is the caller's, when its own state is whole. */
export function ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue(controller) {
    const filled = newQueue();
    while (controller.pendingPullIntos.length > 0 && controller.queueTotalSize > 0) {
        const descriptor = first(controller.pendingPullIntos);
        if (ReadableByteStreamControllerFillPullIntoDescriptorFromQueue(controller, descriptor)) {
            ReadableByteStreamControllerShiftPendingPullInto(controller);
            push(filled, descriptor);
        }
    }
    return filled;
}

export function ReadableByteStreamControllerCommitPullIntoDescriptors(stream, descriptors) {
    while (descriptors.length > 0) {
        ReadableByteStreamControllerCommitPullIntoDescriptor(stream, shift(descriptors));
    }
}

function ReadableByteStreamControllerCommitPullIntoDescriptor(stream, descriptor) {
    const done = stream.state === "closed";
    const view = ReadableByteStreamControllerConvertPullIntoDescriptor(descriptor);
    if (descriptor.readerType === "default") {
        ReadableStreamFulfillReadRequest(stream, view, done);
    } else {
        ReadableStreamFulfillReadIntoRequest(stream, view, done);
    }
}

function ReadableByteStreamControllerConvertPullIntoDescriptor({ buffer, byteOffset, bytesFilled, kind }) {
    return new kind.constructor(TransferArrayBuffer(buffer), byteOffset, bytesFilled / kind.elementSize);
}

export const ReadableByteStreamControllerShiftPendingPullInto = (controller) => shift(controller.pendingPullIntos);

/** A record `{ controller, view, object }`, or `null`. */
export function ReadableByteStreamControllerGetBYOBRequest(controller) {
    if (controller.byobRequest === null && controller.pendingPullIntos.length > 0) {
        const { buffer, byteOffset, byteLength, bytesFilled } = first(controller.pendingPullIntos);
        const view = new Uint8Array(buffer, byteOffset + bytesFilled, byteLength - bytesFilled);
        controller.byobRequest = { __proto__: null, controller, view, object: undefined };
    }
    return controller.byobRequest;
}

export function ReadableByteStreamControllerInvalidateBYOBRequest(controller) {
    const { byobRequest } = controller;
    if (byobRequest !== null) {
        byobRequest.controller = undefined;
        byobRequest.view = null;
        controller.byobRequest = null;
    }
}

/** Throws a `TypeError` or `RangeError` when as many bytes cannot have been written. */
export function ReadableByteStreamControllerRespond(controller, bytesWritten) {
    const descriptor = first(controller.pendingPullIntos);
    if (controller.stream.state === "closed") {
        if (bytesWritten !== 0) {
            throw new TypeError("the stream is closed, so that bytesWritten must be 0, and is " + bytesWritten);
        }
    } else {
        if (bytesWritten === 0) {
            throw new TypeError("bytesWritten is 0, which only a closed stream allows");
        }
        const room = descriptor.byteLength - descriptor.bytesFilled;
        if (bytesWritten > room) {
            throw new RangeError("bytesWritten is " + bytesWritten + ", and the view has " + room + " bytes");
        }
    }
    descriptor.buffer = TransferArrayBuffer(descriptor.buffer);
    ReadableByteStreamControllerRespondInternal(controller, bytesWritten);
}

/** `view` is what `toArrayBufferView` gives. Throws when it is not what was asked to be filled. */
export function ReadableByteStreamControllerRespondWithNewView(controller, view) {
    const descriptor = first(controller.pendingPullIntos);
    if (controller.stream.state === "closed") {
        if (view.byteLength !== 0) {
            throw new TypeError("the stream is closed, so that the view must be empty, and has " + view.byteLength + " bytes");
        }
    } else if (view.byteLength === 0) {
        throw new TypeError("the view is empty, which only a closed stream allows");
    }
    const start = descriptor.byteOffset + descriptor.bytesFilled;
    if (start !== view.byteOffset) {
        throw new RangeError("the view starts at " + view.byteOffset + ", and the BYOB request at " + start);
    }
    const bufferByteLength = byteLengthOf(view.buffer);
    if (descriptor.bufferByteLength !== bufferByteLength) {
        throw new RangeError(
            "the view's buffer has " + bufferByteLength + " bytes, and the BYOB request's " + descriptor.bufferByteLength,
        );
    }
    if (descriptor.bytesFilled + view.byteLength > descriptor.byteLength) {
        throw new RangeError("the view is larger than the BYOB request");
    }
    const { byteLength } = view;
    descriptor.buffer = TransferArrayBuffer(view.buffer);
    ReadableByteStreamControllerRespondInternal(controller, byteLength);
}

/** The same for a `Uint8Array` that the platform has from a reader. */
export const respondWithNewBytes = (controller, array) =>
    ReadableByteStreamControllerRespondWithNewView(controller, bytesOf(array));

function ReadableByteStreamControllerRespondInternal(controller, bytesWritten) {
    const descriptor = first(controller.pendingPullIntos);
    ReadableByteStreamControllerInvalidateBYOBRequest(controller);
    if (controller.stream.state === "closed") {
        ReadableByteStreamControllerRespondInClosedState(controller, descriptor);
    } else {
        ReadableByteStreamControllerRespondInReadableState(controller, bytesWritten, descriptor);
    }
    callPullIfNeeded(controller);
}

function ReadableByteStreamControllerRespondInClosedState(controller, descriptor) {
    if (descriptor.readerType === "none") {
        ReadableByteStreamControllerShiftPendingPullInto(controller);
    }
    const { stream } = controller;
    if (ReadableStreamHasBYOBReader(stream)) {
        const filled = newQueue();
        while (filled.length < ReadableStreamGetNumReadIntoRequests(stream)) {
            push(filled, ReadableByteStreamControllerShiftPendingPullInto(controller));
        }
        ReadableByteStreamControllerCommitPullIntoDescriptors(stream, filled);
    }
}

function ReadableByteStreamControllerRespondInReadableState(controller, bytesWritten, descriptor) {
    const { stream } = controller;
    descriptor.bytesFilled += bytesWritten;
    if (descriptor.readerType === "none") {
        ReadableByteStreamControllerEnqueueDetachedPullIntoToQueue(controller, descriptor);
        const filled = ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue(controller);
        ReadableByteStreamControllerCommitPullIntoDescriptors(stream, filled);
        return;
    }
    if (descriptor.bytesFilled < descriptor.minimumFill) {
        return;
    }
    ReadableByteStreamControllerShiftPendingPullInto(controller);
    const remainder = descriptor.bytesFilled % descriptor.kind.elementSize;
    if (remainder > 0) {
        const end = descriptor.byteOffset + descriptor.bytesFilled;
        ReadableByteStreamControllerEnqueueClonedChunkToQueue(
            controller,
            descriptor.buffer,
            end - remainder,
            remainder,
        );
    }
    descriptor.bytesFilled -= remainder;
    const filled = ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue(controller);
    ReadableByteStreamControllerCommitPullIntoDescriptor(stream, descriptor);
    ReadableByteStreamControllerCommitPullIntoDescriptors(stream, filled);
}
