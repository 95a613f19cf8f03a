const makers = {
  Request: (body, headers) => new Request('http://example.test/', { method: 'POST', body, headers, duplex: 'half' }),
  Response: (body, headers) => new Response(body, { headers }),
};

const chunks = (...list) => new ReadableStream({
  start(controller) {
    for (const chunk of list) controller.enqueue(chunk);
    controller.close();
  },
});

for (const [name, make] of Object.entries(makers)) {
  promise_test(async () => {
    assert_equals(await make('text').text(), 'text');
    assert_equals((await make('{"a":1}').json()).a, 1);
    assert_array_equals(new Uint8Array(await make('ab').arrayBuffer()), [97, 98]);
    assert_array_equals(await make('ab').bytes(), [97, 98]);
    assert_equals(await (await make('ab').blob()).text(), 'ab');
    assert_equals((await make(new URLSearchParams('a=b')).formData()).get('a'), 'b');
  }, `${name}: a body can be read in each form`);

  promise_test(async (t) => {
    const object = make('a');
    assert_false(object.bodyUsed);
    const text = object.text();
    assert_true(object.bodyUsed);
    await text;
    for (const method of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']) {
      await promise_rejects_js(t, TypeError, object[method](), method);
    }
    assert_throws_js(TypeError, () => object.clone());
    assert_true(object.body instanceof ReadableStream);
  }, `${name}: a body is read once`);

  promise_test(async (t) => {
    const object = make('abc');
    const reader = object.body.getReader();
    assert_false(object.bodyUsed);
    await promise_rejects_js(t, TypeError, object.text());
    assert_throws_js(TypeError, () => object.clone());
    reader.releaseLock();
    assert_equals(await object.text(), 'abc');
  }, `${name}: a locked body cannot be read`);

  promise_test(async (t) => {
    assert_equals(await make(chunks(new Uint8Array([97]), new Uint8Array([98]))).text(), 'ab');
    await promise_rejects_js(t, TypeError, make(chunks('text')).text());
    await promise_rejects_js(t, TypeError, make(chunks(new ArrayBuffer(1))).bytes());
    const error = new Error('mine');
    await promise_rejects_exactly(t, error, make(new ReadableStream({ start: (c) => c.error(error) })).blob());
  }, `${name}: a stream gives Uint8Arrays`);

  promise_test(async () => {
    const bodies = [
      ['a', 'text/plain;charset=UTF-8'],
      [new URLSearchParams(), 'application/x-www-form-urlencoded;charset=UTF-8'],
      [new Blob([], { type: 'A/B' }), 'a/b'],
      [new Blob([]), null],
      [new Uint8Array(1), null],
      [new ArrayBuffer(1), null],
    ];
    for (const [body, type] of bodies) {
      assert_equals(make(body).headers.get('content-type'), type);
      const given = make(body, { 'Content-Type': 'Mine/Own; X=Y' });
      assert_equals(given.headers.get('content-type'), 'Mine/Own; X=Y');
      assert_equals((await given.blob()).type, 'mine/own;x=Y');
    }
  }, `${name}: the type is that of the body unless there is a header`);

  promise_test(async () => {
    const object = make(chunks(new Uint8Array([97, 98])));
    const clone = object.clone();
    assert_not_equals(object.body, clone.body);
    assert_equals(await clone.text(), 'ab');
    assert_false(object.bodyUsed);
    assert_equals(await object.text(), 'ab');
  }, `${name}: a clone is read on its own`);

  promise_test(async (t) => {
    const { text, json } = Object.getPrototypeOf(make('a'));
    await promise_rejects_js(t, TypeError, text.call({}));
    await promise_rejects_js(t, SyntaxError, make('{').json());
    await promise_rejects_js(t, TypeError, make('a').formData());
    await promise_rejects_js(t, TypeError, json.call(undefined));
  }, `${name}: methods reject`);
}
