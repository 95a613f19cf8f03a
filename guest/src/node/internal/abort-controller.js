// The platform's, for packages that look for one.

export default { AbortController: globalThis.AbortController, AbortSignal: globalThis.AbortSignal };
