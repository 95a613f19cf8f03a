// The key under which a function says what `util.promisify` makes of it.

export const customPromisify = Symbol.for("nodejs.util.promisify.custom");
