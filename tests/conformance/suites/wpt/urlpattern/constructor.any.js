test(() => {
  const pattern = new URLPattern();
  for (const name of ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    assert_equals(pattern[name], '*');
  }
  assert_false(pattern.hasRegExpGroups);
  assert_class_string(pattern, 'URLPattern');
}, 'Without arguments a pattern matches every URL');

test(() => {
  const pattern = new URLPattern('/:a?b\\?c', 'https://user@example.com:443/x?y#z');
  assert_equals(pattern.protocol, 'https');
  assert_equals(pattern.username, '*');
  assert_equals(pattern.hostname, 'example.com');
  assert_equals(pattern.port, '');
  assert_equals(pattern.pathname, '/:a?b');
  assert_equals(pattern.search, 'c');
  assert_equals(pattern.hash, '*');
}, 'Components before the first that is given are those of the base URL');

test(() => {
  for (const port of ['80', '443', '8080']) {
    const expected = port === '443' ? '' : port;
    assert_equals(new URLPattern({ protocol: 'https', port }).port, expected);
  }
}, 'The default port of a protocol is left out');

const refused = [
  [new URL('https://a'), 'https://b'],
  ['a'],
  ['a', 'b'],
  [{ pathname: ':a:a' }],
  [{ pathname: '(?a)' }],
  [{ pathname: '((a))' }],
  [{ pathname: '{' }],
  [{ pathname: '([)' }],
  [{ port: '65536' }],
  [{ hostname: 'a%00b' }],
];

for (const given of refused) {
  test(() => {
    assert_throws_js(TypeError, () => new URLPattern(...given));
  }, `${JSON.stringify(given)} is no pattern`);
}
