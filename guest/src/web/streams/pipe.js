// Piping (Streams 4.9.1, ReadableStreamPipeTo).

import { TypeError } from "web:primordials";
import { abortReason, addAbortAlgorithm, removeAbortAlgorithm } from "web:streams/abort";
import {
    newPromise,
    promiseResolvedWith,
    rejectPromise,
    resolvePromise,
    transformPromise,
    uponPromise,
} from "web:streams/promises";
import {
    AcquireReadableStreamDefaultReader,
    ReadableStreamCancel,
    ReadableStreamDefaultReaderRead,
    ReadableStreamReaderRelease,
} from "web:streams/readable";
import {
    AcquireWritableStreamDefaultWriter,
    WritableStreamAbort,
    WritableStreamCloseQueuedOrInFlight,
    WritableStreamDefaultWriterCloseWithErrorPropagation,
    WritableStreamDefaultWriterRelease,
    WritableStreamDefaultWriterWrite,
} from "web:streams/writable";

const noop = () => {};

/** Both streams are unlocked. The promise is an internal one. */
export function ReadableStreamPipeTo(source, dest, preventClose, preventAbort, preventCancel, signal) {
    const reader = AcquireReadableStreamDefaultReader(source);
    const writer = AcquireWritableStreamDefaultWriter(dest);
    const result = newPromise();
    let shuttingDown = false;
    let currentWrite = promiseResolvedWith(undefined);

    source.disturbed = true;

    /** Reads when the destination takes more. */
    function step() {
        if (!shuttingDown) {
            uponPromise(writer.ready.promise, read);
        }
    }

    function read() {
        if (!shuttingDown) {
            ReadableStreamDefaultReaderRead(reader, readRequest);
        }
    }

    const readRequest = {
        __proto__: null,
        chunkSteps(chunk) {
            // Not at once: enqueue() does not call the sink before it returns. But it counts as written from here on.
            currentWrite = transformPromise(promiseResolvedWith(undefined), () => {
                if (writer.stream === undefined) {
                    return undefined;
                }
                const written = WritableStreamDefaultWriterWrite(writer, chunk);
                step();
                return transformPromise(written, undefined, noop);
            });
        },
        closeSteps: noop,
        errorSteps: noop,
    };

    function isOrBecomesErrored(stream, closed, action) {
        if (stream.state === "errored") {
            action(stream.storedError);
        } else {
            uponPromise(closed.promise, undefined, action);
        }
    }

    function isOrBecomesClosed(stream, closed, action) {
        if (stream.state === "closed") {
            action();
        } else {
            uponPromise(closed.promise, action);
        }
    }

    /** Of the newest one, too, that begins while it waits. */
    function waitForWritesToFinish() {
        const waitedFor = currentWrite;
        return transformPromise(waitedFor, () => (waitedFor === currentWrite ? undefined : waitForWritesToFinish()));
    }

    /** Shutdown, with an action or without. */
    function shutdown(action, isError, error) {
        if (shuttingDown) {
            return;
        }
        shuttingDown = true;
        const act = () => {
            if (action === undefined) {
                finalize(isError, error);
            } else {
                uponPromise(action(), () => finalize(isError, error), (newError) => finalize(true, newError));
            }
        };
        if (dest.state === "writable" && !WritableStreamCloseQueuedOrInFlight(dest)) {
            uponPromise(waitForWritesToFinish(), act);
        } else {
            act();
        }
    }

    function finalize(isError, error) {
        WritableStreamDefaultWriterRelease(writer);
        ReadableStreamReaderRelease(reader);
        if (signal !== undefined) {
            removeAbortAlgorithm(signal, abortAlgorithm);
        }
        if (isError) {
            rejectPromise(result, error);
        } else {
            resolvePromise(result, undefined);
        }
    }

    function abortAlgorithm() {
        const error = abortReason(signal);
        shutdown(() => {
            const aborted =
                preventAbort || dest.state !== "writable" ? promiseResolvedWith(undefined) : WritableStreamAbort(dest, error);
            const cancelled =
                preventCancel || source.state !== "readable" ? promiseResolvedWith(undefined) : ReadableStreamCancel(source, error);
            return both(aborted, cancelled);
        }, true, error);
    }

    if (signal !== undefined) {
        if (abortReason(signal) !== undefined) {
            abortAlgorithm();
            return result.promise;
        }
        addAbortAlgorithm(signal, abortAlgorithm);
    }
    // Errors must be propagated forward,
    isOrBecomesErrored(source, reader.closed, (error) => {
        shutdown(preventAbort ? undefined : () => WritableStreamAbort(dest, error), true, error);
    });
    // and backward;
    isOrBecomesErrored(dest, writer.closed, (error) => {
        shutdown(preventCancel ? undefined : () => ReadableStreamCancel(source, error), true, error);
    });
    // closing forward,
    isOrBecomesClosed(source, reader.closed, () => {
        shutdown(preventClose ? undefined : () => WritableStreamDefaultWriterCloseWithErrorPropagation(writer), false);
    });
    // and backward.
    if (WritableStreamCloseQueuedOrInFlight(dest) || dest.state === "closed") {
        const error = new TypeError("the destination closed before all data could be piped to it");
        shutdown(preventCancel ? undefined : () => ReadableStreamCancel(source, error), true, error);
    }
    step();
    return result.promise;
}

/** Of two promises: waits for all, and rejects as the first that does. */
function both(one, other) {
    const result = newPromise();
    let left = 2;
    const fulfilled = () => {
        left--;
        if (left === 0) {
            resolvePromise(result, undefined);
        }
    };
    const rejected = (error) => rejectPromise(result, error);
    uponPromise(one, fulfilled, rejected);
    uponPromise(other, fulfilled, rejected);
    return result.promise;
}
