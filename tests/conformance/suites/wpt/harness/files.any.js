// META: script=resources/first.js
// META: script=/harness/resources/second.js
test(() => {
  assert_array_equals(loaded, ['first', 'second']);
  assert_equals(together, 'first and second');
}, 'scripts are loaded in order and share their scope with the test');

promise_test(async () => {
  assert_object_equals(await fetch_json('resources/data.json'), { list: [1, 'two'] });
  assert_object_equals(await fetch_json('/harness/resources/data.json'), { list: [1, 'two'] });
}, 'files are read relative to the test and to the top');

promise_test(async t => {
  await promise_rejects_js(t, TypeError, fetch_json('resources/none.json'));
  await promise_rejects_js(t, TypeError, fetch_json('../../../../../../etc/hostname'));
}, 'what is not in the folder is not read');
