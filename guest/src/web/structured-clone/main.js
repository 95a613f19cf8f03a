// structuredClone (HTML 2.7.10).

import {
    ArrayBufferPrototypeGetDetached,
    ArrayBufferPrototypeTransfer,
    Map,
    MapPrototypeGet,
    MapPrototypeHas,
    MapPrototypeSet,
    TypeError,
    createList,
} from "web:primordials";
import { ARRAY_BUFFER } from "web:classes";
import { classId } from "web:native";
import { deserialize } from "web:structured-clone/deserialize";
import { refuse, serialize } from "web:structured-clone/serialize";
import { exposeFunction, isObject, requireArguments, toDictionary, toSequenceOf } from "web:webidl";

/** StructuredSerializeWithTransfer and StructuredDeserializeWithTransfer. */
function cloneWithTransfer(value, transferables) {
    const memory = new Map();
    for (let i = 0; i < transferables.length; i++) {
        if (classId(transferables[i]) !== ARRAY_BUFFER) {
            throw refuse("only an ArrayBuffer can be transferred");
        }
        if (MapPrototypeHas(memory, transferables[i])) {
            throw refuse("an ArrayBuffer cannot be transferred twice");
        }
        MapPrototypeSet(memory, transferables[i], { __proto__: null, kind: "buffer", clone: undefined });
    }
    const record = serialize(value, memory);
    for (let i = 0; i < transferables.length; i++) {
        if (ArrayBufferPrototypeGetDetached(transferables[i])) {
            throw refuse("an ArrayBuffer that is detached cannot be transferred");
        }
        MapPrototypeGet(memory, transferables[i]).clone = ArrayBufferPrototypeTransfer(transferables[i]);
    }
    return deserialize(record);
}

function toTransferable(value) {
    if (!isObject(value)) {
        throw new TypeError("structuredClone: what is to be transferred is not an object");
    }
    return value;
}

const { structuredClone } = {
    structuredClone(value, options = undefined) {
        requireArguments(arguments.length, 1, "structuredClone");
        const { transfer } = toDictionary(options, "the second argument of structuredClone");
        const transferables =
            transfer === undefined ? createList() : toSequenceOf(transfer, toTransferable, "the member transfer");
        return cloneWithTransfer(value, transferables);
    },
};

exposeFunction("structuredClone", structuredClone);
