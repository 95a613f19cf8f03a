// node:events

import { EventEmitter, captureRejectionSymbol, checkLimit, errorMonitor } from "node:internal/emitter";
import { abortError, codedError, invalidArgument, validateAbortSignal, validateFunction } from "node:internal/errors";

const isEmitter = (value) => typeof value?.on === "function";
const isTarget = (value) => typeof value?.addEventListener === "function";

/** Listens, and gives the function that ends it. */
function listen(emitter, name, listener, options) {
    if (isEmitter(emitter)) {
        emitter[options?.once ? "once" : "on"](name, listener);
        return () => emitter.removeListener(name, listener);
    }
    if (isTarget(emitter)) {
        emitter.addEventListener(name, listener, options);
        return () => emitter.removeEventListener(name, listener, options);
    }
    throw invalidArgument("emitter", "an instance of EventEmitter", emitter);
}

/** A promise of the arguments of an emitter's next event. */
export async function once(emitter, name, options = {}) {
    const signal = options?.signal;
    validateAbortSignal(signal, "options.signal");
    if (signal?.aborted) {
        throw abortError(signal);
    }
    const endings = [];
    try {
        return await new Promise((resolve, reject) => {
            endings.push(listen(emitter, name, (...args) => resolve(args), { once: true }));
            if (name !== "error" && isEmitter(emitter)) {
                endings.push(listen(emitter, "error", reject, { once: true }));
            }
            if (signal !== undefined) {
                endings.push(listen(signal, "abort", () => reject(abortError(signal)), { once: true }));
            }
        });
    } finally {
        for (const end of endings) {
            end();
        }
    }
}

/** An asynchronous iterator of the arguments of an emitter's events. */
export function on(emitter, name, options = {}) {
    const signal = options?.signal;
    validateAbortSignal(signal, "options.signal");
    if (signal?.aborted) {
        throw abortError(signal);
    }
    const events = [];
    const waiting = [];
    let failure = null;
    let finished = false;
    const endings = [];

    const close = () => {
        for (const end of endings) {
            end();
        }
        endings.length = 0;
        finished = true;
        for (const { resolve } of waiting.splice(0)) {
            resolve({ value: undefined, done: true });
        }
        return Promise.resolve({ value: undefined, done: true });
    };
    const fail = (error) => {
        if (waiting.length > 0) {
            waiting.shift().reject(error);
        } else {
            failure = { error };
        }
        close();
    };
    const add = (...args) => {
        if (waiting.length > 0) {
            waiting.shift().resolve({ value: args, done: false });
        } else {
            events.push(args);
        }
    };
    const iterator = {
        __proto__: AsyncIteratorPrototype,
        next() {
            if (events.length > 0) {
                return Promise.resolve({ value: events.shift(), done: false });
            }
            if (failure !== null) {
                const { error } = failure;
                failure = null;
                return Promise.reject(error);
            }
            if (finished) {
                return close();
            }
            return new Promise((resolve, reject) => void waiting.push({ resolve, reject }));
        },
        return: close,
        throw(error) {
            if (!(error instanceof Error)) {
                throw invalidArgument("EventEmitter.AsyncIterator", "an instance of Error", error);
            }
            fail(error);
        },
        [Symbol.asyncIterator]() {
            return this;
        },
    };
    endings.push(listen(emitter, name, add));
    if (name !== "error" && isEmitter(emitter)) {
        endings.push(listen(emitter, "error", fail));
    }
    for (const closing of options?.close ?? []) {
        endings.push(listen(emitter, closing, close));
    }
    if (signal !== undefined) {
        endings.push(listen(signal, "abort", () => fail(abortError(signal)), { once: true }));
    }
    return iterator;
}

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

export function getEventListeners(emitter, type) {
    if (typeof emitter?.listeners === "function") {
        return emitter.listeners(type);
    }
    if (isTarget(emitter)) {
        // A platform's event target does not tell them.
        return [];
    }
    throw invalidArgument("emitter", "an instance of EventEmitter or EventTarget", emitter);
}

const limits = new WeakMap();

export function getMaxListeners(emitter) {
    if (typeof emitter?.getMaxListeners === "function") {
        return emitter.getMaxListeners();
    }
    if (isTarget(emitter)) {
        return limits.get(emitter) ?? EventEmitter.defaultMaxListeners;
    }
    throw invalidArgument("emitter", "an instance of EventEmitter or EventTarget", emitter);
}

export function setMaxListeners(n = EventEmitter.defaultMaxListeners, ...emitters) {
    checkLimit(n, "setMaxListeners");
    if (emitters.length === 0) {
        EventEmitter.defaultMaxListeners = n;
    }
    for (const emitter of emitters) {
        if (typeof emitter?.setMaxListeners === "function") {
            emitter.setMaxListeners(n);
        } else if (isTarget(emitter)) {
            limits.set(emitter, n);
        } else {
            throw invalidArgument("eventTargets", "an instance of EventEmitter or EventTarget", emitter);
        }
    }
}

export const listenerCount = (emitter, type) =>
    typeof emitter.listenerCount === "function"
        ? emitter.listenerCount(type)
        : EventEmitter.prototype.listenerCount.call(emitter, type);

/** Listens to an abort signal, also when somebody stops its event. */
export function addAbortListener(signal, listener) {
    if (signal === undefined) {
        throw invalidArgument("signal", "an instance of AbortSignal", signal);
    }
    validateAbortSignal(signal, "signal");
    validateFunction(listener, "listener");
    let end = () => {};
    if (signal.aborted) {
        queueMicrotask(() => listener());
    } else {
        signal.addEventListener("abort", listener, { once: true });
        end = () => signal.removeEventListener("abort", listener);
    }
    return { __proto__: null, [Symbol.dispose ?? Symbol.for("nodejs.dispose")]: end };
}

export class EventEmitterAsyncResource extends EventEmitter {
    constructor() {
        super();
        throw codedError(
            Error,
            "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
            "EventEmitterAsyncResource is unavailable: the platform has no async hooks",
        );
    }
}

Object.assign(EventEmitter, {
    once,
    on,
    getEventListeners,
    getMaxListeners,
    setMaxListeners,
    listenerCount,
    addAbortListener,
    EventEmitter,
    EventEmitterAsyncResource,
    usingDomains: false,
    captureRejectionSymbol,
    errorMonitor,
});

export const { captureRejections, defaultMaxListeners, usingDomains } = EventEmitter;
export { EventEmitter, captureRejectionSymbol, errorMonitor, EventEmitter as default };
