// `util.inspect` and `util.format`, by the inspector that `console` has.

import { codedError, validateObject } from "node:internal/errors";
import { format as nativeFormat, inspect as nativeInspect } from "node:native";

const defaults = {
    showHidden: false,
    depth: 2,
    colors: false,
    customInspect: true,
    showProxy: false,
    maxArrayLength: 100,
    maxStringLength: 10000,
    breakLength: 128,
    compact: 3,
    sorted: false,
    getters: false,
    numericSeparator: false,
};
let isDefault = true;

export function inspect(value, options, depth, colors) {
    const given =
        typeof options === "boolean" || arguments.length > 2
            ? { showHidden: options === true, depth: depth === undefined ? defaults.depth : depth, colors: colors === true }
            : (options ?? {});
    return nativeInspect(value, { ...(isDefault ? undefined : defaults), breakLength: 128, ...known(given) });
}

/** Options that say something. */
function known(options) {
    const result = {};
    for (const name of Object.keys(options)) {
        if (options[name] !== undefined) {
            result[name] = options[name];
        }
    }
    return result;
}

inspect.custom = Symbol.for("nodejs.util.inspect.custom");
Object.defineProperty(inspect, "defaultOptions", {
    get: () => defaults,
    set(options) {
        validateObject(options, "options");
        isDefault = false;
        Object.assign(defaults, options);
    },
});
inspect.colors = {
    __proto__: null,
    reset: [0, 0],
    bold: [1, 22],
    dim: [2, 22],
    italic: [3, 23],
    underline: [4, 24],
    blink: [5, 25],
    inverse: [7, 27],
    hidden: [8, 28],
    strikethrough: [9, 29],
    doubleunderline: [21, 24],
    black: [30, 39],
    red: [31, 39],
    green: [32, 39],
    yellow: [33, 39],
    blue: [34, 39],
    magenta: [35, 39],
    cyan: [36, 39],
    white: [37, 39],
    bgBlack: [40, 49],
    bgRed: [41, 49],
    bgGreen: [42, 49],
    bgYellow: [43, 49],
    bgBlue: [44, 49],
    bgMagenta: [45, 49],
    bgCyan: [46, 49],
    bgWhite: [47, 49],
    framed: [51, 54],
    overlined: [53, 55],
    gray: [90, 39],
    grey: [90, 39],
    redBright: [91, 39],
    greenBright: [92, 39],
    yellowBright: [93, 39],
    blueBright: [94, 39],
    magentaBright: [95, 39],
    cyanBright: [96, 39],
    whiteBright: [97, 39],
    bgGray: [100, 49],
    bgRedBright: [101, 49],
    bgGreenBright: [102, 49],
    bgYellowBright: [103, 49],
    bgBlueBright: [104, 49],
    bgMagentaBright: [105, 49],
    bgCyanBright: [106, 49],
    bgWhiteBright: [107, 49],
};
inspect.styles = {
    __proto__: null,
    special: "cyan",
    number: "yellow",
    bigint: "yellow",
    boolean: "yellow",
    undefined: "grey",
    null: "bold",
    string: "green",
    symbol: "green",
    date: "magenta",
    regexp: "red",
    module: "underline",
};

export const format = (...args) => nativeFormat(...args);

/** As `format`; the options are those of values that no specifier takes. */
export function formatWithOptions(options, ...args) {
    if (options === null || typeof options !== "object") {
        throw codedError(
            TypeError,
            "ERR_INVALID_ARG_TYPE",
            `The "inspectOptions" argument must be of type object. Received ${nativeInspect(options)}`,
        );
    }
    if (typeof args[0] === "string" && args[0].includes("%")) {
        return nativeFormat(...args);
    }
    return args.map((arg) => (typeof arg === "string" ? arg : inspect(arg, options))).join(" ");
}
