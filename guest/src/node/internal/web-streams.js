// Streams of Node.js from those of the platform, and back.

import { abortError } from "node:internal/errors";

/** Gives the classes `fromWeb` and `toWeb`. */
export function adapt(Readable, Writable, Duplex) {
    const reading = (reader) => ({
        read() {
            reader.read().then(
                ({ done, value }) => this.push(done ? null : value),
                (error) => this.destroy(error),
            );
        },
        destroy(error, callback) {
            reader.cancel(error ?? undefined).then(
                () => callback(error),
                () => callback(error),
            );
        },
    });
    const writing = (writer) => ({
        write(chunk, encoding, callback) {
            writer.ready
                .then(() => writer.write(chunk))
                .then(
                    () => callback(),
                    (error) => callback(error),
                );
        },
        final(callback) {
            writer.close().then(
                () => callback(),
                (error) => callback(error),
            );
        },
        destroy(error, callback) {
            if (error === null || error === undefined) {
                callback(error);
                return;
            }
            writer.abort(error).then(
                () => callback(error),
                () => callback(error),
            );
        },
    });

    Readable.fromWeb = (stream, options = {}) => new Readable({ ...options, ...reading(stream.getReader()) });
    Writable.fromWeb = (stream, options = {}) => new Writable({ ...options, ...writing(stream.getWriter()) });
    Duplex.fromWeb = ({ readable, writable }, options = {}) => {
        const input = reading(readable.getReader());
        const output = writing(writable.getWriter());
        return new Duplex({
            ...options,
            ...input,
            ...output,
            destroy(error, callback) {
                input.destroy.call(this, error, () => output.destroy.call(this, error, callback));
            },
        });
    };

    Readable.toWeb = (stream, options = {}) => {
        const objects = stream.readableObjectMode;
        const strategy = options.strategy ?? { highWaterMark: objects ? stream.readableHighWaterMark : 0 };
        let ended = false;
        return new ReadableStream(
            {
                start(controller) {
                    stream.pause();
                    stream.on("data", (chunk) => {
                        const isBytes = chunk instanceof Uint8Array && !objects;
                        controller.enqueue(isBytes ? new Uint8Array(chunk) : chunk);
                        if (controller.desiredSize <= 0) {
                            stream.pause();
                        }
                    });
                    stream.pause();
                    stream.on("end", () => {
                        ended = true;
                        controller.close();
                    });
                    stream.on("error", (error) => controller.error(error));
                    stream.on("close", () => {
                        if (!ended && !stream.errored) {
                            controller.error(abortError());
                        }
                    });
                },
                pull() {
                    stream.resume();
                },
                cancel(reason) {
                    ended = true;
                    stream.destroy(reason);
                },
            },
            strategy,
        );
    };
    Writable.toWeb = (stream) =>
        new WritableStream(
            {
                start(controller) {
                    stream.on("error", (error) => controller.error(error));
                },
                write: (chunk) =>
                    new Promise((resolve, reject) => {
                        stream.write(chunk, (error) => (error ? reject(error) : resolve()));
                    }),
                close: () =>
                    new Promise((resolve, reject) => {
                        stream.on("error", reject);
                        stream.end(resolve);
                    }),
                abort(reason) {
                    stream.destroy(reason);
                },
            },
            { highWaterMark: stream.writableHighWaterMark, size: (chunk) => chunk?.byteLength ?? chunk?.length ?? 1 },
        );
    Duplex.toWeb = (stream) => ({ readable: Readable.toWeb(stream), writable: Writable.toWeb(stream) });
}
