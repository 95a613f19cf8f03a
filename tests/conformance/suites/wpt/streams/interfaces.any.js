const classes = {
  ReadableStream: { length: 0, members: ['cancel', 'getReader', 'locked', 'pipeThrough', 'pipeTo', 'tee', 'values'] },
  ReadableStreamDefaultReader: { length: 1, members: ['cancel', 'closed', 'read', 'releaseLock'] },
  ReadableStreamBYOBReader: { length: 1, members: ['cancel', 'closed', 'read', 'releaseLock'] },
  ReadableStreamDefaultController: { length: 0, members: ['close', 'desiredSize', 'enqueue', 'error'] },
  ReadableByteStreamController: { length: 0, members: ['byobRequest', 'close', 'desiredSize', 'enqueue', 'error'] },
  ReadableStreamBYOBRequest: { length: 0, members: ['respond', 'respondWithNewView', 'view'] },
  WritableStream: { length: 0, members: ['abort', 'close', 'getWriter', 'locked'] },
  WritableStreamDefaultWriter: { length: 1, members: ['abort', 'close', 'closed', 'desiredSize', 'ready', 'releaseLock', 'write'] },
  WritableStreamDefaultController: { length: 0, members: ['error', 'signal'] },
  TransformStream: { length: 0, members: ['readable', 'writable'] },
  TransformStreamDefaultController: { length: 0, members: ['desiredSize', 'enqueue', 'error', 'terminate'] },
  ByteLengthQueuingStrategy: { length: 1, members: ['highWaterMark', 'size'] },
  CountQueuingStrategy: { length: 1, members: ['highWaterMark', 'size'] },
};

for (const [name, { length, members }] of Object.entries(classes)) {
  test(() => {
    const { value, enumerable } = Object.getOwnPropertyDescriptor(globalThis, name);
    assert_false(enumerable, 'the global property');
    assert_equals(value.name, name);
    assert_equals(value.length, length);
    assert_equals(value.prototype[Symbol.toStringTag], name);
    assert_array_equals(Object.keys(value.prototype).sort(), members);
    assert_throws_js(TypeError, () => value());
  }, `the shape of ${name}`);
}

test(() => {
  const lengths = {
    ReadableStream: { cancel: 0, getReader: 0, pipeThrough: 1, pipeTo: 1, tee: 0, values: 0 },
    ReadableStreamBYOBReader: { read: 1 },
    ReadableStreamBYOBRequest: { respond: 1, respondWithNewView: 1 },
    ReadableByteStreamController: { enqueue: 1, error: 0 },
    ReadableStreamDefaultController: { enqueue: 0 },
    WritableStreamDefaultWriter: { abort: 0, write: 0 },
  };
  for (const [name, methods] of Object.entries(lengths)) {
    for (const [method, length] of Object.entries(methods)) {
      assert_equals(globalThis[name].prototype[method].length, length, `${name}.${method}`);
    }
  }
  assert_equals(ReadableStream.from.length, 1);
}, 'methods tell how many arguments they need');

test(() => {
  const { prototype } = ReadableStream;
  assert_equals(prototype[Symbol.asyncIterator], prototype.values);
  const iterator = new ReadableStream().values();
  const own = Object.getPrototypeOf(iterator);
  const common = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));
  assert_equals(Object.getPrototypeOf(own), common);
  assert_array_equals(Object.keys(own), ['next', 'return']);
  assert_equals(own[Symbol.toStringTag], 'ReadableStream AsyncIterator');
}, 'asynchronous iterators have the prototypes that Web IDL says');
