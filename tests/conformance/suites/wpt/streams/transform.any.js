promise_test(async () => {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  assert_equals(writer.desiredSize, 1);
  let written = false;
  writer.write('a').then(() => (written = true));
  assert_equals(writer.desiredSize, 0);
  for (let i = 0; i < 10; i++) {
    await null;
  }
  assert_false(written);
  assert_equals((await readable.getReader().read()).value, 'a');
  await writer.ready;
  assert_true(written);
}, 'a write waits until somebody reads');

promise_test(async () => {
  const calls = [];
  const transformer = {
    start() { calls.push(['start', this === transformer]); },
    transform() { calls.push(['transform', this === transformer]); },
    flush() { calls.push(['flush', this === transformer]); },
  };
  const { readable, writable } = new TransformStream(transformer);
  const writer = writable.getWriter();
  readable.getReader().read();
  writer.write(1);
  await writer.close();
  assert_equals(calls.join(' '), 'start,true transform,true flush,true');
}, 'methods of the transformer have it as their receiver');

promise_test(async t => {
  const error = new Error('flush');
  const { readable, writable } = new TransformStream({ flush: () => Promise.reject(error) });
  const reader = readable.getReader();
  const closed = promise_rejects_exactly(t, error, reader.closed);
  await promise_rejects_exactly(t, error, writable.close());
  await closed;
}, 'a rejected flush errors both sides');

promise_test(async t => {
  let controller;
  const { readable, writable } = new TransformStream({ start: c => void (controller = c) }, undefined, { highWaterMark: 1 });
  controller.enqueue('last');
  controller.terminate();
  assert_throws_js(TypeError, () => controller.enqueue('late'));
  const reader = readable.getReader();
  assert_equals((await reader.read()).value, 'last');
  assert_true((await reader.read()).done);
  await promise_rejects_js(t, TypeError, writable.getWriter().closed);
}, 'a terminated stream gives what it has, and takes no more');

promise_test(async t => {
  const { readable, writable } = new TransformStream({ cancel: () => { throw 'cancel'; } });
  await promise_rejects_exactly(t, 'cancel', readable.cancel('why'));
  await promise_rejects_exactly(t, 'cancel', writable.getWriter().closed);
}, 'an error of cancel reaches the writer');

test(() => {
  assert_throws_js(RangeError, () => new TransformStream({ readableType: 'bytes' }));
  assert_throws_js(RangeError, () => new TransformStream({ writableType: 'bytes' }));
  assert_throws_js(TypeError, () => new TransformStream({ transform: 1 }));
  assert_throws_js(TypeError, () => new TransformStream(null));
}, 'transformers are checked');
