// URLPattern (https://urlpattern.spec.whatwg.org/).

import { compilePattern, parsePattern, parseUrl, processPatternInit, protocolOfPattern } from "web:native";
import { RegExp, RegExpPrototypeExec, StringPrototypeSlice, TypeError, createList } from "web:primordials";
import { define, exposeInterface, isObject, toBoolean, toDictionary, toUSVString } from "web:webidl";

const PROTOCOL = 0;
const PORT = 4;
const PATHNAME = 5;
/** The components, in the order in which all lists of them are. */
const NAMES = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"];
/** Their indices in the order in which a dictionary's members are read, with `null` for `baseURL`. */
const READ_ORDER = [null, 7, 3, 2, 5, 4, 0, 6, 1];
/** Where a parsed URL has them. */
const IN_URL = [2, 3, 4, 6, 7, 8, 9, 10];

const SPECIAL = ["ftp", "file", "http", "https", "ws", "wss"];
const DEFAULT_PORTS = { __proto__: null, ftp: "21", http: "80", https: "443", ws: "80", wss: "443" };

export class URLPattern {
    /** `{pattern, regexp, names, hasRegExp}` of each component. */
    #components;

    constructor(input = {}, baseURL = undefined, options = undefined) {
        // The overload without a base has the options there.
        if (arguments.length < 3 && (baseURL === undefined || baseURL === null || isObject(baseURL))) {
            options = baseURL;
            baseURL = undefined;
        } else {
            baseURL = toUSVString(baseURL);
        }
        const given = toInput(input);
        const ignoreCase = toBoolean(toDictionary(options, "URLPattern: the options").ignoreCase);
        const init = typeof given === "string" ? initOfText(given, baseURL) : given;
        if (init === given && baseURL !== undefined) {
            throw new TypeError("URLPattern: components take their base URL as baseURL, not as an argument");
        }
        this.#components = compileAll(processPatternInit(init.list, init.baseURL, false), ignoreCase);
    }

    get protocol() {
        return this.#components[0].pattern;
    }

    get username() {
        return this.#components[1].pattern;
    }

    get password() {
        return this.#components[2].pattern;
    }

    get hostname() {
        return this.#components[3].pattern;
    }

    get port() {
        return this.#components[4].pattern;
    }

    get pathname() {
        return this.#components[5].pattern;
    }

    get search() {
        return this.#components[6].pattern;
    }

    get hash() {
        return this.#components[7].pattern;
    }

    get hasRegExpGroups() {
        const components = this.#components;
        for (let i = 0; i < components.length; i++) {
            if (components[i].hasRegExp) {
                return true;
            }
        }
        return false;
    }

    test(input = {}, baseURL = undefined) {
        return match(this.#components, input, baseURL) !== null;
    }

    exec(input = {}, baseURL = undefined) {
        return match(this.#components, input, baseURL);
    }
}

exposeInterface(URLPattern);

/** `URLPatternInput`: a string, or `{list, baseURL}` of a dictionary. */
function toInput(value) {
    if (!isObject(value) && value !== undefined && value !== null) {
        return toUSVString(value);
    }
    const init = { __proto__: null, list: createList(), baseURL: undefined };
    init.list.length = NAMES.length;
    const dictionary = toDictionary(value, "URLPattern: the input");
    for (let i = 0; i < READ_ORDER.length; i++) {
        const at = READ_ORDER[i];
        const member = dictionary[at === null ? "baseURL" : NAMES[at]];
        const text = member === undefined ? undefined : toUSVString(member);
        if (at === null) {
            init.baseURL = text;
        } else {
            init.list[at] = text;
        }
    }
    return init;
}

function initOfText(text, baseURL) {
    const protocol = protocolOfPattern(text);
    const special = protocol !== null && matchesSpecial(compileRegExp(protocol, "v"));
    const list = parsePattern(text, special);
    if (baseURL === undefined && list[PROTOCOL] === undefined) {
        throw new TypeError("URLPattern: '" + text + "' has no protocol, and there is no base URL");
    }
    return { __proto__: null, list, baseURL };
}

function matchesSpecial(regexp) {
    for (let i = 0; i < SPECIAL.length; i++) {
        if (RegExpPrototypeExec(regexp, SPECIAL[i]) !== null) {
            return true;
        }
    }
    return false;
}

function compileRegExp(source, flags) {
    try {
        return new RegExp(source, flags);
    } catch {
        throw new TypeError("URLPattern: the pattern becomes '" + source + "', which is not a valid regular expression");
    }
}

function compileAll(patterns, ignoreCase) {
    for (let i = 0; i < NAMES.length; i++) {
        patterns[i] ??= "*";
    }
    if (patterns[PORT] === DEFAULT_PORTS[patterns[PROTOCOL]]) {
        patterns[PORT] = "";
    }
    const components = createList();
    for (let i = 0; i < NAMES.length; i++) {
        const opaque = i === PATHNAME && !matchesSpecial(components[PROTOCOL].regexp);
        const compiled = compilePattern(opaque ? "opaque pathname" : NAMES[i], patterns[i]);
        components[i] = {
            __proto__: null,
            pattern: compiled[0],
            regexp: compileRegExp(compiled[1], ignoreCase && i >= PATHNAME ? "vi" : "v"),
            hasRegExp: compiled[2],
            names: compiled[3],
        };
    }
    return components;
}

/** A `URLPatternResult`, or null. */
function match(components, input, baseURL) {
    const given = toInput(input);
    const inputs = [typeof given === "string" ? given : toObject(given)];
    if (baseURL !== undefined) {
        baseURL = toUSVString(baseURL);
        if (typeof given !== "string") {
            throw new TypeError("URLPattern: components take their base URL as baseURL, not as an argument");
        }
        define(inputs, 1, baseURL, true);
    }
    const texts = typeof given === "string" ? textsOfUrl(given, baseURL) : textsOfInit(given);
    if (texts === null) {
        return null;
    }
    const result = {};
    define(result, "inputs", inputs, true);
    for (let i = 0; i < NAMES.length; i++) {
        const matched = RegExpPrototypeExec(components[i].regexp, texts[i]);
        if (matched === null) {
            return null;
        }
        const groups = {};
        const names = components[i].names;
        for (let k = 0; k < names.length; k++) {
            define(groups, names[k], matched[k + 1], true);
        }
        define(result, NAMES[i], { input: texts[i], groups }, true);
    }
    return result;
}

function textsOfInit(init) {
    try {
        return processPatternInit(init.list, init.baseURL, true);
    } catch {
        // What is no URL matches nothing.
        return null;
    }
}

function textsOfUrl(text, baseURL) {
    const parts = parseUrl(text, baseURL);
    if (parts === null) {
        return null;
    }
    const texts = createList();
    for (let i = 0; i < NAMES.length; i++) {
        const part = parts[IN_URL[i]];
        // Without the marks of the protocol, the search and the hash.
        texts[i] = i === PROTOCOL ? StringPrototypeSlice(part, 0, -1) : i > PATHNAME ? StringPrototypeSlice(part, 1) : part;
    }
    return texts;
}

/** The dictionary as JavaScript sees it again. */
function toObject(init) {
    const object = {};
    for (let i = 0; i < READ_ORDER.length; i++) {
        const at = READ_ORDER[i];
        const text = at === null ? init.baseURL : init.list[at];
        if (text !== undefined) {
            define(object, at === null ? "baseURL" : NAMES[at], text, true);
        }
    }
    return object;
}
