// What files are like: the synchronous functions.

import {
    fsAccess, fsChmod, fsFchmod, fsFstat, fsFutimes, fsReadlink, fsRealpath, fsStat, fsStatfs, fsUtimes, settings,
} from "node:native";
import { validateInteger } from "node:internal/errors";
import { fromText, refuse, toFd, toMicroseconds, toMode, toOptions, toPath, words } from "node:internal/fs/args";
import { makeStatFs, makeStats, pipeStats } from "node:internal/fs/stats";

/** Names of a program's own standard streams, and their descriptors. */
const STREAMS = { __proto__: null, "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 };
export const streamAt = (path) => STREAMS[path];

function stat(path, options, follow) {
    const text = toPath(path);
    if (streamAt(text) !== undefined) {
        return pipeStats(options?.bigint);
    }
    try {
        return makeStats(fsStat(text, follow), options?.bigint);
    } catch (error) {
        if (options?.throwIfNoEntry === false && error.code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
}

export const statSync = (path, options) => stat(path, options, true);
export const lstatSync = (path, options) => stat(path, options, false);

export function fstatSync(fd, options) {
    return toFd(fd) < 3 ? pipeStats(options?.bigint) : makeStats(fsFstat(fd), options?.bigint);
}

export const statfsSync = (path, options) => makeStatFs(fsStatfs(toPath(path)), options?.bigint);

export function accessSync(path, mode = 0) {
    const text = toPath(path);
    validateInteger(mode, "mode", 0, 7);
    if (streamAt(text) === undefined) {
        fsAccess(text, mode);
    }
}

export function existsSync(path) {
    try {
        accessSync(path);
        return true;
    } catch {
        return false;
    }
}

export const chmodSync = (path, mode) => fsChmod(toPath(path), toMode(mode));

export function fchmodSync(fd, mode) {
    const bits = toMode(mode);
    fsFchmod(toFd(fd), bits);
}

/** There is one user, who owns everything: what is not there is all that is refused. */
function own(syscall, find, uid, gid) {
    validateInteger(uid, "uid", -1, 2 ** 32 - 1);
    validateInteger(gid, "gid", -1, 2 ** 32 - 1);
    try {
        find();
    } catch (error) {
        throw error.errno === undefined ? error : refuse(error.code, error.errno, words(error), syscall, error.path);
    }
}

export function chownSync(path, uid, gid) {
    const text = toPath(path);
    own("chown", () => fsStat(text, true), uid, gid);
}

export function lchownSync(path, uid, gid) {
    const text = toPath(path);
    own("lchown", () => fsStat(text, false), uid, gid);
}

export function fchownSync(fd, uid, gid) {
    toFd(fd);
    own("fchown", () => fsFstat(fd), uid, gid);
}

export const utimesSync = (path, atime, mtime) =>
    fsUtimes(toPath(path), toMicroseconds(atime), toMicroseconds(mtime), true);

export const lutimesSync = (path, atime, mtime) =>
    fsUtimes(toPath(path), toMicroseconds(atime), toMicroseconds(mtime), false);

export const futimesSync = (fd, atime, mtime) =>
    fsFutimes(toFd(fd), toMicroseconds(atime, "atime"), toMicroseconds(mtime, "mtime"));

/** The path from the root on, links and dots as they are. */
export const absolute = (path) => {
    const folder = settings()[2];
    return path.startsWith("/") ? path : `${folder === "/" ? "" : folder}/${path}`;
};

export function realpathSync(path, options) {
    const { encoding } = toOptions(options);
    // As `path.resolve` has it, the empty path is the working directory.
    const text = toPath(path) || ".";
    try {
        return fromText(fsRealpath(text), encoding);
    } catch (error) {
        throw error.syscall === "realpath" && error.errno !== undefined
            ? refuse(error.code, error.errno, words(error), "lstat", absolute(text))
            : error;
    }
}

realpathSync.native = (path, options) => {
    const { encoding } = toOptions(options);
    return fromText(fsRealpath(toPath(path)), encoding);
};

export function readlinkSync(path, options) {
    const { encoding } = toOptions(options);
    return fromText(fsReadlink(toPath(path)), encoding);
}
