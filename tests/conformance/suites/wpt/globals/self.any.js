test(() => {
  assert_equals(self, globalThis);
  assert_equals(self.self, self);
}, 'self is the global object');

test(() => {
  assert_false(GLOBAL.isWindow());
  assert_false(GLOBAL.isWorker());
  assert_false(GLOBAL.isShadowRealm());
}, 'the realm is of no kind that a browser has');

test(() => {
  globalThis.leftBehind = true;
  Array.prototype.push = () => { throw new Error('patched'); };
  Promise.prototype.then = () => { throw new Error('patched'); };
}, 'a file may break its realm');
