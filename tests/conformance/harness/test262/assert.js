// In place of test262's harness/assert.js.

function assert(mustBeTrue, message) {
    if (mustBeTrue !== true) {
        assert._fail('expected true, got ' + assert._toString(mustBeTrue), message);
    }
}

assert._fail = function (what, message) {
    throw new Test262Error(message === undefined ? what : message + ': ' + what);
};

assert._toString = function (value) {
    if (typeof value === 'string') {
        return '"' + value + '"';
    }
    if (value === 0 && 1 / value < 0) {
        return '-0';
    }
    try {
        return String(value);
    } catch (error) {
        return Object.prototype.toString.call(value);
    }
};

assert._isSameValue = function (a, b) {
    if (a === b) {
        return a !== 0 || 1 / a === 1 / b;
    }
    return a !== a && b !== b;
};

assert.sameValue = function (actual, expected, message) {
    if (!assert._isSameValue(actual, expected)) {
        assert._fail('expected ' + assert._toString(expected) + ', got ' + assert._toString(actual), message);
    }
};

assert.notSameValue = function (actual, unexpected, message) {
    if (assert._isSameValue(actual, unexpected)) {
        assert._fail('got ' + assert._toString(actual), message);
    }
};

assert.throws = function (expected, func, message) {
    if (typeof func !== 'function') {
        throw new Test262Error('assert.throws takes a constructor and a function');
    }
    try {
        func();
    } catch (thrown) {
        if (thrown === null || typeof thrown !== 'object') {
            assert._fail('expected ' + expected.name + ', and this was thrown: ' + assert._toString(thrown), message);
        } else if (thrown.constructor !== expected) {
            assert._fail('expected ' + expected.name + ', got ' + assert._toString(thrown), message);
        }
        return;
    }
    assert._fail('expected ' + expected.name + ', and nothing was thrown', message);
};
