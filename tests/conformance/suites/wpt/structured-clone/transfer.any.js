test(() => {
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  const view = new Uint8Array(buffer, 2);
  view[0] = 7;
  const clone = structuredClone({ view, buffer }, { transfer: [buffer] });
  assert_true(buffer.detached);
  assert_equals(view.length, 0);
  assert_equals(clone.view.buffer, clone.buffer);
  assert_array_equals(clone.view, [7, 0, 0, 0, 0, 0]);
  clone.buffer.resize(16);
  assert_equals(clone.view.length, 14, 'it still follows its buffer');
}, 'a buffer that is transferred takes its views with it');

test(() => {
  const buffer = new ArrayBuffer(1);
  assert_throws_dom('DataCloneError', () => structuredClone(1, { transfer: [buffer, buffer] }));
  assert_throws_dom('DataCloneError', () => structuredClone(1, { transfer: [{}] }));
  assert_throws_dom('DataCloneError', () => structuredClone(() => {}, { transfer: [buffer] }));
  assert_throws_js(TypeError, () => structuredClone(1, { transfer: [1] }));
  assert_false(buffer.detached, 'what fails transfers nothing');
  structuredClone(1, { transfer: [buffer] });
  assert_true(buffer.detached);
  assert_throws_dom('DataCloneError', () => structuredClone(1, { transfer: [buffer] }));
  assert_throws_dom('DataCloneError', () => structuredClone(buffer));
}, 'what cannot be transferred');

test(() => {
  for (const value of [() => {}, Symbol(), Promise.resolve(), new WeakMap(), new Proxy({}, {}), new EventTarget(), globalThis]) {
    assert_throws_dom('DataCloneError', () => structuredClone(value));
    assert_throws_dom('DataCloneError', () => structuredClone({ nested: [value] }));
  }
  const thrown = new Error('mine');
  assert_throws_exactly(thrown, () => structuredClone({ get x() { throw thrown; } }));
}, 'what cannot be cloned');
