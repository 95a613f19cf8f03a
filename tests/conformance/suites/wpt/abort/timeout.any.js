promise_test(async () => {
  const signal = AbortSignal.timeout(5);
  assert_false(signal.aborted);
  const event = await new Promise(resolve => { signal.onabort = resolve; });
  assert_true(event.isTrusted);
  assert_true(signal.aborted);
  assert_true(signal.reason instanceof DOMException);
  assert_equals(signal.reason.name, 'TimeoutError');
}, 'a timeout aborts with a TimeoutError');

promise_test(async () => {
  const order = [];
  const ended = [5, 2, 8].map(ms => new Promise(resolve => {
    AbortSignal.timeout(ms).onabort = () => { order.push(ms); resolve(); };
  }));
  await Promise.all(ended);
  assert_array_equals(order, [2, 5, 8]);
}, 'timeouts end in the order of their times');

promise_test(async () => {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(1)]);
  await new Promise(resolve => { signal.onabort = resolve; });
  controller.abort('too late');
  assert_equals(signal.reason.name, 'TimeoutError');
}, 'a timeout can be one of several');

test(() => {
  for (const milliseconds of [-1, NaN, Infinity, 2 ** 53, 'x', {}]) {
    assert_throws_js(TypeError, () => AbortSignal.timeout(milliseconds), String(milliseconds));
  }
  assert_throws_js(TypeError, () => AbortSignal.timeout());
}, 'a timeout is a whole number of milliseconds');
