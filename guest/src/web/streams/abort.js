// Where streams meet AbortSignal (DOM 3.2).
//
// The one place to connect: when there is a module `web:abort`, `isAbortSignal`, `isAborted`, `abortReason` and
// `addAbortAlgorithm` (which gives a function that removes the algorithm) are its exports, and `makeAbortController`
// and `abortController` make and signal one of its controllers. Until then no value is an AbortSignal.

/** Whether a value is an AbortSignal. */
export const isAbortSignal = () => false;

export const isAborted = () => false;

export const abortReason = () => undefined;

/** Runs steps when a signal is aborted. Gives what takes them back. */
export const addAbortAlgorithm = () => () => {};

const makeAbortController = () => undefined;
const abortController = () => {};
const signalOfController = () => undefined;

/** The `[[abortController]]` of a stream's controller, made when somebody asks for its signal. */
export const newAbortController = () => ({ __proto__: null, made: undefined, aborted: false, reason: undefined });

export function signalAbort(controller, reason) {
    if (controller.aborted) {
        return;
    }
    controller.aborted = true;
    controller.reason = reason;
    if (controller.made !== undefined) {
        abortController(controller.made, reason);
    }
}

export function signalOf(controller) {
    if (controller.made === undefined) {
        controller.made = makeAbortController();
        if (controller.aborted) {
            abortController(controller.made, controller.reason);
        }
    }
    return signalOfController(controller.made);
}
