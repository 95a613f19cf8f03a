// ReadableStreamDefaultController, ReadableByteStreamController and ReadableStreamBYOBRequest (Streams 4.6 to 4.8).

import { TypeError, TypedArrayPrototypeGetBuffer } from "web:primordials";
import { IsDetachedBuffer, byteLengthOf, toArrayBufferView } from "web:streams/buffers";
import {
    ReadableByteStreamControllerClose,
    ReadableByteStreamControllerEnqueue,
    ReadableByteStreamControllerError,
    ReadableByteStreamControllerGetDesiredSize,
} from "web:streams/byte-controller";
import {
    ReadableStreamDefaultControllerClose,
    ReadableStreamDefaultControllerEnqueue,
    ReadableStreamDefaultControllerError,
    ReadableStreamDefaultControllerGetDesiredSize,
    requireCanCloseOrEnqueue,
} from "web:streams/default-controller";
import { requireInternal, wrap } from "web:streams/interface";
import {
    ReadableByteStreamControllerGetBYOBRequest,
    ReadableByteStreamControllerRespond,
    ReadableByteStreamControllerRespondWithNewView,
} from "web:streams/pull-into";
import { exposeInterface, requireArguments, toEnforcedUnsignedLongLong } from "web:webidl";

export class ReadableStreamDefaultController {
    #controller;

    constructor() {
        this.#controller = requireInternal(arguments[0], arguments[1]);
    }

    get desiredSize() {
        return ReadableStreamDefaultControllerGetDesiredSize(this.#controller);
    }

    close() {
        const controller = this.#controller;
        requireCanCloseOrEnqueue(controller, "close");
        ReadableStreamDefaultControllerClose(controller);
    }

    enqueue(chunk = undefined) {
        const controller = this.#controller;
        requireCanCloseOrEnqueue(controller, "enqueue");
        ReadableStreamDefaultControllerEnqueue(controller, chunk);
    }

    error(e = undefined) {
        ReadableStreamDefaultControllerError(this.#controller, e);
    }
}

export class ReadableByteStreamController {
    #controller;

    constructor() {
        this.#controller = requireInternal(arguments[0], arguments[1]);
    }

    get byobRequest() {
        const request = ReadableByteStreamControllerGetBYOBRequest(this.#controller);
        if (request === null) {
            return null;
        }
        request.object ??= wrap(ReadableStreamBYOBRequest, request);
        return request.object;
    }

    get desiredSize() {
        return ReadableByteStreamControllerGetDesiredSize(this.#controller);
    }

    close() {
        const controller = this.#controller;
        requireCanCloseOrEnqueue(controller, "close");
        ReadableByteStreamControllerClose(controller);
    }

    enqueue(chunk) {
        const controller = this.#controller;
        requireArguments(arguments.length, 1, "enqueue");
        const view = toArrayBufferView(chunk, "the chunk");
        if (view.byteLength === 0 || byteLengthOf(view.buffer) === 0) {
            throw new TypeError("enqueue: the chunk is empty");
        }
        requireCanCloseOrEnqueue(controller, "enqueue");
        ReadableByteStreamControllerEnqueue(controller, view);
    }

    error(e = undefined) {
        ReadableByteStreamControllerError(this.#controller, e);
    }
}

export class ReadableStreamBYOBRequest {
    #request;

    constructor() {
        this.#request = requireInternal(arguments[0], arguments[1]);
    }

    get view() {
        return this.#request.view;
    }

    respond(bytesWritten) {
        const request = this.#request;
        requireArguments(arguments.length, 1, "respond");
        const count = toEnforcedUnsignedLongLong(bytesWritten, "bytesWritten");
        requireValid(request);
        if (IsDetachedBuffer(TypedArrayPrototypeGetBuffer(request.view))) {
            throw new TypeError("respond: the view's buffer is detached");
        }
        ReadableByteStreamControllerRespond(request.controller, count);
    }

    respondWithNewView(view) {
        const request = this.#request;
        requireArguments(arguments.length, 1, "respondWithNewView");
        const target = toArrayBufferView(view, "the view");
        requireValid(request);
        if (IsDetachedBuffer(target.buffer)) {
            throw new TypeError("respondWithNewView: the view's buffer is detached");
        }
        ReadableByteStreamControllerRespondWithNewView(request.controller, target);
    }
}

function requireValid(request) {
    if (request.controller === undefined) {
        throw new TypeError("the BYOB request has been responded to, or is out of date");
    }
}

exposeInterface(ReadableStreamDefaultController);
exposeInterface(ReadableByteStreamController);
exposeInterface(ReadableStreamBYOBRequest);
