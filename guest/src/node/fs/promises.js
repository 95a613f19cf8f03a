// node:fs/promises: files, by promises.

import { requireBuiltin } from "node:native";
import { unavailable } from "node:internal/errors";
import * as attributes from "node:internal/fs/attributes";
import { constants } from "node:internal/fs/constants";
import * as content from "node:internal/fs/content";
import * as entries from "node:internal/fs/entries";
import { promised } from "node:internal/fs/promised";

/** The function that does what a synchronous one does. */
const promising = (module, name) =>
    Object.defineProperty((...args) => promised(() => module[`${name}Sync`](...args)), "name", { value: name });

const handles = () => requireBuiltin("node:internal/fs/handle");

export const access = promising(attributes, "access");
export const appendFile = async (path, data, options) => handles().appendFile(path, data, options);
export const chmod = promising(attributes, "chmod");
export const chown = promising(attributes, "chown");
export const copyFile = promising(entries, "copyFile");
export const cp = async (from, to, options) => {
    await requireBuiltin("node:internal/fs/cp").cp(from, to, options);
    await promised(() => undefined);
};
export const lchmod = () => Promise.reject(unavailable("lchmod"));
export const lchown = promising(attributes, "lchown");
export const link = promising(entries, "link");
export const lstat = promising(attributes, "lstat");
export const lutimes = promising(attributes, "lutimes");
export const mkdir = promising(entries, "mkdir");
export const mkdtemp = promising(entries, "mkdtemp");
export const open = async (path, flags, mode) => handles().openHandle(path, flags, mode);
export const opendir = promising(entries, "opendir");
export const readFile = async (path, options) => handles().readFile(path, options);
export const readdir = promising(entries, "readdir");
export const readlink = promising(attributes, "readlink");
export const realpath = promising(attributes, "realpath");
export const rename = promising(entries, "rename");
export const rm = promising(entries, "rm");
export const rmdir = promising(entries, "rmdir");
export const stat = promising(attributes, "stat");
export const statfs = promising(attributes, "statfs");
export const symlink = promising(entries, "symlink");
export const truncate = promising(content, "truncate");
export const unlink = promising(entries, "unlink");
export const utimes = promising(attributes, "utimes");
export const watch = () => {
    throw unavailable("fs.promises.watch()");
};
export const writeFile = async (path, data, options) => handles().writeFile(path, data, options);
export { constants };

export default {
    access, appendFile, chmod, chown, constants, copyFile, cp, lchmod, lchown, link, lstat, lutimes, mkdir, mkdtemp,
    open, opendir, readFile, readdir, readlink, realpath, rename, rm, rmdir, stat, statfs, symlink, truncate, unlink,
    utimes, watch, writeFile,
};
