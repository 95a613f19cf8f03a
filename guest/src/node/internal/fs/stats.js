// What `stat`, `statfs` and `readdir` tell.

import { constants } from "node:internal/fs/constants";

const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK, S_IFIFO, S_IFCHR, S_IFBLK, S_IFSOCK } = constants;
const BLOCK = 4096;
/** Bytes of what `blocks` counts. */
const SECTOR = 512;

class StatsBase {
    #is(kind) {
        return (Number(this.mode) & S_IFMT) === kind;
    }
    isFile() {
        return this.#is(S_IFREG);
    }
    isDirectory() {
        return this.#is(S_IFDIR);
    }
    isSymbolicLink() {
        return this.#is(S_IFLNK);
    }
    isFIFO() {
        return this.#is(S_IFIFO);
    }
    isCharacterDevice() {
        return this.#is(S_IFCHR);
    }
    isBlockDevice() {
        return this.#is(S_IFBLK);
    }
    isSocket() {
        return this.#is(S_IFSOCK);
    }
}

function fill(stats, [dev, mode, nlink, ino, size, ...times], number, milliseconds) {
    const blocks = Math.ceil(size / BLOCK) * (BLOCK / SECTOR);
    const all = { dev, mode, nlink, uid: 0, gid: 0, rdev: 0, blksize: BLOCK, ino, size, blocks };
    for (const name in all) {
        stats[name] = number(all[name]);
    }
    const names = ["atime", "mtime", "ctime", "birthtime"];
    names.forEach((name, index) => (stats[`${name}Ms`] = milliseconds(times[index])));
    return [names, times];
}

export class Stats extends StatsBase {
    constructor(numbers = []) {
        super();
        const [names, times] = fill(this, numbers, Number, (time) => time / 1000);
        names.forEach((name, index) => (this[name] = new Date(times[index] / 1000)));
    }
}

class BigIntStats extends StatsBase {
    constructor(numbers) {
        super();
        const [names, times] = fill(this, numbers, BigInt, (time) => BigInt(Math.floor(time / 1000)));
        names.forEach((name, index) => (this[`${name}Ns`] = BigInt(times[index]) * 1000n));
        names.forEach((name, index) => (this[name] = new Date(times[index] / 1000)));
    }
}

export const makeStats = (numbers, bigint) => (bigint ? new BigIntStats(numbers) : new Stats(numbers));

/** Of a standard stream, which is a pipe. */
export const pipeStats = (bigint) => makeStats([0, S_IFIFO | 0o600, 1, 0, 0, 0, 0, 0, 0], bigint);

class StatFs {
    constructor(numbers, convert) {
        ["type", "bsize", "blocks", "bfree", "bavail", "files", "ffree"].forEach(
            (name, index) => (this[name] = convert(numbers[index])),
        );
    }
}

export const makeStatFs = (numbers, bigint) => new StatFs(numbers, bigint ? BigInt : Number);

export class Dirent {
    #kind;
    constructor(name, parentPath, kind) {
        this.name = name;
        this.parentPath = parentPath;
        this.path = parentPath;
        this.#kind = kind;
    }
    isFile() {
        return this.#kind === constants.UV_DIRENT_FILE;
    }
    isDirectory() {
        return this.#kind === constants.UV_DIRENT_DIR;
    }
    isSymbolicLink() {
        return this.#kind === constants.UV_DIRENT_LINK;
    }
    isFIFO() {
        return this.#kind === constants.UV_DIRENT_FIFO;
    }
    isSocket() {
        return this.#kind === constants.UV_DIRENT_SOCKET;
    }
    isCharacterDevice() {
        return this.#kind === constants.UV_DIRENT_CHAR;
    }
    isBlockDevice() {
        return this.#kind === constants.UV_DIRENT_BLOCK;
    }
}
