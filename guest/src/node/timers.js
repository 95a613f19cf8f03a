// node:timers: the platform's, whose timers are numbers, and immediates.

import { customPromisify } from "node:internal/promisify-custom";
import { clearImmediate, setImmediate } from "node:internal/immediate";
import promises from "node:timers/promises";

export const { clearInterval, clearTimeout, setInterval, setTimeout } = globalThis;

Object.defineProperty(setImmediate, customPromisify, { get: () => promises.setImmediate, configurable: true });
Object.defineProperty(setTimeout, customPromisify, { get: () => promises.setTimeout, configurable: true });

export { clearImmediate, promises, setImmediate };
export default {
    clearImmediate,
    clearInterval,
    clearTimeout,
    promises,
    setImmediate,
    setInterval,
    setTimeout,
};
