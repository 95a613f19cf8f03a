// node:timers/promises

import { abortError, validateAbortSignal } from "node:internal/errors";
import { clearImmediate, setImmediate as startImmediate } from "node:internal/immediate";

const { clearInterval, clearTimeout, setInterval: startInterval, setTimeout: startTimeout } = globalThis;

/** A promise that `start(resolve)` resolves, unless the signal is aborted before. */
function cancellable(start, clear, options) {
    const signal = options?.signal;
    return new Promise((resolve, reject) => {
        validateAbortSignal(signal, "options.signal");
        if (signal?.aborted) {
            throw abortError(signal);
        }
        const abort = () => {
            clear(timer);
            reject(abortError(signal));
        };
        const timer = start((value) => {
            signal?.removeEventListener("abort", abort);
            resolve(value);
        });
        signal?.addEventListener("abort", abort, { once: true });
    });
}

export const setTimeout = (delay, value, options = {}) =>
    cancellable((resolve) => startTimeout(resolve, delay, value), clearTimeout, options);

export const setImmediate = (value, options = {}) =>
    cancellable((resolve) => startImmediate(resolve, value), clearImmediate, options);

export async function* setInterval(delay, value, options = {}) {
    const signal = options?.signal;
    validateAbortSignal(signal, "options.signal");
    if (signal?.aborted) {
        throw abortError(signal);
    }
    let due = 0;
    let wake = () => {};
    const timer = startInterval(() => {
        due += 1;
        wake();
    }, delay);
    const abort = () => wake();
    signal?.addEventListener("abort", abort, { once: true });
    try {
        for (;;) {
            if (due === 0 && !signal?.aborted) {
                await new Promise((resolve) => (wake = resolve));
            }
            for (; due > 0; due--) {
                yield value;
            }
            if (signal?.aborted) {
                throw abortError(signal);
            }
        }
    } finally {
        clearInterval(timer);
        signal?.removeEventListener("abort", abort);
    }
}

export const scheduler = {
    wait: (delay, options) => setTimeout(delay, undefined, options),
    yield: () => setImmediate(),
};

export default { scheduler, setImmediate, setInterval, setTimeout };
