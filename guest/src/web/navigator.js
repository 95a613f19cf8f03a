// navigator (HTML 8.10.1): who runs this.

import { TypeError } from "web:primordials";
import { userAgent } from "web:native";
import { exposeInterface, exposeReplaceable } from "web:webidl";

const TOKEN = { __proto__: null };

class Navigator {
    #userAgent;

    constructor(token = undefined) {
        if (token !== TOKEN) {
            throw new TypeError("Illegal constructor");
        }
        this.#userAgent = userAgent();
    }

    get userAgent() {
        return this.#userAgent;
    }
}

exposeInterface(Navigator);

const navigator = new Navigator(TOKEN);
exposeReplaceable("navigator", () => navigator);
