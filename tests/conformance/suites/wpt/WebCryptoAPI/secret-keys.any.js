const { subtle } = crypto;
const data = new Uint8Array(100).map((_, i) => i);

for (const algorithm of [
  { name: 'AES-CBC', length: 128, iv: new Uint8Array(16) },
  { name: 'AES-CTR', length: 256, counter: new Uint8Array(16) },
  { name: 'AES-GCM', length: 192, iv: new Uint8Array(12), additionalData: data },
]) {
  promise_test(async () => {
    const key = await subtle.generateKey(algorithm, true, ['decrypt', 'encrypt']);
    assert_equals(key.algorithm.length, algorithm.length);
    assert_array_equals(key.usages, ['encrypt', 'decrypt']);
    const parameters = algorithm.name === 'AES-CTR' ? { ...algorithm, length: 64 } : algorithm;
    const sealed = await subtle.encrypt(parameters, key, data);
    const again = await subtle.importKey('jwk', await subtle.exportKey('jwk', key), algorithm, false, ['decrypt']);
    assert_array_equals(new Uint8Array(await subtle.decrypt(parameters, again, sealed)), data);
  }, `${algorithm.name} decrypts what it encrypted`);
}

promise_test(async (t) => {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.generateKey(hmac, false, ['sign', 'verify']);
  const signature = await subtle.sign('HMAC', key, data);
  assert_equals(signature.byteLength, 32);
  assert_true(await subtle.verify('HMAC', key, signature, data));
  assert_false(await subtle.verify('HMAC', key, signature, data.subarray(1)));
  await promise_rejects_dom(t, 'InvalidAccessError', subtle.exportKey('raw', key));
}, 'HMAC verifies what it signed');

promise_test(async (t) => {
  const gcm = { name: 'AES-GCM', length: 128, iv: new Uint8Array(12) };
  const key = await subtle.generateKey(gcm, false, ['encrypt', 'decrypt']);
  const sealed = new Uint8Array(await subtle.encrypt(gcm, key, data));
  sealed[0] ^= 1;
  await promise_rejects_dom(t, 'OperationError', subtle.decrypt(gcm, key, sealed));
}, 'AES-GCM refuses what was changed');
