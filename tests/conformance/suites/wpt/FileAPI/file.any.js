test(() => {
  const before = Date.now();
  const file = new File(['abc'], 'a/b', { type: 'T/U' });
  assert_true(file instanceof Blob);
  assert_equals(file.name, 'a/b');
  assert_equals(file.type, 't/u');
  assert_equals(file.size, 3);
  assert_true(file.lastModified >= before);
  assert_equals(String(file), '[object File]');
  assert_equals(File.length, 2);
}, 'a file has a name and a time');

for (const [given, expected] of [[5, 5], [1.9, 1], [-1.9, -1], [null, 0], [NaN, 0], [Infinity, 0], ['7', 7], [true, 1], [new Date(8), 8]]) {
  test(() => {
    assert_equals(new File([], '', { lastModified: given }).lastModified, expected);
  }, `lastModified is converted from ${format_value(given)}`);
}

test(() => {
  assert_throws_js(TypeError, () => new File());
  assert_throws_js(TypeError, () => new File([]));
  assert_throws_js(TypeError, () => new File('a', 'b'));
  assert_throws_js(TypeError, () => new File([], 'a', 1));
  assert_throws_js(TypeError, () => new File([], Symbol()));
}, 'what is no file');

promise_test(async () => {
  const file = structuredClone(new File(['abc'], 'name', { type: 'a/b', lastModified: 3 }));
  assert_true(file instanceof File);
  assert_equals(file.name, 'name');
  assert_equals(file.type, 'a/b');
  assert_equals(file.lastModified, 3);
  assert_equals(await file.text(), 'abc');
  const blob = structuredClone(new Blob(['d'], { type: 'e/f' }));
  assert_false(blob instanceof File);
  assert_equals(blob.type, 'e/f');
  assert_equals(await blob.text(), 'd');
}, 'files and blobs are cloned');
