// TextEncoder and TextDecoder (https://encoding.spec.whatwg.org/#api).

import { createDecoder, decodeText, encodeUtf8, encodeUtf8Into, encodingOf } from "web:native";
import {
    RangeError,
    StringPrototypeCharCodeAt,
    StringPrototypeSlice,
    TypeError,
    TypedArrayPrototypeGetLength,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypedArrayPrototypeSet,
    Uint8Array,
} from "web:primordials";
import { toSharedBytes } from "web:buffersource";
import { exposeInterface, requireArguments, toBoolean, toDOMString, toDictionary } from "web:webidl";

export class TextEncoder {
    #encoding = "utf-8";

    get encoding() {
        return this.#encoding;
    }

    encode(input = "") {
        this.#encoding;
        return encodeUtf8(toDOMString(input));
    }

    encodeInto(source, destination) {
        this.#encoding;
        requireArguments(arguments.length, 2, "TextEncoder.encodeInto");
        const text = toDOMString(source);
        if (TypedArrayPrototypeGetSymbolToStringTag(destination) !== "Uint8Array") {
            throw new TypeError("TextEncoder.encodeInto: the destination is not a Uint8Array");
        }
        const room = TypedArrayPrototypeGetLength(destination);
        // A code unit is a byte or more. Half of a pair, where this cuts one, has no room.
        const result = encodeUtf8Into(StringPrototypeSlice(text, 0, room), room);
        TypedArrayPrototypeSet(destination, result[0]);
        return { read: result[1], written: TypedArrayPrototypeGetLength(result[0]) };
    }
}

export class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    /** The decoder in the middle of a stream. */
    #stream = null;

    constructor(label = "utf-8", options = undefined) {
        const settings = toDecoderSettings(label, options, "TextDecoder");
        this.#encoding = settings.encoding;
        this.#fatal = settings.fatal;
        this.#ignoreBOM = settings.ignoreBOM;
    }

    get encoding() {
        return this.#encoding;
    }

    get fatal() {
        return this.#fatal;
    }

    get ignoreBOM() {
        return this.#ignoreBOM;
    }

    decode(input = undefined, options = undefined) {
        let stream = this.#stream;
        const bytes = input === undefined ? new Uint8Array() : toSharedBytes(input, "TextDecoder.decode: the input");
        const more = toBoolean(toDictionary(options, "TextDecoder.decode: the second argument").stream);
        if (stream === null) {
            if (!more) {
                return decodeText(this.#encoding, this.#fatal, this.#ignoreBOM, bytes);
            }
            stream = createDecoder(this.#encoding, this.#fatal, this.#ignoreBOM);
        }
        // Set before it can fail: a failure at the end is the end all the same.
        this.#stream = more ? stream : null;
        return stream(bytes, !more);
    }
}

exposeInterface(TextEncoder);
exposeInterface(TextDecoder);

/** What the constructors of decoders take, as `{encoding, fatal, ignoreBOM}`. */
export function toDecoderSettings(label, options, what) {
    const name = toDOMString(label);
    const dictionary = toDictionary(options, what + ": the second argument");
    const fatal = toBoolean(dictionary.fatal);
    const ignoreBOM = toBoolean(dictionary.ignoreBOM);
    const encoding = encodingOf(name);
    if (encoding === null) {
        throw new RangeError(what + ": '" + name + "' is not the label of an encoding");
    }
    return { __proto__: null, encoding, fatal, ignoreBOM };
}

/** For streams: a function of (a `Uint8Array`, whether it is the last) to text. */
export const createStreamDecoder = (settings) =>
    createDecoder(settings.encoding, settings.fatal, settings.ignoreBOM);

/** For streams: a function of (text, whether it is the last) to a `Uint8Array`, which has pairs that were cut whole. */
export function createStreamEncoder() {
    let half = "";
    return (piece, last) => {
        const text = half + piece;
        const end = text.length - 1;
        // The first half of a pair waits for the other one.
        const cut = !last && end >= 0 && (StringPrototypeCharCodeAt(text, end) & 0xfc00) === 0xd800;
        half = cut ? text[end] : "";
        return encodeUtf8(cut ? StringPrototypeSlice(text, 0, end) : text);
    };
}
