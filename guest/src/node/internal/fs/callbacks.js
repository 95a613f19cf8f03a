// The functions of node:fs that call back: what the synchronous ones do, told in a later turn.

import { invalidArgument, abortError } from "node:internal/errors";
import * as attributes from "node:internal/fs/attributes";
import * as content from "node:internal/fs/content";
import * as entries from "node:internal/fs/entries";
import { later } from "node:internal/fs/later";
import { requireBuiltin } from "node:native";

/** Whether an error is of the file system, and not one of the call's arguments. */
export const isRefusal = (error) => typeof error?.syscall === "string";

/** The callback, behind at least `least` arguments. */
function takeCallback(args, least) {
    const callback = args.length > least ? args.pop() : undefined;
    if (typeof callback !== "function") {
        throw invalidArgument("cb", "of type function", callback);
    }
    return callback;
}

/**
 * `sync` as a function that takes `least` arguments or more, and a callback. `results` makes the
 * callback's of what `sync` gave.
 */
function calling(name, sync, least, results = (value) => (value === undefined ? [] : [value])) {
    const call = (...args) => {
        const callback = takeCallback(args, least);
        let told;
        try {
            told = [null, ...results(sync(...args), args)];
        } catch (error) {
            if (!isRefusal(error)) {
                throw error;
            }
            told = [error];
        }
        later(() => callback(...told));
    };
    return Object.defineProperty(call, "name", { value: name, configurable: true });
}

/** Of a function that can be aborted. */
function abortable(name, sync, least) {
    const plain = calling(name, sync, least);
    return Object.defineProperty(
        (...args) => {
            const signal = args.at(-2)?.signal;
            if (!signal) {
                plain(...args);
                return;
            }
            const callback = takeCallback(args, least);
            if (signal.aborted) {
                later(() => callback(abortError(signal)));
                return;
            }
            plain(...args, (...told) => (signal.aborted ? callback(abortError(signal)) : callback(...told)));
        },
        "name",
        { value: name, configurable: true },
    );
}

const withBuffer = (count, args) => [count, args[1]];

/** The names of functions that call back with what the synchronous ones give, and their arguments at least. */
const FUNCTIONS = [
    [attributes, { access: 1, chmod: 2, chown: 3, fchmod: 2, fchown: 3, fstat: 1, futimes: 3, lchown: 3, lstat: 1,
        lutimes: 3, readlink: 1, realpath: 1, stat: 1, statfs: 1, utimes: 3 }],
    [content, { close: 1, fdatasync: 1, fsync: 1, ftruncate: 1, open: 1, truncate: 1 }],
    [entries, { copyFile: 2, link: 2, mkdir: 1, mkdtemp: 1, opendir: 1, readdir: 1, rename: 2, rm: 1, rmdir: 1,
        symlink: 2, unlink: 1 }],
];

export const callbacks = { __proto__: null };
for (const [module, names] of FUNCTIONS) {
    for (const name in names) {
        callbacks[name] = calling(name, module[`${name}Sync`], names[name]);
    }
}
callbacks.realpath.native = calling("native", attributes.realpathSync.native, 1);

for (const [name, least] of [["readFile", 1], ["writeFile", 2], ["appendFile", 2]]) {
    callbacks[name] = abortable(name, content[`${name}Sync`], least);
}

callbacks.readv = calling("readv", content.readvSync, 2, withBuffer);
callbacks.writev = calling("writev", content.writevSync, 2, withBuffer);
callbacks.write = calling("write", content.writeSync, 2, withBuffer);

const readInto = calling(
    "read",
    ([fd, view, ...rest]) => content.readSync(fd, view, ...rest),
    1,
    (count, [[, view]]) => [count, view],
);

/** `(fd, buffer, offset, length, position, callback)`, `(fd, buffer, options?, callback)` or `(fd, options?, callback)`. */
callbacks.read = function read(fd, ...rest) {
    const callback = rest.pop();
    let [view, ...range] = rest;
    if (!ArrayBuffer.isView(view) && (view === undefined || view === null || rest.length === 1)) {
        const { buffer = requireBuiltin("node:buffer").Buffer.alloc(16384), ...options } = view ?? {};
        [view, range] = [buffer, [options]];
    }
    readInto([fd, view, ...range], callback);
};

callbacks.exists = function exists(path, callback) {
    if (typeof callback !== "function") {
        throw invalidArgument("cb", "of type function", callback);
    }
    const is = attributes.existsSync(path);
    later(() => callback(is));
};

callbacks.cp = function cp(...args) {
    const callback = takeCallback(args, 2);
    requireBuiltin("node:internal/fs/cp")
        .cp(...args)
        .then(
            () => later(() => callback(null, undefined)),
            (error) => later(() => callback(error)),
        );
};

// What `util.promisify` makes of those that call back in another way.
const promisified = Symbol.for("nodejs.util.promisify.custom");
const withNames = (name, count, what) =>
    Object.defineProperty(callbacks[name], promisified, {
        value: (...args) =>
            new Promise((resolve, reject) => {
                callbacks[name](...args, (error, first, second) =>
                    error ? reject(error) : resolve({ [count]: first, [what]: second }),
                );
            }),
        configurable: true,
    });
withNames("read", "bytesRead", "buffer");
withNames("readv", "bytesRead", "buffers");
withNames("write", "bytesWritten", "buffer");
withNames("writev", "bytesWritten", "buffers");
Object.defineProperty(callbacks.exists, promisified, {
    value: (path) => new Promise((resolve) => callbacks.exists(path, resolve)),
    configurable: true,
});
