// performance (High Resolution Time 7).

import { TypeError } from "web:primordials";
import { now, timeOrigin } from "web:clock";
import { EventTarget } from "web:events/target";
import { exposeInterface, exposeReplaceable } from "web:webidl";

const TOKEN = { __proto__: null };

class Performance extends EventTarget {
    #timeOrigin = timeOrigin;

    constructor(token = undefined) {
        if (token !== TOKEN) {
            throw new TypeError("Illegal constructor");
        }
        super();
    }

    now() {
        // Throws for another receiver.
        this.#timeOrigin;
        return now();
    }

    get timeOrigin() {
        return this.#timeOrigin;
    }

    toJSON() {
        return { timeOrigin: this.#timeOrigin };
    }
}

exposeInterface(Performance);

const performance = new Performance(TOKEN);
exposeReplaceable("performance", () => performance);
