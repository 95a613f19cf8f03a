// Readable streams and their readers (Streams 4.9.1 to 4.9.3).
//
// Abstract operations have the specification's names. They work on records, which hold its internal slots and which
// guest code never sees; the classes of `readable-stream` and `readers` wrap them.

import { TypeError } from "web:primordials";
import { newQueue, push, shift } from "web:streams/queue";
import {
    newHandledPromise,
    promiseRejectedWith,
    promiseResolvedWith,
    rejectPromise,
    resolvePromise,
    transformPromise,
} from "web:streams/promises";

export const newReadableStream = () => ({
    __proto__: null,
    state: "readable",
    storedError: undefined,
    disturbed: false,
    reader: undefined,
    controller: undefined,
});

export const IsReadableStreamLocked = (stream) => stream.reader !== undefined;

export function ReadableStreamCancel(stream, reason) {
    stream.disturbed = true;
    if (stream.state === "closed") {
        return promiseResolvedWith(undefined);
    }
    if (stream.state === "errored") {
        return promiseRejectedWith(stream.storedError);
    }
    ReadableStreamClose(stream);
    const { reader, controller } = stream;
    if (reader !== undefined && reader.isBYOB) {
        settleRequests(reader, (request) => request.closeSteps(undefined));
    }
    return transformPromise(controller.cancelSteps(controller, reason), () => undefined);
}

export function ReadableStreamClose(stream) {
    stream.state = "closed";
    const { reader } = stream;
    if (reader === undefined) {
        return;
    }
    resolvePromise(reader.closed, undefined);
    if (!reader.isBYOB) {
        settleRequests(reader, (request) => request.closeSteps());
    }
}

export function ReadableStreamError(stream, error) {
    stream.state = "errored";
    stream.storedError = error;
    const { reader } = stream;
    if (reader === undefined) {
        return;
    }
    rejectPromise(reader.closed, error);
    settleRequests(reader, (request) => request.errorSteps(error));
}

/** Takes all requests of a reader, of which there may be new ones meanwhile. */
function settleRequests(reader, settle) {
    const { requests } = reader;
    reader.requests = newQueue();
    while (requests.length > 0) {
        settle(shift(requests));
    }
}

export function ReadableStreamFulfillReadIntoRequest(stream, chunk, done) {
    const request = shift(stream.reader.requests);
    if (done) {
        request.closeSteps(chunk);
    } else {
        request.chunkSteps(chunk);
    }
}

export function ReadableStreamFulfillReadRequest(stream, chunk, done) {
    const request = shift(stream.reader.requests);
    if (done) {
        request.closeSteps();
    } else {
        request.chunkSteps(chunk);
    }
}

export const ReadableStreamAddReadRequest = (stream, request) => push(stream.reader.requests, request);
export const ReadableStreamAddReadIntoRequest = ReadableStreamAddReadRequest;
export const ReadableStreamGetNumReadRequests = (stream) => stream.reader.requests.length;
export const ReadableStreamGetNumReadIntoRequests = ReadableStreamGetNumReadRequests;
export const ReadableStreamHasDefaultReader = (stream) => stream.reader !== undefined && !stream.reader.isBYOB;
export const ReadableStreamHasBYOBReader = (stream) => stream.reader !== undefined && stream.reader.isBYOB;

/** A reader of a stream; it is the stream's. */
function newReader(stream, isBYOB) {
    const closed = newHandledPromise();
    const reader = { __proto__: null, stream, isBYOB, closed, requests: newQueue() };
    stream.reader = reader;
    if (stream.state === "closed") {
        resolvePromise(closed, undefined);
    } else if (stream.state === "errored") {
        rejectPromise(closed, stream.storedError);
    }
    return reader;
}

/** Throws a `TypeError` when the stream is locked. */
export function AcquireReadableStreamDefaultReader(stream) {
    if (IsReadableStreamLocked(stream)) {
        throw new TypeError("the stream is locked to another reader");
    }
    return newReader(stream, false);
}

/** Throws a `TypeError` when the stream is locked, or not one of bytes. */
export function AcquireReadableStreamBYOBReader(stream) {
    if (IsReadableStreamLocked(stream)) {
        throw new TypeError("the stream is locked to another reader");
    }
    if (!stream.controller.isByteController) {
        throw new TypeError("the stream has no byte source, and so no BYOB reader");
    }
    return newReader(stream, true);
}

export const ReadableStreamReaderGenericCancel = (reader, reason) => ReadableStreamCancel(reader.stream, reason);

export function ReadableStreamDefaultReaderRead(reader, readRequest) {
    const { stream } = reader;
    stream.disturbed = true;
    if (stream.state === "closed") {
        readRequest.closeSteps();
    } else if (stream.state === "errored") {
        readRequest.errorSteps(stream.storedError);
    } else {
        stream.controller.pullSteps(stream.controller, readRequest);
    }
}

/** Releases a reader of either kind. */
export function ReadableStreamReaderRelease(reader) {
    const { stream } = reader;
    const released = new TypeError("the reader was released");
    if (stream.state !== "readable") {
        reader.closed = newHandledPromise();
    }
    rejectPromise(reader.closed, released);
    stream.controller.releaseSteps(stream.controller);
    stream.reader = undefined;
    reader.stream = undefined;
    settleRequests(reader, (request) => request.errorSteps(released));
}
