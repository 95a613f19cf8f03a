// node:fs: files, at once and by callbacks.

import { requireBuiltin } from "node:native";
import { unavailable } from "node:internal/errors";
import { toSeconds, toPath } from "node:internal/fs/args";
import * as attributes from "node:internal/fs/attributes";
import { callbacks } from "node:internal/fs/callbacks";
import { constants } from "node:internal/fs/constants";
import * as content from "node:internal/fs/content";
import * as entries from "node:internal/fs/entries";
import { Dirent, Stats } from "node:internal/fs/stats";
import promises from "node:fs/promises";

/** A class that is loaded when it is first used. */
const lazyClass = (load) =>
    new Proxy(function () {}, {
        apply: (_target, _receiver, args) => new (load())(...args),
        construct: (target, args, newTarget) =>
            newTarget === target ? new (load())(...args) : Reflect.construct(load(), args, newTarget),
        get: (_target, key, receiver) => (key === Symbol.hasInstance ? (value) => value instanceof load() : Reflect.get(load(), key)),
    });

const streams = () => requireBuiltin("node:internal/fs/streams");
const ReadStream = lazyClass(() => streams().ReadStream);
const WriteStream = lazyClass(() => streams().WriteStream);
const Dir = lazyClass(() => requireBuiltin("node:internal/fs/dir").Dir);

const createReadStream = (path, options) => new ReadStream(path, options);
const createWriteStream = (path, options) => new WriteStream(path, options);

function watch() {
    throw unavailable("fs.watch()");
}

function watchFile() {
    throw unavailable("fs.watchFile()");
}

/** Nothing is ever watched. */
const unwatchFile = (path) => void toPath(path, "filename");

async function openAsBlob(path, options) {
    return new Blob([await promises.readFile(path)], { type: options?.type });
}

const { F_OK, R_OK, W_OK, X_OK } = constants;

const synchronous = {};
for (const module of [attributes, content, entries]) {
    for (const name in module) {
        if (name.endsWith("Sync")) {
            synchronous[name] = module[name];
        }
    }
}

const fs = {
    ...callbacks,
    ...synchronous,
    Dir, Dirent, FileReadStream: ReadStream, FileWriteStream: WriteStream, ReadStream, Stats, WriteStream,
    _toUnixTimestamp: toSeconds, constants, createReadStream, createWriteStream, lchmod: undefined,
    lchmodSync: undefined, openAsBlob, promises, unwatchFile, watch, watchFile, F_OK, R_OK, W_OK, X_OK,
};

export default fs;
export const {
    access, accessSync, appendFile, appendFileSync, chmod, chmodSync, chown, chownSync, close, closeSync, copyFile,
    copyFileSync, cp, cpSync, exists, existsSync, fchmod, fchmodSync, fchown, fchownSync, fdatasync, fdatasyncSync,
    fstat, fstatSync, fsync, fsyncSync, ftruncate, ftruncateSync, futimes, futimesSync, lchmod, lchmodSync, lchown,
    lchownSync, link, linkSync, lstat, lstatSync, lutimes, lutimesSync, mkdir, mkdirSync, mkdtemp, mkdtempSync, open,
    openSync, opendir, opendirSync, read, readFile, readFileSync, readSync, readdir, readdirSync, readlink,
    readlinkSync, readv, readvSync, realpath, realpathSync, rename, renameSync, rm, rmSync, rmdir, rmdirSync, stat,
    statSync, statfs, statfsSync, symlink, symlinkSync, truncate, truncateSync, unlink, unlinkSync, utimes, utimesSync,
    write, writeFile, writeFileSync, writeSync, writev, writevSync, _toUnixTimestamp,
} = fs;
export {
    Dir, Dirent, ReadStream as FileReadStream, WriteStream as FileWriteStream, ReadStream, Stats, WriteStream,
    constants, createReadStream, createWriteStream, openAsBlob, promises, unwatchFile, watch, watchFile, F_OK, R_OK,
    W_OK, X_OK,
};
