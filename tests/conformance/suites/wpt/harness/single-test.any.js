// META: title=a file that is one test is done when it says so
setup({ single_test: true });

Promise.resolve().then(() => {
  assert_equals(location.pathname, '/harness/single-test.any.js');
  done();
});
