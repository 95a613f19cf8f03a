promise_test(async (t) => {
  for (const input of ['/relative', 'http://user@example.test/', 'ftp://example.test/', 'blob:a', 'about:blank', 'data:none']) {
    await promise_rejects_js(t, TypeError, fetch(input), input);
  }
  await promise_rejects_js(t, TypeError, fetch());
  await promise_rejects_js(t, TypeError, fetch('http://example.test/', { body: 'a' }));
}, 'what cannot be fetched rejects with a TypeError');

promise_test(async () => {
  const response = await fetch('data:text/plain;charset=utf-8,a%20b#c');
  assert_true(response.ok);
  assert_equals(response.status, 200);
  assert_equals(response.statusText, 'OK');
  assert_equals(response.type, 'basic');
  assert_equals(response.url, 'data:text/plain;charset=utf-8,a%20b');
  assert_equals(response.headers.get('content-type'), 'text/plain;charset=utf-8');
  assert_equals(await response.text(), 'a b');
  assert_throws_js(TypeError, () => response.headers.set('a', 'b'));
}, 'data: URLs');

promise_test(async (t) => {
  const signal = AbortSignal.abort();
  await promise_rejects_dom(t, 'AbortError', fetch('http://example.test/', { signal }));
  await promise_rejects_dom(t, 'AbortError', fetch(new Request('http://example.test/', { signal })));
  await promise_rejects_js(t, TypeError, fetch('http://example.test/', { signal, body: 'a' }));
  const reason = new Error('mine');
  await promise_rejects_exactly(t, reason, fetch('data:,a', { signal: AbortSignal.abort(reason) }));
}, 'a signal that is aborted before');

promise_test(async (t) => {
  const controller = new AbortController();
  const response = await fetch('data:,a', { signal: controller.signal });
  const streamed = await fetch('data:,a', { signal: controller.signal });
  const reader = streamed.body.getReader();
  controller.abort();
  await promise_rejects_dom(t, 'AbortError', response.text());
  await promise_rejects_dom(t, 'AbortError', response.text());
  await promise_rejects_dom(t, 'AbortError', reader.read());
  await promise_rejects_dom(t, 'AbortError', reader.closed);
}, 'a signal that is aborted after the response');

promise_test(async (t) => {
  const controller = new AbortController();
  const cancelled = [];
  const body = new ReadableStream({ cancel: (reason) => cancelled.push(reason) });
  const pending = fetch('http://example.test/', { method: 'POST', body, duplex: 'half', signal: controller.signal });
  controller.abort();
  await promise_rejects_dom(t, 'AbortError', pending);
  assert_array_equals(cancelled, [controller.signal.reason]);
}, 'an abort cancels the body');
