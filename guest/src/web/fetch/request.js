// Request (https://fetch.spec.whatwg.org/#request-class).
//
// There is no document and no origin: modes, credentials, caches and referrers are kept as they are given, and mean
// nothing to the host.

import { createDependentSignal } from "web:abort";
import { cloneBody, includeBody, requireUsable, takeBody } from "web:fetch/body";
import { appendHeader, copyOfHeaders, hasHeader, newHeaderList } from "web:fetch/header-list";
import { fillHeaders, headersOf } from "web:fetch/headers";
import { toMethod, toRequestInit } from "web:fetch/request-init";
import { parseUrl } from "web:native";
import { TypeError, createList } from "web:primordials";
import { exposeInterface, isObject, requireArguments, toUSVString } from "web:webidl";

// What the parser of URLs gives.
const HREF = 0;
const USERNAME = 3;
const PASSWORD = 4;

/** Stands before a record in the constructor's arguments. Guest code has none. */
const REQUEST = { __proto__: null };

let isRequest;
let recordOf;

export class Request {
    #record;
    #headers = null;

    constructor(input, init = undefined) {
        if (input === REQUEST) {
            this.#record = init;
            return;
        }
        requireArguments(arguments.length, 1, "Request");
        this.#record = createRequest(input, init, "Request");
    }

    get method() {
        return this.#record.method;
    }

    get url() {
        return this.#record.url;
    }

    get headers() {
        const record = this.#record;
        this.#headers ??= headersOf(record.headers);
        return this.#headers;
    }

    get destination() {
        this.#record;
        return "";
    }

    get referrer() {
        return this.#record.referrer;
    }

    get referrerPolicy() {
        return this.#record.referrerPolicy;
    }

    get mode() {
        return this.#record.mode;
    }

    get credentials() {
        return this.#record.credentials;
    }

    get cache() {
        return this.#record.cache;
    }

    get redirect() {
        return this.#record.redirect;
    }

    get integrity() {
        return this.#record.integrity;
    }

    get keepalive() {
        return this.#record.keepalive;
    }

    get isReloadNavigation() {
        this.#record;
        return false;
    }

    get isHistoryNavigation() {
        this.#record;
        return false;
    }

    get signal() {
        return signalOf(this.#record);
    }

    get duplex() {
        this.#record;
        return "half";
    }

    clone() {
        const record = this.#record;
        requireUsable(record.body, "Request.clone");
        const clone = copyOf(record);
        clone.follows = createList();
        clone.follows[0] = signalOf(record);
        clone.body = record.body === null ? null : cloneBody(record.body);
        return new Request(REQUEST, clone);
    }

    static {
        isRequest = (value) => isObject(value) && #record in value;
        recordOf = (request) => request.#record;
    }
}

includeBody(Request, recordOf);
exposeInterface(Request);

/** The signal of a request, which is made when it is asked for: it is aborted when one of those it follows is. */
export function signalOf(record) {
    record.signal ??= createDependentSignal(record.follows);
    return record.signal;
}

const newRecord = (url) => ({
    __proto__: null,
    method: "GET",
    url,
    headers: newHeaderList(),
    body: null,
    referrer: "about:client",
    referrerPolicy: "",
    mode: "cors",
    credentials: "same-origin",
    cache: "default",
    redirect: "follow",
    integrity: "",
    keepalive: false,
    follows: createList(),
    signal: undefined,
});

/** A request like another, without its body and its signal. */
function copyOf(record) {
    const copy = newRecord(record.url);
    copy.method = record.method;
    copy.headers = copyOfHeaders(record.headers);
    copy.referrer = record.referrer;
    copy.referrerPolicy = record.referrerPolicy;
    copy.mode = record.mode;
    copy.credentials = record.credentials;
    copy.cache = record.cache;
    copy.redirect = record.redirect;
    copy.integrity = record.integrity;
    copy.keepalive = record.keepalive;
    return copy;
}

/** The record of `new Request(input, init)`. */
export function createRequest(input, init, what) {
    const source = isRequest(input) ? recordOf(input) : null;
    const text = source === null ? toUSVString(input) : "";
    const given = toRequestInit(init, what);
    const record = source === null ? newRecord(toRequestUrl(text, what)) : copyOf(source);
    if (given.window !== undefined && given.window !== null) {
        throw new TypeError(what + ": the window can only be null");
    }
    if (!given.isEmpty && source !== null) {
        record.referrer = "about:client";
        record.referrerPolicy = "";
    }
    setFields(record, given, what);
    setSignals(record, source, given);
    if (given.headers !== undefined) {
        record.headers = newHeaderList();
        fillHeaders(record.headers, given.headers);
    }
    setBody(record, source, given, what);
    return record;
}

function toRequestUrl(text, what) {
    const parts = parseUrl(text, undefined);
    if (parts === null) {
        throw new TypeError(what + ": '" + text + "' is not an absolute URL");
    }
    if (parts[USERNAME] !== "" || parts[PASSWORD] !== "") {
        throw new TypeError(what + ": the URL has a user name or a password: send them as a header");
    }
    return parts[HREF];
}

function setFields(record, given, what) {
    if (given.referrer !== undefined) {
        if (given.referrer !== "" && parseUrl(given.referrer, undefined) === null) {
            throw new TypeError(what + ": the referrer '" + given.referrer + "' is not an absolute URL");
        }
        // Another origin's is the client's.
        record.referrer = given.referrer === "" ? "" : "about:client";
    }
    record.referrerPolicy = given.referrerPolicy ?? record.referrerPolicy;
    if (given.mode === "navigate") {
        throw new TypeError(what + ": the mode 'navigate' is for documents");
    }
    record.mode = given.mode ?? record.mode;
    record.credentials = given.credentials ?? record.credentials;
    record.cache = given.cache ?? record.cache;
    if (record.cache === "only-if-cached" && record.mode !== "same-origin") {
        throw new TypeError(what + ": the cache mode 'only-if-cached' needs the mode 'same-origin'");
    }
    record.redirect = given.redirect ?? record.redirect;
    record.integrity = given.integrity ?? record.integrity;
    record.keepalive = given.keepalive ?? record.keepalive;
    if (given.method !== undefined) {
        record.method = toMethod(given.method);
    }
    if (record.mode === "no-cors" && record.method !== "GET" && record.method !== "HEAD" && record.method !== "POST") {
        throw new TypeError(what + ": the mode 'no-cors' does not allow the method " + record.method);
    }
}

function setSignals(record, source, given) {
    const { signal } = given;
    if (signal === undefined ? source !== null : signal !== null) {
        record.follows[0] = signal ?? signalOf(source);
    }
}

function setBody(record, source, given, what) {
    const body = given.body ?? null;
    const inherited = source === null ? null : source.body;
    if ((body !== null || inherited !== null) && (record.method === "GET" || record.method === "HEAD")) {
        throw new TypeError(what + ": a request with the method " + record.method + " has no body");
    }
    if (body !== null) {
        if (body.body.stream !== undefined && given.duplex === undefined) {
            throw new TypeError(what + ": a body that is a stream needs the duplex 'half'");
        }
        requireMode(record, body.body, what);
        if (body.body.stream !== undefined && record.keepalive) {
            throw new TypeError(what + ": a body that is a stream cannot be kept alive");
        }
        if (body.type !== null && !hasHeader(record.headers, "content-type")) {
            appendHeader(record.headers, "content-type", body.type);
        }
        record.body = body.body;
    } else if (inherited !== null) {
        requireMode(record, inherited, what);
        requireUsable(inherited, what);
        record.body = takeBody(inherited);
    }
}

/** Bodies that are streams are for servers of the same origin and for those that agreed. */
function requireMode(record, body, what) {
    if (body.stream !== undefined && record.mode === "no-cors") {
        throw new TypeError(what + ": a body that is a stream does not go with the mode 'no-cors'");
    }
}
