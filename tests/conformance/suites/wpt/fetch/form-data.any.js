test(() => {
  const form = new FormData();
  form.append('a', '1');
  form.append('b', '2');
  form.append('a', '3');
  form.set('a', '4');
  form.append('c', new Blob(['x'], { type: 'T/U' }));
  assert_array_equals([...form.keys()], ['a', 'b', 'c']);
  assert_equals(form.get('a'), '4');
  assert_equals(form.get('c').name, 'blob');
  assert_equals(form.get('c').type, 't/u');
  form.delete('b');
  assert_false(form.has('b'));
  assert_array_equals(form.getAll('b'), []);
}, 'entries are set, appended and deleted');

test(() => {
  const form = new FormData();
  assert_throws_js(TypeError, () => form.append('a', 'b', 'c'));
  assert_throws_js(TypeError, () => form.append('a', 'b', undefined));
  assert_throws_js(TypeError, () => form.set('a', {}, 'c'));
  assert_throws_js(TypeError, () => new FormData('a'));
  assert_throws_js(TypeError, () => new FormData(null));
}, 'a file name is only for a blob');

test(() => {
  const form = new FormData();
  form.append('a', '1');
  form.append('b', '2');
  const names = [];
  for (const [name] of form) {
    names.push(name);
    if (name === 'a') form.append('c', '3');
    if (name === 'b') form.delete('a');
  }
  assert_array_equals(names, ['a', 'b']);
}, 'iteration is live');

promise_test(async () => {
  const form = new FormData();
  form.append('na"me\r', 'li\nne');
  form.append('file', new File(['\r\n--'], 'f"\n', { type: 'a/b' }));
  const back = await new Response(form).formData();
  assert_array_equals([...back.keys()], ['na"me\r\n', 'file']);
  assert_equals(back.get('na"me\r\n'), 'li\r\nne');
  assert_equals(back.get('file').name, 'f"\n');
  assert_equals(back.get('file').type, 'a/b');
  assert_equals(await back.get('file').text(), '\r\n--');
}, 'multipart/form-data there and back');

promise_test(async (t) => {
  const parse = (text, boundary = 'b') =>
    new Response(text, { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }).formData();
  const entry = 'Content-Disposition: form-data; name="a"\r\n\r\nv\r\n';
  assert_equals((await parse(`--b\r\n${entry}--b--\r\n`)).get('a'), 'v');
  for (const text of ['', '--b', `--b\r\n${entry}`, `--c\r\n${entry}--c--`, '--b\r\n\r\nv\r\n--b--']) {
    await promise_rejects_js(t, TypeError, parse(text), text);
  }
}, 'what is no multipart/form-data');
