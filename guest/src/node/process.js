// process (Node.js): the program that runs, its arguments, streams and end.

import { EventEmitter } from "node:events";
import { elapsed, userAgent } from "web:native";
import {
    connectProcess,
    environmentFunctions,
    exitProgram,
    heapPeak,
    isProgram,
    requireBuiltin,
    setDirectory,
    settings,
} from "node:native";

/** The release of Node.js whose modules these are like. */
const NODE = "22.0.0";
const EXEC_PATH = "/usr/local/bin/hypercell";
const START = elapsed();

const process = new EventEmitter();

let told = settings();
let env;
/** While listeners of "exit" run. */
let exiting = false;

/** The streams, made when they are first used, for each program anew. */
let streams = { __proto__: null };

function define(name, value) {
    Object.defineProperty(process, name, { value, writable: true, enumerable: true, configurable: true });
}

function defineGetter(name, get, set) {
    Object.defineProperty(process, name, { get, set, enumerable: true, configurable: true });
}

/** `env` anew: a program's own members over those of the sandbox, and its host functions. */
function makeEnv() {
    const [, , , ofSandbox, ofProgram] = told;
    const made = { ...(ofSandbox && JSON.parse(ofSandbox)) };
    const functions = environmentFunctions();
    for (const name in functions) {
        if (name === "") {
            Object.assign(made, functions[name]);
        } else {
            made[name] = Object.assign({}, functions[name]);
        }
    }
    return Object.assign(made, ofProgram && JSON.parse(ofProgram));
}

function begin() {
    told = settings();
    env = undefined;
    exiting = false;
    streams = { __proto__: null };
    process.exitCode = undefined;
    process.removeAllListeners();
    define("argv", [EXEC_PATH, ...(told[0] === "" ? [] : [told[0]]), ...told[1]]);
    define("argv0", "hypercell");
    define("execArgv", []);
    define("title", "hypercell");
}

/** The exit code that a value means; `undefined` when it says none. */
function toCode(value) {
    if (value === undefined || value === null) {
        return undefined;
    }
    const code = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (!Number.isInteger(code)) {
        const error = new TypeError(`The "code" argument must be of type number. Received ${String(value)}`);
        error.code = "ERR_INVALID_ARG_TYPE";
        throw error;
    }
    return code & 0xff;
}

/** Tells listeners that the program ends, once, and gives its exit code. */
function tellExit(code) {
    if (!exiting) {
        exiting = true;
        process.exitCode ??= code ?? 0;
        process.emit("exit", toCode(process.exitCode));
    }
    return toCode(process.exitCode) ?? code ?? 0;
}

function exit(code) {
    const given = toCode(code);
    if (!isProgram()) {
        const error = new Error("process.exit() ends a program, and none runs here");
        error.code = "ERR_NO_PROGRAM";
        throw error;
    }
    if (given !== undefined) {
        process.exitCode = given;
    }
    exitProgram(tellExit(0));
}

function uncaught(error, origin) {
    if (origin === "unhandledRejection" && process.listenerCount(origin) > 0) {
        process.emit(origin, error, undefined);
        return true;
    }
    process.emit("uncaughtExceptionMonitor", error, origin);
    return process.emit("uncaughtException", error, origin);
}

function stream(name) {
    return (streams[name] ??= requireBuiltin("node:internal/stdio")[name]());
}

function hrtime(before) {
    const now = hrtime.bigint();
    const seconds = Number(now / 1_000_000_000n);
    const nanoseconds = Number(now % 1_000_000_000n);
    if (before === undefined) {
        return [seconds, nanoseconds];
    }
    const borrow = nanoseconds < before[1] ? 1 : 0;
    return [seconds - before[0] - borrow, nanoseconds - before[1] + borrow * 1_000_000_000];
}
hrtime.bigint = () => BigInt(Math.round(elapsed() * 1e6));

function nextTick(callback, ...args) {
    if (typeof callback !== "function") {
        const error = new TypeError('The "callback" argument must be of type function.');
        error.code = "ERR_INVALID_ARG_TYPE";
        throw error;
    }
    queueMicrotask(args.length === 0 ? callback : () => callback(...args));
}

/** Node.js's `chdir`: relative to the directory before. */
function chdir(directory) {
    const { resolve } = requireBuiltin("node:path");
    const { statSync } = requireBuiltin("node:fs");
    const path = resolve(cwd(), directory);
    if (!statSync(path).isDirectory()) {
        const error = new Error(`ENOTDIR: not a directory, chdir '${cwd()}' -> '${directory}'`);
        error.code = "ENOTDIR";
        throw error;
    }
    setDirectory(path);
}

const cwd = () => settings()[2];

function emitWarning(warning, type = "Warning") {
    const error = typeof warning === "string" ? new Error(warning) : warning;
    if (typeof warning === "string") {
        error.name = typeof type === "object" ? (type.type ?? "Warning") : type;
    }
    nextTick(() => {
        if (!process.emit("warning", error)) {
            console.error(`(hypercell) ${error.name}: ${error.message}`);
        }
    });
}

function memoryUsage() {
    const used = heapPeak();
    return { rss: used, heapTotal: used, heapUsed: used, external: 0, arrayBuffers: 0 };
}
memoryUsage.rss = heapPeak;

const version = userAgent().slice("Hypercell/".length);

// Packages read from it what they may use.
define("version", `v${NODE}`);
define("versions", { node: NODE, hypercell: version });
define("release", { name: "hypercell" });
define("platform", "linux");
define("arch", "x64");
define("pid", 1);
define("ppid", 0);
define("execPath", EXEC_PATH);
define("config", { target_defaults: {}, variables: {} });
define("features", {});
define("exit", exit);
define("reallyExit", exit);
define("cwd", cwd);
define("chdir", chdir);
define("nextTick", nextTick);
define("hrtime", hrtime);
define("uptime", () => (elapsed() - START) / 1000);
define("emitWarning", emitWarning);
define("memoryUsage", memoryUsage);
define("umask", () => 0o022);
define("getuid", () => 0);
define("geteuid", () => 0);
define("getgid", () => 0);
define("getegid", () => 0);
define("abort", () => exit(134));
define("kill", (pid) => {
    const error = new Error(`kill ESRCH: there is no process ${pid}`);
    error.code = "ESRCH";
    throw error;
});
define("getBuiltinModule", (name) => requireBuiltin("node:module").getBuiltinModule(name));
defineGetter("env", () => (env ??= makeEnv()), (value) => (env = value));
defineGetter("stdin", () => stream("stdin"));
defineGetter("stdout", () => stream("stdout"));
defineGetter("stderr", () => stream("stderr"));
Object.defineProperty(process, Symbol.toStringTag, { value: "process", configurable: true });

begin();
connectProcess(begin, () => void process.emit("beforeExit", toCode(process.exitCode) ?? 0), tellExit, uncaught);

export default process;
export const { arch, pid, platform, versions } = process;
export { chdir, cwd, emitWarning, exit, hrtime, memoryUsage, nextTick };
