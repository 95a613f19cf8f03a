// [pattern's arguments, input's arguments, groups of the path, or null for no match]
const cases = [
  [[{ pathname: '/foo/bar' }], [{ pathname: '/foo/bar/baz' }], null],
  [[{ pathname: '/foo/:bar' }], [{ pathname: '/foo/index.html' }], { bar: 'index.html' }],
  [[{ pathname: '/foo/*' }], [{ pathname: '/foo/' }], { 0: '' }],
  [[{ pathname: '/foo/:bar?' }], ['https://example.com/foo'], { bar: undefined }],
  [[{ pathname: '/foo/([^\\/]+?)' }], [{ pathname: '/foo/bar' }], { 0: 'bar' }],
  [[{ pathname: '/:name.html' }], [{ pathname: '/foo.html' }], { name: 'foo' }],
  [[{ pathname: '/(foo|bar)-baz' }], [{ pathname: '/bar-baz' }], { 0: 'bar' }],
  [[{ pathname: '/([[a-z]--[aeiou]]+)' }], [{ pathname: '/bcd' }], { 0: 'bcd' }],
  [[{ pathname: '/([[a-z]--[aeiou]]+)' }], [{ pathname: '/abc' }], null],
  [['https://*.example.com/:id'], ['https://a.example.com/1'], { id: '1' }],
  [['https://*.example.com/:id'], ['https://example.com/1'], null],
  [['../:b', 'https://example.com/a/'], ['https://example.com/x'], null],
  [['/:b', 'https://example.com/a/'], ['x', 'https://example.com/'], { b: 'x' }],
  [['/B', 'https://example.com', { ignoreCase: true }], ['https://example.com/b'], {}],
  [['data\\:foobar'], ['data:foobar'], {}],
  [[{ pathname: '/é' }], [{ pathname: '/%C3%A9' }], {}],
];

for (const [pattern, input, groups] of cases) {
  test(() => {
    const compiled = new URLPattern(...pattern);
    assert_equals(compiled.test(...input), groups !== null);
    const result = compiled.exec(...input);
    if (groups === null) {
      assert_equals(result, null);
    } else {
      assert_array_equals(Object.keys(result.pathname.groups), Object.keys(groups));
      for (const [name, value] of Object.entries(groups)) {
        assert_equals(result.pathname.groups[name], value);
      }
    }
  }, `${JSON.stringify(pattern)} of ${JSON.stringify(input)}`);
}
