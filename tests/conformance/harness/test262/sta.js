// In place of test262's harness/sta.js.

function Test262Error(message) {
    this.message = message || '';
}

Test262Error.prototype.toString = function () {
    return 'Test262Error: ' + this.message;
};

Test262Error.thrower = function (message) {
    throw new Test262Error(message);
};

function $DONOTEVALUATE() {
    throw 'Test262: a statement was evaluated that must not even be compiled';
}
