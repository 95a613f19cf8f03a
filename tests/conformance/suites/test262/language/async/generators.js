/*---
description: An async generator that is left early runs its finally blocks, and is then done
flags: [async]
includes: [asyncHelpers.js, compareArray.js]
---*/
asyncTest(async function () {
  const seen = [];
  async function* numbers() {
    try {
      yield 1;
      yield 2;
    } finally {
      await null;
      seen.push('finally');
    }
  }
  const generator = numbers();
  for await (const n of generator) {
    seen.push(n);
    break;
  }
  assert.compareArray(seen, [1, 'finally']);
  const { done, value } = await generator.next();
  assert.sameValue(done, true);
  assert.sameValue(value, undefined);
});
