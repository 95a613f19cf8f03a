// node:stream

import Stream from "node:vendor/readable-stream";
import { adapt } from "node:internal/web-streams";

const { Readable, Writable, Duplex, Transform, PassThrough } = Stream;
// That of Node.js 22.
Stream.setDefaultHighWaterMark(false, 64 << 10);
adapt(Readable, Writable, Duplex);

export default Stream;
export const {
    addAbortSignal,
    compose,
    destroy,
    finished,
    getDefaultHighWaterMark,
    isDestroyed,
    isDisturbed,
    isErrored,
    isReadable,
    isWritable,
    pipeline,
    promises,
    setDefaultHighWaterMark,
    _isUint8Array,
    _uint8ArrayToBuffer,
} = Stream;
export { Duplex, PassThrough, Readable, Stream, Transform, Writable };
