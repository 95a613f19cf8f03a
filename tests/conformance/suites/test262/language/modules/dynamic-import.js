/*---
description: A script imports a module, which is evaluated once
flags: [async]
includes: [asyncHelpers.js]
---*/
asyncTest(async function () {
  const first = await import('./counter_FIXTURE.js');
  const second = await import('./counter_FIXTURE.js');
  assert.sameValue(first, second);
  first.increment();
  assert.sameValue(second.count, 1);
  await assert.throwsAsync(SyntaxError, () => import('./broken_FIXTURE.js'));
});
