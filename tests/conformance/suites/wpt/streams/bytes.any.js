promise_test(async () => {
  const reader = new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: 16,
    pull({ byobRequest }) {
      assert_equals(byobRequest.view.byteLength, 16);
      byobRequest.view[0] = 7;
      byobRequest.respond(2);
    },
  }).getReader();
  const { value } = await reader.read();
  assert_array_equals(value, [7, 0]);
  assert_equals(value.buffer.byteLength, 16);
}, 'a default reader has buffers allocated where the source asks for it');

promise_test(async () => {
  const stream = new ReadableStream({
    type: 'bytes',
    start(controller) {
      controller.enqueue(new Uint8Array([1, 2, 3]));
      controller.enqueue(new Uint8Array([4, 5]));
      controller.close();
    },
  });
  const reader = stream.getReader({ mode: 'byob' });
  const first = await reader.read(new Uint8Array(4));
  assert_array_equals(first.value, [1, 2, 3, 4]);
  const second = await reader.read(new Uint8Array(first.value.buffer));
  assert_array_equals(second.value, [5]);
  const end = await reader.read(new Uint8Array(second.value.buffer));
  assert_true(end.done);
  assert_equals(end.value.byteLength, 0);
}, 'chunks are joined and cut as the views of the reader are');

promise_test(async t => {
  const chunk = new Uint8Array([1, 2, 3]);
  let controller;
  const stream = new ReadableStream({ type: 'bytes', start: c => void (controller = c) });
  controller.enqueue(chunk);
  assert_equals(chunk.byteLength, 0);
  assert_throws_js(TypeError, () => controller.enqueue(chunk));
  assert_throws_js(TypeError, () => controller.enqueue(new Uint8Array(0)));
  assert_throws_js(TypeError, () => controller.enqueue('text'));
  const reader = stream.getReader({ mode: 'byob' });
  await promise_rejects_js(t, TypeError, reader.read(chunk));
}, 'a chunk is taken from who enqueues it');

promise_test(async t => {
  let controller;
  const stream = new ReadableStream({ type: 'bytes', start: c => void (controller = c) });
  const reader = stream.getReader({ mode: 'byob' });
  const read = reader.read(new Uint16Array(2));
  controller.enqueue(new Uint8Array([1]));
  assert_throws_js(TypeError, () => controller.close());
  await promise_rejects_js(t, TypeError, read);
}, 'a stream that ends in the middle of an element is errored');

promise_test(async () => {
  let controller;
  const stream = new ReadableStream({ type: 'bytes', start: c => void (controller = c) });
  const [one, two] = stream.tee();
  const into = one.getReader({ mode: 'byob' }).read(new Uint8Array(2));
  const plain = two.getReader().read();
  await null;
  controller.enqueue(new Uint8Array([1, 2]));
  const [a, b] = await Promise.all([into, plain]);
  assert_array_equals(a.value, [1, 2]);
  assert_array_equals(b.value, [1, 2]);
  assert_not_equals(a.value.buffer, b.value.buffer);
}, 'branches of a stream of bytes share no buffer');

promise_test(async () => {
  let controller;
  const stream = new ReadableStream({ type: 'bytes', start: c => void (controller = c) });
  const first = stream.getReader({ mode: 'byob' });
  const read = first.read(new Uint8Array(4)).catch(error => error.constructor);
  const { byobRequest } = controller;
  first.releaseLock();
  assert_equals(await read, TypeError);
  const second = stream.getReader();
  byobRequest.view.set([8, 9]);
  byobRequest.respond(2);
  assert_array_equals((await second.read()).value, [8, 9]);
}, 'what is answered to a reader that is gone is the next one\'s');
