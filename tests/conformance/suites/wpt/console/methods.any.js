const methods = ['log', 'info', 'debug', 'warn', 'error', 'trace', 'assert'];

for (const method of methods) {
  test(() => {
    assert_equals(typeof console[method], 'function');
    assert_equals(console[method]('text', 1), undefined);
  }, `console.${method} takes values and gives nothing`);

  test(() => {
    const { [method]: detached } = console;
    assert_equals(detached('text'), undefined);
  }, `console.${method} needs no receiver`);
}

test(() => {
  const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, 'console');
  assert_true(writable && configurable);
  assert_false(enumerable);
}, 'the namespace object is a property of the global object that is not enumerable');
