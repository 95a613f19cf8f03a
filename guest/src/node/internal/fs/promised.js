// How node:fs/promises tells what was done.

import { abortError } from "node:internal/errors";
import { later } from "node:internal/fs/later";

/** A promise of what `work` gives, settled in a later turn; rejected when it is aborted before. */
export function promised(work, signal) {
    return new Promise((resolve, reject) => {
        if (signal?.aborted) {
            reject(abortError(signal));
            return;
        }
        let settle;
        try {
            const value = work();
            settle = () => resolve(value);
        } catch (error) {
            settle = () => reject(error);
        }
        later(() => (signal?.aborted ? reject(abortError(signal)) : settle()));
    });
}
