const chunksOf = async stream => {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return chunks;
};

promise_test(async () => {
  let pulls = 0;
  const stream = new ReadableStream({ pull: () => void pulls++ });
  await null;
  assert_equals(pulls, 1);
  const reader = stream.getReader();
  reader.read();
  reader.read();
  await null;
  assert_equals(pulls, 2);
}, 'pull is not called again before it has enqueued what was asked for');

promise_test(async t => {
  const error = new Error('start');
  const reader = new ReadableStream({ start: () => Promise.reject(error) }).getReader();
  await promise_rejects_exactly(t, error, reader.closed);
  await promise_rejects_exactly(t, error, reader.read());
}, 'a rejected start errors the stream');

promise_test(async () => {
  const order = [];
  const reader = new ReadableStream({
    start(controller) {
      controller.enqueue('a');
      controller.close();
    },
  }).getReader();
  const done = [
    reader.closed.then(() => order.push('closed')),
    reader.read().then(({ value }) => order.push(value)),
    reader.read().then(({ done }) => order.push(done)),
  ];
  await Promise.all(done);
  assert_array_equals(order, ['closed', 'a', true]);
}, 'a stream closes before who reads it empty has the last chunk');

promise_test(async t => {
  const error = new Error('cancel');
  const stream = new ReadableStream({ cancel: () => Promise.reject(error) });
  const reader = stream.getReader();
  await promise_rejects_exactly(t, error, reader.cancel());
  await reader.closed;
  assert_true((await reader.read()).done);
}, 'a rejected cancel is told to who cancels, and the stream is closed');

promise_test(async t => {
  const stream = ReadableStream.from(['a', 'b', 'c']);
  const [one, two] = stream.tee();
  await promise_rejects_js(t, TypeError, stream.cancel());
  assert_array_equals(await chunksOf(one), ['a', 'b', 'c']);
  const [three, four] = two.tee();
  assert_array_equals(await chunksOf(three), await chunksOf(four));
}, 'branches of branches have all chunks');

promise_test(async t => {
  const error = new Error('branch');
  let controller;
  const [one, two] = new ReadableStream({ start: c => void (controller = c) }).tee();
  const read = one.getReader().read();
  controller.error(error);
  await promise_rejects_exactly(t, error, read);
  await promise_rejects_exactly(t, error, two.getReader().closed);
}, 'an error reaches both branches');

promise_test(async t => {
  const iterator = new ReadableStream({
    start(controller) {
      controller.enqueue(1);
      controller.error('end');
    },
  }).values();
  await promise_rejects_exactly(t, 'end', iterator.next());
  assert_object_equals(await iterator.next(), { value: undefined, done: true });
  assert_object_equals(await iterator.return('r'), { value: 'r', done: true });
}, 'an iterator is at its end after an error');

promise_test(async () => {
  assert_array_equals(await chunksOf(ReadableStream.from((async function* () { yield* [1, 2]; })())), [1, 2]);
}, 'a stream comes from a generator');

test(() => {
  let controller;
  new ReadableStream({ start: c => void (controller = c) }, { highWaterMark: 3, size: chunk => chunk.length });
  controller.enqueue('ab');
  assert_equals(controller.desiredSize, 1);
  controller.enqueue('cdef');
  assert_equals(controller.desiredSize, -3);
  controller.close();
  assert_throws_js(TypeError, () => controller.enqueue('g'));
  assert_throws_js(TypeError, () => controller.close());
}, 'sizes are what the strategy says, and a closing stream takes no chunk');
