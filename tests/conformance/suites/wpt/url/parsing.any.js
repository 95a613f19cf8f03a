// [input, base, href]: no href where there is no URL.
const cases = [
  ['http://user:pass@foo:21/bar;par?b#c', null, 'http://user:pass@foo:21/bar;par?b#c'],
  ['http:foo.com', 'http://example.org/foo/bar', 'http://example.org/foo/foo.com'],
  ['\t   :foo.com   \n', 'http://example.org/foo/bar', 'http://example.org/foo/:foo.com'],
  ['http://f:b/c', null, null],
  ['http://f:00000000000080/c', null, 'http://f/c'],
  ['http://[1::2]:3:4', null, null],
  ['http://2001::1', null, null],
  ['///', 'http://example.org/', null],
  ['//x', 'file:///a', 'file://x/'],
  ['file:///C|/m/', null, 'file:///C:/m/'],
  ['http://0300.168.0xF0', null, 'http://192.168.0.240/'],
  ['http://1.2.3.4.5/', null, null],
  ['http://[0:1:0:1:0:1:0:1]', null, 'http://[0:1:0:1:0:1:0:1]/'],
  ['http://ho%73t/', null, 'http://host/'],
  ['http://％４１.com', null, null],
  ['http://日本語。com/', null, 'http://xn--wgv71a119e.com/'],
  ['non-special://[::1]/%zz', null, 'non-special://[::1]/%zz'],
  ['blob:https://example.com:443/', null, 'blob:https://example.com:443/'],
  ['data:text/plain,a b', null, 'data:text/plain,a b'],
  ['#x', 'data:text/plain,a', 'data:text/plain,a#x'],
  ['http://example.com/\ud800\u{10fffe}?\udfff', null, 'http://example.com/%EF%BF%BD%F4%8F%BF%BE?%EF%BF%BD'],
];

for (const [input, base, href] of cases) {
  test(() => {
    const given = base === null ? [input] : [input, base];
    assert_equals(URL.canParse(...given), href !== null);
    if (href === null) {
      assert_throws_js(TypeError, () => new URL(...given));
      assert_equals(URL.parse(...given), null);
    } else {
      const url = new URL(...given);
      assert_equals(url.href, href);
      assert_equals(new URL(url.href).href, href, 'what was serialized is parsed to the same');
      assert_equals(URL.parse(...given).href, href);
    }
  }, `Parsing ${JSON.stringify(input)} with base ${JSON.stringify(base)}`);
}

test(() => {
  assert_not_equals(URL.parse('https://a'), URL.parse('https://a'));
}, 'URL.parse() gives a new object each time');
