// The runner's side of a realm that runs web-platform-tests. It is evaluated before
// testharness.js and any test, and what it uses later is taken now.
import { read, report } from 'host:conformance';

const { defineProperty } = Object;
const { parse } = JSON;
const slice = Function.prototype.call.bind(String.prototype.slice);
// Words of a test end up in a report: what is longer says nothing more.
const clip = value => slice(`${value ?? ''}`, 0, 4000);
const define = (name, value) =>
    defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });

if (!('self' in globalThis)) define('self', globalThis);
define('GLOBAL', { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false });

const held = [];
let original;
let finish;
const finished = new Promise(resolve => { finish = resolve; });

const text = path => {
    const content = read(`${path}`);
    if (content === null) throw new TypeError(`there is no file ${path} in the folder of the suite`);
    return content;
};

define('$conformance', Object.freeze({
    // In a shell testharness.js takes the end of the job that loads it for the end of
    // loading. Here each script is a job, so that what it wants to run then is held.
    hold() {
        original = Promise.prototype.then;
        Promise.prototype.then = job => { held[held.length] = job; };
    },

    // Once testharness.js is loaded: passes on what it finds.
    attach() {
        Promise.prototype.then = original;
        let tolerant = false;
        add_start_callback(properties => { tolerant = Boolean(properties?.allow_uncaught_exception); });
        add_result_callback(test => { report('test', clip(test.name), test.status, clip(test.message)); });
        add_completion_callback((_, { status, message }) => {
            report('complete', tolerant ? 'tolerant' : '', status ?? 0, clip(message));
            finish();
        });
        define('fetch_json', async path => parse(text(path)));
    },

    // Before a test's own scripts.
    begin(path, search, title) {
        const origin = 'http://web-platform.test:8000';
        const href = `${origin}${path}${search}`;
        define('location', { href, origin, pathname: path, search, hash: '', toString: () => href });
        if (title !== '') define('META_TITLE', title);
    },

    // Once idlharness.js is loaded: its interfaces are files, too.
    serveInterfaces() {
        globalThis.fetch_spec = async spec => ({ spec, idl: text(`/interfaces/${spec}.idl`) });
    },

    // When all scripts are loaded. Gives a promise of the end of all tests.
    end() {
        report('loaded');
        for (let i = 0; i < held.length; i++) held[i]();
        return finished;
    },
}));
