/*---
description: Functions of the realm have the attributes that the specification gives them
includes: [propertyHelper.js]
---*/
verifyPrimordialCallableProperty(Object, 'groupBy', 'groupBy', 2);
verifyPrimordialCallableProperty(Array.prototype, 'at', 'at', 1);
verifyPrimordialProperty(globalThis, 'NaN', { value: NaN, writable: false, enumerable: false, configurable: false });
verifyPrimordialProperty(globalThis, 'globalThis', { writable: true, enumerable: false, configurable: true });
assert.notSameValue(Object.getOwnPropertyDescriptor(Object, 'groupBy'), undefined, 'it is put back');
