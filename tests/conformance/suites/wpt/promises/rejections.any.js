promise_test(async t => {
  const reason = { own: true };
  await promise_rejects_exactly(t, reason, Promise.reject(reason));
  await promise_rejects_exactly(t, undefined, (async () => { throw undefined; })());
}, 'the reason of a rejection is what was thrown, whatever it is');

promise_test(async t => {
  const self = new Promise(resolve => queueMicrotask(() => resolve(self)));
  await promise_rejects_js(t, TypeError, self);
}, 'a promise cannot be resolved with itself');

promise_test(async () => {
  const rejected = Promise.reject(new Error('handled later'));
  await null;
  await null;
  assert_equals(await rejected.catch(error => error.message), 'handled later');
}, 'a rejection may be handled some jobs later');

promise_test(async () => {
  const { promise, resolve, reject } = Promise.withResolvers();
  resolve(1);
  reject(new Error('too late'));
  assert_equals(await promise, 1);
}, 'the first call decides');
