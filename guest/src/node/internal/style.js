// Terminal styles, of `node:util`.

import { invalidArgument, invalidValue, validateString } from "node:internal/errors";
import { inspect } from "node:internal/inspect";
import { requireBuiltin } from "node:native";

const ESCAPES =
    // eslint-disable-next-line no-control-regex
    /[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-ntqry=><~]))/g;

export function stripVTControlCharacters(text) {
    validateString(text, "str");
    return text.replace(ESCAPES, "");
}

/** Whether what is written to a stream is seen in colours. */
function showsColours(stream) {
    const { env, stdout } = requireBuiltin("node:process").default;
    if (env.FORCE_COLOR !== undefined) {
        return !["0", "false"].includes(env.FORCE_COLOR);
    }
    return Boolean((stream ?? stdout).isTTY);
}

/** The text in a style or several, if the stream, which is standard output by default, shows it. */
export function styleText(format, text, options = undefined) {
    validateString(text, "text");
    const isShown = options?.validateStream === false || showsColours(options?.stream);
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
    return isShown ? `${left}${text}${right}` : text;
}
