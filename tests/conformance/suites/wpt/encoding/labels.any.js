// [name, some of its labels]
const cases = [
  ['utf-8', 'unicode-1-1-utf-8', 'utf8', 'x-unicode20utf8'],
  ['ibm866', '866', 'csibm866'],
  ['iso-8859-2', 'latin2', 'l2'],
  ['iso-8859-8-i', 'csiso88598i', 'logical'],
  ['windows-1252', 'ascii', 'iso-8859-1', 'us-ascii', 'l1'],
  ['windows-1254', 'latin5', 'iso-8859-9'],
  ['gbk', 'chinese', 'gb2312', 'x-gbk'],
  ['gb18030', 'gb18030'],
  ['big5', 'big5-hkscs', 'cn-big5'],
  ['euc-jp', 'x-euc-jp'],
  ['iso-2022-jp', 'csiso2022jp'],
  ['shift_jis', 'ms932', 'windows-31j'],
  ['euc-kr', 'korean', 'windows-949'],
  ['utf-16be', 'unicodefffe'],
  ['utf-16le', 'utf-16', 'ucs-2', 'unicode'],
  ['x-user-defined', 'x-user-defined'],
];

for (const [name, ...labels] of cases) {
  for (const label of labels) {
    test(() => {
      for (const variant of [label, label.toUpperCase(), ` \t${label}\r\n\f`]) {
        assert_equals(new TextDecoder(variant).encoding, name);
      }
      for (const space of ['\0', '\v', '\u00a0', '\u2028']) {
        assert_throws_js(RangeError, () => new TextDecoder(space + label));
      }
    }, `${label} is a label of ${name}`);
  }
}

for (const label of ['', 'utf-7', 'utf-32le', 'replacement', 'hz-gb-2312', 'iso-2022-cn']) {
  test(() => {
    assert_throws_js(RangeError, () => new TextDecoder(label));
  }, `'${label}' is no label for a decoder`);
}
