/*---
description: Jobs run in the order in which their promises are settled, after the script
flags: [async]
includes: [compareArray.js]
---*/
var order = [];
Promise.resolve().then(() => order.push('job 1')).then(() => order.push('job 3'));
(async () => { order.push('start'); await null; order.push('job 2'); })();
order.push('script');

Promise.resolve().then(() => {}).then(() => {}).then(() => {
  assert.compareArray(order, ['start', 'script', 'job 1', 'job 2', 'job 3']);
}).then($DONE, $DONE);
