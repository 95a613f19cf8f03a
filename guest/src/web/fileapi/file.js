// File (https://w3c.github.io/FileAPI/#file-section).

import { Blob, RECORD, isBlob, newRecord, recordOfBlob, toBlobOptions, toBlobParts } from "web:fileapi/blob";
import { DateNow, MathTrunc, NumberIsFinite } from "web:primordials";
import { registerSerializable } from "web:structured-clone/registry";
import { exposeInterface, isObject, requireArguments, toDictionary, toUSVString } from "web:webidl";

/** Whether a value is a `File`. */
export let isFile;
/** What a `File` is: `{ bytes, type, name, lastModified }`. */
export let recordOfFile;

export class File extends Blob {
    #name;
    #lastModified;

    constructor(fileBits, fileName, options = undefined) {
        if (fileBits === RECORD) {
            super(RECORD, fileName);
            this.#name = fileName.name;
            this.#lastModified = fileName.lastModified;
            return;
        }
        requireArguments(arguments.length, 2, "File");
        const parts = toBlobParts(fileBits, "File: the first argument");
        const name = toUSVString(fileName);
        const dictionary = toDictionary(options, "File: the third argument");
        const blobOptions = toBlobOptions(dictionary);
        const { lastModified } = dictionary;
        super(RECORD, newRecord(parts, blobOptions));
        this.#name = name;
        this.#lastModified = lastModified === undefined ? DateNow() : toLongLong(lastModified);
    }

    get name() {
        return this.#name;
    }

    get lastModified() {
        return this.#lastModified;
    }

    static {
        isFile = (value) => isObject(value) && #name in value;
        recordOfFile = (file) => {
            const { bytes, type } = recordOfBlob(file);
            return { __proto__: null, bytes, type, name: file.#name, lastModified: file.#lastModified };
        };
    }
}

exposeInterface(File);

/** A `File` with these bytes. */
export const newFile = (bytes, type, name, lastModified = DateNow()) =>
    new File(RECORD, { __proto__: null, bytes, type, name, lastModified });

registerSerializable(
    (value) => isBlob(value) && !isFile(value),
    recordOfBlob,
    (record) => new Blob(RECORD, record),
);
registerSerializable(isFile, recordOfFile, (record) => new File(RECORD, record));

/** `long long`: integers that a number has exactly wrap nowhere near. */
function toLongLong(value) {
    const number = +value;
    // Not -0.
    return NumberIsFinite(number) ? MathTrunc(number) + 0 : 0;
}
