// The clock of `performance` and of events (High Resolution Time 4). It never goes back,
// whatever the wall clock does.

import { DateNow } from "web:primordials";
import { elapsed } from "web:native";

/** Milliseconds since the time origin, which is when the realm was made. */
export const now = () => elapsed();

/** The time origin, in milliseconds since the epoch. */
export const timeOrigin = DateNow() - elapsed();
