// QuotaExceededError (Web IDL 2.8.2).

import { NumberIsFinite, RangeError, TypeError } from "web:primordials";
import { DOMException } from "web:domexception";
import { exposeInterface, toDictionary } from "web:webidl";

export class QuotaExceededError extends DOMException {
    #quota;
    #requested;

    constructor(message = "", options = {}) {
        super(message, "QuotaExceededError");
        const dictionary = toDictionary(options, "the options of a QuotaExceededError");
        this.#quota = toAmount(dictionary.quota, "quota");
        this.#requested = toAmount(dictionary.requested, "requested");
        if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota) {
            throw new RangeError("requested " + this.#requested + " is below the quota of " + this.#quota);
        }
    }

    get quota() {
        return this.#quota;
    }

    get requested() {
        return this.#requested;
    }
}

/** A `double` that is not negative, or `null`. */
function toAmount(value, what) {
    if (value === undefined) {
        return null;
    }
    const amount = +value;
    if (!NumberIsFinite(amount)) {
        throw new TypeError(what + " is not a finite number");
    }
    if (amount < 0) {
        throw new RangeError(what + " is negative: " + amount);
    }
    return amount;
}

exposeInterface(QuotaExceededError);
