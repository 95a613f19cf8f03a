// queueMicrotask (HTML 8.6).

import { queueMicrotask as enqueue } from "web:primordials";
import { reportException } from "web:report";
import { exposeFunction, requireArguments, toCallback } from "web:webidl";

const { queueMicrotask } = {
    queueMicrotask(callback) {
        requireArguments(arguments.length, 1, "queueMicrotask");
        toCallback(callback, "queueMicrotask: the argument");
        enqueue(() => {
            try {
                callback();
            } catch (error) {
                reportException(error);
            }
        });
    },
};

exposeFunction("queueMicrotask", queueMicrotask);
