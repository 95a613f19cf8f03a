/*---
description: Strict code cannot make global variables by assigning to them
flags: [onlyStrict]
---*/
assert.throws(ReferenceError, function () { undeclared = 1; });
assert.throws(TypeError, function () { Object.freeze([1])[0] = 2; });
assert.throws(TypeError, function () { delete Object.prototype; });
