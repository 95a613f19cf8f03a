const log = [];

promise_test(async t => {
  t.add_cleanup(async () => { log.push('first'); });
  t.add_cleanup(async () => { await null; log.push('second'); });
  log.push('test');
}, 'a test that leaves something behind');

promise_test(async () => {
  assert_array_equals(log, ['test', 'first', 'second']);
}, 'is cleaned up before the next one starts');
