// node:child_process: the tools of the host are the commands that there are.

import { EventEmitter } from "node:events";
import { requireBuiltin, runTool, runToolNow } from "node:native";

/** Most bytes that a tool's output may have, unless a caller says otherwise. */
const MAX_BUFFER = 1024 * 1024;

const buffers = () => requireBuiltin("node:buffer").Buffer;

function typeError(code, message) {
    const error = new TypeError(message);
    error.code = code;
    return error;
}

function spawnError(name, args) {
    const error = new Error(`spawn ${name} ENOENT`);
    return Object.assign(error, { errno: -2, code: "ENOENT", syscall: `spawn ${name}`, path: name, spawnargs: args });
}

/** What the overloads of Node.js's functions leave: a name, arguments, options and a callback. */
function normalize(file, args, options, callback) {
    if (typeof file !== "string" || file === "") {
        throw typeError("ERR_INVALID_ARG_TYPE", 'The "file" argument must be a non-empty string.');
    }
    if (typeof args === "function") {
        [args, options, callback] = [[], {}, args];
    } else if (!Array.isArray(args)) {
        [args, options, callback] = [[], args, options];
    }
    if (typeof options === "function") {
        [options, callback] = [{}, options];
    }
    options ??= {};
    if (options.shell) {
        throw typeError("ERR_INVALID_ARG_VALUE", "There is no shell here: name a tool and its arguments.");
    }
    return { file, args: args.map(String), options, callback };
}

function toText(input) {
    if (input === undefined || input === null) {
        return null;
    }
    return typeof input === "string" ? input : buffers().from(input).toString("utf8");
}

function encode(text, encoding) {
    const bytes = buffers().from(text, "utf8");
    return encoding && encoding !== "buffer" ? bytes.toString(encoding) : bytes;
}

function commandError(file, args, ended, stdout, stderr) {
    const command = [file, ...args].join(" ");
    const error = new Error(`Command failed: ${command}${ended.stderr ? `\n${ended.stderr}` : ""}`);
    return Object.assign(error, { status: ended.code, code: ended.code, killed: false, signal: null, cmd: command, stdout, stderr });
}

function tooLong(stream) {
    const error = new RangeError(`${stream} maxBuffer length exceeded`);
    error.code = "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
    return error;
}

function excess(ended, options) {
    const most = options.maxBuffer ?? MAX_BUFFER;
    return ["stdout", "stderr"].find((stream) => ended[stream].length > most);
}

export function spawnSync(file, args, options) {
    const called = normalize(file, args, options);
    const result = { pid: 0, output: null, stdout: null, stderr: null, status: null, signal: null };
    let ended;
    try {
        ended = runToolNow(called.file, called.args, toText(called.options.input));
    } catch (error) {
        result.error = error.code === "ENOENT" ? spawnError(called.file, called.args) : error;
        return result;
    }
    result.stdout = encode(ended.stdout, called.options.encoding);
    result.stderr = encode(ended.stderr, called.options.encoding);
    result.output = [null, result.stdout, result.stderr];
    result.status = ended.code;
    const stream = excess(ended, called.options);
    if (stream !== undefined) {
        result.error = tooLong(stream);
    }
    return result;
}

export function execFileSync(file, args, options) {
    const called = normalize(file, args, options);
    const result = spawnSync(called.file, called.args, called.options);
    if (result.error !== undefined) {
        throw result.error;
    }
    if (result.status !== 0) {
        const ended = { code: result.status, stderr: String(result.stderr) };
        throw commandError(called.file, called.args, ended, result.stdout, result.stderr);
    }
    return result.stdout;
}

/** A tool that runs. It starts when its input has ended, and ends with `exit` and `close`. */
export class ChildProcess extends EventEmitter {
    #input = [];

    constructor(file, args, options) {
        super();
        const { Readable, Writable } = requireBuiltin("node:stream");
        this.pid = 0;
        this.exitCode = null;
        this.signalCode = null;
        this.killed = false;
        this.spawnfile = file;
        this.spawnargs = [file, ...args];
        this.stdout = new Readable({ read() {} });
        this.stderr = new Readable({ read() {} });
        this.stdin = new Writable({
            write: (chunk, encoding, callback) => {
                this.#input.push(buffers().from(chunk));
                callback();
            },
            final: (callback) => {
                this.#start(file, args);
                callback();
            },
        });
        this.stdio = [this.stdin, this.stdout, this.stderr];
        queueMicrotask(() => this.emit("spawn"));
        const ignored = options.stdio === "ignore" || options.stdio === "inherit" || options.stdio?.[0] === "ignore";
        if (ignored || options.input !== undefined) {
            this.stdin.end(options.input);
        }
    }

    async #start(file, args) {
        const input = this.#input.length === 0 ? null : buffers().concat(this.#input).toString("utf8");
        let ended;
        try {
            ended = await runTool(file, args, input);
        } catch (error) {
            this.#end(null, "", "");
            this.emit("error", error.code === "ENOENT" ? spawnError(file, args) : error);
            return;
        }
        this.exitCode = ended.code;
        this.emit("exit", ended.code, null);
        this.#end(ended.code, ended.stdout, ended.stderr);
    }

    #end(code, stdout, stderr) {
        let open = 2;
        const closed = () => {
            open -= 1;
            if (open === 0 && code !== null) {
                this.emit("close", code, null);
            }
        };
        for (const [stream, text] of [[this.stdout, stdout], [this.stderr, stderr]]) {
            stream.once("close", closed);
            if (text !== "") {
                stream.push(text);
            }
            stream.push(null);
        }
        // Whoever does not read them waits for their end all the same.
        for (const stream of [this.stdout, this.stderr]) {
            if (stream.listenerCount("data") === 0 && stream.listenerCount("readable") === 0) {
                queueMicrotask(() => stream.readableFlowing === null && stream.resume());
            }
        }
    }

    /** A tool runs on the host, which ends it with the program. */
    kill() {
        return false;
    }

    ref() {}

    unref() {}
}

export function spawn(file, args, options) {
    const called = normalize(file, args, options);
    return new ChildProcess(called.file, called.args, called.options);
}

export function execFile(file, args, options, callback) {
    const called = normalize(file, args, options, callback);
    const child = spawn(called.file, called.args, called.options);
    const done = called.callback ?? (() => {});
    const encoding = called.options.encoding === undefined ? "utf8" : called.options.encoding;
    const texts = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) {
        child[stream].setEncoding("utf8");
        child[stream].on("data", (text) => (texts[stream] += text));
    }
    const finish = (code) => {
        const [stdout, stderr] = [encode(texts.stdout, encoding), encode(texts.stderr, encoding)];
        const stream = excess(texts, called.options);
        if (stream !== undefined) {
            done(tooLong(stream), stdout, stderr);
        } else if (code !== 0) {
            done(commandError(called.file, called.args, { code, stderr: texts.stderr }, stdout, stderr), stdout, stderr);
        } else {
            done(null, stdout, stderr);
        }
    };
    child.on("close", finish);
    child.on("error", (error) => done(error, "", ""));
    if (called.options.input === undefined) {
        // As a process whose standard input nobody writes to.
        queueMicrotask(() => child.stdin.writableLength === 0 && !child.stdin.writableEnded && child.stdin.end());
    }
    return child;
}

Object.defineProperty(execFile, Symbol.for("nodejs.util.promisify.custom"), {
    value: (file, args, options) =>
        new Promise((resolve, reject) => {
            execFile(file, args ?? [], options ?? {}, (error, stdout, stderr) => {
                if (error === null) {
                    resolve({ stdout, stderr });
                } else {
                    reject(Object.assign(error, { stdout, stderr }));
                }
            });
        }),
    configurable: true,
});

function refuse(name, instead) {
    return {
        [name]() {
            const error = new Error(`child_process.${name} needs ${instead}, which there is not here: name a tool with execFile or spawn`);
            error.code = "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM";
            throw error;
        },
    }[name];
}

export const exec = refuse("exec", "a shell");
export const execSync = refuse("execSync", "a shell");
export const fork = refuse("fork", "a process");

export default { ChildProcess, exec, execFile, execFileSync, execSync, fork, spawn, spawnSync };
