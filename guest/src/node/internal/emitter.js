// EventEmitter (Node.js).

import { codedError, invalidArgument, outOfRange, validateFunction } from "node:internal/errors";
import { nextTick } from "node:internal/next-tick";
import { inspect, requireBuiltin } from "node:native";

export const captureRejectionSymbol = Symbol.for("nodejs.rejection");
export const errorMonitor = Symbol("events.errorMonitor");
export const kCapture = Symbol("kCapture");

let defaultMaxListeners = 10;

export function EventEmitter(options) {
    EventEmitter.init.call(this, options);
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;
Object.defineProperty(EventEmitter.prototype, kCapture, { value: false, writable: true });

EventEmitter.init = function (options) {
    if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
        this._events = { __proto__: null };
        this._eventsCount = 0;
    }
    this._maxListeners = this._maxListeners || undefined;
    if (options?.captureRejections) {
        if (typeof options.captureRejections !== "boolean") {
            throw invalidArgument("options.captureRejections", "of type boolean", options.captureRejections);
        }
        this[kCapture] = true;
    } else if (EventEmitter.prototype[kCapture]) {
        this[kCapture] = true;
    }
};

Object.defineProperties(EventEmitter, {
    captureRejections: {
        get: () => EventEmitter.prototype[kCapture],
        set(value) {
            if (typeof value !== "boolean") {
                throw invalidArgument("EventEmitter.captureRejections", "of type boolean", value);
            }
            EventEmitter.prototype[kCapture] = value;
        },
        configurable: true,
        enumerable: true,
    },
    defaultMaxListeners: {
        get: () => defaultMaxListeners,
        set(value) {
            checkLimit(value, "defaultMaxListeners");
            defaultMaxListeners = value;
        },
        configurable: true,
        enumerable: true,
    },
});

export function checkLimit(value, name) {
    if (typeof value !== "number") {
        throw invalidArgument(name, "of type number", value);
    }
    if (!(value >= 0)) {
        throw outOfRange(name, ">= 0", value);
    }
}

const limitOf = (emitter) => emitter._maxListeners ?? defaultMaxListeners;

/** Tells the warning once for each event that has too many listeners: most often somebody forgets to remove them. */
function warnOfLeak(emitter, type, list) {
    const limit = limitOf(emitter);
    if (limit <= 0 || list.length <= limit || list.warned) {
        return;
    }
    list.warned = true;
    const what = inspect(emitter, { depth: -1 });
    const warning = new Error(
        `Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ${what}. ` +
            `MaxListeners is ${limit}. Use emitter.setMaxListeners() to increase limit`,
    );
    Object.assign(warning, { name: "MaxListenersExceededWarning", emitter, type, count: list.length });
    requireBuiltin("node:process").default.emitWarning(warning);
}

function add(emitter, type, listener, first) {
    validateFunction(listener, "listener");
    let events = emitter._events;
    if (events === undefined) {
        events = emitter._events = { __proto__: null };
        emitter._eventsCount = 0;
    } else if (events.newListener !== undefined) {
        emitter.emit("newListener", type, listener.listener ?? listener);
        events = emitter._events;
    }
    const existing = events[type];
    if (existing === undefined) {
        events[type] = listener;
        emitter._eventsCount += 1;
        return emitter;
    }
    const list = typeof existing === "function" ? (events[type] = [existing]) : existing;
    if (first) {
        list.unshift(listener);
    } else {
        list.push(listener);
    }
    warnOfLeak(emitter, type, list);
    return emitter;
}

/** A listener that removes itself when it is called. */
function onceOnly(emitter, type, listener) {
    validateFunction(listener, "listener");
    let fired = false;
    const wrapper = function (...args) {
        if (!fired) {
            fired = true;
            emitter.removeListener(type, wrapper);
            return listener.apply(emitter, args);
        }
    };
    wrapper.listener = listener;
    return wrapper;
}

/** Gives what a listener's promise rejects with to whom it may concern. */
function capture(emitter, promise, type, args) {
    if (!emitter[kCapture]) {
        return;
    }
    try {
        const { then } = promise;
        if (typeof then === "function") {
            then.call(promise, undefined, (error) => nextTick(rejected, emitter, error, type, args));
        }
    } catch (error) {
        emitter.emit("error", error);
    }
}

function rejected(emitter, error, type, args) {
    if (typeof emitter[captureRejectionSymbol] === "function") {
        emitter[captureRejectionSymbol](error, type, ...args);
        return;
    }
    const before = emitter[kCapture];
    // The listener of "error" must not go around for ever.
    try {
        emitter[kCapture] = false;
        emitter.emit("error", error);
    } finally {
        emitter[kCapture] = before;
    }
}

/** What `emit("error")` throws when nobody listens. */
function unhandled(error) {
    if (error instanceof Error || Error.isError?.(error)) {
        return error;
    }
    let text;
    try {
        text = inspect(error);
    } catch {
        text = String(error);
    }
    const thrown = codedError(Error, "ERR_UNHANDLED_ERROR", `Unhandled error. (${text})`);
    thrown.context = error;
    return thrown;
}

const methods = {
    setMaxListeners(n) {
        checkLimit(n, "setMaxListeners");
        this._maxListeners = n;
        return this;
    },
    getMaxListeners() {
        return limitOf(this);
    },
    emit(type, ...args) {
        const events = this._events;
        if (type === "error") {
            if (events?.[errorMonitor] !== undefined) {
                this.emit(errorMonitor, ...args);
            }
            if (events?.error === undefined) {
                throw unhandled(args[0]);
            }
        }
        const handler = events?.[type];
        if (handler === undefined) {
            return false;
        }
        if (typeof handler === "function") {
            const result = handler.apply(this, args);
            if (result !== undefined && result !== null) {
                capture(this, result, type, args);
            }
            return true;
        }
        const list = handler.slice();
        for (let i = 0; i < list.length; i++) {
            const result = list[i].apply(this, args);
            if (result !== undefined && result !== null) {
                capture(this, result, type, args);
            }
        }
        return true;
    },
    addListener(type, listener) {
        return add(this, type, listener, false);
    },
    prependListener(type, listener) {
        return add(this, type, listener, true);
    },
    once(type, listener) {
        return this.on(type, onceOnly(this, type, listener));
    },
    prependOnceListener(type, listener) {
        return this.prependListener(type, onceOnly(this, type, listener));
    },
    removeListener(type, listener) {
        validateFunction(listener, "listener");
        const events = this._events;
        const existing = events?.[type];
        if (existing === undefined) {
            return this;
        }
        if (existing === listener || existing.listener === listener) {
            this._eventsCount -= 1;
            delete events[type];
            if (events.removeListener !== undefined) {
                this.emit("removeListener", type, existing.listener ?? listener);
            }
        } else if (typeof existing !== "function") {
            const index = existing.findLastIndex((each) => each === listener || each.listener === listener);
            if (index < 0) {
                return this;
            }
            existing.splice(index, 1);
            if (existing.length === 1) {
                events[type] = existing[0];
            }
            if (events.removeListener !== undefined) {
                this.emit("removeListener", type, listener.listener ?? listener);
            }
        }
        return this;
    },
    removeAllListeners(type) {
        const events = this._events;
        if (events === undefined) {
            return this;
        }
        if (events.removeListener === undefined) {
            // Nobody wants to know.
            if (arguments.length === 0) {
                this._events = { __proto__: null };
                this._eventsCount = 0;
            } else if (events[type] !== undefined) {
                this._eventsCount -= 1;
                delete events[type];
            }
            return this;
        }
        if (arguments.length === 0) {
            for (const key of Reflect.ownKeys(events)) {
                if (key !== "removeListener") {
                    this.removeAllListeners(key);
                }
            }
            this.removeAllListeners("removeListener");
            this._events = { __proto__: null };
            this._eventsCount = 0;
            return this;
        }
        const listeners = events[type];
        if (typeof listeners === "function") {
            this.removeListener(type, listeners);
        } else if (listeners !== undefined) {
            for (let i = listeners.length - 1; i >= 0; i--) {
                this.removeListener(type, listeners[i]);
            }
        }
        return this;
    },
    listeners(type) {
        return this.rawListeners(type).map((listener) => listener.listener ?? listener);
    },
    rawListeners(type) {
        const existing = this._events?.[type];
        return existing === undefined ? [] : typeof existing === "function" ? [existing] : existing.slice();
    },
    listenerCount(type, listener) {
        const existing = this._events?.[type];
        if (existing === undefined) {
            return 0;
        }
        if (listener === undefined || listener === null) {
            return typeof existing === "function" ? 1 : existing.length;
        }
        return this.rawListeners(type).filter((each) => each === listener || each.listener === listener).length;
    },
    eventNames() {
        return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
    },
};
for (const name of Object.keys(methods)) {
    EventEmitter.prototype[name] = methods[name];
}
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;
