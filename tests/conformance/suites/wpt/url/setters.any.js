// [href, attribute, value, href after it]
const cases = [
  ['https://example.net:8080', 'protocol', 'http:://a', 'http://example.net:8080/'],
  ['https://example.net', 'protocol', 'h\u0000ttp', 'https://example.net/'],
  ['file://localhost/', 'protocol', 'http', 'file:///'],
  ['javascript:alert(1)', 'username', 'wario', 'javascript:alert(1)'],
  ['http://example.net', 'username', '%c3%89té', 'http://%c3%89t%C3%A9@example.net/'],
  ['http://u@example.net', 'password', '@', 'http://u:%40@example.net/'],
  ['http://example.net', 'host', '0x7F000001:8080', 'http://127.0.0.1:8080/'],
  ['http://example.net', 'host', 'a:65536', 'http://a/'],
  ['http://example.net', 'host', '[::1', 'http://example.net/'],
  ['sc://x/y', 'hostname', '%zz', 'sc://%zz/y'],
  ['file:///a', 'hostname', 'localhost', 'file:///a'],
  ['http://example.net:8080', 'port', '', 'http://example.net/'],
  ['http://example.net:8080', 'port', '9000e1', 'http://example.net:9000/'],
  ['http://example.net', 'port', '\t8\n0\r8', 'http://example.net:808/'],
  ['https://example.net#a', 'pathname', '\\a\\%2E\\b', 'https://example.net/a/b#a'],
  ['file:///some/path', 'pathname', '', 'file:///'],
  ['foo://somehost/some/path', 'pathname', '', 'foo://somehost'],
  ['https://example.net?a#b', 'search', '??', 'https://example.net/??#b'],
  ['a:/', 'search', "'", "a:/?'"],
  ['http://example.net', 'search', "'", 'http://example.net/?%27'],
  ['https://example.net', 'hash', '#', 'https://example.net/#'],
  ['a:x', 'hash', '`"<>', 'a:x#%60%22%3C%3E'],
];

for (const [href, attribute, value, expected] of cases) {
  test(() => {
    const url = new URL(href);
    url[attribute] = value;
    assert_equals(url.href, expected);
    const origin = new URL(expected).origin;
    assert_equals(url.origin, origin);
  }, `Setting ${attribute} of ${href} to ${JSON.stringify(value)}`);
}

test(() => {
  const url = new URL('https://a/?b');
  assert_throws_js(TypeError, () => { url.href = 'c'; });
  assert_equals(url.href, 'https://a/?b');
}, 'An href that is no URL changes nothing');
