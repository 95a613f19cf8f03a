const { subtle } = crypto;
const data = new Uint8Array([1, 2, 3]);

for (const algorithm of [
  { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
  { name: 'Ed25519' },
]) {
  promise_test(async () => {
    const { privateKey, publicKey } = await subtle.generateKey(algorithm, false, ['sign', 'verify']);
    assert_array_equals(privateKey.usages, ['sign']);
    assert_array_equals(publicKey.usages, ['verify']);
    assert_false(privateKey.extractable);
    assert_true(publicKey.extractable);
    const signature = await subtle.sign(algorithm, privateKey, data);
    for (const format of ['raw', 'spki', 'jwk']) {
      const key = await subtle.importKey(format, await subtle.exportKey(format, publicKey), algorithm, true, ['verify']);
      assert_true(await subtle.verify(algorithm, key, signature, data), format);
      assert_false(await subtle.verify(algorithm, key, signature, new Uint8Array(3)), format);
    }
  }, `${algorithm.name} verifies what it signed (${algorithm.namedCurve})`);
}

for (const algorithm of [{ name: 'ECDH', namedCurve: 'P-256' }, { name: 'X25519' }]) {
  promise_test(async () => {
    const one = await subtle.generateKey(algorithm, false, ['deriveBits']);
    const other = await subtle.generateKey(algorithm, false, ['deriveBits']);
    const derive = async (own, { publicKey }) =>
      new Uint8Array(await subtle.deriveBits({ ...algorithm, public: publicKey }, own.privateKey, 256));
    assert_array_equals(await derive(one, other), await derive(other, one));
  }, `${algorithm.name} gives both the same secret`);
}
