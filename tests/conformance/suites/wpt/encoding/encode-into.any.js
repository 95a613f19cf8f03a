// [text, room, read, written]
const cases = [
  ['', 4, 0, 0],
  ['Hi', 1, 1, 1],
  ['\u{1d306}', 3, 0, 0],
  ['\u{1d306}', 4, 2, 4],
  ['\u{1d306}A', 3, 0, 0],
  ['\ud834A\udf06A¥Hi', 10, 5, 10],
  ['A\udf06', 4, 2, 4],
  ['¥¥', 4, 2, 4],
  ['\ud834', 2, 0, 0],
];

for (const [text, room, read, written] of cases) {
  test(() => {
    const memory = new Uint8Array(room + 2).fill(0x80);
    const into = memory.subarray(1, room + 1);
    const result = new TextEncoder().encodeInto(text, into);
    assert_object_equals(result, { read, written });
    assert_array_equals(into.subarray(0, written), new TextEncoder().encode(text.slice(0, read)));
    assert_array_equals(into.subarray(written), new Uint8Array(room - written).fill(0x80));
    assert_equals(memory[0] + memory.at(-1), 0x100);
  }, `${JSON.stringify(text)} into ${room} bytes`);
}

for (const other of [Int8Array, Uint8ClampedArray, Uint16Array, Float64Array, ArrayBuffer]) {
  test(() => {
    assert_throws_js(TypeError, () => new TextEncoder().encodeInto('', new other(8)));
  }, `${other.name} is no destination`);
}
