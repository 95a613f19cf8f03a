// What other modules need of abort signals.

export {
    abortReason,
    addAbortAlgorithm,
    createDependentSignal,
    createSignal,
    isAborted,
    isSignal,
    removeAbortAlgorithm,
    signalAbort,
    toSignal,
} from "web:abort/signal";
