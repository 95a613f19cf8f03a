setup({ allow_uncaught_exception: true });

const report = action => new Promise(resolve => {
  addEventListener('error', event => { event.preventDefault(); resolve(event); }, { once: true });
  action();
});
const error = new RangeError('mine');
const fail = () => { throw error; };

for (const [name, action] of Object.entries({
  reportError: () => reportError(error),
  queueMicrotask: () => queueMicrotask(fail),
  setTimeout: () => setTimeout(fail),
  dispatchEvent() {
    const target = new EventTarget();
    target.addEventListener('x', fail);
    assert_true(target.dispatchEvent(new Event('x')));
  },
})) {
  promise_test(async () => {
    const event = await report(action);
    assert_class_string(event, 'ErrorEvent');
    assert_equals(event.error, error);
    assert_true(event.message.includes('mine'), event.message);
    assert_true(event.cancelable && event.isTrusted);
    assert_greater_than(event.lineno, 0);
  }, `${name}: what nobody catches becomes an event`);
}

promise_test(async () => {
  const seen = [];
  globalThis.onerror = (...all) => { seen.push(all.length, all[4]); return true; };
  addEventListener('error', event => seen.push(event.defaultPrevented), { once: true });
  reportError('thrown');
  globalThis.onerror = null;
  assert_array_equals(seen, [5, 'thrown', true]);
}, 'onerror has five arguments, and true from it means handled');
