// Errors of the operating system: numbers, names and texts of Linux.

import { outOfRange } from "node:internal/errors";

const ERRORS = new Map([
    [-1, ["EPERM", "operation not permitted"]],
    [-2, ["ENOENT", "no such file or directory"]],
    [-3, ["ESRCH", "no such process"]],
    [-4, ["EINTR", "interrupted system call"]],
    [-5, ["EIO", "i/o error"]],
    [-7, ["E2BIG", "argument list too long"]],
    [-9, ["EBADF", "bad file descriptor"]],
    [-11, ["EAGAIN", "resource temporarily unavailable"]],
    [-12, ["ENOMEM", "not enough memory"]],
    [-13, ["EACCES", "permission denied"]],
    [-14, ["EFAULT", "bad address in system call argument"]],
    [-16, ["EBUSY", "resource busy or locked"]],
    [-17, ["EEXIST", "file already exists"]],
    [-18, ["EXDEV", "cross-device link not permitted"]],
    [-19, ["ENODEV", "no such device"]],
    [-20, ["ENOTDIR", "not a directory"]],
    [-21, ["EISDIR", "illegal operation on a directory"]],
    [-22, ["EINVAL", "invalid argument"]],
    [-23, ["ENFILE", "file table overflow"]],
    [-24, ["EMFILE", "too many open files"]],
    [-26, ["ETXTBSY", "text file is busy"]],
    [-27, ["EFBIG", "file too large"]],
    [-28, ["ENOSPC", "no space left on device"]],
    [-29, ["ESPIPE", "invalid seek"]],
    [-30, ["EROFS", "read-only file system"]],
    [-31, ["EMLINK", "too many links"]],
    [-32, ["EPIPE", "broken pipe"]],
    [-34, ["ERANGE", "result too large"]],
    [-36, ["ENAMETOOLONG", "name too long"]],
    [-38, ["ENOSYS", "function not implemented"]],
    [-39, ["ENOTEMPTY", "directory not empty"]],
    [-40, ["ELOOP", "too many symbolic links encountered"]],
    [-71, ["EPROTO", "protocol error"]],
    [-75, ["EOVERFLOW", "value too large for defined data type"]],
    [-84, ["EILSEQ", "illegal byte sequence"]],
    [-95, ["ENOTSUP", "operation not supported on socket"]],
    [-98, ["EADDRINUSE", "address already in use"]],
    [-101, ["ENETUNREACH", "network is unreachable"]],
    [-103, ["ECONNABORTED", "software caused connection abort"]],
    [-104, ["ECONNRESET", "connection reset by peer"]],
    [-107, ["ENOTCONN", "socket is not connected"]],
    [-110, ["ETIMEDOUT", "connection timed out"]],
    [-111, ["ECONNREFUSED", "connection refused"]],
    [-113, ["EHOSTUNREACH", "host is unreachable"]],
    [-125, ["ECANCELED", "operation canceled"]],
    [-4095, ["EOF", "end of file"]],
]);

export const getSystemErrorMap = () => new Map(ERRORS);

function entry(number) {
    if (!(number < 0) || !Number.isSafeInteger(number)) {
        throw outOfRange("err", "a negative integer", number);
    }
    return ERRORS.get(number);
}

export const getSystemErrorName = (number) => entry(number)?.[0] ?? `Unknown system error ${number}`;
export const getSystemErrorMessage = (number) => entry(number)?.[1] ?? `Unknown system error ${number}`;
