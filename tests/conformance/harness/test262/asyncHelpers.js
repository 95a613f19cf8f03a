// In place of test262's harness/asyncHelpers.js.

function asyncTest(testFunc) {
    if (typeof testFunc !== 'function') {
        $DONE(new Test262Error('asyncTest takes a function'));
        return;
    }
    try {
        testFunc().then(function () { $DONE(); }, function (error) { $DONE(error || new Test262Error(String(error))); });
    } catch (error) {
        $DONE(error);
    }
}

assert.throwsAsync = function (expected, func, message) {
    return new Promise(function (resolve, reject) {
        var fail = function (what) {
            reject(new Test262Error((message === undefined ? '' : message + ': ') + what));
        };
        var result;
        try {
            result = func();
        } catch (error) {
            return fail('expected a rejected promise, and it threw: ' + assert._toString(error));
        }
        if (result === null || typeof result !== 'object' || typeof result.then !== 'function') {
            return fail('expected a promise, got ' + assert._toString(result));
        }
        result.then(
            function () { fail('expected ' + expected.name + ', and the promise was fulfilled'); },
            function (error) {
                if (error === null || typeof error !== 'object' || error.constructor !== expected) {
                    fail('expected ' + expected.name + ', got ' + assert._toString(error));
                } else {
                    resolve();
                }
            }
        );
    });
};
