// node:os: what a program in the guest can know of its machine.

import { heapPeak, settings } from "node:native";
import { codedError } from "node:internal/errors";

export const EOL = "\n";
export const devNull = "/dev/null";

const numbers = (names) => Object.freeze(Object.fromEntries(names));

const signals = numbers([
    ["SIGHUP", 1],
    ["SIGINT", 2],
    ["SIGQUIT", 3],
    ["SIGILL", 4],
    ["SIGTRAP", 5],
    ["SIGABRT", 6],
    ["SIGIOT", 6],
    ["SIGBUS", 7],
    ["SIGFPE", 8],
    ["SIGKILL", 9],
    ["SIGUSR1", 10],
    ["SIGSEGV", 11],
    ["SIGUSR2", 12],
    ["SIGPIPE", 13],
    ["SIGALRM", 14],
    ["SIGTERM", 15],
    ["SIGCHLD", 17],
    ["SIGSTKFLT", 16],
    ["SIGCONT", 18],
    ["SIGSTOP", 19],
    ["SIGTSTP", 20],
    ["SIGTTIN", 21],
    ["SIGTTOU", 22],
    ["SIGURG", 23],
    ["SIGXCPU", 24],
    ["SIGXFSZ", 25],
    ["SIGVTALRM", 26],
    ["SIGPROF", 27],
    ["SIGWINCH", 28],
    ["SIGIO", 29],
    ["SIGPOLL", 29],
    ["SIGPWR", 30],
    ["SIGSYS", 31],
]);

const errno = numbers([
    ["E2BIG", 7],
    ["EACCES", 13],
    ["EAGAIN", 11],
    ["EBADF", 9],
    ["EBUSY", 16],
    ["EEXIST", 17],
    ["EINTR", 4],
    ["EINVAL", 22],
    ["EIO", 5],
    ["EISDIR", 21],
    ["ELOOP", 40],
    ["EMFILE", 24],
    ["ENAMETOOLONG", 36],
    ["ENOENT", 2],
    ["ENOMEM", 12],
    ["ENOSPC", 28],
    ["ENOSYS", 38],
    ["ENOTDIR", 20],
    ["ENOTEMPTY", 39],
    ["EPERM", 1],
    ["EPIPE", 32],
    ["EROFS", 30],
    ["EXDEV", 18],
]);

const priority = numbers([
    ["PRIORITY_LOW", 19],
    ["PRIORITY_BELOW_NORMAL", 10],
    ["PRIORITY_NORMAL", 0],
    ["PRIORITY_ABOVE_NORMAL", -7],
    ["PRIORITY_HIGH", -14],
    ["PRIORITY_HIGHEST", -20],
]);

export const constants = Object.freeze({
    __proto__: null,
    UV_UDP_REUSEADDR: 4,
    dlopen: numbers([]),
    errno,
    priority,
    signals,
});

/** Bytes that the guest is told to have: nothing tells it the limit of its heap. */
const TOTAL = 128 << 20;

export const arch = () => "x64";
export const availableParallelism = () => 1;
export const cpus = () => [
    { model: "Hypercell", speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } },
];
export const endianness = () => "LE";
export const freemem = () => Math.max(TOTAL - heapPeak(), 0);
export const getPriority = () => 0;
export const homedir = () => variable("HOME") ?? "/root";
export const hostname = () => "hypercell";
export const loadavg = () => [0, 0, 0];
export const machine = () => "x86_64";
export const networkInterfaces = () => ({});
export const platform = () => "linux";
export const release = () => "6.0.0";
export const tmpdir = () => (variable("TMPDIR") ?? "/tmp").replace(/(?<=.)\/$/, "");
export const totalmem = () => TOTAL;
export const type = () => "Linux";
export const uptime = () => performance.now() / 1000;
export const userInfo = () => ({ uid: 0, gid: 0, username: "root", homedir: homedir(), shell: null });
export const version = () => "Hypercell";

export function setPriority() {
    throw codedError(Error, "ERR_SYSTEM_ERROR", "A system error occurred: uv_os_setpriority returned EACCES (permission denied)");
}

/** A variable of the environment, without `node:process`. */
function variable(name) {
    const [, , , ofSandbox, ofProgram] = settings();
    for (const text of [ofProgram, ofSandbox]) {
        const value = text ? JSON.parse(text)[name] : undefined;
        if (typeof value === "string" && value !== "") {
            return value;
        }
    }
    return undefined;
}

export default {
    EOL,
    arch,
    availableParallelism,
    constants,
    cpus,
    devNull,
    endianness,
    freemem,
    getPriority,
    homedir,
    hostname,
    loadavg,
    machine,
    networkInterfaces,
    platform,
    release,
    setPriority,
    tmpdir,
    totalmem,
    type,
    uptime,
    userInfo,
    version,
};
