// What other modules need of abort signals.

export {
    abortReason,
    addAbortAlgorithm,
    createSignal,
    isAborted,
    isSignal,
    removeAbortAlgorithm,
    signalAbort,
    toSignal,
} from "web:abort/signal";
