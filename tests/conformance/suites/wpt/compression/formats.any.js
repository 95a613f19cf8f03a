const expected = 'expected output';
const deflated = [75, 173, 40, 72, 77, 46, 73, 77, 81, 200, 47, 45, 41, 40, 45, 1, 0];
const inputs = {
  'deflate': [120, 156, ...deflated, 48, 173, 6, 36],
  'deflate-raw': deflated,
  'gzip': [31, 139, 8, 0, 0, 0, 0, 0, 0, 255, ...deflated, 176, 1, 57, 179, 15, 0, 0, 0],
};

const textOf = async (format, ...chunks) => {
  const source = ReadableStream.from(chunks.map(bytes => new Uint8Array(bytes)));
  let text = '';
  for await (const chunk of source.pipeThrough(new DecompressionStream(format))) {
    assert_true(chunk instanceof Uint8Array);
    text += String.fromCharCode(...chunk);
  }
  return text;
};

for (const [format, bytes] of Object.entries(inputs)) {
  promise_test(async () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert_equals(await textOf(format, bytes.slice(0, cut), [], bytes.slice(cut)), expected, `cut at ${cut}`);
    }
  }, `${format}: input may be cut anywhere`);

  promise_test(async t => {
    for (let length = 0; length < bytes.length; length++) {
      await promise_rejects_js(t, TypeError, textOf(format, bytes.slice(0, length)), `${length} bytes`);
    }
  }, `${format}: input that ends early is an error`);

  promise_test(async t => {
    await promise_rejects_js(t, TypeError, textOf(format, [...bytes, 0]));
    await promise_rejects_js(t, TypeError, textOf(format, bytes, [0]));
  }, `${format}: input after the end is an error`);

  promise_test(async () => {
    const { readable, writable } = new CompressionStream(format);
    const writer = writable.getWriter();
    const data = new Uint8Array(100000).map((_, i) => i >> 8);
    writer.write(data);
    writer.write(data.buffer);
    writer.close();
    let length = 0;
    let packed = 0;
    const counted = new TransformStream({ transform: (chunk, c) => { packed += chunk.length; c.enqueue(chunk); } });
    for await (const chunk of readable.pipeThrough(counted).pipeThrough(new DecompressionStream(format))) {
      for (const byte of chunk) {
        assert_equals(byte, data[length++ % data.length]);
      }
    }
    assert_equals(length, 2 * data.length);
    assert_less_than(packed, 10000);
  }, `${format}: what is compressed comes back`);
}

for (const [what, index] of Object.entries({ 'a checksum': -6, 'a length': -2, 'a method': 2, 'a magic number': 0 })) {
  promise_test(async t => {
    const bytes = inputs.gzip.with(index, 7);
    await promise_rejects_js(t, TypeError, textOf('gzip', bytes));
  }, `gzip: ${what} that is wrong is an error`);
}
