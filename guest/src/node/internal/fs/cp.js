// Copies of trees, with the rules of Node.js.

import { invalidArgument, invalidValue, validateInteger } from "node:internal/errors";
import { checkBoolean, checkObject, systemError, toPath } from "node:internal/fs/args";
import { absolute, chmodSync, lstatSync, readlinkSync, statSync, utimesSync } from "node:internal/fs/attributes";
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, unlinkSync } from "node:internal/fs/entries";
import { constants } from "node:internal/fs/constants";
import { requireBuiltin } from "node:native";

const EINVAL = { code: "EINVAL", syscall: "cp", errno: 22 };
const refused = (code, what, info) => systemError(code, what, { syscall: "cp", ...info });
const invalid = (message, path) =>
    refused("ERR_FS_CP_EINVAL", "Invalid src or dest", { ...EINVAL, message, path });

const paths = () => requireBuiltin("node:path");
const same = (one, other) => other !== undefined && one.ino === other.ino && one.dev === other.dev;

function isInside(source, target) {
    const [above, below] = [source, target].map((path) => paths().resolve(absolute(path)).split("/").filter(Boolean));
    return above.every((name, index) => below[index] === name);
}

function toOptions(options) {
    checkObject(options);
    const all = {
        dereference: false, errorOnExist: false, force: true, mode: 0, preserveTimestamps: false, recursive: false,
        verbatimSymlinks: false, ...options,
    };
    for (const name of [
        "dereference", "errorOnExist", "force", "preserveTimestamps", "recursive", "verbatimSymlinks",
    ]) {
        checkBoolean(all[name], `options.${name}`);
    }
    validateInteger(all.mode, "mode", 0, 7);
    if (all.dereference && all.verbatimSymlinks) {
        throw invalidValue("options.verbatimSymlinks", true, "cannot be used together with options.dereference");
    }
    if (all.filter !== undefined && typeof all.filter !== "function") {
        throw invalidArgument("options.filter", "of type function", all.filter);
    }
    return all;
}

/** What is at both paths, if a copy between them can be made. */
function check(source, target, options) {
    const look = options.dereference ? statSync : lstatSync;
    const from = look(source);
    const to = look(target, { throwIfNoEntry: false });
    if (to !== undefined) {
        if (same(from, to)) {
            throw invalid("src and dest cannot be the same", target);
        }
        if (from.isDirectory() && !to.isDirectory()) {
            throw refused("ERR_FS_CP_DIR_TO_NON_DIR", "Cannot overwrite non-directory with directory", {
                code: "EISDIR",
                message: `cannot overwrite non-directory ${target} with directory ${source}`,
                path: target,
                errno: 21,
            });
        }
        if (!from.isDirectory() && to.isDirectory()) {
            throw refused("ERR_FS_CP_NON_DIR_TO_DIR", "Cannot overwrite directory with non-directory", {
                code: "ENOTDIR",
                message: `cannot overwrite directory ${target} with non-directory ${source}`,
                path: target,
                errno: 20,
            });
        }
    }
    if (from.isDirectory() && isInside(source, target)) {
        throw invalid(`cannot copy ${source} to a subdirectory of self ${target}`, target);
    }
    return [from, to];
}

/** Checks that no directory above the target is the source, by whatever path. */
function checkAbove(source, from, target) {
    for (let path = paths().resolve(absolute(target)); path !== "/"; ) {
        path = paths().dirname(path);
        const above = statSync(path, { throwIfNoEntry: false });
        if (above !== undefined && same(from, above)) {
            throw invalid(`cannot copy ${source} to a subdirectory of self ${target}`, target);
        }
    }
}

function copyTimes(source, target) {
    const { atime, mtime } = statSync(source);
    utimesSync(target, atime, mtime);
}

function copyFile(source, target, from, to, options) {
    let { mode } = options;
    if (to !== undefined) {
        if (!options.force) {
            if (!options.errorOnExist) {
                return;
            }
            throw refused("ERR_FS_CP_EEXIST", "Target already exists", {
                code: "EEXIST", message: `${target} already exists`, path: target, errno: 17,
            });
        }
        unlinkSync(target);
        mode &= ~constants.COPYFILE_EXCL;
    }
    copyFileSync(source, target, mode);
    if (options.preserveTimestamps) {
        copyTimes(source, target);
    }
    chmodSync(target, from.mode & 0o7777);
}

function copyLink(source, target, to, options) {
    let leads = readlinkSync(source);
    if (!options.verbatimSymlinks && !leads.startsWith("/")) {
        leads = paths().resolve(absolute(paths().dirname(source)), leads);
    }
    if (to !== undefined) {
        if (!to.isSymbolicLink()) {
            copyFile(source, target, lstatSync(source), to, { ...options, preserveTimestamps: false });
            return;
        }
        unlinkSync(target);
    }
    symlinkSync(leads, target);
}

/** Copies one entry, and gives those in it that are to be copied next. */
function copyEntry(source, target, from, to, options) {
    if (from.isDirectory()) {
        if (!options.recursive) {
            throw refused("ERR_FS_EISDIR", "Path is a directory", {
                code: "EISDIR", message: `${source} is a directory (not copied)`, path: source, errno: options.errno,
            });
        }
        const names = readdirSync(source);
        if (to === undefined) {
            mkdirSync(target);
        }
        const entries = names.map((name) => [paths().join(source, name), paths().join(target, name)]);
        const finish = to === undefined ? [() => chmodSync(target, from.mode & 0o7777)] : [];
        return [...entries, ...finish];
    }
    if (from.isFile()) {
        copyFile(source, target, from, to, options);
    } else if (from.isSymbolicLink()) {
        copyLink(source, target, to, options);
    } else {
        throw refused("ERR_FS_CP_UNKNOWN", "Cannot copy an unknown file type", {
            ...EINVAL, message: `cannot copy an unknown file type: ${target}`, path: target,
        });
    }
    return [];
}

/** Copies, step by step; yields what the filter says, to be told whether that is so. */
function* copy(source, target, options) {
    const { filter } = options;
    check(source, target, options);
    let first = true;
    const left = [[source, target]];
    while (left.length > 0) {
        const step = left.pop();
        if (typeof step === "function") {
            step();
            continue;
        }
        const [one, other] = step;
        if (filter !== undefined && !(yield filter(one, other))) {
            first = false;
            continue;
        }
        const [from, to] = check(one, other, options);
        if (first) {
            checkAbove(one, from, other);
            mkdirSync(paths().dirname(other), { recursive: true });
            first = false;
        }
        left.push(...copyEntry(one, other, from, to, options).reverse());
    }
}

/** `errno` is that of a directory without `recursive`: Node.js has two. */
function start(from, to, options, errno) {
    const all = { ...toOptions(options), errno };
    return copy(toPath(from, "src"), toPath(to, "dest"), all);
}

export function cpSync(from, to, options) {
    const steps = start(from, to, options, 22);
    for (let step = steps.next(); !step.done; ) {
        step = steps.next(step.value);
    }
}

export async function cp(from, to, options) {
    const steps = start(from, to, options, 21);
    for (let step = steps.next(); !step.done; ) {
        step = steps.next(await step.value);
    }
}
