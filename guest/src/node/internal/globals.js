// Global names of Node.js that are more than functions: each is made when it is first used.

import { ObjectDefineProperty, globalObject } from "web:primordials";
import { requireBuiltin } from "node:native";

function define(name, value) {
    ObjectDefineProperty(globalObject, name, { __proto__: null, value, writable: true, configurable: true });
}

/** A global that is the result of `load`, until guest code puts another value in its place. */
function defineLazy(name, load) {
    ObjectDefineProperty(globalObject, name, {
        __proto__: null,
        get() {
            const value = load();
            define(name, value);
            return value;
        },
        set(value) {
            define(name, value);
        },
        configurable: true,
    });
}

define("global", globalObject);
defineLazy("process", () => requireBuiltin("node:process").default);
defineLazy("Buffer", () => requireBuiltin("node:buffer").Buffer);
defineLazy("setImmediate", () => requireBuiltin("node:timers").setImmediate);
defineLazy("clearImmediate", () => requireBuiltin("node:timers").clearImmediate);

// The same object as `process.env`, which each program has of its own.
ObjectDefineProperty(globalObject, "env", {
    __proto__: null,
    get: () => requireBuiltin("node:process").default.env,
    set(value) {
        define("env", value);
    },
    configurable: true,
});
