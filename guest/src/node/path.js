// node:path

import { extend } from "node:internal/path";
import * as vendored from "node:vendor/path";

export const posix = extend({ ...vendored.posix }, false);
export const win32 = extend({ ...vendored.win32 }, true);
for (const path of [posix, win32]) {
    path.posix = posix;
    path.win32 = win32;
}

export default posix;
export const {
    basename,
    delimiter,
    dirname,
    extname,
    format,
    isAbsolute,
    join,
    matchesGlob,
    normalize,
    parse,
    relative,
    resolve,
    sep,
    toNamespacedPath,
    _makeLong,
} = posix;
