// The way to the host.

import { cancelFetch, startFetch } from "web:native";
import { ObjectDefineProperty } from "web:primordials";

/**
 * Has the host fetch. `message` is `{ method, url, headers, body, redirect }`: headers are pairs of name and value, as
 * isomorphic strings, and the body is a `Uint8Array`, or null. The promise is one of `{ status, statusText, url,
 * redirected, headers, body }`; it is rejected with an error that has a sentence and a `code`.
 *
 * `onAbort(cancel)` is given a function to call when guest code no longer wants the response.
 */
export function hostFetch(message, onAbort) {
    const { method, url, headers, body, redirect } = message;
    let lines = "";
    for (let i = 0; i < headers.length; i++) {
        lines += headers[i][0] + ":" + headers[i][1] + "\n";
    }
    const promise = startFetch(method, url, redirect, lines, body, (number) => onAbort(() => cancelFetch(number)));
    // To react to a promise looks up its constructor.
    return ObjectDefineProperty(promise, "constructor", { __proto__: null, value: undefined });
}
