// Body, which Request and Response include (https://fetch.spec.whatwg.org/#body-mixin).
//
// Most bodies are in one piece when they are made, and are read in one. For these there is no stream, unless guest code
// asks for it.

import { abortReason, addAbortAlgorithm, isAborted, removeAbortAlgorithm } from "web:abort";
import { newBody } from "web:fetch/body-init";
import { formOfMultipart, formOfUrlEncoded } from "web:fetch/form-data";
import { getHeader } from "web:fetch/header-list";
import { Blob, RECORD } from "web:fileapi/blob";
import { lengthOf, ownedOf, streamOf } from "web:fileapi/bytes";
import { decodeText, encodeUtf8, extractMimeType } from "web:native";
import {
    JSONParse,
    Map,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    StringPrototypeSlice,
    TypeError,
    TypedArrayPrototypeGetBuffer,
} from "web:primordials";
import {
    acquireReader,
    cancel,
    createTransformStream,
    enqueueTransformed,
    error,
    isDisturbed,
    isLocked,
    readAllBytes,
    stateOf,
    tee,
} from "web:streams";
import { ReadableStreamPipeTo } from "web:streams/pipe";
import { promiseCall, promiseOperation, setPromiseIsHandled, transformPromise } from "web:streams/promises";
import { toReadableStream } from "web:streams/readable-stream";
import { toWritableStream } from "web:streams/writable-stream";
import { deserialize } from "web:structured-clone/deserialize";
import { serialize } from "web:structured-clone/serialize";
import { define } from "web:webidl";

const MIME_ESSENCE = 0;
const MIME_TYPE = 1;
const MIME_BOUNDARY = 2;

/** What is read of no body at all. */
const NOTHING = newBody("", undefined, undefined);

/** Gives a class the members of Body. `recordOf` gives an object's `{ body, headers }`, and throws for another's. */
export function includeBody(Class, recordOf) {
    const read = (object, convert) =>
        promiseOperation(() => {
            const record = recordOf(object);
            return readBody(record.body, (source) => convert(source, record));
        });
    const methods = {
        __proto__: null,
        arrayBuffer() {
            return read(this, (source) => TypedArrayPrototypeGetBuffer(ownedOf(bytesOf(source), source.shared)));
        },
        blob() {
            return read(this, toBlob);
        },
        bytes() {
            return read(this, (source) => ownedOf(bytesOf(source), source.shared));
        },
        formData() {
            return read(this, toFormData);
        },
        json() {
            return read(this, (source) => JSONParse(textOf(source)));
        },
        text() {
            return read(this, textOf);
        },
    };
    define(Class.prototype, "arrayBuffer", methods.arrayBuffer);
    define(Class.prototype, "blob", methods.blob);
    define(Class.prototype, "bytes", methods.bytes);
    define(Class.prototype, "formData", methods.formData);
    define(Class.prototype, "json", methods.json);
    define(Class.prototype, "text", methods.text);
    const attributes = {
        __proto__: null,
        get body() {
            const { body } = recordOf(this);
            return body === null ? null : streamOfBody(body);
        },
        get bodyUsed() {
            return isUsed(recordOf(this).body);
        },
    };
    ObjectDefineProperty(Class.prototype, "body", ObjectGetOwnPropertyDescriptor(attributes, "body"));
    ObjectDefineProperty(Class.prototype, "bodyUsed", ObjectGetOwnPropertyDescriptor(attributes, "bodyUsed"));
}

/** Whether a body, or none, was read. */
const isUsed = (body) => body !== null && (body.stream === undefined ? body.used : isDisturbed(body.stream));

/** Throws for a body that was read or that somebody reads. */
export function requireUsable(body, what) {
    if (isUsed(body)) {
        throw new TypeError(what + ": the body was read already");
    }
    if (body !== null && body.stream !== undefined && isLocked(body.stream)) {
        throw new TypeError(what + ": the body's stream is locked");
    }
}

/** Reads a body, or none, and gives the promise of what `convert` makes of it: it gets a body in one piece. */
function readBody(body, convert) {
    if (body === null) {
        return promiseCall(() => convert(NOTHING));
    }
    requireUsable(body, "reading");
    if (body.stream !== undefined) {
        const convertBytes = ({ bytes }) => convert(newBody(undefined, bytes, undefined));
        return transformPromise(readAllBytes(body.stream), convertBytes);
    }
    if (body.signal !== undefined && isAborted(body.signal)) {
        throw abortReason(body.signal);
    }
    return promiseCall(() => convert(takePiece(body)));
}

/** Reads a body, and gives the promise of `{ bytes }`. Not of the bytes: see `readAllBytes`. */
export const readBytes = (body) => readBody(body, (source) => ({ __proto__: null, bytes: bytesOf(source) }));

/** What a body in one piece is, as another body: this one is read. */
function takePiece(body) {
    const taken = newBody(body.text, body.bytes, undefined);
    taken.shared = body.shared;
    taken.signal = body.signal;
    body.used = true;
    body.text = undefined;
    body.bytes = undefined;
    return taken;
}

/** Takes a body over from its owner, for which it is read. */
export function takeBody(body) {
    if (body.stream === undefined) {
        return takePiece(body);
    }
    const { readable, writable } = createTransformStream((chunk, controller) => enqueueTransformed(controller, chunk));
    const source = toReadableStream(body.stream);
    setPromiseIsHandled(ReadableStreamPipeTo(source, toWritableStream(writable), false, false, false, undefined));
    // From now on, and not only when somebody reads.
    source.disturbed = true;
    return newBody(undefined, undefined, readable);
}

/** Tells the stream of a body, if there is one, that nobody wants the rest. */
export function cancelBody(body, reason) {
    if (body !== null && body.stream !== undefined && stateOf(body.stream) === "readable") {
        setPromiseIsHandled(cancel(body.stream, reason));
    }
}

/** Another body with what is in this one. */
export function cloneBody(body) {
    if (body.stream !== undefined) {
        const branches = tee(body.stream, (chunk) => deserialize(serialize(chunk, new Map())));
        body.stream = branches[0];
        return newBody(undefined, undefined, branches[1]);
    }
    body.shared = true;
    const clone = newBody(body.text, body.bytes, undefined);
    clone.shared = true;
    clone.signal = body.signal;
    return clone;
}

/** The bytes of a body in one piece. */
const bytesOf = (body) => (body.bytes === undefined ? encodeUtf8(body.text) : body.bytes);

/** The text of a body in one piece ("UTF-8 decode"). */
function textOf(body) {
    if (body.text === undefined) {
        return decodeText("utf-8", false, false, body.bytes);
    }
    return body.text[0] === "\uFEFF" ? StringPrototypeSlice(body.text, 1) : body.text;
}

/** The stream of a body, which is made when it is asked for. */
function streamOfBody(body) {
    if (body.stream !== undefined) {
        return body.stream;
    }
    if (body.used) {
        // As if it had been read by the stream.
        body.stream = streamOf(encodeUtf8(""));
        cancel(body.stream, undefined);
        acquireReader(body.stream);
        return body.stream;
    }
    const { signal } = body;
    const bytes = bytesOf(body);
    if (signal === undefined || lengthOf(bytes) === 0) {
        body.stream = streamOf(bytes);
    } else {
        let controller;
        const abort = () => error(controller, abortReason(signal));
        body.stream = streamOf(
            bytes,
            (made) => {
                controller = made;
            },
            () => removeAbortAlgorithm(signal, abort),
        );
        if (isAborted(signal)) {
            abort();
        } else {
            addAbortAlgorithm(signal, abort);
        }
    }
    body.text = undefined;
    body.bytes = undefined;
    return body.stream;
}

/** The type of a body as its headers say: see `extractMimeType`. */
function mimeTypeOf(record) {
    const value = getHeader(record.headers, "content-type");
    return value === null ? null : extractMimeType(value);
}

function toBlob(source, record) {
    const mime = mimeTypeOf(record);
    return new Blob(RECORD, { __proto__: null, bytes: bytesOf(source), type: mime === null ? "" : mime[MIME_TYPE] });
}

function toFormData(source, record) {
    const mime = mimeTypeOf(record);
    const essence = mime === null ? null : mime[MIME_ESSENCE];
    if (essence === "multipart/form-data") {
        return formOfMultipart(bytesOf(source), mime[MIME_BOUNDARY]);
    }
    if (essence === "application/x-www-form-urlencoded") {
        return formOfUrlEncoded(bytesOf(source));
    }
    throw new TypeError(
        "the body is no form: its content-type is " + (getHeader(record.headers, "content-type") ?? "missing"),
    );
}
