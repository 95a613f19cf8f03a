/*---
description: An import is a view of the exporting module's binding, and a module that imports itself sees its own
flags: [module]
includes: [compareArray.js]
---*/
import { count, increment } from './counter_FIXTURE.js';
import * as self from './live-bindings.js';

assert.sameValue(count, 0);
increment();
assert.sameValue(count, 1);
assert.throws(TypeError, () => { count = 2; });

assert.throws(ReferenceError, () => self.later);
export const later = 'initialized';
assert.sameValue(self.later, 'initialized');
assert.compareArray(Object.keys(self), ['later']);
assert.sameValue(this, undefined);
