// RequestInit (https://fetch.spec.whatwg.org/#requestinit): members in the order in which Web IDL reads them.

import { toSignal } from "web:abort";
import { extractBody } from "web:fetch/body-init";
import { isToken, toByteString } from "web:fetch/header-list";
import { toHeadersInit } from "web:fetch/headers";
import { StringPrototypeToUpperCase, TypeError } from "web:primordials";
import { toBoolean, toDictionary, toDOMString, toEnum, toUSVString } from "web:webidl";

const CACHES = ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"];
const CREDENTIALS = ["omit", "same-origin", "include"];
const DUPLEXES = ["half"];
const MODES = ["navigate", "same-origin", "no-cors", "cors"];
const PRIORITIES = ["high", "low", "auto"];
const REDIRECTS = ["follow", "error", "manual"];
const REFERRER_POLICIES = [
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

/** What a member is when it is missing. */
const optional = (value, convert) => (value === undefined ? undefined : convert(value));

const oneOf = (allowed, what) => (value) => toEnum(value, allowed, "the " + what + " of a request");

/** Converts the dictionary. What is missing is undefined; `isEmpty` says whether all is. */
export function toRequestInit(value, what) {
    const dictionary = toDictionary(value, what + ": the second argument");
    const init = {
        __proto__: null,
        body: optional(dictionary.body, (body) => (body === null ? null : extractBody(body))),
        cache: optional(dictionary.cache, oneOf(CACHES, "cache mode")),
        credentials: optional(dictionary.credentials, oneOf(CREDENTIALS, "credentials mode")),
        duplex: optional(dictionary.duplex, oneOf(DUPLEXES, "duplex")),
        headers: optional(dictionary.headers, toHeadersInit),
        integrity: optional(dictionary.integrity, toDOMString),
        keepalive: optional(dictionary.keepalive, toBoolean),
        method: optional(dictionary.method, toByteString),
        mode: optional(dictionary.mode, oneOf(MODES, "mode")),
        priority: optional(dictionary.priority, oneOf(PRIORITIES, "priority")),
        redirect: optional(dictionary.redirect, oneOf(REDIRECTS, "redirect mode")),
        referrer: optional(dictionary.referrer, toUSVString),
        referrerPolicy: optional(dictionary.referrerPolicy, oneOf(REFERRER_POLICIES, "referrer policy")),
        signal: optional(dictionary.signal, (signal) => (signal === null ? null : toSignal(signal))),
        window: dictionary.window,
        isEmpty: true,
    };
    for (const member in init) {
        if (member !== "isEmpty" && init[member] !== undefined) {
            init.isEmpty = false;
            break;
        }
    }
    return init;
}

/** Checks and normalizes a method. */
export function toMethod(text) {
    if (!isToken(text)) {
        throw new TypeError("'" + text + "' is not a method");
    }
    const upper = StringPrototypeToUpperCase(text);
    switch (upper) {
        case "CONNECT":
        case "TRACE":
        case "TRACK":
            throw new TypeError("the method " + text + " is forbidden");
        case "DELETE":
        case "GET":
        case "HEAD":
        case "OPTIONS":
        case "POST":
        case "PUT":
            return upper;
        default:
            return text;
    }
}
