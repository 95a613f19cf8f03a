test(() => {
  const shared = { n: 1 };
  const value = { shared, list: [shared, , shared], map: new Map([[shared, new Set([shared])]]) };
  value.self = value;
  value.map.set('map', value.map);
  const clone = structuredClone(value);
  assert_not_equals(clone, value);
  assert_equals(clone.self, clone);
  assert_equals(clone.list[0], clone.shared);
  assert_equals(clone.list[2], clone.shared);
  assert_false(1 in clone.list);
  assert_true(clone.map.get(clone.shared).has(clone.shared));
  assert_equals(clone.map.get('map'), clone.map);
}, 'identity and cycles are kept');

test(() => {
  const order = [];
  const value = {
    get a() { order.push('a'); delete this.c; this.d = 1; return 'a'; },
    get b() { order.push('b'); return 'b'; },
    c: 1,
    [Symbol('s')]: 1,
  };
  Object.defineProperty(value, 'hidden', { value: 1, enumerable: false });
  const clone = structuredClone(value);
  assert_object_equals(clone, { a: 'a', b: 'b' });
  assert_array_equals(order, ['a', 'b']);
  assert_equals(Object.getOwnPropertyDescriptor(clone, 'a').value, 'a');
}, 'own enumerable properties are read once, in their order');

test(() => {
  class Point { constructor() { this.x = 1; } get y() { return 2; } }
  const clone = structuredClone(new Point());
  assert_equals(Object.getPrototypeOf(clone), Object.prototype);
  assert_object_equals(clone, { x: 1 });
  for (const value of [new Date(NaN), /a/giu, Object(1n), Object('s'), new Map(), new Set()]) {
    value.own = 1;
    const copy = structuredClone(value);
    assert_equals(Object.getPrototypeOf(copy), Object.getPrototypeOf(value));
    assert_false('own' in copy);
  }
}, 'classes of the language are kept, and others are not');

test(() => {
  const error = new RangeError('far', { cause: { deep: [1] } });
  const clone = structuredClone(error);
  assert_equals(Object.getPrototypeOf(clone), RangeError.prototype);
  assert_equals(clone.message, 'far');
  error.name = 'Mine';
  assert_equals(Object.getPrototypeOf(structuredClone(error)), Error.prototype);
  const exception = structuredClone(new DOMException('m', 'AbortError'));
  assert_true(exception instanceof DOMException);
  assert_equals(exception.code, DOMException.ABORT_ERR);
}, 'errors are cloned by their names');
