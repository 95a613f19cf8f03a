// [encoding, bytes, text]
const cases = [
  ['utf-8', [0xff], '\ufffd'],
  ['utf-8', [0xc0, 0x80], '\ufffd\ufffd'],
  ['utf-8', [0xe2, 0x82, 0x41], '\ufffdA'],
  ['utf-8', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  ['utf-8', [0xf4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
  ['utf-16le', [0x00], '\ufffd'],
  ['utf-16le', [0x00, 0xdc, 0x00, 0xd8], '\ufffd\ufffd'],
  ['utf-16be', [0xd8, 0x00, 0x00, 0x41], '\ufffdA'],
  ['windows-1253', [0xaa], '\ufffd'],
  ['gbk', [0x81, 0x20], '\ufffd '],
  ['big5', [0x81, 0x40], '\ufffd@'],
  ['euc-jp', [0x8f, 0xa1], '\ufffd'],
];

for (const [encoding, bytes, text] of cases) {
  test(() => {
    const input = new Uint8Array(bytes);
    assert_equals(new TextDecoder(encoding).decode(input), text);
    assert_throws_js(TypeError, () => new TextDecoder(encoding, { fatal: true }).decode(input));
  }, `${encoding}: ${bytes.map((byte) => byte.toString(16)).join(' ')}`);
}
