test(() => {
  const bytes = new Uint8Array([0, 1, 255, 256, -1, 1.9]);
  assert_array_equals(bytes, [0, 1, 255, 0, 255, 1]);
}, 'elements are taken modulo 256');

test(() => {
  const bytes = new Uint8Array(8);
  const view = bytes.subarray(2, 4);
  view.fill(7);
  assert_array_equals(bytes, [0, 0, 7, 7, 0, 0, 0, 0]);
  assert_equals(view.buffer, bytes.buffer);
  assert_equals(bytes.slice(2, 4).buffer === bytes.buffer, false);
}, 'a subarray shares its bytes and a slice does not');

test(() => {
  assert_throws_js(RangeError, () => new Uint8Array(-1));
  assert_throws_js(RangeError, () => new Uint8Array(new ArrayBuffer(4), 5));
  assert_throws_js(TypeError, () => Uint8Array(1));
}, 'lengths and offsets out of range are refused');

test(() => {
  const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
  const bytes = new Uint8Array(buffer);
  buffer.resize(8);
  assert_equals(bytes.length, 8);
  const moved = buffer.transfer();
  assert_true(buffer.detached);
  assert_equals(bytes.length, 0);
  assert_equals(moved.byteLength, 8);
}, 'a view follows its buffer');
