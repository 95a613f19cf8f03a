test(() => {
  const target = new EventTarget();
  const order = [];
  const add = (name, options) => target.addEventListener('x', () => order.push(name), options);
  add('first');
  add('capture', { capture: true });
  add('once', { once: true });
  add('last', false);
  target.dispatchEvent(new Event('x'));
  target.dispatchEvent(new Event('x'));
  assert_array_equals(order, ['capture', 'first', 'once', 'last', 'capture', 'first', 'last']);
}, 'listeners run in their order, those that capture first');

test(() => {
  const target = new EventTarget();
  let calls = 0;
  const listener = () => calls++;
  target.addEventListener('x', listener);
  target.addEventListener('x', listener, { once: true, passive: true });
  target.addEventListener('x', listener, true);
  target.dispatchEvent(new Event('x'));
  assert_equals(calls, 2, 'only type, callback and capture tell listeners apart');
  target.removeEventListener('x', listener, { capture: true, once: true });
  target.dispatchEvent(new Event('x'));
  assert_equals(calls, 3);
}, 'a listener is there once');

test(() => {
  const target = new EventTarget();
  const order = [];
  const late = () => order.push('late');
  const removed = () => order.push('removed');
  target.addEventListener('x', () => {
    order.push('first');
    target.removeEventListener('x', removed);
    target.addEventListener('x', late);
  });
  target.addEventListener('x', removed);
  target.dispatchEvent(new Event('x'));
  assert_array_equals(order, ['first']);
  target.dispatchEvent(new Event('x'));
  assert_array_equals(order, ['first', 'first', 'late']);
}, 'a dispatch sees listeners that are removed meanwhile, and none that is added');

test(() => {
  const target = new EventTarget();
  const controller = new AbortController();
  let calls = 0;
  target.addEventListener('x', () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event('x'));
  controller.abort();
  target.dispatchEvent(new Event('x'));
  target.addEventListener('x', () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event('x'));
  assert_equals(calls, 1);
  for (const signal of [null, {}, 'signal', new EventTarget()]) {
    assert_throws_js(TypeError, () => target.addEventListener('x', () => {}, { signal }));
    assert_throws_js(TypeError, () => target.addEventListener('x', null, { signal }));
  }
}, 'a signal removes its listeners');

test(() => {
  const target = new EventTarget();
  const event = new Event('x', { cancelable: true });
  target.addEventListener('x', e => e.preventDefault(), { passive: true });
  assert_true(target.dispatchEvent(event));
  assert_false(event.defaultPrevented);
  target.addEventListener('x', e => { e.returnValue = false; });
  assert_false(target.dispatchEvent(event));
  assert_true(event.defaultPrevented);
}, 'a passive listener prevents nothing');

test(() => {
  const target = new EventTarget();
  const listener = { get handleEvent() { gets++; return event => { seen = event; }; } };
  let gets = 0;
  let seen;
  target.addEventListener('x', listener);
  assert_equals(gets, 0);
  const event = new Event('x');
  target.dispatchEvent(event);
  target.dispatchEvent(event);
  assert_equals(gets, 2, 'it is read at each call');
  assert_equals(seen, event);
}, 'an object can listen');
