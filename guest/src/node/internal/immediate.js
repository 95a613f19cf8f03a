// setImmediate and clearImmediate (Node.js).

import { startTimer } from "web:native";
import { validateFunction } from "node:internal/errors";

/** Callbacks by their numbers; one that is cleared is not there. */
const immediates = new Map();
let last = 0;

/** Calls back in a turn of its own, after this one. */
export function setImmediate(callback, ...args) {
    validateFunction(callback, "callback");
    const id = ++last;
    immediates.set(id, () => callback(...args));
    startTimer(0, () => {
        const run = immediates.get(id);
        immediates.delete(id);
        run?.();
    });
    return id;
}

export function clearImmediate(id) {
    immediates.delete(id);
}
