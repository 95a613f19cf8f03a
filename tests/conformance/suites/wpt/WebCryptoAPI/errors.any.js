const { subtle } = crypto;
const data = new Uint8Array(16);

const refused = (name, start, description) =>
  promise_test(async (t) => {
    const promise = start(await subtle.importKey('raw', data, 'AES-CBC', false, ['decrypt']));
    await (name === 'TypeError' ? promise_rejects_js(t, TypeError, promise) : promise_rejects_dom(t, name, promise));
  }, description);

refused('TypeError', () => subtle.encrypt({ name: 'none' }, {}, data), 'The type of a key is checked before the algorithm');
refused('NotSupportedError', (key) => subtle.encrypt('none', key, data), 'An algorithm that there is not');
refused('TypeError', (key) => subtle.encrypt('AES-CBC', key, data), 'A parameter that is missing');
refused('InvalidAccessError', (key) => subtle.decrypt({ name: 'AES-GCM', iv: data }, key, data), 'A key of another algorithm');
refused('InvalidAccessError', (key) => subtle.encrypt({ name: 'AES-CBC', iv: data }, key, data), 'A key that is not for this');
refused('OperationError', (key) => subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(1) }, key, data), 'A parameter of a wrong length');
refused('InvalidAccessError', (key) => subtle.exportKey('raw', key), 'A key that is not extractable');
refused('SyntaxError', () => subtle.importKey('raw', data, 'AES-CBC', true, ['sign']), 'A usage that the algorithm has not');
refused('SyntaxError', () => subtle.importKey('raw', data, 'AES-CBC', true, []), 'A secret key without a usage');
refused('TypeError', () => subtle.importKey('raw', data, 'AES-CBC', true, ['none']), 'A usage that there is not');
refused('DataError', () => subtle.importKey('raw', new Uint8Array(1), 'AES-CBC', true, ['encrypt']), 'A key of a wrong length');
refused('DataError', () => subtle.importKey('jwk', { kty: 'RSA' }, 'AES-CBC', true, ['encrypt']), 'A key of a wrong type');
refused('NotSupportedError', () => subtle.importKey('spki', data, 'AES-CBC', true, ['encrypt']), 'A format that the algorithm has not');
