// Entries of directories: the synchronous functions.

import {
    fsCopyFile, fsMkdir, fsMkdtemp, fsReaddir, fsRemove, fsRename, fsRmdir, fsSymlink, fsUnlink, requireBuiltin,
} from "node:native";
import { codedError, validateInteger } from "node:internal/errors";
import {
    checkBoolean, checkObject, fromText, refuse, systemError, toMode, toOptions, toPath, words,
} from "node:internal/fs/args";
import { lstatSync } from "node:internal/fs/attributes";
import { constants } from "node:internal/fs/constants";
import { Dirent } from "node:internal/fs/stats";

const { random } = Math;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** How often a name is drawn that is there already. */
const TRIES = 100;

const join = (folder, name) => (folder.endsWith("/") || folder === "" ? `${folder}${name}` : `${folder}/${name}`);

/** The folders that lie in one, each with its path from there on; links are not followed. */
function* folders(top, recursive) {
    const open = [["", top]];
    for (const [inside, path] of open) {
        const [names, kinds] = fsReaddir(path);
        yield [inside, path, names, kinds];
        for (let index = 0; recursive && index < names.length; index++) {
            if (kinds[index] === constants.UV_DIRENT_DIR) {
                const below = requireBuiltin("node:path").join(path, names[index]);
                open.push([join(inside, names[index]), below]);
            }
        }
    }
}

export function readdirSync(path, options) {
    const { encoding, withFileTypes, recursive } = toOptions(options);
    const text = toPath(path);
    checkBoolean(recursive, "options.recursive");
    const all = [];
    for (const [inside, folder, names, kinds] of folders(text, recursive)) {
        for (let index = 0; index < names.length; index++) {
            all.push(
                withFileTypes
                    ? new Dirent(fromText(names[index], encoding), folder, kinds[index])
                    : fromText(join(inside, names[index]), encoding),
            );
        }
    }
    return all;
}

export function opendirSync(path, options) {
    const { encoding, bufferSize, recursive } = toOptions(options, { encoding: "utf8" });
    const text = toPath(path);
    if (bufferSize !== undefined) {
        validateInteger(bufferSize, "options.bufferSize", 1, 2 ** 32 - 1);
    }
    try {
        return new (requireBuiltin("node:internal/fs/dir").Dir)(
            text,
            readdirSync(text, { encoding, recursive, withFileTypes: true }),
        );
    } catch (error) {
        throw error.errno === undefined ? error : refuse(error.code, error.errno, words(error), "opendir", text);
    }
}

export function mkdirSync(path, options) {
    const { mode, recursive = false } =
        typeof options === "number" || typeof options === "string" ? { mode: options } : (options ?? {});
    const text = toPath(path);
    checkBoolean(recursive, "options.recursive");
    return fsMkdir(text, toMode(mode, 0o777), recursive);
}

export function mkdtempSync(prefix, options) {
    const { encoding } = toOptions(options);
    const text = toPath(prefix, "prefix");
    for (let tries = 1; ; tries++) {
        let suffix = "";
        while (suffix.length < 6) {
            suffix += LETTERS[Math.floor(random() * LETTERS.length)];
        }
        try {
            return fromText(fsMkdtemp(text, suffix), encoding);
        } catch (error) {
            if (error.code !== "EEXIST" || tries === TRIES) {
                throw error;
            }
        }
    }
}

export function rmdirSync(path, options) {
    checkObject(options);
    checkBoolean(options?.recursive, "options.recursive");
    if (options?.recursive) {
        rmSync(path, { recursive: true });
        return;
    }
    fsRmdir(toPath(path));
}

export function rmSync(path, options) {
    const text = toPath(path);
    checkObject(options);
    const { recursive, force } = options ?? {};
    checkBoolean(force, "options.force");
    checkBoolean(recursive, "options.recursive");
    const stats = lstatSync(text, { throwIfNoEntry: !force });
    if (stats === undefined) {
        return;
    }
    if (stats.isDirectory() && !recursive) {
        throw systemError("ERR_FS_EISDIR", "Path is a directory", {
            code: "EISDIR", message: "is a directory", path: text, syscall: "rm", errno: 21,
        });
    }
    fsRemove(text, Boolean(recursive), Boolean(force));
}

export const unlinkSync = (path) => fsUnlink(toPath(path));

export function renameSync(from, to) {
    const source = toPath(from, "oldPath");
    fsRename(source, toPath(to, "newPath"));
}

export function copyFileSync(from, to, mode = 0) {
    const source = toPath(from, "src");
    const target = toPath(to, "dest");
    validateInteger(mode ?? 0, "mode", 0, 7);
    fsCopyFile(source, target, (mode & constants.COPYFILE_EXCL) !== 0);
}

const LINK_KINDS = [undefined, null, "file", "dir", "junction"];

export function symlinkSync(target, path, type) {
    if (!LINK_KINDS.includes(type)) {
        throw codedError(
            Error,
            "ERR_FS_INVALID_SYMLINK_TYPE",
            `Symlink type must be one of "dir", "file", or "junction". Received "${type}"`,
        );
    }
    const to = toPath(target, "target");
    fsSymlink(to, toPath(path));
}

/** There are no hard links: a file has one name. */
export function linkSync(from, to) {
    const source = toPath(from, "existingPath");
    const target = toPath(to, "newPath");
    try {
        lstatSync(source);
    } catch (error) {
        throw error.errno === undefined ? error : refuse(error.code, error.errno, words(error), "link", source, target);
    }
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
        throw refuse("EEXIST", -17, "file already exists", "link", source, target);
    }
    throw refuse("EPERM", -1, "operation not permitted", "link", source, target);
}

export function cpSync(from, to, options) {
    requireBuiltin("node:internal/fs/cp").cpSync(from, to, options);
}

