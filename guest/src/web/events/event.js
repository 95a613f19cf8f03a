// Event (DOM 2.2).

import { ObjectDefineProperty, ObjectGetOwnPropertyDescriptor } from "web:primordials";
import { now } from "web:clock";
import { defineConstants, exposeInterface, isObject, requireArguments, toBoolean, toDictionary, toDOMString } from "web:webidl";

const NONE = 0;
export const AT_TARGET = 2;

/** The state of an event: what the standard calls its flags and associated values. */
export let stateOf;
/** Whether a value is an event. */
export let isEvent;

export class Event {
    #state;

    constructor(type, eventInitDict = undefined) {
        requireArguments(arguments.length, 1, "Event");
        const name = toDOMString(type);
        const { bubbles, cancelable, composed } = toDictionary(eventInitDict, "the second argument of Event");
        this.#state = {
            __proto__: null,
            type: name,
            bubbles: toBoolean(bubbles),
            cancelable: toBoolean(cancelable),
            composed: toBoolean(composed),
            timeStamp: now(),
            target: null,
            currentTarget: null,
            phase: NONE,
            // Flags.
            trusted: false,
            initialized: true,
            dispatched: false,
            canceled: false,
            passive: false,
            stopped: false,
            stoppedImmediately: false,
        };
        ObjectDefineProperty(this, "isTrusted", IS_TRUSTED);
    }

    get type() {
        return this.#state.type;
    }

    get target() {
        return this.#state.target;
    }

    get srcElement() {
        return this.#state.target;
    }

    get currentTarget() {
        return this.#state.currentTarget;
    }

    composedPath() {
        // No target here has a parent.
        const { currentTarget } = this.#state;
        return currentTarget === null ? [] : [currentTarget];
    }

    get eventPhase() {
        return this.#state.phase;
    }

    stopPropagation() {
        this.#state.stopped = true;
    }

    get cancelBubble() {
        return this.#state.stopped;
    }

    set cancelBubble(value) {
        const state = this.#state;
        if (value) {
            state.stopped = true;
        }
    }

    stopImmediatePropagation() {
        const state = this.#state;
        state.stopped = true;
        state.stoppedImmediately = true;
    }

    get bubbles() {
        return this.#state.bubbles;
    }

    get cancelable() {
        return this.#state.cancelable;
    }

    get returnValue() {
        return !this.#state.canceled;
    }

    set returnValue(value) {
        const state = this.#state;
        if (!value) {
            cancel(state);
        }
    }

    preventDefault() {
        cancel(this.#state);
    }

    get defaultPrevented() {
        return this.#state.canceled;
    }

    get composed() {
        return this.#state.composed;
    }

    get timeStamp() {
        return this.#state.timeStamp;
    }

    initEvent(type, bubbles = false, cancelable = false) {
        const state = this.#state;
        requireArguments(arguments.length, 1, "initEvent");
        const name = toDOMString(type);
        if (state.dispatched) {
            return;
        }
        state.initialized = true;
        state.stopped = false;
        state.stoppedImmediately = false;
        state.canceled = false;
        state.trusted = false;
        state.target = null;
        state.type = name;
        state.bubbles = toBoolean(bubbles);
        state.cancelable = toBoolean(cancelable);
    }

    static {
        stateOf = (event) => event.#state;
        isEvent = (value) => isObject(value) && #state in value;
    }
}

/** Every event has it itself, so that no class can replace it (`[LegacyUnforgeable]`). */
const IS_TRUSTED = {
    __proto__: null,
    get: ObjectGetOwnPropertyDescriptor(
        {
            get isTrusted() {
                return stateOf(this).trusted;
            },
        },
        "isTrusted",
    ).get,
    set: undefined,
    enumerable: true,
    configurable: false,
};

/** Sets the canceled flag of an event's state, unless its event cannot be canceled (DOM 2.2). */
export function cancel(state) {
    if (state.cancelable && !state.passive) {
        state.canceled = true;
    }
}

exposeInterface(Event);
defineConstants(Event, { NONE, CAPTURING_PHASE: 1, AT_TARGET, BUBBLING_PHASE: 3 });
