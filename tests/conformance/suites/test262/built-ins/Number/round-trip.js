/*---
esid: sec-number-tostring
description: A number's text is the shortest that reads back as the same number
---*/
[5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1e21, 123456789012345680000, 2 ** 53 + 2, -1 / 3].forEach(function (n) {
  assert.sameValue(Number(String(n)), n);
});
assert.sameValue(String(0.1 + 0.2), '0.30000000000000004');
assert.sameValue(String(1e21), '1e+21');
assert.sameValue(String(-0), '0');
assert.sameValue(Number('-0'), -0);
