// AbortSignal (DOM 3.2).

import {
    ArrayPrototypeIncludes,
    ArrayPrototypePush,
    Set,
    SetPrototypeAdd,
    SetPrototypeDelete,
    SetPrototypeForEach,
    SetPrototypeGetSize,
    TypeError,
    WeakRef,
    WeakRefPrototypeDeref,
    createList,
} from "web:primordials";
import { DOMException } from "web:domexception";
import { Event } from "web:events/event";
import { defineEventHandler } from "web:events/handlers";
import { EventTarget, connectSignals, fire, hasListeners } from "web:events/target";
import { startTimer } from "web:timers";
import { exposeInterface, isObject, requireArguments, toEnforcedUnsignedLongLong, toSequenceOf } from "web:webidl";

/** What only this module has: the constructor is not for guest code. */
const TOKEN = { __proto__: null };

/** A signal that is not aborted. */
export const createSignal = () => new AbortSignal(TOKEN);

/** Whether a value is an `AbortSignal`. */
export let isSignal;
/** Why a signal was aborted; `undefined` as long as it is not. */
export let abortReason;
/** Has `algorithm` called when the signal is aborted; never, if it is already. */
export let addAbortAlgorithm;
export let removeAbortAlgorithm;
/** Aborts a signal and those that depend on it. */
export let signalAbort;
/** A signal that is aborted when one of a list of signals is (`any`). */
export let createDependentSignal;
let updateInterest;

export class AbortSignal extends EventTarget {
    #reason;
    #algorithms;
    /** Whether `any` made it. Such a signal follows others, and none follows it: they follow what it follows. */
    #dependent = false;
    /** The signals that a dependent one follows. */
    #sources = createList();
    /** Weak references to the signals that follow this one, in their order. */
    #followers = createList();
    /** How many of them there may be before those that are gone are looked for. */
    #sweepAt = 16;
    /** Those of them that someone listens to: they stay alive for as long as this one. */
    #heard;

    constructor(token = undefined) {
        if (token !== TOKEN) {
            throw new TypeError("Illegal constructor");
        }
        super();
    }

    static abort(reason = undefined) {
        const signal = createSignal();
        signal.#reason = orAbortError(reason);
        return signal;
    }

    static timeout(milliseconds) {
        requireArguments(arguments.length, 1, "AbortSignal.timeout");
        const after = toEnforcedUnsignedLongLong(milliseconds, "the argument of AbortSignal.timeout");
        const signal = createSignal();
        startTimer(after, () => signalAbort(signal, new DOMException("the operation timed out", "TimeoutError")));
        return signal;
    }

    static any(signals) {
        requireArguments(arguments.length, 1, "AbortSignal.any");
        return createDependentSignal(toSequenceOf(signals, toSignal, "the argument of AbortSignal.any"));
    }

    get aborted() {
        return this.#reason !== undefined;
    }

    get reason() {
        return this.#reason;
    }

    throwIfAborted() {
        const reason = this.#reason;
        if (reason !== undefined) {
            throw reason;
        }
    }

    #runAbortSteps() {
        const algorithms = this.#algorithms;
        if (algorithms !== undefined) {
            SetPrototypeForEach(algorithms, (algorithm) => algorithm());
            this.#algorithms = undefined;
        }
        fire(this, new Event("abort"));
    }

    #follow(source) {
        if (ArrayPrototypeIncludes(this.#sources, source)) {
            return;
        }
        ArrayPrototypePush(this.#sources, source);
        // A long-lived signal can be followed by many short-lived ones.
        if (source.#followers.length >= source.#sweepAt) {
            const living = createList();
            for (let i = 0; i < source.#followers.length; i++) {
                if (WeakRefPrototypeDeref(source.#followers[i]) !== undefined) {
                    ArrayPrototypePush(living, source.#followers[i]);
                }
            }
            source.#followers = living;
            source.#sweepAt = 2 * living.length + 16;
        }
        ArrayPrototypePush(source.#followers, new WeakRef(this));
    }

    static {
        isSignal = (value) => isObject(value) && #reason in value;
        abortReason = (signal) => signal.#reason;
        addAbortAlgorithm = (signal, algorithm) => {
            if (signal.#reason === undefined) {
                signal.#algorithms ??= new Set();
                SetPrototypeAdd(signal.#algorithms, algorithm);
                updateInterest(signal);
            }
        };
        removeAbortAlgorithm = (signal, algorithm) => {
            if (signal.#algorithms !== undefined) {
                SetPrototypeDelete(signal.#algorithms, algorithm);
                updateInterest(signal);
            }
        };
        signalAbort = (signal, reason) => {
            if (signal.#reason !== undefined) {
                return;
            }
            signal.#reason = orAbortError(reason);
            const aborted = createList();
            for (let i = 0; i < signal.#followers.length; i++) {
                const follower = WeakRefPrototypeDeref(signal.#followers[i]);
                if (follower !== undefined && follower.#reason === undefined) {
                    follower.#reason = signal.#reason;
                    ArrayPrototypePush(aborted, follower);
                }
            }
            signal.#runAbortSteps();
            for (let i = 0; i < aborted.length; i++) {
                aborted[i].#runAbortSteps();
            }
        };
        createDependentSignal = (signals) => {
            const result = createSignal();
            for (let i = 0; i < signals.length; i++) {
                if (signals[i].#reason !== undefined) {
                    result.#reason = signals[i].#reason;
                    return result;
                }
            }
            result.#dependent = true;
            for (let i = 0; i < signals.length; i++) {
                const sources = signals[i].#dependent ? signals[i].#sources : [signals[i]];
                for (let k = 0; k < sources.length; k++) {
                    result.#follow(sources[k]);
                }
            }
            return result;
        };
        updateInterest = (signal) => {
            const heard =
                hasListeners(signal, "abort") ||
                (signal.#algorithms !== undefined && SetPrototypeGetSize(signal.#algorithms) > 0);
            for (let i = 0; i < signal.#sources.length; i++) {
                const source = signal.#sources[i];
                if (heard) {
                    source.#heard ??= new Set();
                    SetPrototypeAdd(source.#heard, signal);
                } else if (source.#heard !== undefined) {
                    SetPrototypeDelete(source.#heard, signal);
                }
            }
        };
    }
}

/** Whether a signal is aborted. */
export const isAborted = (signal) => abortReason(signal) !== undefined;

const orAbortError = (reason) =>
    reason === undefined ? new DOMException("the operation was aborted", "AbortError") : reason;

/** Converts an argument to a signal. */
export function toSignal(value) {
    if (!isSignal(value)) {
        throw new TypeError("the signal is not an AbortSignal");
    }
    return value;
}

connectSignals(
    (value) => isAborted(toSignal(value)),
    addAbortAlgorithm,
    (target, type) => {
        if (type === "abort" && isSignal(target)) {
            updateInterest(target);
        }
    },
);

exposeInterface(AbortSignal);
defineEventHandler(AbortSignal.prototype, "abort", toSignal);
