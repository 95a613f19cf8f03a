// Lists of headers (https://fetch.spec.whatwg.org/#concept-header-list).
//
// Names are in lower case throughout: their case means nothing, and HTTP/2 sends them so.

import { headerName, headerValue } from "web:native";
import { ArrayPrototypeSort, Map, MapPrototypeGet, MapPrototypeSet, TypeError, createList } from "web:primordials";
import { toDOMString } from "web:webidl";

const SET_COOKIE = "set-cookie";

/** `items` are pairs of name and value in order; `sorted` is what iteration goes over, until the list changes. */
export const newHeaderList = () => ({ __proto__: null, items: createList(), sorted: undefined, immutable: false });

/** A list of its own with the same headers. */
export function copyOfHeaders(list) {
    const copy = newHeaderList();
    for (let i = 0; i < list.items.length; i++) {
        copy.items[i] = list.items[i];
    }
    return copy;
}

/** Converts to `ByteString`, and gives a header's name: null if it is none. */
export function toName(value) {
    const name = headerName(toDOMString(value));
    if (name === undefined) {
        throw new TypeError("a header has a character above U+00FF");
    }
    return name;
}

/** `ByteString`. */
export function toByteString(value) {
    const text = toDOMString(value);
    if (headerName(text) === undefined) {
        throw new TypeError("'" + text + "' has a character above U+00FF");
    }
    return text;
}

/** Whether text is a token, as the names of headers and methods are (RFC 9110, 5.6.2). */
export function isToken(text) {
    const name = headerName(text);
    return name !== undefined && name !== null;
}

/** Converts to `ByteString`, and gives a header's value without white space around it: null if it is none. */
export function toValue(value) {
    const normalized = headerValue(toDOMString(value));
    if (normalized === undefined) {
        throw new TypeError("a header has a character above U+00FF");
    }
    return normalized;
}

/** Throws unless a list takes the header `name`. What was given for it is for the message. */
export function requireName(name, given) {
    if (name === null) {
        throw new TypeError("'" + toDOMString(given) + "' is not the name of a header");
    }
}

/** Throws unless a list takes the value of the header `name`. */
export function requireValue(value, name) {
    if (value === null) {
        throw new TypeError("the value of the header '" + name + "' has a line break or a NUL");
    }
}

export function requireMutable(list) {
    if (list.immutable) {
        throw new TypeError("the headers are immutable");
    }
}

/** The values of a header in one, or null. */
export function getHeader(list, name) {
    let all = null;
    for (let i = 0; i < list.items.length; i++) {
        if (list.items[i][0] === name) {
            all = all === null ? list.items[i][1] : all + ", " + list.items[i][1];
        }
    }
    return all;
}

export function hasHeader(list, name) {
    for (let i = 0; i < list.items.length; i++) {
        if (list.items[i][0] === name) {
            return true;
        }
    }
    return false;
}

export function appendHeader(list, name, value) {
    list.items[list.items.length] = [name, value];
    list.sorted = undefined;
}

export function setHeader(list, name, value) {
    let kept = 0;
    let found = false;
    for (let i = 0; i < list.items.length; i++) {
        const item = list.items[i];
        if (item[0] !== name) {
            list.items[kept++] = item;
        } else if (!found) {
            found = true;
            list.items[kept++] = [name, value];
        }
    }
    list.items.length = kept;
    if (!found) {
        list.items[kept] = [name, value];
    }
    list.sorted = undefined;
}

export function deleteHeader(list, name) {
    let kept = 0;
    for (let i = 0; i < list.items.length; i++) {
        if (list.items[i][0] !== name) {
            list.items[kept++] = list.items[i];
        }
    }
    list.items.length = kept;
    list.sorted = undefined;
}

/** All values of `set-cookie`, which are not combined. */
export function cookiesOf(list) {
    const values = createList();
    for (let i = 0; i < list.items.length; i++) {
        if (list.items[i][0] === SET_COOKIE) {
            values[values.length] = list.items[i][1];
        }
    }
    return values;
}

/** Pairs of name and value by name, with a header's values in one ("sort and combine"). */
export function sortedHeaders(list) {
    if (list.sorted !== undefined) {
        return list.sorted;
    }
    const sorted = createList();
    const known = new Map();
    for (let i = 0; i < list.items.length; i++) {
        const name = list.items[i][0];
        const value = list.items[i][1];
        const pair = name === SET_COOKIE ? undefined : MapPrototypeGet(known, name);
        if (pair !== undefined) {
            pair[1] += ", " + value;
        } else {
            sorted[sorted.length] = [name, value];
            MapPrototypeSet(known, name, sorted[sorted.length - 1]);
        }
    }
    list.sorted = ArrayPrototypeSort(sorted, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    return sorted;
}
