// AbortController (DOM 3.1).

import { createSignal, signalAbort } from "web:abort/signal";
import { exposeInterface } from "web:webidl";

export class AbortController {
    #signal = createSignal();

    get signal() {
        return this.#signal;
    }

    abort(reason = undefined) {
        signalAbort(this.#signal, reason);
    }
}

exposeInterface(AbortController);
