// What test262 asks of a host, as far as the sandbox has it. It is evaluated before any
// test, and what it uses later is taken now.
import { report } from 'host:conformance';

const { call } = Function.prototype;
const startsWith = call.bind(String.prototype.startsWith);
const slice = call.bind(String.prototype.slice);
const transfer = call.bind(ArrayBuffer.prototype.transfer);
const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });

let settle;
const settled = new Promise(resolve => { settle = resolve; });

define('print', value => {
    const line = slice(`${value}`, 0, 4000);
    report('print', line);
    if (startsWith(line, 'Test262:Async')) settle();
});

define('$262', {
    global: globalThis,
    detachArrayBuffer(buffer) { transfer(buffer); return null; },
});

// The runner's own: a test that gets to its end says so, as what is rejected and never
// handled fails the call and not the test.
define('$conformance', Object.freeze({ ended() { report('ended'); }, settled }));
