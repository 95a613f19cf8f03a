test(() => {
  const controllers = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any(controllers.map(controller => controller.signal));
  let events = 0;
  signal.onabort = event => { events++; assert_true(event.isTrusted); };
  controllers[1].abort('second');
  controllers[0].abort('first');
  assert_equals(signal.reason, 'second');
  assert_equals(events, 1);
}, 'a dependent signal takes the reason of the first that aborts');

test(() => {
  const source = new AbortController();
  const order = [];
  const one = AbortSignal.any([source.signal]);
  const two = AbortSignal.any([one]);
  for (const [name, signal] of Object.entries({ two, one, source: source.signal })) {
    signal.addEventListener('abort', () => order.push(name, one.aborted && two.aborted));
  }
  source.abort();
  assert_array_equals(order, ['source', true, 'one', true, 'two', true]);
  assert_equals(one.reason, source.signal.reason);
  assert_equals(two.reason, source.signal.reason);
}, 'all are aborted before an event tells of it, source before dependents');

test(() => {
  const aborted = AbortSignal.abort('done');
  let asked = 0;
  const signals = { *[Symbol.iterator]() { asked++; yield aborted; asked++; yield new AbortController().signal; asked++; } };
  assert_equals(AbortSignal.any(signals).reason, 'done');
  assert_equals(asked, 3, 'the sequence is read to its end first');
  assert_false(AbortSignal.any([]).aborted);
  assert_throws_js(TypeError, () => AbortSignal.any([{}]));
  assert_throws_js(TypeError, () => AbortSignal.any(aborted));
}, 'any takes a sequence of signals');
