setup({ allow_uncaught_exception: true });

const next = type => new Promise(resolve => {
  addEventListener(type, event => { event.preventDefault(); resolve(event); }, { once: true });
});

promise_test(async () => {
  const told = next('unhandledrejection');
  const promise = Promise.reject('reason');
  const event = await told;
  assert_class_string(event, 'PromiseRejectionEvent');
  assert_equals(event.promise, promise);
  assert_equals(event.reason, 'reason');
  assert_true(event.cancelable);

  const late = next('rejectionhandled');
  promise.catch(() => {});
  const handled = await late;
  assert_equals(handled.promise, promise);
  assert_equals(handled.reason, 'reason');
  assert_false(handled.cancelable);
}, 'a rejection is told of, and that it was handled late');

promise_test(async t => {
  const unexpected = t.unreached_func('it was handled in time');
  addEventListener('unhandledrejection', unexpected);
  const promise = Promise.reject('reason');
  await null;
  queueMicrotask(() => promise.catch(() => {}));
  await new Promise(resolve => t.step_timeout(resolve, 1));
  removeEventListener('unhandledrejection', unexpected);
}, 'a rejection that is handled in the same turn is not told of');

promise_test(async t => {
  const unexpected = t.unreached_func('it was handled while it was told of');
  addEventListener('rejectionhandled', unexpected);
  addEventListener('unhandledrejection', event => event.promise.catch(() => {}), { once: true });
  Promise.reject('reason');
  await new Promise(resolve => t.step_timeout(resolve, 1));
  removeEventListener('rejectionhandled', unexpected);
}, 'a listener that handles a rejection is not told that it was late');
