// Terminal styles, of `node:util`.

import { invalidArgument, invalidValue, validateString } from "node:internal/errors";
import { inspect } from "node:internal/inspect";

const ESCAPES =
    // eslint-disable-next-line no-control-regex
    /[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-ntqry=><~]))/g;

export function stripVTControlCharacters(text) {
    validateString(text, "str");
    return text.replace(ESCAPES, "");
}

/** The text in a style or several, whether or not somebody sees colours. */
export function styleText(format, text) {
    validateString(text, "text");
    let [left, right] = ["", ""];
    for (const style of Array.isArray(format) ? format : [format]) {
        if (style === "none") {
            continue;
        }
        const codes = inspect.colors[style];
        if (typeof style !== "string" && style !== undefined) {
            throw invalidArgument("format", "of type string or an instance of Array", style);
        }
        if (codes === undefined) {
            const names = Object.keys(inspect.colors).map((name) => `'${name}'`);
            throw invalidValue("format", style, `must be one of: ${names.join(", ")}`);
        }
        left += `\u001b[${codes[0]}m`;
        right = `\u001b[${codes[1]}m${right}`;
    }
    return `${left}${text}${right}`;
}
