// node:url: the platform's classes, and the older functions of Node.js.

import { Url, format as formatObject, parse, resolve, resolveObject } from "node:vendor/url";
import { codedError, invalidArgument, validateString } from "node:internal/errors";
import { resolve as resolvePath } from "node:path";
import { toUnicode } from "node:punycode";

export const { URL, URLPattern, URLSearchParams } = globalThis;

export function format(url, options) {
    if (!(url instanceof URL)) {
        return formatObject(url);
    }
    const { auth = true, fragment = true, search = true, unicode = false } = options ?? {};
    const copy = new URL(url);
    if (!auth) {
        copy.username = "";
        copy.password = "";
    }
    if (!fragment) {
        copy.hash = "";
    }
    if (!search) {
        copy.search = "";
    }
    return unicode ? copy.href.replace(copy.hostname, toUnicode(copy.hostname)) : copy.href;
}

export function domainToASCII(domain) {
    try {
        return new URL(`ws://${domain}`).hostname;
    } catch {
        return "";
    }
}

export const domainToUnicode = (domain) => toUnicode(domainToASCII(domain));

export function fileURLToPath(path, options) {
    if (options?.windows) {
        throw codedError(Error, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", "fileURLToPath: there are no Windows paths");
    }
    if (typeof path !== "string" && !(path instanceof URL)) {
        throw invalidArgument("path", "of type string or an instance of URL", path);
    }
    const url = typeof path === "string" ? new URL(path) : path;
    if (url.protocol !== "file:") {
        throw codedError(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
    }
    if (url.hostname !== "") {
        throw codedError(
            TypeError,
            "ERR_INVALID_FILE_URL_HOST",
            'File URL host must be "localhost" or empty on linux',
        );
    }
    if (/%2f/i.test(url.pathname)) {
        throw codedError(
            TypeError,
            "ERR_INVALID_FILE_URL_PATH",
            "File URL path must not include encoded / characters",
        );
    }
    return decodeURIComponent(url.pathname);
}

const ESCAPED = { "%": "%25", "\\": "%5C", "\n": "%0A", "\r": "%0D", "\t": "%09", "?": "%3F", "#": "%23" };

export function pathToFileURL(path) {
    validateString(path, "path");
    const isFolder = path.endsWith("/") && path !== "/";
    const resolved = resolvePath(path) + (isFolder ? "/" : "");
    return new URL(`file://${resolved.replaceAll(/[%\\\n\r\t?#]/g, (character) => ESCAPED[character])}`);
}

export function urlToHttpOptions(url) {
    const { hash, hostname, href, password, pathname, port, protocol, search, username } = url;
    const options = {
        __proto__: null,
        ...url,
        protocol,
        hostname: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
        hash,
        search,
        pathname,
        path: `${pathname || ""}${search || ""}`,
        href,
    };
    if (port !== "") {
        options.port = Number(port);
    }
    if (username || password) {
        options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    }
    return options;
}

export { Url, parse, resolve, resolveObject };
export default {
    URL,
    URLPattern,
    URLSearchParams,
    Url,
    domainToASCII,
    domainToUnicode,
    fileURLToPath,
    format,
    parse,
    pathToFileURL,
    resolve,
    resolveObject,
    urlToHttpOptions,
};
