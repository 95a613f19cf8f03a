/*---
description: A function that is called without a receiver gets the global object as its this
flags: [noStrict]
---*/
assert.sameValue((function () { return this; })(), globalThis);
assert.sameValue((function () { 'use strict'; return this; })(), undefined);
assert.sameValue(typeof (function () { return this; }).call(1), 'object');
