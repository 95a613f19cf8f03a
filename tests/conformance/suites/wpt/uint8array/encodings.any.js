// META: script=/common/subset-tests.js
// META: variant=?1-2
// META: variant=?3-last
const texts = { '': '', 'AA==': '00', '+/8=': 'fbff', 'SGk=': '4869' };

for (const [base64, hex] of Object.entries(texts)) {
  subsetTest(test, () => {
    const bytes = Uint8Array.fromHex(hex);
    assert_equals(bytes.toHex(), hex);
    assert_equals(bytes.toBase64(), base64);
    assert_array_equals(Uint8Array.fromBase64(base64), bytes);
  }, `${JSON.stringify(base64)} is ${JSON.stringify(hex)}`);
}
