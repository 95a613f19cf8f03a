// CommonJS modules: `require`, and what makes a module of one.

import { compileCommonJS, readSource, requireBuiltin, resolveRequired } from "node:native";

/** Modules by their paths, as `require.cache` shows them. */
export const cache = Object.create(null);

export class Module {
    constructor(id, parent) {
        this.id = id;
        this.path = dirname(id);
        this.exports = {};
        this.filename = id;
        this.loaded = false;
        this.children = [];
        this.paths = nodeModulePaths(this.path);
        parent?.children.push(this);
    }

    require(specifier) {
        return requireFrom(this, specifier);
    }
}

function dirname(path) {
    const end = path.lastIndexOf("/");
    return end <= 0 ? "/" : path.slice(0, end);
}

export function nodeModulePaths(folder) {
    const paths = [];
    for (let path = folder; ; path = dirname(path)) {
        if (!path.endsWith("/node_modules")) {
            paths.push(path === "/" ? "/node_modules" : `${path}/node_modules`);
        }
        if (path === "/") {
            return paths;
        }
    }
}

function builtin(name) {
    const namespace = requireBuiltin(name);
    return "default" in namespace ? namespace.default : namespace;
}

function checkSpecifier(specifier) {
    if (typeof specifier !== "string" || specifier === "") {
        const received = specifier === "" ? "an empty string" : typeof specifier;
        const error = new TypeError(`The argument 'id' must be a non-empty string. Received ${received}`);
        error.code = specifier === "" ? "ERR_INVALID_ARG_VALUE" : "ERR_INVALID_ARG_TYPE";
        throw error;
    }
}

function requireFrom(parent, specifier) {
    checkSpecifier(specifier);
    const [kind, name] = resolveRequired(parent.filename, specifier);
    if (kind === "builtin") {
        return builtin(name);
    }
    if (kind === "module" || kind === "url") {
        const error = new Error(`require() of the ES module ${name} is not supported: import it`);
        error.code = "ERR_REQUIRE_ESM";
        throw error;
    }
    return loadFile(name, kind, parent).exports;
}

function loadFile(path, kind, parent) {
    const cached = cache[path];
    if (cached !== undefined) {
        return cached;
    }
    const module = new Module(path, parent);
    cache[path] = module;
    let done = false;
    try {
        const source = readSource(path);
        if (kind === "json") {
            module.exports = parseJSON(path, source);
        } else {
            const run = compileCommonJS(path, source.startsWith("#!") ? `//${source}` : source);
            run.call(module.exports, module.exports, makeRequire(module), module, path, module.path);
        }
        done = true;
    } finally {
        if (!done) {
            delete cache[path];
        }
    }
    module.loaded = true;
    return module;
}

function parseJSON(path, source) {
    try {
        return JSON.parse(source);
    } catch (error) {
        error.message = `${path}: ${error.message}`;
        throw error;
    }
}

export function makeRequire(module) {
    const require = (specifier) => requireFrom(module, specifier);
    require.resolve = (specifier) => {
        checkSpecifier(specifier);
        return resolveRequired(module.filename, specifier)[1];
    };
    require.cache = cache;
    require.main = undefined;
    return require;
}

/** The exports of the CommonJS module at a path: for `import`. */
export const load = (path) => loadFile(path, "commonjs", undefined).exports;
