async_test(t => {
  const order = [];
  queueMicrotask(() => order.push('microtask'));
  Promise.resolve().then(() => order.push('reaction'));
  (async () => { order.push('async'); await null; order.push('await'); })();
  order.push('script');
  Promise.resolve().then(() => {}).then(t.step_func_done(() => {
    assert_array_equals(order, ['async', 'script', 'microtask', 'reaction', 'await']);
  }));
}, 'jobs run in the order in which they were queued, after the script');

test(() => {
  assert_throws_js(TypeError, () => queueMicrotask());
  assert_throws_js(TypeError, () => queueMicrotask({}));
}, 'queueMicrotask takes a function and nothing else');
