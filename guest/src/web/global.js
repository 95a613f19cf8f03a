// The global object as an event target, and its names for itself.

import { ObjectSetPrototypeOf, TypeError, globalObject } from "web:primordials";
import { defineEventHandler } from "web:events/handlers";
import { EventTarget } from "web:events/target";
import { exposeReplaceable } from "web:webidl";

ObjectSetPrototypeOf(globalObject, EventTarget.prototype);

function check(value) {
    if ((value ?? globalObject) !== globalObject) {
        throw new TypeError("the receiver is not the global object");
    }
    return globalObject;
}

defineEventHandler(globalObject, "error", check);
defineEventHandler(globalObject, "unhandledrejection", check);
defineEventHandler(globalObject, "rejectionhandled", check);

exposeReplaceable("self", () => globalObject);
