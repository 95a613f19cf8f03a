// Iterable declarations of Web IDL (https://webidl.spec.whatwg.org/#idl-iterable).

import {
    IteratorPrototype,
    ObjectDefineProperty,
    ObjectSetPrototypeOf,
    ReflectApply,
    ReflectDeleteProperty,
    SymbolIterator,
    SymbolToStringTag,
    TypeError,
} from "web:primordials";
import { define, requireArguments } from "web:webidl";

/**
 * Makes a class iterable by pairs. `pairsOf` gives the list of `[name, value]` that an object
 * has now, and throws for what is no object of the class; it is asked at each step.
 */
export function exposePairs(Class, pairsOf) {
    const iteratorClass = createIteratorClass(Class.name, pairsOf);
    const create = (object, pick) => {
        pairsOf(object);
        return new iteratorClass(object, pick);
    };
    const methods = {
        __proto__: null,
        entries() {
            return create(this, (pair) => [pair[0], pair[1]]);
        },
        keys() {
            return create(this, (pair) => pair[0]);
        },
        values() {
            return create(this, (pair) => pair[1]);
        },
        forEach(callback, thisArg = undefined) {
            pairsOf(this);
            requireArguments(arguments.length, 1, Class.name + ".forEach");
            if (typeof callback !== "function") {
                throw new TypeError(Class.name + ".forEach: the callback is not a function");
            }
            for (let i = 0; i < pairsOf(this).length; i++) {
                const pair = pairsOf(this)[i];
                ReflectApply(callback, thisArg, [pair[1], pair[0], this]);
            }
        },
    };
    define(Class.prototype, "entries", methods.entries, true);
    define(Class.prototype, "keys", methods.keys, true);
    define(Class.prototype, "values", methods.values, true);
    define(Class.prototype, "forEach", methods.forEach, true);
    define(Class.prototype, SymbolIterator, methods.entries);
}

function createIteratorClass(name, pairsOf) {
    class Iterator {
        #object;
        #pick;
        #index = 0;

        constructor(object, pick) {
            this.#object = object;
            this.#pick = pick;
        }

        next() {
            const pairs = pairsOf(this.#object);
            if (this.#index >= pairs.length) {
                return { value: undefined, done: true };
            }
            return { value: this.#pick(pairs[this.#index++]), done: false };
        }
    }
    const prototype = Iterator.prototype;
    ReflectDeleteProperty(prototype, "constructor");
    ObjectSetPrototypeOf(prototype, IteratorPrototype);
    define(prototype, "next", prototype.next, true);
    ObjectDefineProperty(prototype, SymbolToStringTag, {
        __proto__: null,
        value: name + " Iterator",
        configurable: true,
    });
    return Iterator;
}
