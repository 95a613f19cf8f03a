// Where streams meet AbortSignal (DOM 3.2).

import {
    abortReason,
    addAbortAlgorithm,
    createSignal,
    isSignal,
    removeAbortAlgorithm,
    signalAbort,
} from "web:abort";

export { abortReason, addAbortAlgorithm, isSignal, removeAbortAlgorithm };

/** The `[[abortController]]` of a stream's controller. It has a signal from when somebody asks for it. */
export const newAbortController = () => ({ __proto__: null, signal: undefined, aborted: false, reason: undefined });

/** Signals abort, once. */
export function abortController(controller, reason) {
    if (controller.aborted) {
        return;
    }
    controller.aborted = true;
    controller.reason = reason;
    if (controller.signal !== undefined) {
        signalAbort(controller.signal, reason);
    }
}

export function signalOf(controller) {
    if (controller.signal === undefined) {
        controller.signal = createSignal();
        if (controller.aborted) {
            signalAbort(controller.signal, controller.reason);
        }
    }
    return controller.signal;
}
