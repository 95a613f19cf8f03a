const url = 'http://example.test/';

for (const [init, what] of [
  [{ method: 'CONNECT' }, 'a forbidden method'],
  [{ method: 'trace' }, 'a forbidden method in lower case'],
  [{ method: '\u0130' }, 'a method that is no token'],
  [{ body: 'a' }, 'GET with a body'],
  [{ method: 'HEAD', body: 'a' }, 'HEAD with a body'],
  [{ mode: 'navigate' }, 'the mode of documents'],
  [{ window: 'a' }, 'a window'],
  [{ referrer: 'http://:a' }, 'a referrer that is no URL'],
  [{ cache: 'only-if-cached' }, 'only-if-cached across origins'],
  [{ mode: 'no-cors', method: 'PUT' }, 'no-cors with PUT'],
  [{ redirect: 'a' }, 'an unknown redirect mode'],
  [{ signal: 1 }, 'a signal that is none'],
  [{ method: 'POST', body: new ReadableStream() }, 'a stream without duplex'],
]) {
  test(() => {
    assert_throws_js(TypeError, () => new Request(url, init));
  }, `refused: ${what}`);
}

for (const input of ['', '/a', 'http://', 'http://user@example.test/', 'http://user:secret@example.test/']) {
  test(() => {
    assert_throws_js(TypeError, () => new Request(input));
  }, `refused: the URL '${input}'`);
}

test(() => {
  for (const [given, method] of [['get', 'GET'], ['pOST', 'POST'], ['patch', 'patch'], ['PATCH', 'PATCH'], ['Own', 'Own']]) {
    assert_equals(new Request(url, { method: given }).method, method);
  }
}, 'methods are normalized');

test(() => {
  const request = new Request(url, { method: 'POST', body: 'a' });
  assert_throws_js(TypeError, () => new Request(request, { method: 'GET' }));
  assert_false(request.bodyUsed);
  const other = new Request(request);
  assert_true(request.bodyUsed);
  assert_false(other.bodyUsed);
  assert_throws_js(TypeError, () => new Request(request));
  assert_equals(new Request(request, { body: 'b' }).method, 'POST');
}, 'a body moves to the request that is made of another');

test(() => {
  const controller = new AbortController();
  const request = new Request(url, { signal: controller.signal });
  const clone = request.clone();
  const copy = new Request(request);
  const free = new Request(request, { signal: null });
  assert_not_equals(request.signal, controller.signal);
  assert_false(request.signal.aborted);
  const order = [];
  clone.signal.onabort = () => order.push('clone');
  controller.signal.onabort = () => order.push('controller');
  controller.abort();
  for (const { signal } of [request, clone, copy]) {
    assert_equals(signal.reason, controller.signal.reason);
  }
  assert_false(free.signal.aborted);
  assert_array_equals(order, ['controller', 'clone']);
}, 'the signal follows those it is made of');

test(() => {
  const request = new Request(url, { referrer: '', referrerPolicy: 'origin', credentials: 'omit', keepalive: true });
  const same = new Request(request, {});
  const reset = new Request(request, { integrity: 'a' });
  assert_equals(same.referrer, '');
  assert_equals(same.referrerPolicy, 'origin');
  assert_equals(reset.referrer, 'about:client');
  assert_equals(reset.referrerPolicy, '');
  assert_equals(reset.credentials, 'omit');
  assert_true(reset.keepalive);
}, 'an init that is not empty resets the referrer');
