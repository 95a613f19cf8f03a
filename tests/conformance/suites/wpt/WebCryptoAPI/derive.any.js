const { subtle } = crypto;
const password = new Uint8Array([112, 97, 115, 115, 119, 111, 114, 100]);
const salt = new Uint8Array([115, 97, 108, 116]);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

promise_test(async () => {
  const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-1', salt, iterations: 2 };
  const bits = '6c014dc72d6f8ccd1ed92ace1d41f0d8';
  assert_equals(hex(await subtle.deriveBits(pbkdf2, key, 160)), 'ea' + bits + 'de8957');
  const derived = await subtle.deriveKey(pbkdf2, key, { name: 'AES-CTR', length: 128 }, true, ['encrypt']);
  assert_equals(hex(await subtle.exportKey('raw', derived)), 'ea' + bits.slice(0, 30));
}, 'PBKDF2 derives bits and keys');

promise_test(async (t) => {
  const key = await subtle.importKey('raw', password, 'HKDF', false, ['deriveBits']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info: new Uint8Array() };
  assert_equals((await subtle.deriveBits(hkdf, key, 8 * 255 * 32)).byteLength, 255 * 32);
  assert_equals((await subtle.deriveBits(hkdf, key, 0)).byteLength, 0);
  await promise_rejects_dom(t, 'OperationError', subtle.deriveBits(hkdf, key, 8 * 255 * 32 + 8));
  await promise_rejects_dom(t, 'OperationError', subtle.deriveBits(hkdf, key, 9));
  await promise_rejects_dom(t, 'OperationError', subtle.deriveBits(hkdf, key, null));
  await promise_rejects_dom(t, 'InvalidAccessError', subtle.deriveKey(hkdf, key, { name: 'AES-CTR', length: 128 }, true, ['encrypt']));
}, 'HKDF derives as much as its hash function allows');
