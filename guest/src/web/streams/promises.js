// Promises as the algorithms of the specification use them (Web IDL 3.2.24).
//
// To react to a promise looks up its `constructor`, and to resolve one with another its `then`. Guest code could
// replace both on `Promise.prototype`, so promises begin with a prototype that answers for itself, and get the
// ordinary one when they are published.

import {
    ObjectGetPrototypeOf,
    ObjectSetPrototypeOf,
    Promise,
    PromisePrototype,
    PromisePrototypeThen,
    PromiseReject,
    PromiseWithResolvers,
} from "web:primordials";

// Without a constructor a derived promise is a `%Promise%`.
const InternalPrototype = { __proto__: null, constructor: undefined, then: PromisePrototype.then };

const noop = () => {};

/** `{ promise, resolve, reject }`. Faster than a class of promises. */
function withResolvers() {
    const resolvers = PromiseWithResolvers(Promise);
    ObjectSetPrototypeOf(resolvers.promise, InternalPrototype);
    return resolvers;
}

/** "A new promise", with what settles it. */
export function newPromise() {
    const { promise, resolve, reject } = withResolvers();
    return { __proto__: null, promise, resolve, reject, pending: true };
}

/** A new promise whose rejection is nobody's business. */
export function newHandledPromise() {
    const deferred = newPromise();
    setPromiseIsHandled(deferred.promise);
    return deferred;
}

export function resolvePromise(deferred, value) {
    deferred.pending = false;
    deferred.resolve(value);
}

export function rejectPromise(deferred, reason) {
    deferred.pending = false;
    deferred.reject(reason);
}

export function promiseResolvedWith(value) {
    const { promise, resolve } = withResolvers();
    resolve(value);
    return promise;
}

export function promiseRejectedWith(reason) {
    const { promise, reject } = withResolvers();
    reject(reason);
    return promise;
}

/** Sets `[[PromiseIsHandled]]`. */
export function setPromiseIsHandled(promise) {
    PromisePrototypeThen(promise, undefined, noop);
}

/** Upon fulfillment and rejection: steps that do not throw. */
export function uponPromise(promise, onFulfilled, onRejected = noop) {
    PromisePrototypeThen(promise, onFulfilled, onRejected);
}

/** The result of reacting: what the steps give or throw. */
export function transformPromise(promise, onFulfilled, onRejected) {
    const { promise: result, resolve, reject } = withResolvers();
    const settle = (steps, otherwise) =>
        steps === undefined ? otherwise : (value) => {
            try {
                value = steps(value);
            } catch (error) {
                reject(error);
                return;
            }
            resolve(value);
        };
    PromisePrototypeThen(promise, settle(onFulfilled, resolve), settle(onRejected, reject));
    return result;
}

/** Runs steps in a microtask. */
export function queueMicrotask(steps) {
    PromisePrototypeThen(promiseResolvedWith(undefined), steps);
}

/** Calls what came from guest code, and gives the promise of its result. */
export function promiseCall(callback) {
    try {
        return promiseResolvedWith(callback());
    } catch (error) {
        return promiseRejectedWith(error);
    }
}

/** A promise as guest code may have it. */
export const publish = (promise) =>
    ObjectGetPrototypeOf(promise) === InternalPrototype ? ObjectSetPrototypeOf(promise, PromisePrototype) : promise;

/** What an operation that gives a promise does: it throws nothing. */
export function promiseOperation(steps) {
    try {
        return publish(steps());
    } catch (error) {
        return PromiseReject(error);
    }
}
