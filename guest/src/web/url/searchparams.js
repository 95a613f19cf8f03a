// URLSearchParams (https://url.spec.whatwg.org/#interface-urlsearchparams).

import { exposePairs } from "web:iterable";
import { parseForm, serializeForm } from "web:native";
import {
    ArrayPrototype,
    ArrayPrototypeSort,
    MapPrototypeForEach,
    ObjectSetPrototypeOf,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    SymbolIterator,
    TypeError,
    createList,
} from "web:primordials";
import { exposeInterface, getMethod, isObject, requireArguments, toRecord, toSequence, toUSVString } from "web:webidl";

/** (object, a URL's query, what is called with a new one): ties an object to a URL. */
export let tie;
/** (object, query): what an object is tied to was given another query. */
export let replaceQuery;
/** Whether a value is a `URLSearchParams`. */
export let isSearchParams;
/** A `URLSearchParams` as `application/x-www-form-urlencoded`. */
export const serializeParams = (params) => serializeForm(flat(pairsOf(params)));

let pairsOf;

export class URLSearchParams {
    /** Pairs of name and value. */
    #list = createList();
    /** Tells the URL. */
    #update = null;

    static {
        tie = (params, query, update) => {
            params.#list = pairsOfText(query);
            params.#update = update;
        };
        replaceQuery = (params, query) => {
            params.#list = pairsOfText(query);
        };
        isSearchParams = (value) => isObject(value) && #list in value;
        pairsOf = (params) => params.#list;
    }

    constructor(init = "") {
        if (!isObject(init)) {
            const text = toUSVString(init);
            this.#list = pairsOfText(StringPrototypeStartsWith(text, "?") ? StringPrototypeSlice(text, 1) : text);
            return;
        }
        const method = getMethod(init, SymbolIterator, "URLSearchParams: the iterator method");
        if (method !== undefined) {
            this.#list = pairsOfSequences(toSequence(init, method, toSequenceOfStrings));
            return;
        }
        const list = this.#list;
        MapPrototypeForEach(toRecord(init, toUSVString, toUSVString), (value, name) => {
            list[list.length] = [name, value];
        });
    }

    get size() {
        return this.#list.length;
    }

    append(name, value) {
        const list = this.#list;
        requireArguments(arguments.length, 2, "URLSearchParams.append");
        name = toUSVString(name);
        list[list.length] = [name, toUSVString(value)];
        this.#changed();
    }

    delete(name, value = undefined) {
        this.#list;
        requireArguments(arguments.length, 1, "URLSearchParams.delete");
        name = toUSVString(name);
        value = value === undefined ? undefined : toUSVString(value);
        this.#keep((pair) => pair[0] !== name || (value !== undefined && pair[1] !== value));
        this.#changed();
    }

    get(name) {
        const list = this.#list;
        requireArguments(arguments.length, 1, "URLSearchParams.get");
        name = toUSVString(name);
        for (let i = 0; i < list.length; i++) {
            if (list[i][0] === name) {
                return list[i][1];
            }
        }
        return null;
    }

    getAll(name) {
        const list = this.#list;
        requireArguments(arguments.length, 1, "URLSearchParams.getAll");
        name = toUSVString(name);
        const values = createList();
        for (let i = 0; i < list.length; i++) {
            if (list[i][0] === name) {
                values[values.length] = list[i][1];
            }
        }
        return ObjectSetPrototypeOf(values, ArrayPrototype);
    }

    has(name, value = undefined) {
        const list = this.#list;
        requireArguments(arguments.length, 1, "URLSearchParams.has");
        name = toUSVString(name);
        value = value === undefined ? undefined : toUSVString(value);
        for (let i = 0; i < list.length; i++) {
            if (list[i][0] === name && (value === undefined || list[i][1] === value)) {
                return true;
            }
        }
        return false;
    }

    set(name, value) {
        const list = this.#list;
        requireArguments(arguments.length, 2, "URLSearchParams.set");
        name = toUSVString(name);
        value = toUSVString(value);
        let found = false;
        this.#keep((pair) => {
            const first = pair[0] === name && !found;
            if (first) {
                found = true;
                pair[1] = value;
            }
            return first || pair[0] !== name;
        });
        if (!found) {
            list[list.length] = [name, value];
        }
        this.#changed();
    }

    sort() {
        ArrayPrototypeSort(this.#list, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
        this.#changed();
    }

    toString() {
        return serializeParams(this);
    }

    /** Keeps the pairs of which `test` is true. */
    #keep(test) {
        const list = this.#list;
        let kept = 0;
        for (let i = 0; i < list.length; i++) {
            const pair = list[i];
            if (test(pair)) {
                list[kept++] = pair;
            }
        }
        list.length = kept;
    }

    #changed() {
        if (this.#update !== null) {
            this.#update(serializeForm(flat(this.#list)));
        }
    }
}

exposeInterface(URLSearchParams);
exposePairs(URLSearchParams, pairsOf);

function pairsOfText(text) {
    const list = createList();
    if (text === "") {
        return list;
    }
    const items = parseForm(text);
    for (let i = 0; i < items.length; i += 2) {
        list[list.length] = [items[i], items[i + 1]];
    }
    return list;
}

/** Names and values by turns. */
function flat(pairs) {
    const items = createList();
    for (let i = 0; i < pairs.length; i++) {
        items[items.length] = pairs[i][0];
        items[items.length] = pairs[i][1];
    }
    return items;
}

function toSequenceOfStrings(value) {
    const method = isObject(value) ? getMethod(value, SymbolIterator, "URLSearchParams: the iterator method") : undefined;
    if (method === undefined) {
        throw new TypeError("URLSearchParams: an item of the sequence is not a sequence");
    }
    return toSequence(value, method, toUSVString);
}

function pairsOfSequences(sequences) {
    for (let i = 0; i < sequences.length; i++) {
        if (sequences[i].length !== 2) {
            throw new TypeError("URLSearchParams: a pair has two items, and one here has " + sequences[i].length);
        }
    }
    return sequences;
}
