// What the tests of cryptography share: bytes as hexadecimal text, and errors by name.
const { subtle } = crypto;
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const text = (string) => Uint8Array.from(string, (c) => c.charCodeAt(0));
const name = (promise) => promise.then(() => "none", (error) => error.name);
const secret = (hexKey, algorithm, usages, extractable = false) =>
    subtle.importKey("raw", bytes(hexKey), algorithm, extractable, usages);
