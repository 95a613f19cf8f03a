test(() => {
  assert_equals(typeof leftBehind, 'undefined');
  assert_array_equals([1].concat([2]), [1, 2]);
  [].push(1);
}, 'what another file did to its realm is not seen');

promise_test(async () => {
  assert_equals(await Promise.resolve(1).then(n => n + 1), 2);
}, 'and promises are as they were');
