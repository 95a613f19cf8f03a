// Response (https://fetch.spec.whatwg.org/#response-class).

import { cloneBody, includeBody, requireUsable } from "web:fetch/body";
import { extractBody, extractJson } from "web:fetch/body-init";
import { appendHeader, copyOfHeaders, hasHeader, newHeaderList } from "web:fetch/header-list";
import { fillHeaders, headersOf, toHeadersInit } from "web:fetch/headers";
import { parseUrl } from "web:native";
import { RangeError, StringPrototypeCharCodeAt, TypeError } from "web:primordials";
import {
    exposeInterface,
    requireArguments,
    toDOMString,
    toDictionary,
    toUSVString,
    toUnsignedLong,
} from "web:webidl";

/** Stands before a record in the constructor's arguments. Guest code has none. */
const RESPONSE = { __proto__: null };

let recordOf;

export class Response {
    #record;
    #headers = null;

    constructor(body = null, init = undefined) {
        if (body === RESPONSE) {
            this.#record = init;
            return;
        }
        const extracted = body === null ? null : extractBody(body);
        this.#record = initialized(toResponseInit(init, "Response"), extracted);
    }

    static error() {
        const record = newRecord();
        record.type = "error";
        record.status = 0;
        record.headers.immutable = true;
        return responseOf(record);
    }

    static redirect(url, status = 302) {
        requireArguments(arguments.length, 1, "Response.redirect");
        const text = toUSVString(url);
        const code = toStatus(status);
        const parts = parseUrl(text, undefined);
        if (parts === null) {
            throw new TypeError("Response.redirect: '" + text + "' is not an absolute URL");
        }
        if (code !== 301 && code !== 302 && code !== 303 && code !== 307 && code !== 308) {
            throw new RangeError("Response.redirect: " + code + " is not the status of a redirect");
        }
        const record = newRecord();
        record.status = code;
        appendHeader(record.headers, "location", parts[0]);
        record.headers.immutable = true;
        return responseOf(record);
    }

    static json(data, init = undefined) {
        requireArguments(arguments.length, 1, "Response.json");
        const converted = toResponseInit(init, "Response.json");
        return responseOf(initialized(converted, extractJson(data)));
    }

    get type() {
        return this.#record.type;
    }

    get url() {
        return this.#record.url;
    }

    get redirected() {
        return this.#record.redirected;
    }

    get status() {
        return this.#record.status;
    }

    get ok() {
        const { status } = this.#record;
        return status >= 200 && status <= 299;
    }

    get statusText() {
        return this.#record.statusText;
    }

    get headers() {
        const record = this.#record;
        this.#headers ??= headersOf(record.headers);
        return this.#headers;
    }

    clone() {
        const record = this.#record;
        requireUsable(record.body, "Response.clone");
        const headers = copyOfHeaders(record.headers);
        headers.immutable = record.headers.immutable;
        const { type, url, redirected, status, statusText } = record;
        const body = record.body === null ? null : cloneBody(record.body);
        return responseOf({ __proto__: null, type, url, redirected, status, statusText, headers, body });
    }

    static {
        recordOf = (response) => response.#record;
    }
}

includeBody(Response, recordOf);
exposeInterface(Response);

/** A response with these members, by default those of `new Response()`. */
export const newRecord = () => ({
    __proto__: null,
    type: "default",
    url: "",
    redirected: false,
    status: 200,
    statusText: "",
    headers: newHeaderList(),
    body: null,
});

/** The object for a response. */
export const responseOf = (record) => new Response(RESPONSE, record);

/** Whether a response with the status has no body. */
export const isNullBodyStatus = (status) =>
    status === 101 || status === 103 || status === 204 || status === 205 || status === 304;

/** Converts `ResponseInit`. */
function toResponseInit(value, what) {
    const dictionary = toDictionary(value, what + ": the second argument");
    const { headers } = dictionary;
    const headersInit = headers === undefined ? undefined : toHeadersInit(headers);
    const { status } = dictionary;
    const code = status === undefined ? 200 : toStatus(status);
    const { statusText } = dictionary;
    const text = statusText === undefined ? "" : toDOMString(statusText);
    return { __proto__: null, headers: headersInit, status: code, statusText: text };
}

/** "Initialize a response": a record. */
function initialized(init, extracted) {
    const { status, statusText, headers } = init;
    if (status < 200 || status > 599) {
        throw new RangeError("Response: the status is " + status + ", and must be from 200 to 599");
    }
    requireReasonPhrase(statusText);
    const record = newRecord();
    record.status = status;
    record.statusText = statusText;
    if (headers !== undefined) {
        fillHeaders(record.headers, headers);
    }
    if (extracted !== null) {
        if (isNullBodyStatus(status)) {
            throw new TypeError("Response: one with the status " + status + " has no body");
        }
        record.body = extracted.body;
        if (extracted.type !== null && !hasHeader(record.headers, "content-type")) {
            appendHeader(record.headers, "content-type", extracted.type);
        }
    }
    return record;
}

/** `unsigned short`. */
const toStatus = (value) => toUnsignedLong(value) & 0xffff;

/** Throws for what is no `reason-phrase` (RFC 9112, 4). */
function requireReasonPhrase(text) {
    for (let i = 0; i < text.length; i++) {
        const code = StringPrototypeCharCodeAt(text, i);
        if ((code < 0x20 && code !== 9) || code === 0x7f || code > 0xff) {
            throw new TypeError("Response: the status text has the character " + code);
        }
    }
}
