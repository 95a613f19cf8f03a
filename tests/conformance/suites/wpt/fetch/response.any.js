for (const status of [0, 100, 199, 600]) {
  test(() => {
    assert_throws_js(RangeError, () => new Response(null, { status }));
    assert_throws_js(RangeError, () => Response.json(null, { status }));
  }, `refused: the status ${status}`);
}

for (const status of [204, 205, 304]) {
  test(() => {
    assert_throws_js(TypeError, () => new Response('', { status }));
    assert_equals(new Response(null, { status }).body, null);
  }, `the status ${status} has no body`);
}

for (const statusText of ['\n', 'Ā', '\x7f', '\0']) {
  test(() => {
    assert_throws_js(TypeError, () => new Response('', { statusText }));
  }, `refused: the status text ${JSON.stringify(statusText)}`);
}

test(() => {
  const error = Response.error();
  assert_equals(error.type, 'error');
  assert_equals(error.status, 0);
  assert_equals(error.statusText, '');
  assert_equals(error.body, null);
  assert_throws_js(TypeError, () => error.headers.append('a', 'b'));
}, 'Response.error()');

for (const status of [301, 302, 303, 307, 308]) {
  test(() => {
    const response = Response.redirect('http://example.test/a b', status);
    assert_equals(response.status, status);
    assert_equals(response.headers.get('location'), 'http://example.test/a%20b');
    assert_equals(response.type, 'default');
    assert_false(response.redirected);
    assert_throws_js(TypeError, () => response.headers.delete('location'));
  }, `Response.redirect() with ${status}`);
}

test(() => {
  assert_throws_js(RangeError, () => Response.redirect('http://example.test/', 200));
  assert_throws_js(TypeError, () => Response.redirect('http://:a'));
}, 'Response.redirect() refuses other statuses and what is no URL');

promise_test(async () => {
  const response = Response.json({ a: [1] }, { headers: { x: 'y' } });
  assert_equals(response.headers.get('content-type'), 'application/json');
  assert_equals(response.headers.get('x'), 'y');
  assert_equals(await response.text(), '{"a":[1]}');
  for (const data of [undefined, () => {}, Symbol()]) {
    assert_throws_js(TypeError, () => Response.json(data));
  }
  const cycle = {};
  cycle.cycle = cycle;
  assert_throws_js(TypeError, () => Response.json(cycle));
}, 'Response.json()');

promise_test(async () => {
  const chunk = new Uint8Array([1]);
  const response = new Response(new ReadableStream({ start: (c) => { c.enqueue(chunk); c.close(); } }));
  const clone = response.clone();
  assert_equals((await response.body.getReader().read()).value, chunk);
  const { value } = await clone.body.getReader().read();
  assert_not_equals(value, chunk);
  assert_array_equals(value, chunk);
}, 'a clone has chunks of its own');
