/*---
esid: sec-array.prototype.sort
description: Elements that compare equal keep their order, and undefined and holes come last
includes: [compareArray.js]
---*/
var pairs = [];
for (var i = 0; i < 600; i++) pairs.push({ key: i % 7, at: i });
pairs.sort((a, b) => a.key - b.key);
for (i = 1; i < pairs.length; i++) {
  var [before, after] = [pairs[i - 1], pairs[i]];
  assert(before.key < after.key || (before.key === after.key && before.at < after.at), 'at ' + i);
}
var holes = [3, undefined, , 1];
holes.sort();
assert.compareArray(holes.slice(0, 3), [1, 3, undefined]);
assert.sameValue(3 in holes, false);
