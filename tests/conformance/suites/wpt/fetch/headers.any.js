test(() => {
  const headers = new Headers({ 'Content-Type': 'text/html', 'X-A': ' a\t' });
  assert_equals(headers.get('content-type'), 'text/html');
  assert_equals(headers.get('x-a'), 'a');
  headers.append('x-a', 'b');
  assert_equals(headers.get('X-A'), 'a, b');
  headers.set('X-A', 'c');
  assert_equals(headers.get('x-a'), 'c');
  headers.delete('x-A');
  assert_false(headers.has('x-a'));
  assert_equals(headers.get('x-a'), null);
}, 'names mean the same in any case');

test(() => {
  const headers = new Headers([['b', '2'], ['a', '1'], ['Set-Cookie', 'x'], ['set-cookie', 'y'], ['a', '3']]);
  assert_array_equals([...headers].map(String), ['a,1, 3', 'b,2', 'set-cookie,x', 'set-cookie,y']);
  assert_array_equals(headers.getSetCookie(), ['x', 'y']);
}, 'iteration is by name, combines values and leaves cookies apart');

test(() => {
  const headers = new Headers([['a', '1'], ['c', '3']]);
  const iterator = headers.keys();
  assert_equals(iterator.next().value, 'a');
  headers.append('b', '2');
  assert_equals(iterator.next().value, 'b');
  headers.delete('c');
  assert_true(iterator.next().done);
}, 'iteration is live');

for (const name of ['', 'a b', 'a:', 'é', '"', '\n']) {
  test(() => {
    for (const method of ['get', 'has', 'delete']) {
      assert_throws_js(TypeError, () => new Headers()[method](name), method);
    }
    assert_throws_js(TypeError, () => new Headers().set(name, ''));
    assert_throws_js(TypeError, () => new Headers([[name, '']]));
    assert_throws_js(TypeError, () => new Headers({ [name]: '' }));
  }, `${JSON.stringify(name)} is not the name of a header`);
}

for (const value of ['a\nb', 'a\rb', 'a\0', 'Ā']) {
  test(() => {
    assert_throws_js(TypeError, () => new Headers().append('a', value));
    assert_throws_js(TypeError, () => new Headers({ a: value }));
  }, `${JSON.stringify(value)} is not the value of a header`);
}

for (const init of [null, 1, 'a', [['a']], [['a', 'b', 'c']], ['ab'], [null], { get a() { throw new TypeError(); } }]) {
  test(() => {
    assert_throws_js(TypeError, () => new Headers(init));
  }, `${format_value(init)} are no headers`);
}

test(() => {
  const log = [];
  const record = new Proxy({ b: '1', a: '2' }, {
    ownKeys: (target) => (log.push('ownKeys'), Reflect.ownKeys(target)),
    getOwnPropertyDescriptor: (target, key) => (log.push(`own ${key}`), Reflect.getOwnPropertyDescriptor(target, key)),
    get: (target, key) => (log.push(`get ${String(key)}`), target[key]),
  });
  new Headers(record);
  assert_array_equals(log, ['get Symbol(Symbol.iterator)', 'ownKeys', 'own b', 'get b', 'own a', 'get a']);
}, 'a record is converted in the order of Web IDL');
