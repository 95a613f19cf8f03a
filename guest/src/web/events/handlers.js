// Event handler attributes such as `onabort` (HTML 8.1.8.1).

import {
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ReflectApply,
    WeakMap,
    WeakMapPrototypeDelete,
    WeakMapPrototypeGet,
    WeakMapPrototypeSet,
    globalObject,
} from "web:primordials";
import { cancel, stateOf } from "web:events/event";
import { errorInfoOf } from "web:events/interfaces";
import { addListener, removeListener } from "web:events/target";
import { isObject } from "web:webidl";

/**
 * Defines the attribute `on` + `type` on `object`. `check` gives the target that the
 * attribute was reached through, or throws when it has no such attribute.
 */
export function defineEventHandler(object, type, check) {
    const name = "on" + type;
    /** Handlers by target: a listener that stays in its place while its callback is replaced. */
    const handlers = new WeakMap();
    const { get, set } = ObjectGetOwnPropertyDescriptor(
        {
            get [name]() {
                return WeakMapPrototypeGet(handlers, check(this))?.callback ?? null;
            },
            set [name](value) {
                const target = check(this);
                const handler = WeakMapPrototypeGet(handlers, target);
                // What is not an object counts as null (`[LegacyTreatNonObjectAsNull]`).
                if (handler !== undefined && isObject(value)) {
                    handler.callback = value;
                } else if (handler !== undefined) {
                    WeakMapPrototypeDelete(handlers, target);
                    removeListener(target, handler.listener);
                } else if (isObject(value)) {
                    const added = { __proto__: null, callback: value, listener: undefined };
                    added.listener = addListener(target, type, (event) => process(added, target, event), false, false, false);
                    WeakMapPrototypeSet(handlers, target, added);
                }
            },
        },
        name,
    );
    ObjectDefineProperty(object, name, { __proto__: null, get, set, enumerable: true, configurable: true });
}

/** The event handler processing algorithm. */
function process(handler, target, event) {
    const { callback } = handler;
    if (typeof callback !== "function") {
        return;
    }
    const state = stateOf(event);
    const info = target === globalObject && state.type === "error" ? errorInfoOf(event) : undefined;
    const returned =
        info === undefined
            ? ReflectApply(callback, target, [event])
            : ReflectApply(callback, target, [info.message, info.filename, info.lineno, info.colno, info.error]);
    // An error counts as handled when its handler returns true; elsewhere false cancels.
    if (returned === (info !== undefined)) {
        cancel(state);
    }
}
