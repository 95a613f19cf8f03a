/*---
description: Errors carry their cause, and an AggregateError its errors, as properties that are not enumerable
includes: [propertyHelper.js, compareArray.js]
---*/
var cause = { reason: 1 };
verifyProperty(new RangeError('text', { cause }), 'cause', { value: cause, writable: true, enumerable: false, configurable: true });
assert.sameValue('cause' in new Error('text', {}), false);
assert.compareArray(new AggregateError([1, 2], 'text').errors, [1, 2]);
assert.sameValue(Object.getPrototypeOf(AggregateError), Error);
