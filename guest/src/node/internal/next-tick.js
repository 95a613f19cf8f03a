// What the stream package needs of `process`, without loading it.

import { requireBuiltin } from "node:native";

const enqueue = queueMicrotask;

/** Calls back before the next turn, as a microtask. */
export function nextTick(callback, ...args) {
    enqueue(args.length === 0 ? callback : () => callback(...args));
}

let process;
const loaded = () => (process ??= requireBuiltin("node:process").default);

export default {
    nextTick,
    get stdout() {
        return loaded().stdout;
    },
    get stderr() {
        return loaded().stderr;
    },
};
