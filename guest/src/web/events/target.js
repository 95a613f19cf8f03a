// EventTarget, and the dispatch of events (DOM 2.7 to 2.10).

import { ArrayPrototypePush, ReflectApply, TypeError, createList, globalObject } from "web:primordials";
import { DOMException } from "web:domexception";
import { AT_TARGET, isEvent, stateOf } from "web:events/event";
import { define, exposeInterface, isObject, requireArguments, toBoolean, toDOMString } from "web:webidl";

/** What the modules that build on this one add to it. */
const connected = {
    __proto__: null,
    /** `(error)`: reports an exception that a listener threw. */
    report: undefined,
    /** `(value)`: throws unless `value` is an `AbortSignal`; gives whether it is aborted. */
    isAborted: undefined,
    /** `(signal, remove)`: calls `remove` when the signal is aborted. */
    whenAborted: undefined,
    /** `(target, type)`: a listener was added or removed. */
    listenersChanged: undefined,
};

/** Connects the reporting of exceptions. */
export function connectReport(report) {
    connected.report = report;
}

/** Connects the signals that remove listeners. */
export function connectSignals(isAborted, whenAborted, listenersChanged) {
    connected.isAborted = isAborted;
    connected.whenAborted = whenAborted;
    connected.listenersChanged = listenersChanged;
}

let listenersOf;

export class EventTarget {
    /** Lists of listeners by type. */
    #listeners = { __proto__: null };

    addEventListener(type, callback, options = undefined) {
        const target = receiver(this);
        requireArguments(arguments.length, 2, "addEventListener");
        const name = toDOMString(type);
        toListener(callback, "addEventListener");
        const { capture, once, passive, signal } = toAddOptions(options);
        const aborted = signal !== undefined && connected.isAborted(signal);
        if (aborted || callback === null || callback === undefined) {
            return;
        }
        const listener = addListener(target, name, callback, capture, once, passive);
        if (signal !== undefined && listener !== undefined) {
            connected.whenAborted(signal, () => removeListener(target, listener));
        }
    }

    removeEventListener(type, callback, options = undefined) {
        const target = receiver(this);
        requireArguments(arguments.length, 2, "removeEventListener");
        const name = toDOMString(type);
        toListener(callback, "removeEventListener");
        const capture = toBoolean(isObject(options) ? options.capture : options);
        const listener = findListener(listenersOf(target)[name], callback ?? null, capture);
        if (listener !== undefined) {
            removeListener(target, listener);
        }
    }

    dispatchEvent(event) {
        const target = receiver(this);
        requireArguments(arguments.length, 1, "dispatchEvent");
        if (!isEvent(event)) {
            throw new TypeError("dispatchEvent: the argument is not an Event");
        }
        const state = stateOf(event);
        if (state.dispatched || !state.initialized) {
            throw new DOMException("the event is being dispatched already", "InvalidStateError");
        }
        state.trusted = false;
        return dispatch(target, event);
    }

    static {
        listenersOf = (target) => (target === globalObject ? globalTarget : target).#listeners;
    }
}

/** Has the listeners of the global object, which no constructor made. */
const globalTarget = new EventTarget();

/** The target that an operation is called on: the global object, when it is called on nothing. */
function receiver(value) {
    const target = value ?? globalObject;
    if (!isObject(target)) {
        throw new TypeError("the receiver is not an EventTarget");
    }
    // Throws for what is none.
    listenersOf(target);
    return target;
}

function toListener(callback, what) {
    if (callback !== null && callback !== undefined && !isObject(callback)) {
        throw new TypeError(what + ": the listener is neither a function nor an object");
    }
}

/** `AddEventListenerOptions` or a boolean, its members read in their order. */
function toAddOptions(options) {
    if (!isObject(options)) {
        return { __proto__: null, capture: toBoolean(options), once: false, passive: false, signal: undefined };
    }
    const capture = toBoolean(options.capture);
    const once = toBoolean(options.once);
    const passive = toBoolean(options.passive);
    return { __proto__: null, capture, once, passive, signal: options.signal };
}

function findListener(list, callback, capture) {
    for (let i = 0; list !== undefined && i < list.length; i++) {
        if (list[i].callback === callback && list[i].capture === capture) {
            return list[i];
        }
    }
    return undefined;
}

/** Adds a listener. Gives it, or nothing when the target has it already. */
export function addListener(target, type, callback, capture, once, passive) {
    const listeners = listenersOf(target);
    if (findListener(listeners[type], callback, capture) !== undefined) {
        return undefined;
    }
    const listener = { __proto__: null, type, callback, capture, once, passive, removed: false };
    listeners[type] ??= createList();
    ArrayPrototypePush(listeners[type], listener);
    connected.listenersChanged(target, type);
    return listener;
}

/** Removes a listener, if it is there. */
export function removeListener(target, listener) {
    if (listener.removed) {
        return;
    }
    listener.removed = true;
    // A new list: the old one may be that of a dispatch.
    const listeners = listenersOf(target);
    const list = listeners[listener.type];
    const others = createList();
    for (let i = 0; i < list.length; i++) {
        if (list[i] !== listener) {
            ArrayPrototypePush(others, list[i]);
        }
    }
    if (others.length > 0) {
        listeners[listener.type] = others;
    } else {
        delete listeners[listener.type];
    }
    connected.listenersChanged(target, listener.type);
}

/** Whether a target has listeners for a type of event. */
export const hasListeners = (target, type) => listenersOf(target)[type] !== undefined;

/** Fires an event that the platform made. Gives whether nobody canceled it. */
export function fire(target, event) {
    stateOf(event).trusted = true;
    return dispatch(target, event);
}

/** DOM 2.9, for targets without parents: the path is the target. */
function dispatch(target, event) {
    const state = stateOf(event);
    state.dispatched = true;
    state.target = target;
    state.phase = AT_TARGET;
    invoke(target, event, state, true);
    invoke(target, event, state, false);
    state.phase = 0;
    state.currentTarget = null;
    state.dispatched = false;
    state.stopped = false;
    state.stoppedImmediately = false;
    return !state.canceled;
}

/** Invokes the listeners of one of the two phases. */
function invoke(target, event, state, capture) {
    const list = listenersOf(target)[state.type];
    if (state.stopped || list === undefined) {
        return;
    }
    state.currentTarget = target;
    // Listeners that are added meanwhile are not called.
    const { length } = list;
    for (let i = 0; i < length && !state.stoppedImmediately; i++) {
        const listener = list[i];
        if (listener.removed || listener.capture !== capture) {
            continue;
        }
        if (listener.once) {
            removeListener(target, listener);
        }
        state.passive = listener.passive;
        try {
            call(listener.callback, target, event);
        } catch (error) {
            connected.report(error);
        }
        state.passive = false;
    }
}

/** Calls a listener (Web IDL 3.12, call a user object's operation). */
function call(callback, target, event) {
    if (typeof callback === "function") {
        ReflectApply(callback, target, [event]);
        return;
    }
    const { handleEvent } = callback;
    if (typeof handleEvent !== "function") {
        throw new TypeError("the listener's handleEvent is not a function");
    }
    ReflectApply(handleEvent, callback, [event]);
}

exposeInterface(EventTarget);
