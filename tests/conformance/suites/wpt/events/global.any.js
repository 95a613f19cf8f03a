test(() => {
  assert_true(globalThis instanceof EventTarget);
  assert_equals(Object.getPrototypeOf(globalThis), EventTarget.prototype);
  let seen;
  const listener = function (event) { seen = [this, event.target]; };
  addEventListener('x', listener);
  assert_true(dispatchEvent(new Event('x')));
  assert_array_equals(seen, [globalThis, globalThis]);
  removeEventListener.call(null, 'x', listener);
  seen = undefined;
  dispatchEvent(new Event('x'));
  assert_equals(seen, undefined);
}, 'the global object is a target, also without a receiver');

test(() => {
  for (const name of ['onerror', 'onunhandledrejection', 'onrejectionhandled']) {
    assert_own_property(globalThis, name);
    assert_equals(globalThis[name], null);
    const handler = {};
    globalThis[name] = handler;
    assert_equals(globalThis[name], handler, 'an object may be one that does nothing');
    globalThis[name] = 1;
    assert_equals(globalThis[name], null, 'what is no object counts as null');
  }
}, 'the global object has event handlers');

test(() => {
  let seen;
  globalThis.onrejectionhandled = event => { seen = event; return false; };
  const event = new Event('rejectionhandled', { cancelable: true });
  assert_false(dispatchEvent(event), 'false from a handler prevents the default');
  assert_equals(seen, event);
  globalThis.onrejectionhandled = null;
  assert_true(dispatchEvent(new Event('rejectionhandled', { cancelable: true })));
}, 'an event handler is a listener');
