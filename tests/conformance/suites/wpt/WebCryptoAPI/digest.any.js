const empty = {
  'SHA-1': 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'SHA-256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'SHA-384': '38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b',
  'SHA-512': 'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
};
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

for (const [name, digest] of Object.entries(empty)) {
  promise_test(async () => {
    assert_equals(hex(await crypto.subtle.digest(name, new Uint8Array())), digest);
    assert_equals(hex(await crypto.subtle.digest({ name: name.toLowerCase() }, new ArrayBuffer())), digest);
  }, `${name} of nothing`);

  promise_test(async () => {
    const data = new Uint8Array([1, 2, 3]);
    const promise = crypto.subtle.digest(name, data);
    data.fill(0);
    assert_equals(hex(await promise), hex(await crypto.subtle.digest(name, new Uint8Array([1, 2, 3]))));
  }, `${name} of data that is changed after the call`);
}

promise_test((t) => promise_rejects_dom(t, 'NotSupportedError', crypto.subtle.digest('MD5', new Uint8Array())), 'MD5 is not supported');
promise_test((t) => promise_rejects_js(t, TypeError, crypto.subtle.digest({}, new Uint8Array())), 'An algorithm has a name');
promise_test((t) => promise_rejects_js(t, TypeError, crypto.subtle.digest('SHA-1', 'text')), 'Data is a buffer');
promise_test((t) => promise_rejects_js(t, TypeError, crypto.subtle.digest('SHA-1')), 'Data is not optional');
