// The events that carry something: CustomEvent (DOM 2.4), ErrorEvent (HTML 8.1.4.6) and
// PromiseRejectionEvent (HTML 8.1.4.7).

import { TypeError, uncurryThis } from "web:primordials";
import { Event, stateOf } from "web:events/event";
import {
    exposeInterface,
    isObject,
    requireArguments,
    toDictionary,
    toDOMString,
    toUnsignedLong,
    toUSVString,
} from "web:webidl";

const textOf = (value) => (value === undefined ? "" : toDOMString(value));

export class CustomEvent extends Event {
    #detail;

    constructor(type, eventInitDict = undefined) {
        requireArguments(arguments.length, 1, "CustomEvent");
        super(type, eventInitDict);
        const { detail = null } = toDictionary(eventInitDict, "the second argument of CustomEvent");
        this.#detail = detail;
    }

    get detail() {
        return this.#detail;
    }

    initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
        // Throws for what is none.
        this.#detail;
        requireArguments(arguments.length, 1, "initCustomEvent");
        const name = toDOMString(type);
        if (!stateOf(this).dispatched) {
            initEvent(this, name, bubbles, cancelable);
            this.#detail = detail;
        }
    }
}

const initEvent = uncurryThis(Event.prototype.initEvent);

/** What an `ErrorEvent` carries; `undefined` for other events. */
export let errorInfoOf;

export class ErrorEvent extends Event {
    #info;

    constructor(type, eventInitDict = undefined) {
        requireArguments(arguments.length, 1, "ErrorEvent");
        super(type, eventInitDict);
        const init = toDictionary(eventInitDict, "the second argument of ErrorEvent");
        const colno = toUnsignedLong(init.colno);
        const { error } = init;
        const filename = init.filename;
        const file = filename === undefined ? "" : toUSVString(filename);
        const lineno = toUnsignedLong(init.lineno);
        this.#info = { __proto__: null, message: textOf(init.message), filename: file, lineno, colno, error };
    }

    get message() {
        return this.#info.message;
    }

    get filename() {
        return this.#info.filename;
    }

    get lineno() {
        return this.#info.lineno;
    }

    get colno() {
        return this.#info.colno;
    }

    get error() {
        return this.#info.error;
    }

    static {
        errorInfoOf = (event) => (#info in event ? event.#info : undefined);
    }
}

export class PromiseRejectionEvent extends Event {
    #promise;
    #reason;

    constructor(type, eventInitDict) {
        requireArguments(arguments.length, 2, "PromiseRejectionEvent");
        super(type, eventInitDict);
        const { promise, reason } = toDictionary(eventInitDict, "the second argument of PromiseRejectionEvent");
        if (!isObject(promise)) {
            throw new TypeError("PromiseRejectionEvent: the member promise is missing, or not an object");
        }
        this.#promise = promise;
        this.#reason = reason;
    }

    get promise() {
        return this.#promise;
    }

    get reason() {
        return this.#reason;
    }
}

exposeInterface(CustomEvent);
exposeInterface(ErrorEvent);
exposeInterface(PromiseRejectionEvent);
