promise_test(async () => {
  const view = new Uint16Array([0x6261, 0x6463]);
  const blob = new Blob(['x', view, view.buffer, new DataView(view.buffer, 1, 2), new Blob(['y']), 1, undefined]);
  view.fill(0);
  assert_equals(await blob.text(), 'xabcdabcdbcy1undefined');
  assert_equals(blob.size, 22);
}, 'parts of all types');

test(() => {
  for (const parts of [null, 1, 'a', {}, new Date()]) {
    assert_throws_js(TypeError, () => new Blob(parts));
  }
  for (const options of [1, 'a', true]) {
    assert_throws_js(TypeError, () => new Blob([], options));
  }
  assert_throws_js(TypeError, () => new Blob([], { endings: 'a' }));
  assert_throws_js(TypeError, () => Blob());
}, 'what is no blob');

promise_test(async () => {
  const blob = new Blob(['0123456789'], { type: 'a/b' });
  for (const [range, text] of [
    [[], '0123456789'], [[3], '3456789'], [[-3], '789'], [[2, 4], '23'], [[2, -2], '234567'], [[4, 2], ''],
    [[-Infinity, Infinity], '0123456789'], [[NaN, 2], '01'], [[0, undefined], '0123456789'], [[2 ** 63, 2 ** 64], ''],
    [[0.5, 2.5], '01'], [[1.5], '23456789'],
  ]) {
    assert_equals(await blob.slice(...range).text(), text, String(range));
  }
  assert_equals(blob.slice().type, '');
  assert_equals(blob.slice(0, 1, 'C/D').type, 'c/d');
  assert_equals(await blob.slice(2, 8).slice(1, -1).text(), '3456');
}, 'slices');

promise_test(async () => {
  const parts = ['a\r\nb\rc\n', '\r', '\n'];
  assert_equals(await new Blob(parts, { endings: 'native' }).text(), 'a\nb\nc\n\n\n');
  assert_equals(await new Blob(parts).text(), parts.join(''));
}, 'endings');

promise_test(async (t) => {
  const blob = new Blob(['abc']);
  const reader = blob.stream().getReader({ mode: 'byob' });
  assert_array_equals((await reader.read(new Uint8Array(8))).value, [97, 98, 99]);
  assert_true((await reader.read(new Uint8Array(8))).done);
  assert_array_equals(new Uint8Array(await blob.arrayBuffer()), [97, 98, 99]);
  assert_array_equals(await blob.bytes(), [97, 98, 99]);
  await promise_rejects_js(t, TypeError, Blob.prototype.text.call({}));
}, 'bytes');
