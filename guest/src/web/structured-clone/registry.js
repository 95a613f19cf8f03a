// Interfaces whose objects can be cloned (HTML 2.7.1, serializable objects).

import { ArrayPrototypePush, createList } from "web:primordials";
import { dataProperty } from "web:classes";
import { DOMException, domExceptionFields, isDOMException } from "web:domexception";
import { define } from "web:webidl";

const interfaces = createList();

/**
 * Makes objects that `isBrand` accepts cloneable. `serialize(object, sub)` gives data;
 * what of it is a value of guest code goes through `sub`. `deserialize(data, sub)` makes
 * an object of it, and gets such values back through `sub`.
 */
export function registerSerializable(isBrand, serialize, deserialize) {
    ArrayPrototypePush(interfaces, { __proto__: null, isBrand, serialize, deserialize });
}

/** The interface of a serializable object. */
export function interfaceOf(value) {
    for (let i = 0; i < interfaces.length; i++) {
        if (interfaces[i].isBrand(value)) {
            return interfaces[i];
        }
    }
    return undefined;
}

registerSerializable(
    isDOMException,
    (exception) => {
        const { name, message } = domExceptionFields(exception);
        return { __proto__: null, name, message, stack: dataProperty(exception, "stack") };
    },
    ({ name, message, stack }) => {
        const exception = new DOMException(message, name);
        if (typeof stack === "string") {
            define(exception, "stack", stack);
        }
        return exception;
    },
);
