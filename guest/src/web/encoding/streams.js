// TextEncoderStream and TextDecoderStream (https://encoding.spec.whatwg.org/#interface-textencoderstream).

import { createStreamDecoder, createStreamEncoder, toDecoderSettings } from "web:encoding";
import { TypedArrayPrototypeGetByteLength, Uint8Array } from "web:primordials";
import { toSharedBytes } from "web:buffersource";
import { createTransformStream, enqueueTransformed } from "web:streams";
import { exposeInterface, toDOMString } from "web:webidl";

class TextEncoderStream {
    #transform;

    constructor() {
        const encode = createStreamEncoder();
        const enqueue = (controller, bytes) => {
            if (TypedArrayPrototypeGetByteLength(bytes) > 0) {
                enqueueTransformed(controller, bytes);
            }
        };
        this.#transform = createTransformStream(
            (chunk, controller) => enqueue(controller, encode(toDOMString(chunk), false)),
            (controller) => enqueue(controller, encode("", true)),
            () => {},
        );
    }

    get encoding() {
        this.#transform;
        return "utf-8";
    }

    get readable() {
        return this.#transform.readable;
    }

    get writable() {
        return this.#transform.writable;
    }
}

class TextDecoderStream {
    #settings;
    #transform;

    constructor(label = "utf-8", options = undefined) {
        this.#settings = toDecoderSettings(label, options, "TextDecoderStream");
        const decode = createStreamDecoder(this.#settings);
        const enqueue = (controller, text) => {
            if (text !== "") {
                enqueueTransformed(controller, text);
            }
        };
        this.#transform = createTransformStream(
            (chunk, controller) => enqueue(controller, decode(toSharedBytes(chunk, "the chunk"), false)),
            (controller) => enqueue(controller, decode(new Uint8Array(), true)),
            () => {},
        );
    }

    get encoding() {
        return this.#settings.encoding;
    }

    get fatal() {
        return this.#settings.fatal;
    }

    get ignoreBOM() {
        return this.#settings.ignoreBOM;
    }

    get readable() {
        return this.#transform.readable;
    }

    get writable() {
        return this.#transform.writable;
    }
}

exposeInterface(TextEncoderStream);
exposeInterface(TextDecoderStream);
