const sink = seen => new WritableStream({
  write: chunk => void seen.push(chunk),
  close: () => void seen.push('close'),
  abort: reason => void seen.push(`abort ${reason}`),
});

promise_test(async () => {
  const seen = [];
  await ReadableStream.from([1, 2, 3]).pipeTo(sink(seen));
  assert_array_equals(seen, [1, 2, 3, 'close']);
}, 'all chunks arrive, and then the end');

promise_test(async t => {
  const seen = [];
  const source = new ReadableStream({
    start(controller) {
      controller.enqueue(1);
      setTimeout(() => controller.error('late'), 0);
    },
  });
  await promise_rejects_exactly(t, 'late', source.pipeTo(sink(seen)));
  assert_array_equals(seen, [1, 'abort late']);
}, 'an error of the source aborts the destination after what was written');

promise_test(async t => {
  for (const [options, expected] of [[{}, ['cancel full']], [{ preventCancel: true }, []]]) {
    const seen = [];
    const source = new ReadableStream({ pull: c => c.enqueue(1), cancel: reason => void seen.push(`cancel ${reason}`) });
    const dest = new WritableStream({ start: c => c.error('full') });
    await promise_rejects_exactly(t, 'full', source.pipeTo(dest, options));
    assert_array_equals(seen, expected);
    assert_false(source.locked);
    assert_false(dest.locked);
  }
}, 'an error of the destination cancels the source unless that is prevented');

promise_test(async t => {
  const error = new Error('abort');
  const source = new ReadableStream({ start: c => c.error('first') });
  const dest = new WritableStream({ abort: () => Promise.reject(error) });
  await promise_rejects_exactly(t, error, source.pipeTo(dest));
}, 'an error while aborting is the one that is told');

promise_test(async t => {
  const order = [];
  const options = {
    get preventAbort() { order.push('preventAbort'); },
    get preventCancel() { order.push('preventCancel'); },
    get preventClose() { order.push('preventClose'); },
    get signal() { order.push('signal'); },
  };
  await ReadableStream.from([]).pipeTo(new WritableStream(), options);
  assert_array_equals(order, ['preventAbort', 'preventCancel', 'preventClose', 'signal']);
  for (const signal of [null, {}, 'signal', 1]) {
    const source = new ReadableStream();
    await promise_rejects_js(t, TypeError, source.pipeTo(new WritableStream(), { signal }));
    assert_false(source.locked);
  }
}, 'options are read in the order of their names, and checked before anything is locked');

promise_test(async () => {
  const upper = () => new TransformStream({ transform: (chunk, c) => c.enqueue(chunk.toUpperCase()) });
  const twice = () => new TransformStream({ transform: (chunk, c) => c.enqueue(chunk + chunk) });
  const seen = [];
  await ReadableStream.from(['a', 'b']).pipeThrough(upper()).pipeThrough(twice()).pipeTo(sink(seen));
  assert_array_equals(seen, ['AA', 'BB', 'close']);
}, 'chunks go through a chain of transforms');

test(() => {
  const stream = new ReadableStream();
  assert_throws_js(TypeError, () => stream.pipeThrough({ writable: new WritableStream() }));
  assert_throws_js(TypeError, () => stream.pipeThrough({ readable: new ReadableStream() }));
  assert_false(stream.locked);
  stream.getReader();
  assert_throws_js(TypeError, () => stream.pipeThrough(new TransformStream()));
}, 'pipeThrough takes a pair, and a stream that is not locked');
