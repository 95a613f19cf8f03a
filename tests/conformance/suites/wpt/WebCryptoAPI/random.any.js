test(() => {
  for (const type of [Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, BigUint64Array]) {
    const array = new type(64);
    assert_equals(crypto.getRandomValues(array), array);
    assert_greater_than(new Set(array).size, 8, type.name);
  }
}, 'getRandomValues fills an array of integers and gives it back');

test(() => {
  for (const array of [new Float32Array(1), new Float64Array(1), new DataView(new ArrayBuffer(8))]) {
    assert_throws_dom('TypeMismatchError', () => crypto.getRandomValues(array));
  }
  assert_throws_js(TypeError, () => crypto.getRandomValues([1]));
  assert_throws_js(TypeError, () => crypto.getRandomValues(new ArrayBuffer(1)));
}, 'getRandomValues takes nothing else');

test(() => {
  assert_equals(crypto.getRandomValues(new Uint8Array(65536)).length, 65536);
  let error;
  try {
    crypto.getRandomValues(new Uint8Array(65537));
  } catch (thrown) {
    error = thrown;
  }
  assert_equals(error.name, 'QuotaExceededError');
  assert_true(error instanceof DOMException);
}, 'getRandomValues gives at most 65536 bytes');

test(() => {
  const ids = new Set();
  for (let i = 0; i < 128; i++) {
    ids.add(crypto.randomUUID());
  }
  assert_equals(ids.size, 128);
  for (const id of ids) {
    assert_regexp_match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
}, 'randomUUID gives UUIDs of version 4');

test(() => {
  assert_throws_js(TypeError, () => new Crypto());
  assert_throws_js(TypeError, () => crypto.getRandomValues.call({}, new Uint8Array(1)));
  assert_throws_js(TypeError, () => crypto.randomUUID.call({}));
}, 'there is one Crypto');
