// What the path package leaves out.

import { received, validateObject, validateString, codedError, unavailable } from "node:internal/errors";

/** Bytes of a path's root: 0 for a relative one. */
function rootLength(path, isWindows) {
    if (!isWindows) {
        return path.startsWith("/") ? 1 : 0;
    }
    const share = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+(?:[\\/]|$)/.exec(path);
    if (share !== null) {
        return share[0].length;
    }
    return /^(?:[A-Za-z]:)?[\\/]?/.exec(path)[0].length;
}

/** Adds `parse` and `format`, and gives the errors of the others their code. */
export function extend(path, isWindows) {
    for (const name of Object.keys(path)) {
        if (typeof path[name] === "function") {
            path[name] = coded(name, path[name]);
        }
    }
    const { basename, extname } = path;
    path.parse = function parse(text) {
        validateString(text, "path");
        const root = text.slice(0, rootLength(text, isWindows));
        const rest = text.slice(root.length);
        const base = basename(rest);
        const ext = extname(base);
        const separators = isWindows ? /[\\/]+$/ : /\/+$/;
        const trimmed = rest.replace(separators, "");
        const end = trimmed.length - base.length;
        // The separator before the last part is no part of the directory.
        const dir = end > 0 ? root + trimmed.slice(0, end - 1) : root;
        return { root, dir, base, ext, name: ext === "" ? base : base.slice(0, -ext.length) };
    };
    path.format = function format(object) {
        validateObject(object, "pathObject");
        const { dir = object.root, ext = "" } = object;
        const base = object.base || `${object.name || ""}${ext && !ext.startsWith(".") ? "." : ""}${ext || ""}`;
        if (!dir) {
            return base;
        }
        return dir === object.root ? `${dir}${base}` : `${dir}${path.sep}${base}`;
    };
    path.matchesGlob = function matchesGlob() {
        throw unavailable("path.matchesGlob()");
    };
    path._makeLong = path.toNamespacedPath;
    return path;
}

/** The package's function with the argument checked as Node.js does. */
function coded(name, run) {
    const first = { join: "path", resolve: "paths", relative: "from" }[name] ?? "path";
    const wrapped = {
        [name](...args) {
            for (let i = 0; i < args.length || i < 1; i++) {
                const argument = args[i];
                if (typeof argument === "string") {
                    continue;
                }
                if (name === "toNamespacedPath" || ((name === "join" || name === "resolve") && args.length === 0)) {
                    break;
                }
                if (name === "basename" && i === 1 && argument === undefined) {
                    break;
                }
                if (i > 0 && !["join", "resolve", "relative", "basename"].includes(name)) {
                    break;
                }
                const what = i === 1 && name === "relative" ? "to" : i === 1 && name === "basename" ? "suffix" : first;
                const shown = name === "resolve" ? `paths[${i}]` : what;
                throw codedError(
                    TypeError,
                    "ERR_INVALID_ARG_TYPE",
                    `The "${shown}" ${name === "resolve" ? "property" : "argument"} must be of type string. ${received(argument)}`,
                );
            }
            return run(...args);
        },
    }[name];
    Object.defineProperty(wrapped, "length", { value: run.length, configurable: true });
    return wrapped;
}
