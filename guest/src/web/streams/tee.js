// Tee of readable streams (Streams 4.9.1).

import { ArrayOf } from "web:primordials";
import { CloneAsUint8Array, bytesOf } from "web:streams/buffers";
import {
    CreateReadableByteStream,
    ReadableByteStreamControllerClose,
    ReadableByteStreamControllerEnqueue,
    ReadableByteStreamControllerError,
} from "web:streams/byte-controller";
import {
    CreateReadableStream,
    ReadableStreamDefaultControllerClose,
    ReadableStreamDefaultControllerEnqueue,
    ReadableStreamDefaultControllerError,
} from "web:streams/default-controller";
import { newPromise, promiseResolvedWith, queueMicrotask, resolvePromise, uponPromise } from "web:streams/promises";
import {
    ReadableByteStreamControllerGetBYOBRequest,
    ReadableByteStreamControllerRespond,
    ReadableStreamBYOBReaderRead,
    respondWithNewBytes,
} from "web:streams/pull-into";
import {
    AcquireReadableStreamBYOBReader,
    AcquireReadableStreamDefaultReader,
    ReadableStreamCancel,
    ReadableStreamDefaultReaderRead,
    ReadableStreamReaderRelease,
} from "web:streams/readable";

/** `{ branch1, branch2 }`. With `clone`, which clones a chunk and may throw, the second branch has chunks of its own. */
export const ReadableStreamTee = (stream, clone = undefined) =>
    // Chunks of bytes are copied in any case.
    stream.controller.isByteController ? ReadableByteStreamTee(stream) : ReadableStreamDefaultTee(stream, clone);

/** What both kinds share: the stream is cancelled when both branches are. */
function newBranches(stream) {
    const cancelled = newPromise();
    const branch = () => ({ __proto__: null, stream: undefined, canceled: false, reason: undefined, readAgain: false });
    const first = branch();
    const second = branch();
    const cancelAlgorithm = (which) => (reason) => {
        which.canceled = true;
        which.reason = reason;
        if (first.canceled && second.canceled) {
            resolvePromise(cancelled, ReadableStreamCancel(stream, ArrayOf(first.reason, second.reason)));
        }
        return cancelled.promise;
    };
    return {
        __proto__: null,
        first,
        second,
        cancelled,
        cancelFirst: cancelAlgorithm(first),
        cancelSecond: cancelAlgorithm(second),
        // The stream has ended otherwise.
        ended() {
            if (!first.canceled || !second.canceled) {
                resolvePromise(cancelled, undefined);
            }
        },
    };
}

const startAlgorithm = () => undefined;

function ReadableStreamDefaultTee(stream, clone) {
    const reader = AcquireReadableStreamDefaultReader(stream);
    const { first, second, cancelled, cancelFirst, cancelSecond, ended } = newBranches(stream);
    let reading = false;
    let readAgain = false;

    const readRequest = {
        __proto__: null,
        chunkSteps(chunk) {
            // An error of the stream shows one microtask later, and no chunk may overtake it.
            queueMicrotask(() => {
                readAgain = false;
                let copy = chunk;
                if (clone !== undefined && !second.canceled) {
                    try {
                        copy = clone(chunk);
                    } catch (error) {
                        ReadableStreamDefaultControllerError(first.stream.controller, error);
                        ReadableStreamDefaultControllerError(second.stream.controller, error);
                        resolvePromise(cancelled, ReadableStreamCancel(stream, error));
                        return;
                    }
                }
                if (!first.canceled) {
                    ReadableStreamDefaultControllerEnqueue(first.stream.controller, chunk);
                }
                if (!second.canceled) {
                    ReadableStreamDefaultControllerEnqueue(second.stream.controller, copy);
                }
                reading = false;
                if (readAgain) {
                    pullAlgorithm();
                }
            });
        },
        closeSteps() {
            reading = false;
            if (!first.canceled) {
                ReadableStreamDefaultControllerClose(first.stream.controller);
            }
            if (!second.canceled) {
                ReadableStreamDefaultControllerClose(second.stream.controller);
            }
            ended();
        },
        errorSteps() {
            reading = false;
        },
    };

    function pullAlgorithm() {
        if (reading) {
            readAgain = true;
        } else {
            reading = true;
            ReadableStreamDefaultReaderRead(reader, readRequest);
        }
        return promiseResolvedWith(undefined);
    }

    first.stream = CreateReadableStream(startAlgorithm, pullAlgorithm, cancelFirst);
    second.stream = CreateReadableStream(startAlgorithm, pullAlgorithm, cancelSecond);
    uponPromise(reader.closed.promise, undefined, (error) => {
        ReadableStreamDefaultControllerError(first.stream.controller, error);
        ReadableStreamDefaultControllerError(second.stream.controller, error);
        ended();
    });
    return { __proto__: null, branch1: first.stream, branch2: second.stream };
}

function ReadableByteStreamTee(stream) {
    let reader = AcquireReadableStreamDefaultReader(stream);
    const { first, second, cancelled, cancelFirst, cancelSecond, ended } = newBranches(stream);
    let reading = false;

    const isWaiting = (branch) => branch.stream.controller.pendingPullIntos.length > 0;
    const enqueue = (branch, array) => ReadableByteStreamControllerEnqueue(branch.stream.controller, bytesOf(array));
    const close = (branch) => {
        if (!branch.canceled) {
            ReadableByteStreamControllerClose(branch.stream.controller);
        }
    };
    const fail = (error) => {
        ReadableByteStreamControllerError(first.stream.controller, error);
        ReadableByteStreamControllerError(second.stream.controller, error);
    };
    /** A copy for the other branch; nothing when there is no memory, which ends all. */
    const clone = (array) => {
        try {
            return CloneAsUint8Array(bytesOf(array));
        } catch (error) {
            fail(error);
            resolvePromise(cancelled, ReadableStreamCancel(stream, error));
        }
    };

    function forwardReaderError(thisReader) {
        uponPromise(thisReader.closed.promise, undefined, (error) => {
            if (thisReader === reader) {
                fail(error);
                ended();
            }
        });
    }

    function useReader(Acquire, isBYOB) {
        if (reader.isBYOB !== isBYOB) {
            ReadableStreamReaderRelease(reader);
            reader = Acquire(stream);
            forwardReaderError(reader);
        }
    }

    function startedChunk() {
        first.readAgain = false;
        second.readAgain = false;
    }

    function finishedChunk() {
        reading = false;
        if (first.readAgain) {
            pull(first);
        } else if (second.readAgain) {
            pull(second);
        }
    }

    const readRequest = {
        __proto__: null,
        chunkSteps(chunk) {
            // As above.
            queueMicrotask(() => {
                startedChunk();
                let chunk2 = chunk;
                if (!first.canceled && !second.canceled) {
                    chunk2 = clone(chunk);
                    if (chunk2 === undefined) {
                        return;
                    }
                }
                if (!first.canceled) {
                    enqueue(first, chunk);
                }
                if (!second.canceled) {
                    enqueue(second, chunk2);
                }
                finishedChunk();
            });
        },
        closeSteps() {
            reading = false;
            close(first);
            close(second);
            if (isWaiting(first)) {
                ReadableByteStreamControllerRespond(first.stream.controller, 0);
            }
            if (isWaiting(second)) {
                ReadableByteStreamControllerRespond(second.stream.controller, 0);
            }
            ended();
        },
        errorSteps() {
            reading = false;
        },
    };

    const readIntoRequest = (branch, other) => ({
        __proto__: null,
        chunkSteps(chunk) {
            // As above.
            queueMicrotask(() => {
                startedChunk();
                const copy = other.canceled ? undefined : clone(chunk);
                if (copy === undefined && !other.canceled) {
                    return;
                }
                if (!branch.canceled) {
                    respondWithNewBytes(branch.stream.controller, chunk);
                }
                if (copy !== undefined) {
                    enqueue(other, copy);
                }
                finishedChunk();
            });
        },
        closeSteps(chunk) {
            reading = false;
            close(branch);
            close(other);
            if (chunk !== undefined) {
                if (!branch.canceled) {
                    respondWithNewBytes(branch.stream.controller, chunk);
                }
                if (!other.canceled && isWaiting(other)) {
                    ReadableByteStreamControllerRespond(other.stream.controller, 0);
                }
            }
            ended();
        },
        errorSteps() {
            reading = false;
        },
    });

    function pull(branch) {
        if (reading) {
            branch.readAgain = true;
            return promiseResolvedWith(undefined);
        }
        reading = true;
        const byobRequest = ReadableByteStreamControllerGetBYOBRequest(branch.stream.controller);
        if (byobRequest === null) {
            useReader(AcquireReadableStreamDefaultReader, false);
            ReadableStreamDefaultReaderRead(reader, readRequest);
        } else {
            useReader(AcquireReadableStreamBYOBReader, true);
            const request = readIntoRequest(branch, branch === first ? second : first);
            ReadableStreamBYOBReaderRead(reader, bytesOf(byobRequest.view), 1, request);
        }
        return promiseResolvedWith(undefined);
    }

    first.stream = CreateReadableByteStream(startAlgorithm, () => pull(first), cancelFirst);
    second.stream = CreateReadableByteStream(startAlgorithm, () => pull(second), cancelSecond);
    forwardReaderError(reader);
    return { __proto__: null, branch1: first.stream, branch2: second.stream };
}
