test(() => {
  const target = new EventTarget();
  const event = new Event('x', { bubbles: true });
  let during;
  target.addEventListener('x', e => {
    during = [e.target, e.srcElement, e.currentTarget, e.eventPhase, e.composedPath()[0], e.isTrusted];
    assert_throws_dom('InvalidStateError', () => target.dispatchEvent(e));
    e.initEvent('y');
  });
  target.dispatchEvent(event);
  assert_array_equals(during, [target, target, target, Event.AT_TARGET, target, false]);
  assert_array_equals([event.type, event.target, event.currentTarget, event.eventPhase], ['x', target, null, 0]);
  assert_array_equals(event.composedPath(), []);
}, 'an event knows where it is');

test(() => {
  const target = new EventTarget();
  const order = [];
  target.addEventListener('x', e => { order.push('capture'); e.stopPropagation(); }, true);
  target.addEventListener('x', () => order.push('also'), true);
  target.addEventListener('x', () => order.push('never'));
  target.dispatchEvent(new Event('x'));
  target.addEventListener('y', e => { order.push('y'); e.stopImmediatePropagation(); });
  target.addEventListener('y', () => order.push('never'));
  target.dispatchEvent(new Event('y'));
  assert_array_equals(order, ['capture', 'also', 'y']);
}, 'propagation can be stopped');

test(() => {
  const event = new Event('x');
  const { get } = Object.getOwnPropertyDescriptor(event, 'isTrusted');
  assert_equals(get, Object.getOwnPropertyDescriptor(new CustomEvent('y'), 'isTrusted').get);
  assert_false('isTrusted' in Event.prototype);
  assert_throws_js(TypeError, () => Object.defineProperty(event, 'isTrusted', { value: true }));
  assert_throws_js(TypeError, () => get.call({}));
}, 'isTrusted cannot be forged');

test(() => {
  for (const value of [undefined, null, 1, 'x', {}, () => {}, Object.create(Event.prototype)]) {
    assert_throws_js(TypeError, () => new EventTarget().dispatchEvent(value));
  }
  assert_throws_js(TypeError, () => EventTarget.prototype.dispatchEvent.call({}, new Event('x')));
  assert_throws_js(TypeError, () => Event.prototype.preventDefault.call(Object.create(Event.prototype)));
}, 'only events are dispatched, and by targets');

test(() => {
  class Door extends EventTarget {
    #open = false;
    open() { this.#open = true; this.dispatchEvent(new Opened(this)); return this.#open; }
  }
  class Opened extends CustomEvent {
    constructor(door) { super('opened', { detail: door }); }
  }
  const door = new Door();
  let seen;
  door.addEventListener('opened', function (event) { seen = [this, event.detail, event instanceof Opened]; });
  assert_true(door.open());
  assert_array_equals(seen, [door, door, true]);
}, 'classes can extend them');
