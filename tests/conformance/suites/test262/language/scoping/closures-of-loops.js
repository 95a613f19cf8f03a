/*---
description: Each round of a for statement has its own copy of the loop's lexical bindings
includes: [compareArray.js]
---*/
var closures = [];
for (let i = 0; i < 3; closures.push(() => i), i++);
assert.compareArray(closures.map(f => f()), [1, 2, 3]);

closures = [];
for (let i = 0; i < 3; i++) closures.push(() => i);
assert.compareArray(closures.map(f => f()), [0, 1, 2]);
