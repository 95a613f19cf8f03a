const never = new Promise(() => {});

promise_test(async () => {
  assert_array_equals(await Promise.all([1, Promise.resolve(2), { then: resolve => resolve(3) }]), [1, 2, 3]);
}, 'Promise.all keeps the order of its input and takes thenables');

promise_test(async t => {
  await promise_rejects_js(t, RangeError, Promise.all([never, Promise.reject(new RangeError())]));
}, 'Promise.all rejects with the first rejection and waits for nothing else');

promise_test(async () => {
  assert_object_equals(await Promise.allSettled([1, Promise.reject('no')]), [
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: 'no' },
  ]);
}, 'Promise.allSettled tells how each one ended');

promise_test(async t => {
  assert_equals(await Promise.any([Promise.reject(1), 2]), 2);
  const error = await Promise.any([Promise.reject(1), Promise.reject(2)]).then(t.unreached_func(), error => error);
  assert_class_string(error, 'Error');
  assert_array_equals(error.errors, [1, 2]);
}, 'Promise.any gives the first value, or all reasons');

promise_test(async () => {
  assert_equals(await Promise.race([never, Promise.resolve(1), Promise.resolve(2)]), 1);
}, 'Promise.race gives what is settled first');
