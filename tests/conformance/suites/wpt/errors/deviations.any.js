// Where the engine is known to differ from the language, so that it shows when it no longer does.
'use strict';

test(() => {
  const count = n => (n === 0 ? 0 : count(n - 1));
  assert_equals(count(1e6), 0);
}, 'a tail call needs no stack');

test(() => {
  const count = n => 1 + count(n);
  assert_throws_js(RangeError, () => count(1));
}, 'endless recursion is a RangeError');
