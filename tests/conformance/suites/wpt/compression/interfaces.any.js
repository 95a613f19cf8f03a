for (const constructor of [CompressionStream, DecompressionStream]) {
  const { name, prototype } = constructor;

  test(() => {
    assert_equals(constructor.length, 1);
    assert_equals(prototype[Symbol.toStringTag], name);
    assert_array_equals(Object.keys(prototype).sort(), ['readable', 'writable']);
    assert_equals(Object.getOwnPropertyDescriptor(prototype, 'readable').set, undefined);
  }, `the shape of ${name}`);

  test(() => {
    for (const format of ['gzip', 'deflate', 'deflate-raw']) {
      const pair = new constructor(format);
      assert_true(pair.readable instanceof ReadableStream);
      assert_true(pair.writable instanceof WritableStream);
      assert_equals(pair.readable, pair.readable);
    }
    assert_throws_js(TypeError, () => new constructor());
    assert_throws_js(TypeError, () => new constructor('Gzip'));
    assert_throws_js(TypeError, () => new constructor('brotli-11'));
    assert_throws_exactly('format', () => new constructor({ toString() { throw 'format'; } }));
    assert_throws_js(TypeError, () => constructor('gzip'));
  }, `${name} takes the names of formats`);

  for (const [what, chunk] of Object.entries({ undefined, null: null, number: 3, text: 'text', object: {}, array: [1, 2] })) {
    promise_test(async t => {
      const { readable, writable } = new constructor('gzip');
      const reader = readable.getReader();
      const writer = writable.getWriter();
      const read = promise_rejects_js(t, TypeError, reader.read());
      await promise_rejects_js(t, TypeError, writer.write(chunk));
      await read;
      await promise_rejects_js(t, TypeError, writer.closed);
    }, `${name} refuses a chunk that is no buffer: ${what}`);
  }
}
