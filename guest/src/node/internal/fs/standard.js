// The program's standard streams as files: descriptors 0, 1 and 2.

import { readInputNow, timersEpoch, writeOutput } from "node:native";
import { refuse } from "node:internal/fs/args";

/** What of the last piece of input was not read yet, and in which request it came. */
let rest = new Uint8Array(0);
let epoch = -1;

/** Up to `length` bytes of standard input; none at its end. */
export function readInput(length) {
    if (epoch !== timersEpoch()) {
        epoch = timersEpoch();
        rest = new Uint8Array(0);
    }
    while (rest.length === 0) {
        const piece = readInputNow();
        if (piece === null) {
            break;
        }
        rest = piece;
    }
    const piece = rest.slice(0, length);
    rest = rest.subarray(piece.length);
    return piece;
}

/** Writes a text or bytes, and gives how many bytes those were. */
export function writeStream(fd, data) {
    if (fd === 0) {
        throw refuse("EBADF", -9, "bad file descriptor", "write");
    }
    writeOutput(fd, data);
    return data.length;
}
