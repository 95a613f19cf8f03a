const string = '\x00aB\x80\xFF\u0100\u1000\uFFFD\uD800\uDC00\uDBFF\uDFFF';
const units = Array.from({ length: string.length }, (_, at) => string.charCodeAt(at));
const octets = {
  'utf-8': Array.from(new TextEncoder().encode(string)),
  'utf-16le': units.flatMap((unit) => [unit & 255, unit >> 8]),
  'utf-16be': units.flatMap((unit) => [unit >> 8, unit & 255]),
};

for (const [encoding, bytes] of Object.entries(octets)) {
  for (let size = 1; size <= 5; size++) {
    test(() => {
      const decoder = new TextDecoder(encoding);
      let text = '';
      for (let at = 0; at < bytes.length; at += size) {
        text += decoder.decode(new Uint8Array(bytes.slice(at, at + size)), { stream: true });
      }
      assert_equals(text + decoder.decode(), string);
    }, `${encoding} in pieces of ${size} bytes`);
  }
}

test(() => {
  const decoder = new TextDecoder();
  assert_equals(decoder.decode(new Uint8Array([0xf0, 0x9f, 0x92]), { stream: true }), '');
  assert_equals(decoder.decode(new Uint8Array([0xa9])), '\u{1f4a9}');
  assert_equals(decoder.decode(new Uint8Array([0xf0, 0x41]), { stream: true }), '\ufffdA');
  assert_equals(decoder.decode(new Uint8Array([0xe2]), { stream: true }), '');
  assert_equals(decoder.decode(), '\ufffd');
}, 'A character is given when its last byte is there');

test(() => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  decoder.decode(new Uint8Array([0xe2]), { stream: true });
  assert_throws_js(TypeError, () => decoder.decode());
  assert_equals(decoder.decode(new Uint8Array([0x61])), 'a');
}, 'A fatal decoder begins anew after the end of a stream that it did not take');
