// Readable streams from iterables (Streams 4.9.1).

import { ReflectApply, SymbolAsyncIterator, SymbolIterator, TypeError } from "web:primordials";
import {
    CreateReadableStream,
    ReadableStreamDefaultControllerClose,
    ReadableStreamDefaultControllerEnqueue,
} from "web:streams/default-controller";
import { promiseCall, promiseRejectedWith, promiseResolvedWith, transformPromise } from "web:streams/promises";
import { isObject } from "web:webidl";

/** GetMethod of ECMAScript. */
function methodOf(value, key, what) {
    const method = value[key];
    if (method === undefined || method === null) {
        return undefined;
    }
    if (typeof method !== "function") {
        throw new TypeError(what + " is not a function");
    }
    return method;
}

/** GetIterator of ECMAScript, for an asynchronous one or else a synchronous one. */
function iteratorOf(iterable) {
    if (iterable === undefined || iterable === null) {
        throw new TypeError("ReadableStream.from: the argument is not iterable");
    }
    const asynchronous = methodOf(iterable, SymbolAsyncIterator, "[Symbol.asyncIterator]");
    const method = asynchronous ?? methodOf(iterable, SymbolIterator, "[Symbol.iterator]");
    if (method === undefined) {
        throw new TypeError("ReadableStream.from: the argument is not iterable");
    }
    const iterator = ReflectApply(method, iterable, []);
    requireObject(iterator, "the iterator");
    return { __proto__: null, iterator, next: iterator.next, isSync: asynchronous === undefined };
}

function requireObject(value, what) {
    if (!isObject(value)) {
        throw new TypeError("ReadableStream.from: " + what + " is not an object");
    }
}

export function ReadableStreamFromIterable(iterable) {
    const { iterator, next, isSync } = iteratorOf(iterable);

    /** Calls a method of the iterator. The promise is of what the steps make of the result. */
    function invoke(method, argumentsList, steps, onRejected) {
        if (!isSync) {
            return transformPromise(promiseCall(() => ReflectApply(method, iterator, argumentsList)), (result) => {
                requireObject(result, "the iterator's result");
                return steps(result);
            });
        }
        // As %AsyncFromSyncIteratorPrototype% does it: the value is awaited.
        let done;
        let value;
        try {
            const result = ReflectApply(method, iterator, argumentsList);
            requireObject(result, "the iterator's result");
            done = !!result.done;
            value = result.value;
        } catch (error) {
            return promiseRejectedWith(error);
        }
        return transformPromise(
            promiseResolvedWith(value),
            (settled) => steps({ __proto__: null, done, value: settled }),
            (error) => {
                if (!done) {
                    onRejected();
                }
                throw error;
            },
        );
    }

    /** IteratorClose, whose own errors say less than the one that led here. */
    function closeIterator() {
        try {
            const close = methodOf(iterator, "return", "the iterator's return");
            if (close !== undefined) {
                ReflectApply(close, iterator, []);
            }
        } catch {
            // See above.
        }
    }

    const pullAlgorithm = () =>
        invoke(next, [], (result) => {
            if (result.done) {
                ReadableStreamDefaultControllerClose(stream.controller);
            } else {
                ReadableStreamDefaultControllerEnqueue(stream.controller, result.value);
            }
        }, closeIterator);

    function cancelAlgorithm(reason) {
        let close;
        try {
            close = methodOf(iterator, "return", "the iterator's return");
        } catch (error) {
            return promiseRejectedWith(error);
        }
        return close === undefined ? promiseResolvedWith(undefined) : invoke(close, [reason], noop, noop);
    }

    const stream = CreateReadableStream(noop, pullAlgorithm, cancelAlgorithm, 0);
    return stream;
}

const noop = () => {};
