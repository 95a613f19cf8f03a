// Timers of the platform's own, which take no numbers from guest code's and which it
// cannot clear.

/** `startTimer(milliseconds, f)`: calls `f` when they went by, in a turn of its own. */
export { startTimer } from "web:native";
