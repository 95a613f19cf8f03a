// node:module: `require` for ES modules.

import { Module, cache, makeRequire, nodeModulePaths } from "node:internal/cjs";
import { isBuiltinName, requireBuiltin } from "node:native";

export const builtinModules = [
    "assert", "assert/strict", "buffer", "child_process", "crypto", "events", "fs", "fs/promises", "module", "os",
    "path", "path/posix", "path/win32", "process", "punycode", "querystring", "stream", "stream/consumers",
    "stream/promises", "stream/web", "string_decoder", "timers", "timers/promises", "url", "util", "util/types", "zlib",
];

const bare = (name) => (name.startsWith("node:") ? name.slice(5) : name);

export const isBuiltin = (name) => isBuiltinName(bare(String(name)));

/** `require` as a file has it, named by its path or its `file:` URL. */
export function createRequire(from) {
    const text = String(from);
    const path = text.startsWith("file://") ? decodeURIComponent(new URL(text).pathname) : text;
    if (!path.startsWith("/")) {
        const error = new TypeError(
            `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received '${text}'`,
        );
        error.code = "ERR_INVALID_ARG_VALUE";
        throw error;
    }
    return makeRequire(new Module(path.endsWith("/") ? `${path}noop.js` : path));
}

export function getBuiltinModule(name) {
    if (!isBuiltin(name)) {
        return undefined;
    }
    const namespace = requireBuiltin(`node:${bare(name)}`);
    return "default" in namespace ? namespace.default : namespace;
}

Object.assign(Module, {
    Module,
    builtinModules,
    createRequire,
    isBuiltin,
    _cache: cache,
    _nodeModulePaths: nodeModulePaths,
});

export { Module };
export default Module;
