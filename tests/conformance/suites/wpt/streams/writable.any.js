promise_test(async () => {
  const calls = [];
  const writer = new WritableStream({
    start: async () => void calls.push('start'),
    write: async chunk => void calls.push(chunk),
    close: async () => void calls.push('close'),
  }).getWriter();
  writer.write('a');
  writer.write('b');
  assert_array_equals(calls, ['start']);
  await writer.close();
  assert_array_equals(calls, ['start', 'a', 'b', 'close']);
}, 'the sink is called in order, one at a time');

promise_test(async t => {
  const error = new Error('write');
  const writer = new WritableStream({ write: () => Promise.reject(error) }).getWriter();
  const second = (writer.write(1).catch(() => {}), writer.write(2));
  const closing = writer.close();
  await promise_rejects_exactly(t, error, second);
  await promise_rejects_exactly(t, error, closing);
  await promise_rejects_exactly(t, error, writer.closed);
  await promise_rejects_exactly(t, error, writer.ready);
  await promise_rejects_exactly(t, error, writer.write(3));
}, 'a rejected write errors all that waits behind it');

promise_test(async t => {
  let controller;
  const stream = new WritableStream({ start: c => void (controller = c) });
  const writer = stream.getWriter();
  controller.error('told');
  controller.error('again');
  assert_equals(writer.desiredSize, null);
  await promise_rejects_exactly(t, 'told', writer.ready);
  await promise_rejects_exactly(t, 'told', writer.closed);
}, 'the first error of a controller counts');

promise_test(async t => {
  const stream = new WritableStream();
  const writer = stream.getWriter();
  assert_throws_js(TypeError, () => stream.getWriter());
  await promise_rejects_js(t, TypeError, stream.abort());
  await promise_rejects_js(t, TypeError, stream.close());
  writer.releaseLock();
  assert_throws_js(TypeError, () => writer.desiredSize);
  await promise_rejects_js(t, TypeError, writer.write());
  await promise_rejects_js(t, TypeError, writer.closed);
  await stream.close();
  await promise_rejects_js(t, TypeError, stream.close());
}, 'a stream belongs to its writer until that is released');

promise_test(async () => {
  const reasons = [];
  const stream = new WritableStream({ abort: reason => void reasons.push(reason) });
  const first = stream.abort('one');
  const second = stream.abort('two');
  await Promise.all([first, second]);
  await stream.abort('three');
  assert_array_equals(reasons, ['one']);
}, 'abort is called once');

test(() => {
  assert_throws_js(RangeError, () => new WritableStream({ type: 'bytes' }));
  assert_throws_js(TypeError, () => new WritableStream({ write: {} }));
  assert_throws_exactly('size', () => new WritableStream({}, { get size() { throw 'size'; } }));
}, 'sinks and strategies are checked');
