// Stacks as guest code should see them.

import {
    Error,
    ErrorPrototypeGetStack,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
} from "web:primordials";

/** The stack of whoever called into the platform: the frames before are its own. */
export function callerStack() {
    let stack = ErrorPrototypeGetStack(new Error());
    if (typeof stack !== "string") {
        // Guest code makes stacks of its own (`Error.prepareStackTrace`).
        return "";
    }
    for (;;) {
        const end = StringPrototypeIndexOf(stack, "\n");
        const line = end < 0 ? stack : StringPrototypeSlice(stack, 0, end);
        if (end < 0 || (StringPrototypeIndexOf(line, "(web:") < 0 && StringPrototypeIndexOf(line, "(native)") < 0)) {
            return stack;
        }
        stack = StringPrototypeSlice(stack, end + 1);
    }
}
