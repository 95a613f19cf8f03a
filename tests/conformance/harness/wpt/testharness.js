// A small stand-in for the testharness.js of web-platform-tests, for suites that bring
// none: the part of its API that tests without a document use.
// https://web-platform-tests.org/writing-tests/testharness-api.html
(function (global) {
'use strict';

const Status = { PASS: 0, FAIL: 1, TIMEOUT: 2, NOTRUN: 3, PRECONDITION_FAILED: 4 };
const HarnessStatus = { OK: 0, ERROR: 1, TIMEOUT: 2, PRECONDITION_FAILED: 3 };

const callbacks = { start: [], state: [], result: [], completion: [] };
const tests = [];
const harness = { ...HarnessStatus, status: null, message: null, stack: null };
const properties = {};
let pending = 0;
let isLoaded = false;
let isStarted = false;
let isComplete = false;
let waitsForDone = false;
let singleTest = null;
/** Promise tests run one after the other, each when the one before is done. */
let queue = Promise.resolve();

const expose = (name, value) => {
    Object.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
};
const call = (list, ...values) => list.forEach(callback => callback(...values));

function completeIfDone() {
    if (isComplete || !isLoaded || waitsForDone || pending > 0 || tests.length === 0) return;
    isComplete = true;
    harness.status ??= HarnessStatus.OK;
    const names = new Set();
    for (const { name } of tests) {
        if (names.has(name)) {
            harness.status = HarnessStatus.ERROR;
            harness.message = `there are two tests with the name ${format_value(name)}`;
        }
        names.add(name);
    }
    call(callbacks.completion, tests, harness, []);
}

/** One test: a part of a file with a result of its own. */
class Test {
    constructor(name, options) {
        this.name = name ?? defaultName();
        this.properties = options ?? {};
        this.status = Status.NOTRUN;
        this.message = null;
        this.stack = null;
        this.isDone = false;
        this.cleanups = [];
        Object.assign(this, Status);
        if (isComplete) return;
        if (!isStarted) {
            isStarted = true;
            call(callbacks.start, properties);
        }
        pending++;
        tests.push(this);
        call(callbacks.state, this);
    }

    step(func, thisArgument, ...values) {
        if (this.isDone) return undefined;
        try {
            return func.apply(thisArgument ?? this, values);
        } catch (error) {
            this.fail(error);
            return undefined;
        }
    }

    step_func(func, thisArgument) {
        return (...values) => this.step(func, thisArgument, ...values);
    }

    step_func_done(func, thisArgument) {
        return (...values) => {
            if (func !== undefined) this.step(func, thisArgument, ...values);
            this.done();
        };
    }

    unreached_func(description) {
        return this.step_func(() => assert_unreached(description));
    }

    step_timeout(func, delay, ...values) {
        return later(this.step_func(() => func.apply(this, values)), delay);
    }

    step_wait_func(condition, func, description, limit = 3000, interval = 100) {
        let left = Math.ceil(limit / interval);
        const look = this.step_func(() => {
            if (condition()) {
                func();
            } else {
                assert_true(left-- > 0, description ?? 'the condition must come true in time');
                later(look, interval);
            }
        });
        look();
    }

    step_wait_func_done(condition, func, ...rest) {
        this.step_wait_func(condition, () => { func?.(); this.done(); }, ...rest);
    }

    step_wait(condition, ...rest) {
        return new Promise(resolve => this.step_wait_func(condition, resolve, ...rest));
    }

    add_cleanup(func) {
        this.cleanups.push(func);
    }

    force_timeout() {
        this.end(Status.TIMEOUT, 'the test forced a timeout', null);
        this.done();
    }

    fail(error) {
        const isOptional = error instanceof OptionalFeatureUnsupportedError;
        this.end(isOptional ? Status.PRECONDITION_FAILED : Status.FAIL, describe(error), error?.stack ?? null);
        this.done();
    }

    end(status, message, stack) {
        if (this.status === Status.NOTRUN) Object.assign(this, { status, message, stack });
    }

    done() {
        if (this.isDone) return;
        this.isDone = true;
        this.end(Status.PASS, null, null);
        this.cleanUp();
    }

    cleanUp() {
        const waits = [];
        for (const cleanup of this.cleanups) {
            try {
                const result = cleanup();
                if (typeof result?.then === 'function') waits.push(result);
            } catch (error) {
                this.cleanupFailed(error);
            }
        }
        if (waits.length === 0) return void this.report();
        return Promise.all(waits).catch(error => this.cleanupFailed(error)).then(() => this.report());
    }

    cleanupFailed(error) {
        harness.status = HarnessStatus.ERROR;
        harness.message = `a cleanup of the test ${format_value(this.name)} failed: ${describe(error)}`;
    }

    report() {
        // Also the next promise test starts from here.
        this.resolveReported?.();
        if (isComplete) return;
        call(callbacks.result, this);
        pending--;
        completeIfDone();
    }
}

function describe(error) {
    if (error instanceof AssertionError) return error.message;
    if (typeof error === 'object' && error !== null && 'message' in error) return `${error.name}: ${error.message}`;
    return `${format_value(error)} was thrown`;
}

let unnamed = 0;
function defaultName() {
    const title = global.META_TITLE ?? global.location?.pathname.replace(/^.*\//, '') ?? 'Untitled';
    return unnamed++ === 0 ? title : `${title} ${unnamed - 1}`;
}

/** A timer, where the realm has timers. */
function later(func, delay) {
    if (typeof global.setTimeout !== 'function') throw new Error('this realm has no setTimeout');
    return global.setTimeout(func, delay);
}

function test(func, name, options) {
    const made = new Test(name, options);
    const result = made.step(func, made, made);
    if (result !== undefined && typeof result?.then === 'function') {
        harness.status = HarnessStatus.ERROR;
        harness.message = `the test ${format_value(made.name)} returned a promise; use promise_test`;
    }
    made.done();
}

function async_test(func, name, options) {
    const isNamed = typeof func !== 'function';
    const made = isNamed ? new Test(func, name) : new Test(name, options);
    if (!isNamed) made.step(func, made, made);
    return made;
}

function promise_test(func, name, options) {
    const made = new Test(typeof func === 'function' ? name : func, options);
    queue = queue.then(() => new Promise(resolve => {
        made.resolveReported = resolve;
        const result = made.step(func, made, made);
        if (made.isDone) return;
        if (typeof result?.then !== 'function') {
            made.fail(new AssertionError(`promise_test: the function must return a promise, got ${format_value(result)}`));
            return;
        }
        Promise.resolve(result).then(() => made.done(), error => made.fail(error));
    }));
}

function promise_setup(func, options) {
    setup(options ?? {});
    waitsForDone = true;
    queue = queue.then(func).then(
        () => { waitsForDone = Boolean(properties.explicit_done); },
        error => {
            harness.status = HarnessStatus.ERROR;
            harness.message = describe(error);
            waitsForDone = false;
        },
    ).then(completeIfDone);
}

function setup(func, options) {
    const isCalled = typeof func === 'function';
    Object.assign(properties, (isCalled ? options : func) ?? {});
    if (properties.explicit_done) waitsForDone = true;
    if (properties.single_test && singleTest === null) singleTest = async_test();
    if (isCalled) func();
}

function done() {
    waitsForDone = false;
    singleTest?.done();
    completeIfDone();
}

/** @deprecated but used by older tests */
function generate_tests(func, groups, options) {
    groups.forEach(([name, ...values]) => test(() => func(...values), name, options));
}

class AssertionError extends Error {
    get name() { return 'AssertionError'; }
}
class OptionalFeatureUnsupportedError extends AssertionError {}

function step_timeout(func, delay, ...values) {
    return later(() => func(...values), delay);
}

const exposed = {
    test, async_test, promise_test, promise_setup, setup, done, generate_tests, step_timeout,
    AssertionError, OptionalFeatureUnsupportedError,
    add_start_callback(callback) { callbacks.start.push(callback); },
    add_test_state_callback(callback) { callbacks.state.push(callback); },
    add_result_callback(callback) { callbacks.result.push(callback); },
    add_completion_callback(callback) { callbacks.completion.push(callback); },
};
for (const name in exposed) expose(name, exposed[name]);

// All scripts of a shell are loaded in one job.
Promise.resolve().then(() => {
    isLoaded = true;
    completeIfDone();
});
})(globalThis);
