// Errors that nobody caught, as events on the global object (HTML 8.1.4.6 and 8.1.4.7).
// What its listeners do not take as handled fails the running request.

import {
    ErrorIsError,
    ErrorPrototypeGetStack,
    String,
    SymbolPrototypeToString,
    globalObject,
} from "web:primordials";
import { dataProperty } from "web:classes";
import { domExceptionFields, isDOMException } from "web:domexception";
import { ErrorEvent, PromiseRejectionEvent } from "web:events/interfaces";
import { connectReport, fire, hasListeners } from "web:events/target";
import { failRequest, firstFrame } from "web:native";
import { callerStack } from "web:stack";
import { exposeFunction, isObject, requireArguments } from "web:webidl";

/** While listeners of an error run: the first error that they threw, which is not made an event again. */
let reporting;

/** Tells guest code of an error. Gives whether it handled that. */
export function notifyError(error) {
    if (!hasListeners(globalObject, "error")) {
        return false;
    }
    const nested = { __proto__: null, any: false, error: undefined };
    reporting = nested;
    let handled = false;
    try {
        const place = firstFrame(stackOf(error) ?? callerStack());
        const event = new ErrorEvent("error", {
            __proto__: null,
            cancelable: true,
            message: "Uncaught " + describe(error),
            filename: place[0],
            lineno: place[1],
            colno: place[2],
            error,
        });
        handled = !fire(globalObject, event);
    } finally {
        reporting = undefined;
    }
    if (handled && nested.any) {
        failRequest(nested.error);
    }
    return handled;
}

/** Reports an exception. */
export function reportException(error) {
    if (reporting !== undefined) {
        if (!reporting.any) {
            reporting.any = true;
            reporting.error = error;
        }
    } else if (!notifyError(error)) {
        failRequest(error);
    }
}

/** Tells guest code of a rejection that nobody handled. Gives whether it handled that. */
export const notifyRejection = (promise, reason) => !fireRejection("unhandledrejection", true, promise, reason);

/** Tells guest code that a rejection was handled after all. */
export const notifyRejectionHandled = (promise, reason) => void fireRejection("rejectionhandled", false, promise, reason);

function fireRejection(type, cancelable, promise, reason) {
    if (!hasListeners(globalObject, type)) {
        return true;
    }
    return fire(globalObject, new PromiseRejectionEvent(type, { __proto__: null, cancelable, promise, reason }));
}

/** A thrown value in a line. It runs no guest code. */
function describe(value) {
    if (typeof value === "symbol") {
        return SymbolPrototypeToString(value);
    }
    if (!isObject(value)) {
        return typeof value === "bigint" ? String(value) + "n" : String(value);
    }
    if (isDOMException(value)) {
        const fields = domExceptionFields(value);
        return fields.name + ": " + fields.message;
    }
    const name = dataProperty(value, "name");
    const message = dataProperty(value, "message");
    if (ErrorIsError(value) || typeof message === "string") {
        const kind = typeof name === "string" ? name : "Error";
        return typeof message === "string" && message !== "" ? kind + ": " + message : kind;
    }
    return typeof value === "function" ? "a function" : "an object";
}

/** An error's own stack; `undefined` for what has none. */
function stackOf(value) {
    const stack = ErrorIsError(value) ? ErrorPrototypeGetStack(value) : dataProperty(value, "stack");
    return typeof stack === "string" ? stack : undefined;
}

connectReport(reportException);

const { reportError } = {
    reportError(e) {
        requireArguments(arguments.length, 1, "reportError");
        reportException(e);
    },
};
exposeFunction("reportError", reportError);
