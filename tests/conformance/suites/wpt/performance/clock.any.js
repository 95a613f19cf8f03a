promise_test(async () => {
  const before = performance.now();
  const event = new Event('x');
  await new Promise(resolve => setTimeout(resolve, 5));
  const after = performance.now();
  assert_greater_than_equal(after - before, 5);
  assert_between_inclusive(event.timeStamp, before, after);
}, 'timers and events go by the clock of performance');

test(() => {
  let last = performance.now();
  for (let i = 0; i < 10000; i++) {
    const next = performance.now();
    assert_greater_than_equal(next, last);
    last = next;
  }
}, 'it never goes back');

test(() => {
  assert_approx_equals(performance.timeOrigin + performance.now(), Date.now(), 1000);
  assert_object_equals(performance.toJSON(), { timeOrigin: performance.timeOrigin });
  assert_class_string(performance, 'Performance');
  assert_throws_js(TypeError, () => new Performance());
}, 'it counts from its time origin');
