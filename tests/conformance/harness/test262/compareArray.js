// In place of test262's harness/compareArray.js.

function compareArray(a, b) {
    if (b.length !== a.length) {
        return false;
    }
    for (var i = 0; i < a.length; i++) {
        if (!assert._isSameValue(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

compareArray.format = function (array) {
    return '[' + Array.prototype.map.call(array, assert._toString).join(', ') + ']';
};

assert.compareArray = function (actual, expected, message) {
    if (actual === null || typeof actual !== 'object') {
        assert._fail('expected an array, got ' + assert._toString(actual), message);
    }
    if (!compareArray(actual, expected)) {
        var what = 'expected ' + compareArray.format(expected) + ', got ' + compareArray.format(actual);
        assert._fail(what, message);
    }
};
