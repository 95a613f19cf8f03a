// node:stream/consumers

import { Buffer } from "node:buffer";

/** All chunks of a stream, as the bytes that they are. */
async function chunks(stream) {
    const list = [];
    for await (const chunk of stream) {
        list.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    }
    return list;
}

export const buffer = async (stream) => Buffer.concat(await chunks(stream));

export async function arrayBuffer(stream) {
    const bytes = await buffer(stream);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

export const blob = async (stream) => new Blob(await chunks(stream));

export async function text(stream) {
    const decoder = new TextDecoder();
    let result = "";
    for await (const chunk of stream) {
        result += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    }
    return result + decoder.decode();
}

export const json = async (stream) => JSON.parse(await text(stream));

export default { arrayBuffer, blob, buffer, json, text };
