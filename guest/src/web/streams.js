// Streams (https://streams.spec.whatwg.org/), and what other modules make and read them with (Streams 9).
//
// Streams are the objects that guest code has; readers and controllers are records. Algorithms may throw, and may give
// promises. Promises that come from here are for `uponPromise` and its like, and are published for guest code.

import { ArrayOf, TypeError, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeSet, Uint8Array } from "web:primordials";
import { BYTES, bytesOf, toArrayBufferView } from "web:streams/buffers";
import {
    ReadableByteStreamControllerClose,
    ReadableByteStreamControllerEnqueue,
    ReadableByteStreamControllerError,
    SetUpReadableByteStreamController,
    newByteController,
} from "web:streams/byte-controller";
import {
    ReadableStreamDefaultControllerClose,
    ReadableStreamDefaultControllerEnqueue,
    ReadableStreamDefaultControllerError,
    SetUpReadableStreamDefaultController,
    newDefaultController,
} from "web:streams/default-controller";
import { wrap } from "web:streams/interface";
import { newPromise, promiseCall, promiseResolvedWith, rejectPromise, resolvePromise } from "web:streams/promises";
import { ReadableByteStreamControllerRespond } from "web:streams/pull-into";
import { newQueue, push, shift } from "web:streams/queue";
import {
    AcquireReadableStreamDefaultReader,
    IsReadableStreamLocked,
    ReadableStreamCancel,
    ReadableStreamDefaultReaderRead,
    ReadableStreamReaderRelease,
    newReadableStream,
} from "web:streams/readable";
import { ReadableStream, isReadableStream, toReadableStream } from "web:streams/readable-stream";
import { one } from "web:streams/strategies";
import { ReadableStreamTee } from "web:streams/tee";
import {
    InitializeTransformStream,
    SetUpTransformStreamDefaultController,
    newTransformController,
} from "web:streams/transform";
import "web:streams/transform-stream";
import { WritableStream } from "web:streams/writable-stream";

export { publish, uponPromise } from "web:streams/promises";
export { TransformStreamDefaultControllerEnqueue as enqueueTransformed } from "web:streams/transform";
export { isReadableStream };

const call = (steps) => (argument) =>
    steps === undefined ? promiseResolvedWith(undefined) : promiseCall(() => steps(argument));

/**
 * A ReadableStream by `start(controller)`, `pull(controller)` and `cancel(reason)`, each of which may be left out.
 * With the type "bytes" it is one of bytes, which nothing fills ahead.
 */
export function createReadableStream(start, pull, cancel, { type, highWaterMark } = { __proto__: null }) {
    const stream = newReadableStream();
    const startAlgorithm = () => (start === undefined ? undefined : start(controller));
    const pullSteps = call(pull);
    const pullAlgorithm = () => pullSteps(controller);
    let controller;
    if (type === "bytes") {
        controller = newByteController();
        SetUpReadableByteStreamController(
            stream,
            controller,
            startAlgorithm,
            pullAlgorithm,
            call(cancel),
            highWaterMark ?? 0,
            undefined,
        );
    } else {
        controller = newDefaultController();
        SetUpReadableStreamDefaultController(
            stream,
            controller,
            startAlgorithm,
            pullAlgorithm,
            call(cancel),
            highWaterMark ?? 1,
            one,
        );
    }
    return wrap(ReadableStream, stream);
}

/** Enqueues a chunk; into a stream of bytes, a `Uint8Array` of the platform's, whose buffer it takes. */
export function enqueue(controller, chunk) {
    if (!controller.isByteController) {
        ReadableStreamDefaultControllerEnqueue(controller, chunk);
    } else if (TypedArrayPrototypeGetByteLength(chunk) > 0) {
        ReadableByteStreamControllerEnqueue(controller, bytesOf(chunk));
    }
}

/** Closes a stream, and answers who waits with a buffer. */
export function close(controller) {
    if (!controller.isByteController) {
        ReadableStreamDefaultControllerClose(controller);
        return;
    }
    ReadableByteStreamControllerClose(controller);
    if (controller.pendingPullIntos.length > 0 && controller.stream.state === "closed") {
        ReadableByteStreamControllerRespond(controller, 0);
    }
}

export function error(controller, reason) {
    if (controller.isByteController) {
        ReadableByteStreamControllerError(controller, reason);
    } else {
        ReadableStreamDefaultControllerError(controller, reason);
    }
}

export const isDisturbed = (stream) => toReadableStream(stream).disturbed;

export const isLocked = (stream) => IsReadableStreamLocked(toReadableStream(stream));

/** `readable`, `closed` or `errored`. */
export const stateOf = (stream) => toReadableStream(stream).state;

/** A reader's record. Throws a `TypeError` when the stream is locked. */
export const acquireReader = (stream) => AcquireReadableStreamDefaultReader(toReadableStream(stream));

export const releaseReader = ReadableStreamReaderRelease;

/** Reads a chunk: one of `onChunk(chunk)`, `onClose()` and `onError(error)` is called, perhaps at once. */
export function read(reader, onChunk, onClose, onError) {
    ReadableStreamDefaultReaderRead(reader, {
        __proto__: null,
        chunkSteps: onChunk,
        closeSteps: onClose,
        errorSteps: onError,
    });
}

/** Cancels a stream, locked or not. Gives a promise. */
export const cancel = (stream, reason) => ReadableStreamCancel(toReadableStream(stream), reason);

/** An array of two streams: see `ReadableStreamTee`. Throws a `TypeError` when the stream is locked. */
export function tee(stream, clone = undefined) {
    const { branch1, branch2 } = ReadableStreamTee(toReadableStream(stream), clone);
    return ArrayOf(wrap(ReadableStream, branch1), wrap(ReadableStream, branch2));
}

/**
 * The promise of `{ bytes }`, a `Uint8Array` with all that is left in a stream, which must give `Uint8Array`s, and which
 * stays locked. Not of the bytes: guest code could put a `then` on their prototypes. Throws a `TypeError` when the
 * stream is locked.
 */
export function readAllBytes(stream) {
    const reader = acquireReader(stream);
    const result = newPromise();
    const chunks = newQueue();
    let length = 0;
    let depth = 0;
    let again = false;

    function next() {
        // Chunks that are there come at once; without recursion.
        again = true;
        if (depth > 0) {
            return;
        }
        depth = 1;
        while (again) {
            again = false;
            read(reader, onChunk, onClose, fail);
        }
        depth = 0;
    }

    function onChunk(chunk) {
        let view;
        try {
            view = toArrayBufferView(chunk, "a chunk of the body");
            if (view.kind !== BYTES) {
                throw new TypeError("a chunk of the body is not a Uint8Array");
            }
        } catch (reason) {
            ReadableStreamCancel(reader.stream, reason);
            fail(reason);
            return;
        }
        push(chunks, chunk);
        length += view.byteLength;
        next();
    }

    function onClose() {
        let all;
        try {
            all = new Uint8Array(length);
        } catch (reason) {
            fail(reason);
            return;
        }
        let offset = 0;
        while (chunks.length > 0) {
            const chunk = shift(chunks);
            TypedArrayPrototypeSet(all, chunk, offset);
            offset += TypedArrayPrototypeGetByteLength(chunk);
        }
        resolvePromise(result, { __proto__: null, bytes: all });
    }

    const fail = (reason) => rejectPromise(result, reason);

    next();
    return result.promise;
}

/**
 * `{ readable, writable, controller }` by `transform(chunk, controller)`, `flush(controller)` and `cancel(reason)`, of
 * which the last two may be left out.
 */
export function createTransformStream(transform, flush, cancelSteps) {
    const stream = InitializeTransformStream(promiseResolvedWith(undefined));
    const controller = newTransformController();
    const flushSteps = call(flush);
    SetUpTransformStreamDefaultController(
        stream,
        controller,
        (chunk) => promiseCall(() => transform(chunk, controller)),
        () => flushSteps(controller),
        call(cancelSteps),
    );
    return {
        __proto__: null,
        readable: wrap(ReadableStream, stream.readable),
        writable: wrap(WritableStream, stream.writable),
        controller,
    };
}

/** The promise that a transform stream's readable side is read empty, or is no longer read. */
export function waitForReader(controller) {
    const { backpressure, backpressureChange } = controller.stream;
    return backpressure ? backpressureChange.promise : promiseResolvedWith(undefined);
}
