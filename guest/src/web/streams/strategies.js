// Queuing strategies (Streams 7).

import { NumberIsNaN, RangeError, ReflectApply, TypeError } from "web:primordials";
import { exposeInterface, requireArguments, toOptionalCallback, toDictionary } from "web:webidl";

/** The dictionary `QueuingStrategy`. */
export function toQueuingStrategy(value, what) {
    const dictionary = toDictionary(value, what);
    let { highWaterMark } = dictionary;
    if (highWaterMark !== undefined) {
        highWaterMark = +highWaterMark;
    }
    return { __proto__: null, highWaterMark, size: toOptionalCallback(dictionary.size, what + ".size") };
}

export function ExtractHighWaterMark(strategy, defaultHWM) {
    const { highWaterMark } = strategy;
    if (highWaterMark === undefined) {
        return defaultHWM;
    }
    if (NumberIsNaN(highWaterMark) || highWaterMark < 0) {
        throw new RangeError("highWaterMark is " + highWaterMark + ", and must be a number that is not negative");
    }
    return highWaterMark;
}

export function ExtractSizeAlgorithm(strategy) {
    const { size } = strategy;
    return size === undefined ? one : (chunk) => +ReflectApply(size, undefined, [chunk]);
}

export const one = () => 1;

/** The dictionary `QueuingStrategyInit`. */
function toHighWaterMark(init, what) {
    const { highWaterMark } = toDictionary(init, what);
    if (highWaterMark === undefined) {
        throw new TypeError(what + ": highWaterMark is missing");
    }
    return +highWaterMark;
}

// One function for all strategies of a class; as methods they have no prototype.
const byteLengthSize = { size(chunk) { return chunk.byteLength; } }.size;
const countSize = { size() { return 1; } }.size;

class ByteLengthQueuingStrategy {
    #highWaterMark;

    constructor(init) {
        requireArguments(arguments.length, 1, "ByteLengthQueuingStrategy");
        this.#highWaterMark = toHighWaterMark(init, "ByteLengthQueuingStrategy");
    }

    get highWaterMark() {
        return this.#highWaterMark;
    }

    get size() {
        this.#highWaterMark;
        return byteLengthSize;
    }
}

class CountQueuingStrategy {
    #highWaterMark;

    constructor(init) {
        requireArguments(arguments.length, 1, "CountQueuingStrategy");
        this.#highWaterMark = toHighWaterMark(init, "CountQueuingStrategy");
    }

    get highWaterMark() {
        return this.#highWaterMark;
    }

    get size() {
        this.#highWaterMark;
        return countSize;
    }
}

exposeInterface(ByteLengthQueuingStrategy);
exposeInterface(CountQueuingStrategy);
