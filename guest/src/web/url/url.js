// URL (https://url.spec.whatwg.org/#url-class).

import { parseUrl, setUrl } from "web:native";
import { StringPrototypeSlice, TypeError } from "web:primordials";
import { URLSearchParams, replaceQuery, tie } from "web:url/searchparams";
import { exposeInterface, requireArguments, toUSVString } from "web:webidl";

// What the parser gives.
const HREF = 0;
const ORIGIN = 1;
const PROTOCOL = 2;
const USERNAME = 3;
const PASSWORD = 4;
const HOST = 5;
const HOSTNAME = 6;
const PORT = 7;
const PATHNAME = 8;
const SEARCH = 9;
const HASH = 10;

/** For `URL.parse`: makes an object of what is parsed. */
const PARSED = { __proto__: null };

export class URL {
    #parts;
    /** The `URLSearchParams`, when it was asked for. */
    #params = null;

    constructor(url, base = undefined) {
        if (url === PARSED) {
            this.#parts = base;
            return;
        }
        requireArguments(arguments.length, 1, "URL");
        const text = toUSVString(url);
        const baseText = base === undefined ? undefined : toUSVString(base);
        this.#parts = parseUrl(text, baseText);
        if (this.#parts === null) {
            throw new TypeError(
                "Invalid URL: '" + text + "'" + (baseText === undefined ? "" : " with base '" + baseText + "'"),
            );
        }
    }

    static parse(url, base = undefined) {
        requireArguments(arguments.length, 1, "URL.parse");
        const parts = parseParts(url, base);
        return parts === null ? null : new URL(PARSED, parts);
    }

    static canParse(url, base = undefined) {
        requireArguments(arguments.length, 1, "URL.canParse");
        return parseParts(url, base) !== null;
    }

    get href() {
        return this.#parts[HREF];
    }

    set href(value) {
        this.#parts;
        const text = toUSVString(value);
        const parts = parseUrl(text, undefined);
        if (parts === null) {
            throw new TypeError("Invalid URL: '" + text + "'");
        }
        this.#parts = parts;
        this.#tellParams();
    }

    get origin() {
        return this.#parts[ORIGIN];
    }

    get protocol() {
        return this.#parts[PROTOCOL];
    }

    set protocol(value) {
        this.#set("protocol", value);
    }

    get username() {
        return this.#parts[USERNAME];
    }

    set username(value) {
        this.#set("username", value);
    }

    get password() {
        return this.#parts[PASSWORD];
    }

    set password(value) {
        this.#set("password", value);
    }

    get host() {
        return this.#parts[HOST];
    }

    set host(value) {
        this.#set("host", value);
    }

    get hostname() {
        return this.#parts[HOSTNAME];
    }

    set hostname(value) {
        this.#set("hostname", value);
    }

    get port() {
        return this.#parts[PORT];
    }

    set port(value) {
        this.#set("port", value);
    }

    get pathname() {
        return this.#parts[PATHNAME];
    }

    set pathname(value) {
        this.#set("pathname", value);
    }

    get search() {
        return this.#parts[SEARCH];
    }

    set search(value) {
        this.#set("search", value);
        this.#tellParams();
    }

    get searchParams() {
        const query = this.#query();
        if (this.#params === null) {
            this.#params = new URLSearchParams();
            tie(this.#params, query, (text) => this.#set("search", text));
        }
        return this.#params;
    }

    get hash() {
        return this.#parts[HASH];
    }

    set hash(value) {
        this.#set("hash", value);
    }

    toJSON() {
        return this.#parts[HREF];
    }

    toString() {
        return this.#parts[HREF];
    }

    #set(attribute, value) {
        const href = this.#parts[HREF];
        this.#parts = setUrl(href, attribute, toUSVString(value));
    }

    #query() {
        return StringPrototypeSlice(this.#parts[SEARCH], 1);
    }

    #tellParams() {
        if (this.#params !== null) {
            replaceQuery(this.#params, this.#query());
        }
    }
}

exposeInterface(URL);

const parseParts = (url, base) =>
    parseUrl(toUSVString(url), base === undefined ? undefined : toUSVString(base));
