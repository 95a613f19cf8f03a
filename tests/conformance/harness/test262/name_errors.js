// An exception leaves the sandbox with its `name`, and tests ask for the constructor's.
Object.defineProperty(Test262Error.prototype, 'name', {
    value: 'Test262Error',
    writable: true,
    enumerable: false,
    configurable: true,
});
