/*---
description: A view of a detached buffer has no elements, and reading them is no error
features: [TypedArray]
---*/
var view = new Uint8Array([1, 2, 3]);
$262.detachArrayBuffer(view.buffer);
assert.sameValue(view.length, 0);
assert.sameValue(view[0], undefined);
assert.throws(TypeError, function () { view.fill(0); });
