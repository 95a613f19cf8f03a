test(() => {
  const params = new URLSearchParams('a=1&a=2&b');
  assert_equals(params.size, 3);
  assert_array_equals(params.getAll('a'), ['1', '2']);
  params.set('a', '3');
  assert_equals(String(params), 'a=3&b=');
  params.append('c', '\u0000');
  assert_equals(String(params), 'a=3&b=&c=%00');
  params.delete('a', '4');
  assert_true(params.has('a'));
  params.delete('a', '3');
  assert_false(params.has('a'));
  assert_equals(params.get('a'), null);
}, 'Pairs are read, set, appended and deleted');

test(() => {
  const own = new URLSearchParams('x=1');
  own[Symbol.iterator] = function* () { yield ['y', '2']; };
  assert_equals(String(new URLSearchParams(own)), 'y=2');
}, 'The constructor asks an object for its iterator, whatever the object is');

test(() => {
  assert_throws_js(TypeError, () => new URLSearchParams([[1]]));
  assert_throws_js(TypeError, () => new URLSearchParams([[1, 2, 3]]));
  assert_throws_js(TypeError, () => new URLSearchParams([1]));
  assert_throws_js(TypeError, () => URLSearchParams());
}, 'The constructor throws for what is no list of pairs');

test(() => {
  const params = new URLSearchParams('z=b&a=b&z=a&a=a');
  params.sort();
  assert_array_equals([...params].map((pair) => pair.join('')), ['ab', 'aa', 'zb', 'za']);
}, 'Sorting is stable');

test(() => {
  const url = new URL('http://a.b/c?a=1&b=2&c=3#d');
  const seen = [];
  for (const [name] of url.searchParams) {
    seen.push(name);
    url.searchParams.delete(name);
  }
  assert_array_equals(seen, ['a', 'c']);
  assert_equals(url.href, 'http://a.b/c?b=2#d');
}, 'Iteration goes on by index while pairs are deleted');

test(() => {
  const url = new URL('http://a.b/?x=y%20z');
  const params = url.searchParams;
  assert_equals(url.searchParams, params);
  params.append('q', '');
  assert_equals(url.search, '?x=y+z&q=');
  url.search = '';
  assert_equals(params.size, 0);
  params.delete('none');
  assert_equals(url.href, 'http://a.b/');
}, 'A URL and its searchParams follow one another');

promise_test(async () => {
  const params = new URLSearchParams({ a: 'b' });
  await null;
  const iterator = params.values();
  assert_equals(Object.prototype.toString.call(iterator), '[object URLSearchParams Iterator]');
  assert_object_equals(iterator.next(), { value: 'b', done: false });
  assert_object_equals(iterator.next(), { value: undefined, done: true });
}, 'Iterators are those of Web IDL');
