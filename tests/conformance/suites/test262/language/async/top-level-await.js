/*---
description: A module waits for what it awaits at its top level
flags: [module, async]
---*/
const value = await Promise.resolve(1);
assert.sameValue(value, 1);
$DONE();
