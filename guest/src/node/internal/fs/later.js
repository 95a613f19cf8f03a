// When what was done is told: in a turn of its own, as Node.js does.

import { timersEpoch } from "node:native";
import { startTimer } from "web:native";

/** What is to be called, in its order, and the timers' epoch in which that was said. */
let queue = [];
let epoch = -1;

function next() {
    const call = queue.shift();
    if (queue.length > 0) {
        startTimer(0, next);
    }
    call?.();
}

/** Calls `call` in a later turn. However many wait, they take one timer. */
export function later(call) {
    const now = timersEpoch();
    if (epoch !== now) {
        // What waited belonged to a request that ended.
        epoch = now;
        queue = [];
    }
    queue.push(call);
    if (queue.length === 1) {
        try {
            startTimer(0, next);
        } catch (error) {
            queue = [];
            throw error;
        }
    }
}
