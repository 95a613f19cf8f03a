// FormData (https://xhr.spec.whatwg.org/#interface-formdata), and forms as bodies.

import { isBlob, recordOfBlob } from "web:fileapi/blob";
import { isFile, newFile, recordOfFile } from "web:fileapi/file";
import { exposePairs } from "web:iterable";
import { decodeText, parseFormBody, parseMultipart, serializeMultipart } from "web:native";
import {
    ArrayPrototype,
    MathFloor,
    MathRandom,
    NumberPrototypeToString,
    ObjectSetPrototypeOf,
    TypeError,
    createList,
} from "web:primordials";
import { exposeInterface, isObject, requireArguments, toUSVString } from "web:webidl";

/** Whether a value is a `FormData`. */
export let isFormData;
let entriesOf;

export class FormData {
    /** Pairs of name and value. */
    #entries = createList();

    constructor(form = undefined, submitter = undefined) {
        // There are no documents, so there is no form.
        if (form !== undefined) {
            throw new TypeError("FormData: the first argument is not an HTMLFormElement");
        }
        if (submitter !== undefined && submitter !== null) {
            throw new TypeError("FormData: the second argument is not an HTMLElement");
        }
    }

    append(name, value, filename = undefined) {
        const entries = this.#entries;
        requireArguments(arguments.length, 2, "FormData.append");
        entries[entries.length] = newEntry(name, value, filename, arguments.length > 2, "FormData.append");
    }

    delete(name) {
        const entries = this.#entries;
        requireArguments(arguments.length, 1, "FormData.delete");
        const key = toUSVString(name);
        let kept = 0;
        for (let i = 0; i < entries.length; i++) {
            if (entries[i][0] !== key) {
                entries[kept++] = entries[i];
            }
        }
        entries.length = kept;
    }

    get(name) {
        const entries = this.#entries;
        requireArguments(arguments.length, 1, "FormData.get");
        const key = toUSVString(name);
        for (let i = 0; i < entries.length; i++) {
            if (entries[i][0] === key) {
                return entries[i][1];
            }
        }
        return null;
    }

    getAll(name) {
        const entries = this.#entries;
        requireArguments(arguments.length, 1, "FormData.getAll");
        const key = toUSVString(name);
        const values = createList();
        for (let i = 0; i < entries.length; i++) {
            if (entries[i][0] === key) {
                values[values.length] = entries[i][1];
            }
        }
        return ObjectSetPrototypeOf(values, ArrayPrototype);
    }

    has(name) {
        const entries = this.#entries;
        requireArguments(arguments.length, 1, "FormData.has");
        const key = toUSVString(name);
        for (let i = 0; i < entries.length; i++) {
            if (entries[i][0] === key) {
                return true;
            }
        }
        return false;
    }

    set(name, value, filename = undefined) {
        const entries = this.#entries;
        requireArguments(arguments.length, 2, "FormData.set");
        const entry = newEntry(name, value, filename, arguments.length > 2, "FormData.set");
        let kept = 0;
        let found = false;
        for (let i = 0; i < entries.length; i++) {
            if (entries[i][0] !== entry[0]) {
                entries[kept++] = entries[i];
            } else if (!found) {
                found = true;
                entries[kept++] = entry;
            }
        }
        entries.length = kept;
        if (!found) {
            entries[kept] = entry;
        }
    }

    static {
        isFormData = (value) => isObject(value) && #entries in value;
        entriesOf = (form) => form.#entries;
    }
}

exposeInterface(FormData);
exposePairs(FormData, (form) => entriesOf(form));

/** Converts what `append` and `set` got, and creates an entry: a blob becomes a file. */
function newEntry(name, value, filename, hasFilename, what) {
    const key = toUSVString(name);
    if (!isBlob(value)) {
        if (hasFilename) {
            throw new TypeError(what + ": a file name was given, and the value is not a Blob");
        }
        return [key, toUSVString(value)];
    }
    const given = filename === undefined ? undefined : toUSVString(filename);
    if (isFile(value)) {
        if (given === undefined) {
            return [key, value];
        }
        const { bytes, type, lastModified } = recordOfFile(value);
        return [key, newFile(bytes, type, given, lastModified)];
    }
    const { bytes, type } = recordOfBlob(value);
    return [key, newFile(bytes, type, given ?? "blob")];
}

/** `{ bytes, type }` of a form as `multipart/form-data`. */
export function multipartOf(form) {
    const entries = entriesOf(form);
    const parts = createList();
    for (let i = 0; i < entries.length; i++) {
        const name = entries[i][0];
        const value = entries[i][1];
        if (typeof value === "string") {
            parts[i] = [name, value];
        } else {
            const { bytes, type, name: filename } = recordOfFile(value);
            parts[i] = [name, filename, type === "" ? "application/octet-stream" : type, bytes];
        }
    }
    const boundary = newBoundary();
    return {
        __proto__: null,
        bytes: serializeMultipart(parts, boundary),
        type: "multipart/form-data; boundary=" + boundary,
    };
}

/** The form that a body of `multipart/form-data` is. */
export function formOfMultipart(bytes, boundary) {
    const parts = boundary === null ? null : parseMultipart(bytes, boundary);
    if (parts === null) {
        throw new TypeError("the body is not multipart/form-data with the boundary of its content-type");
    }
    const form = new FormData();
    const entries = entriesOf(form);
    for (let i = 0; i < parts.length; i++) {
        const part = parts[i];
        const filename = part[1];
        const value =
            filename === null ? decodeText("utf-8", false, true, part[3]) : newFile(part[3], part[2], filename);
        entries[i] = [part[0], value];
    }
    return form;
}

/** The form that a body of `application/x-www-form-urlencoded` is. */
export function formOfUrlEncoded(bytes) {
    const items = parseFormBody(bytes);
    const form = new FormData();
    const entries = entriesOf(form);
    for (let i = 0; i < items.length; i += 2) {
        entries[entries.length] = [items[i], items[i + 1]];
    }
    return form;
}

/** A boundary that nobody can have put into a form. */
function newBoundary() {
    let boundary = "----formdata-";
    for (let i = 0; i < 4; i++) {
        boundary += NumberPrototypeToString(MathFloor((1 + MathRandom()) * 0x80000000), 16);
    }
    return boundary;
}
