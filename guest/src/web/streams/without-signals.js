// Stands in for `web:abort` as long as the platform has no AbortSignal. `web:streams/abort` says how it goes.

export const abortReason = () => undefined;
export const addAbortAlgorithm = () => {};
export const createSignal = () => undefined;
export const isSignal = () => false;
export const removeAbortAlgorithm = () => {};
export const signalAbort = () => {};
