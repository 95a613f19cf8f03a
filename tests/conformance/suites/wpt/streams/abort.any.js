promise_test(async t => {
  const signal = AbortSignal.abort();
  const calls = [];
  const source = new ReadableStream({ pull: () => void calls.push('pull'), cancel: reason => void calls.push(reason) }, { highWaterMark: 0 });
  const dest = new WritableStream({ write: () => void calls.push('write'), abort: reason => void calls.push(reason) });
  await promise_rejects_dom(t, 'AbortError', source.pipeTo(dest, { signal }));
  assert_array_equals(calls, [signal.reason, signal.reason]);
}, 'a pipe with an aborted signal moves nothing');

promise_test(async t => {
  for (const [options, expected] of [[{}, ['abort', 'cancel']], [{ preventAbort: true }, ['cancel']], [{ preventCancel: true }, ['abort']]]) {
    const controller = new AbortController();
    const calls = [];
    const source = new ReadableStream({ cancel: () => void calls.push('cancel') });
    const dest = new WritableStream({ abort: () => void calls.push('abort') });
    const piped = source.pipeTo(dest, { ...options, signal: controller.signal });
    controller.abort('why');
    await promise_rejects_exactly(t, 'why', piped);
    assert_array_equals(calls, expected);
    assert_false(source.locked || dest.locked);
  }
}, 'an abort ends both sides unless that is prevented');

promise_test(async () => {
  const controller = new AbortController();
  const source = ReadableStream.from([1]);
  const seen = [];
  await source.pipeTo(new WritableStream({ write: c => void seen.push(c), abort: () => void seen.push('abort') }), { signal: controller.signal });
  controller.abort();
  assert_array_equals(seen, [1]);
}, 'an abort after the end does nothing');

promise_test(async () => {
  let signal;
  const events = [];
  const stream = new WritableStream({
    start(controller) {
      signal = controller.signal;
      assert_equals(controller.signal, signal);
      signal.onabort = () => events.push(signal.reason);
    },
    write: () => new Promise(resolve => signal.addEventListener('abort', resolve)),
  });
  assert_false(signal.aborted);
  const writer = stream.getWriter();
  const written = writer.write('waits');
  await null;
  const aborted = writer.abort('enough');
  assert_array_equals(events, ['enough']);
  await Promise.all([written, aborted]);
}, 'the signal of a sink\'s controller ends what it waits for');

promise_test(async () => {
  let controller;
  const stream = new WritableStream({ start: c => void (controller = c) });
  await stream.abort();
  assert_true(controller.signal.aborted);
  assert_equals(controller.signal.reason.name, 'AbortError');
}, 'a signal that is asked for late is aborted');
