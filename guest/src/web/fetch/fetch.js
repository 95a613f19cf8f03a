// fetch (https://fetch.spec.whatwg.org/#fetch-method).
//
// The host does it, in one piece: it gets the whole request, and gives the whole response.

import { abortReason, addAbortAlgorithm, isAborted, removeAbortAlgorithm } from "web:abort";
import { cancelBody, readBytes } from "web:fetch/body";
import { newBody } from "web:fetch/body-init";
import {
    appendHeader,
    copyOfHeaders,
    hasHeader,
    requireName,
    requireValue,
    toName,
    toValue,
} from "web:fetch/header-list";
import { hostFetch } from "web:fetch/host";
import { createRequest, signalOf } from "web:fetch/request";
import { isNullBodyStatus, newRecord, responseOf } from "web:fetch/response";
import { readDataUrl } from "web:native";
import { StringPrototypeIndexOf, StringPrototypeSlice, TypeError } from "web:primordials";
import { newPromise, publish, rejectPromise, resolvePromise, uponPromise } from "web:streams/promises";
import { exposeFunction, isObject, requireArguments, toDOMString } from "web:webidl";

const { fetch } = {
    fetch(input, init = undefined) {
        const result = newPromise();
        try {
            requireArguments(arguments.length, 1, "fetch");
            start(createRequest(input, init, "fetch"), result);
        } catch (reason) {
            rejectPromise(result, reason);
        }
        return publish(result.promise);
    },
};

exposeFunction("fetch", fetch);

/** Fetches a request, unless its signal is aborted before. */
function start(request, result) {
    // A signal that follows none cannot be aborted.
    const signal = request.follows.length === 0 ? undefined : signalOf(request);
    const isOver = () => signal !== undefined && isAborted(signal);
    let cancel;
    const abort = () => {
        const reason = abortReason(signal);
        rejectPromise(result, reason);
        cancelBody(request.body, reason);
        cancel?.();
    };
    const fail = (reason) => {
        if (signal !== undefined) {
            removeAbortAlgorithm(signal, abort);
        }
        rejectPromise(result, reason);
    };
    const respond = (answer) => {
        if (isOver()) {
            return;
        }
        let response;
        try {
            response = responseOf(toResponse(answer, request, signal));
        } catch (reason) {
            fail(networkError(reason));
            return;
        }
        if (signal !== undefined) {
            removeAbortAlgorithm(signal, abort);
        }
        resolvePromise(result, response);
    };
    const send = (body) => {
        if (!isOver()) {
            const answer = hostFetch(messageOf(request, body), (steps) => {
                cancel = steps;
            });
            uponPromise(answer, respond, (reason) => fail(networkError(reason)));
        }
    };

    if (isOver()) {
        abort();
        return;
    }
    if (signal !== undefined) {
        addAbortAlgorithm(signal, abort);
    }
    const scheme = StringPrototypeSlice(request.url, 0, StringPrototypeIndexOf(request.url, ":"));
    if (scheme === "data") {
        const answer = answerOfDataUrl(request.url);
        if (answer === null) {
            fail(new TypeError("fetch: '" + request.url + "' is not a valid data: URL"));
        } else {
            respond(answer);
        }
    } else if (scheme !== "http" && scheme !== "https") {
        fail(new TypeError("fetch: the scheme of '" + request.url + "' is neither http nor https"));
    } else if (request.body === null) {
        send(null);
    } else {
        uponPromise(readBytes(request.body), ({ bytes }) => send(bytes), fail);
    }
}

/** What the host is asked: see `hostFetch`. */
function messageOf(request, body) {
    const headers = copyOfHeaders(request.headers);
    if (!hasHeader(headers, "accept")) {
        appendHeader(headers, "accept", "*/*");
    }
    const { method, url, redirect } = request;
    return { __proto__: null, method, url: withoutFragment(url), headers: headers.items, body, redirect };
}

function withoutFragment(url) {
    const at = StringPrototypeIndexOf(url, "#");
    return at < 0 ? url : StringPrototypeSlice(url, 0, at);
}

/** The response that an answer of the host is: a record. */
function toResponse(answer, request, signal) {
    const { status, statusText, url, redirected, headers, body } = answer;
    if (!(status >= 200 && status <= 599)) {
        throw new TypeError("the response has the status " + status);
    }
    const record = newRecord();
    record.type = "basic";
    record.status = status;
    record.statusText = statusText;
    record.url = url === "" ? withoutFragment(request.url) : url;
    record.redirected = redirected;
    for (let i = 0; i < headers.length; i++) {
        const name = toName(headers[i][0]);
        const value = toValue(headers[i][1]);
        requireName(name, headers[i][0]);
        requireValue(value, name);
        appendHeader(record.headers, name, value);
    }
    record.headers.immutable = true;
    if (!isNullBodyStatus(status) && request.method !== "HEAD") {
        record.body = newBody(undefined, body, undefined);
        record.body.signal = signal;
    }
    return record;
}

/** What a server would answer for a `data:` URL (Fetch Standard 4.2, 6), or null for one that is not valid. */
function answerOfDataUrl(url) {
    const data = readDataUrl(url);
    if (data === null) {
        return null;
    }
    return {
        __proto__: null,
        status: 200,
        statusText: "OK",
        url: withoutFragment(url),
        redirected: false,
        headers: [["content-type", data[0]]],
        body: data[1],
    };
}

/** What guest code is told of the host's error, which is its cause. */
function networkError(cause) {
    const message = isObject(cause) ? toDOMString(cause.message) : "the host failed";
    return new TypeError(message, { __proto__: null, cause });
}
