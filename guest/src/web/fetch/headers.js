// Headers (https://fetch.spec.whatwg.org/#headers-class).
//
// No name is forbidden: there is no browser whose cookies and origins guest code could forge. What of it is sent is the
// host's policy.

import {
    appendHeader,
    cookiesOf,
    deleteHeader,
    getHeader,
    hasHeader,
    newHeaderList,
    requireMutable,
    requireName,
    requireValue,
    setHeader,
    sortedHeaders,
    toByteString,
    toName,
    toValue,
} from "web:fetch/header-list";
import { exposePairs } from "web:iterable";
import {
    ArrayPrototype,
    MapPrototypeForEach,
    ObjectSetPrototypeOf,
    SymbolIterator,
    TypeError,
    createList,
} from "web:primordials";
import {
    exposeInterface,
    getMethod,
    isObject,
    requireArguments,
    toDOMString,
    toRecord,
    toSequence,
    toSequenceOf,
} from "web:webidl";

/** Stands before a list in the constructor's arguments. Guest code has none. */
const LIST = { __proto__: null };

/** Headers that are those of a list. */
export const headersOf = (list) => new Headers(LIST, list);

let listOf;

export class Headers {
    #list;

    constructor(init = undefined, list = undefined) {
        if (init === LIST) {
            this.#list = list;
            return;
        }
        this.#list = newHeaderList();
        if (init !== undefined) {
            fillHeaders(this.#list, toHeadersInit(init));
        }
    }

    append(name, value) {
        const list = this.#list;
        requireArguments(arguments.length, 2, "Headers.append");
        const key = toName(name);
        const text = toValue(value);
        requireName(key, name);
        requireValue(text, key);
        requireMutable(list);
        appendHeader(list, key, text);
    }

    delete(name) {
        const list = this.#list;
        requireArguments(arguments.length, 1, "Headers.delete");
        const key = toName(name);
        requireName(key, name);
        requireMutable(list);
        deleteHeader(list, key);
    }

    get(name) {
        const list = this.#list;
        requireArguments(arguments.length, 1, "Headers.get");
        const key = toName(name);
        requireName(key, name);
        return getHeader(list, key);
    }

    getSetCookie() {
        return ObjectSetPrototypeOf(cookiesOf(this.#list), ArrayPrototype);
    }

    has(name) {
        const list = this.#list;
        requireArguments(arguments.length, 1, "Headers.has");
        const key = toName(name);
        requireName(key, name);
        return hasHeader(list, key);
    }

    set(name, value) {
        const list = this.#list;
        requireArguments(arguments.length, 2, "Headers.set");
        const key = toName(name);
        const text = toValue(value);
        requireName(key, name);
        requireValue(text, key);
        requireMutable(list);
        setHeader(list, key, text);
    }

    static {
        listOf = (headers) => headers.#list;
    }
}

exposeInterface(Headers);
exposePairs(Headers, (headers) => sortedHeaders(listOf(headers)));

/** Converts `HeadersInit`: a list of `[given name, name, value]`, the last two null where they are none of a header. */
export function toHeadersInit(init) {
    if (!isObject(init)) {
        throw new TypeError("the headers are neither an object nor a sequence");
    }
    const list = createList();
    const method = getMethod(init, SymbolIterator, "the iterator method of the headers");
    if (method === undefined) {
        MapPrototypeForEach(toRecord(init, toNames, toValue), (value, names) => {
            list[list.length] = [names[0], names[1], value];
        });
        return list;
    }
    const pairs = toSequence(init, method, toPair);
    for (let i = 0; i < pairs.length; i++) {
        const pair = pairs[i];
        if (pair.length !== 2) {
            throw new TypeError("a header is a pair of name and value, and one here has " + pair.length + " items");
        }
        list[i] = [pair[0], toName(pair[0]), toValue(pair[1])];
    }
    return list;
}

/** Appends what `toHeadersInit` gave ("fill"). */
export function fillHeaders(list, init) {
    for (let i = 0; i < init.length; i++) {
        requireName(init[i][1], init[i][0]);
        requireValue(init[i][2], init[i][1]);
        appendHeader(list, init[i][1], init[i][2]);
    }
}

const toPair = (value) => toSequenceOf(value, toByteString, "a header");

/** A name as it was given, and as a list has it. */
function toNames(value) {
    const text = toDOMString(value);
    return [text, toName(text)];
}
