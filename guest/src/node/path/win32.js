// node:path/win32

import { win32 } from "node:path";

export default win32;
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
    posix,
    relative,
    resolve,
    sep,
    toNamespacedPath,
    win32,
    _makeLong,
} = win32;
