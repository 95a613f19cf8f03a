// The language as it was before guest code ran, for the web platform's own modules.
//
// Methods take their receiver as first argument: `ArrayPrototypePush(list, item)`.
// Modules of the platform import names from here and use no global, so that nothing
// that guest code replaces or patches takes part in what they do.

const { bind, call } = Function.prototype;

/** A method as a function that takes its receiver first. */
export const uncurryThis = bind.bind(call);

const getter = (prototype, name) => uncurryThis(Object.getOwnPropertyDescriptor(prototype, name).get);

export const globalObject = globalThis;


const Array_ = globalThis.Array;
export { Array_ as Array };
export const ArrayFrom = Array_.from.bind(Array_);
export const ArrayIsArray = Array_.isArray.bind(Array_);
export const ArrayOf = Array_.of.bind(Array_);
export const ArrayPrototype = Array_.prototype;
export const ArrayPrototypeConcat = uncurryThis(Array_.prototype.concat);
export const ArrayPrototypeEvery = uncurryThis(Array_.prototype.every);
export const ArrayPrototypeFill = uncurryThis(Array_.prototype.fill);
export const ArrayPrototypeFilter = uncurryThis(Array_.prototype.filter);
export const ArrayPrototypeFind = uncurryThis(Array_.prototype.find);
export const ArrayPrototypeFindIndex = uncurryThis(Array_.prototype.findIndex);
export const ArrayPrototypeForEach = uncurryThis(Array_.prototype.forEach);
export const ArrayPrototypeIncludes = uncurryThis(Array_.prototype.includes);
export const ArrayPrototypeIndexOf = uncurryThis(Array_.prototype.indexOf);
export const ArrayPrototypeJoin = uncurryThis(Array_.prototype.join);
export const ArrayPrototypeMap = uncurryThis(Array_.prototype.map);
export const ArrayPrototypePop = uncurryThis(Array_.prototype.pop);
export const ArrayPrototypePush = uncurryThis(Array_.prototype.push);
export const ArrayPrototypeReverse = uncurryThis(Array_.prototype.reverse);
export const ArrayPrototypeShift = uncurryThis(Array_.prototype.shift);
export const ArrayPrototypeSlice = uncurryThis(Array_.prototype.slice);
export const ArrayPrototypeSome = uncurryThis(Array_.prototype.some);
export const ArrayPrototypeSort = uncurryThis(Array_.prototype.sort);
export const ArrayPrototypeSplice = uncurryThis(Array_.prototype.splice);
export const ArrayPrototypeUnshift = uncurryThis(Array_.prototype.unshift);

const ArrayBuffer_ = globalThis.ArrayBuffer;
export { ArrayBuffer_ as ArrayBuffer };
export const ArrayBufferIsView = ArrayBuffer_.isView;
export const ArrayBufferPrototype = ArrayBuffer_.prototype;
export const ArrayBufferPrototypeSlice = uncurryThis(ArrayBuffer_.prototype.slice);
export const ArrayBufferPrototypeGetByteLength = getter(ArrayBuffer_.prototype, "byteLength");
export const ArrayBufferPrototypeGetDetached = getter(ArrayBuffer_.prototype, "detached");
export const ArrayBufferPrototypeGetMaxByteLength = getter(ArrayBuffer_.prototype, "maxByteLength");
export const ArrayBufferPrototypeGetResizable = getter(ArrayBuffer_.prototype, "resizable");
export const ArrayBufferPrototypeResize = uncurryThis(ArrayBuffer_.prototype.resize);
export const ArrayBufferPrototypeTransfer = uncurryThis(ArrayBuffer_.prototype.transfer);

const BigInt_ = globalThis.BigInt;
export { BigInt_ as BigInt };
export const BigIntPrototype = BigInt_.prototype;
export const BigIntPrototypeToString = uncurryThis(BigInt_.prototype.toString);
export const BigIntPrototypeValueOf = uncurryThis(BigInt_.prototype.valueOf);

const DataView_ = globalThis.DataView;
export { DataView_ as DataView };
export const DataViewPrototype = DataView_.prototype;
export const DataViewPrototypeGetBuffer = getter(DataView_.prototype, "buffer");
export const DataViewPrototypeGetByteLength = getter(DataView_.prototype, "byteLength");
export const DataViewPrototypeGetByteOffset = getter(DataView_.prototype, "byteOffset");

const Date_ = globalThis.Date;
export { Date_ as Date };
export const DateNow = Date_.now;
export const DatePrototype = Date_.prototype;
export const DatePrototypeGetTime = uncurryThis(Date_.prototype.getTime);
export const DatePrototypeToISOString = uncurryThis(Date_.prototype.toISOString);

const Error_ = globalThis.Error;
export { Error_ as Error };
export const ErrorPrototype = Error_.prototype;
export const ErrorPrototypeGetStack = getter(Error_.prototype, "stack");
export const ErrorPrototypeToString = uncurryThis(Error_.prototype.toString);
export const ErrorIsError = Error_.isError;

const Function_ = globalThis.Function;
export { Function_ as Function };
export const FunctionPrototype = Function_.prototype;
export const FunctionPrototypeToString = uncurryThis(Function_.prototype.toString);

export const JSONParse = globalThis.JSON.parse;
export const JSONStringify = globalThis.JSON.stringify;

const Map_ = globalThis.Map;
export { Map_ as Map };
export const MapPrototype = Map_.prototype;
export const MapPrototypeClear = uncurryThis(Map_.prototype.clear);
export const MapPrototypeDelete = uncurryThis(Map_.prototype.delete);
export const MapPrototypeForEach = uncurryThis(Map_.prototype.forEach);
export const MapPrototypeGet = uncurryThis(Map_.prototype.get);
export const MapPrototypeHas = uncurryThis(Map_.prototype.has);
export const MapPrototypeSet = uncurryThis(Map_.prototype.set);
export const MapPrototypeGetSize = getter(Map_.prototype, "size");

export const MathAbs = globalThis.Math.abs;
export const MathCeil = globalThis.Math.ceil;
export const MathFloor = globalThis.Math.floor;
export const MathMax = globalThis.Math.max;
export const MathMin = globalThis.Math.min;
export const MathRound = globalThis.Math.round;
export const MathTrunc = globalThis.Math.trunc;
export const MathRandom = globalThis.Math.random;
export const MathPow = globalThis.Math.pow;
export const MathSign = globalThis.Math.sign;

const Number_ = globalThis.Number;
export { Number_ as Number };
export const NumberIsFinite = Number_.isFinite;
export const NumberIsInteger = Number_.isInteger;
export const NumberIsNaN = Number_.isNaN;
export const NumberIsSafeInteger = Number_.isSafeInteger;
export const NumberPrototype = Number_.prototype;
export const NumberPrototypeToString = uncurryThis(Number_.prototype.toString);
export const NumberPrototypeValueOf = uncurryThis(Number_.prototype.valueOf);

const Object_ = globalThis.Object;
export { Object_ as Object };
export const ObjectAssign = Object_.assign;
export const ObjectCreate = Object_.create;
export const ObjectDefineProperties = Object_.defineProperties;
export const ObjectDefineProperty = Object_.defineProperty;
export const ObjectEntries = Object_.entries;
export const ObjectFreeze = Object_.freeze;
export const ObjectGetOwnPropertyDescriptor = Object_.getOwnPropertyDescriptor;
export const ObjectGetOwnPropertyNames = Object_.getOwnPropertyNames;
export const ObjectGetOwnPropertySymbols = Object_.getOwnPropertySymbols;
export const ObjectGetPrototypeOf = Object_.getPrototypeOf;
export const ObjectIs = Object_.is;
export const ObjectKeys = Object_.keys;
export const ObjectSetPrototypeOf = Object_.setPrototypeOf;
export const ObjectValues = Object_.values;
export const ObjectPrototype = Object_.prototype;
export const ObjectPrototypeHasOwnProperty = uncurryThis(Object_.prototype.hasOwnProperty);
export const ObjectPrototypeIsPrototypeOf = uncurryThis(Object_.prototype.isPrototypeOf);
export const ObjectPrototypePropertyIsEnumerable = uncurryThis(Object_.prototype.propertyIsEnumerable);
export const ObjectPrototypeToString = uncurryThis(Object_.prototype.toString);

const Promise_ = globalThis.Promise;
export { Promise_ as Promise };
export const PromiseAll = Promise_.all.bind(Promise_);
export const PromiseAllSettled = Promise_.allSettled.bind(Promise_);
export const PromiseAny = Promise_.any.bind(Promise_);
export const PromiseRace = Promise_.race.bind(Promise_);
export const PromiseReject = Promise_.reject.bind(Promise_);
export const PromiseResolve = Promise_.resolve.bind(Promise_);
/** Takes the class whose promise it makes. */
export const PromiseWithResolvers = uncurryThis(Promise_.withResolvers);
export const PromisePrototype = Promise_.prototype;
export const PromisePrototypeCatch = uncurryThis(Promise_.prototype.catch);
export const PromisePrototypeFinally = uncurryThis(Promise_.prototype.finally);
export const PromisePrototypeThen = uncurryThis(Promise_.prototype.then);

export const ReflectApply = globalThis.Reflect.apply;
export const ReflectConstruct = globalThis.Reflect.construct;
export const ReflectDefineProperty = globalThis.Reflect.defineProperty;
export const ReflectDeleteProperty = globalThis.Reflect.deleteProperty;
export const ReflectGet = globalThis.Reflect.get;
export const ReflectGetOwnPropertyDescriptor = globalThis.Reflect.getOwnPropertyDescriptor;
export const ReflectGetPrototypeOf = globalThis.Reflect.getPrototypeOf;
export const ReflectHas = globalThis.Reflect.has;
export const ReflectOwnKeys = globalThis.Reflect.ownKeys;
export const ReflectSet = globalThis.Reflect.set;

const RegExp_ = globalThis.RegExp;
export { RegExp_ as RegExp };
export const RegExpPrototype = RegExp_.prototype;
export const RegExpPrototypeExec = uncurryThis(RegExp_.prototype.exec);
export const RegExpPrototypeTest = uncurryThis(RegExp_.prototype.test);
export const RegExpPrototypeGetSource = getter(RegExp_.prototype, "source");
export const RegExpPrototypeGetDotAll = getter(RegExp_.prototype, "dotAll");
export const RegExpPrototypeGetGlobal = getter(RegExp_.prototype, "global");
export const RegExpPrototypeGetHasIndices = getter(RegExp_.prototype, "hasIndices");
export const RegExpPrototypeGetIgnoreCase = getter(RegExp_.prototype, "ignoreCase");
export const RegExpPrototypeGetMultiline = getter(RegExp_.prototype, "multiline");
export const RegExpPrototypeGetSticky = getter(RegExp_.prototype, "sticky");
export const RegExpPrototypeGetUnicode = getter(RegExp_.prototype, "unicode");
export const RegExpPrototypeGetUnicodeSets = getter(RegExp_.prototype, "unicodeSets");

const Set_ = globalThis.Set;
export { Set_ as Set };
export const SetPrototype = Set_.prototype;
export const SetPrototypeAdd = uncurryThis(Set_.prototype.add);
export const SetPrototypeClear = uncurryThis(Set_.prototype.clear);
export const SetPrototypeDelete = uncurryThis(Set_.prototype.delete);
export const SetPrototypeForEach = uncurryThis(Set_.prototype.forEach);
export const SetPrototypeHas = uncurryThis(Set_.prototype.has);
export const SetPrototypeGetSize = getter(Set_.prototype, "size");

// Not in every build of the engine.
const SharedArrayBuffer_ = globalThis.SharedArrayBuffer ?? ArrayBuffer_;
export const SharedArrayBufferPrototypeGetByteLength = getter(SharedArrayBuffer_.prototype, "byteLength");

const String_ = globalThis.String;
export { String_ as String };
export const StringFromCharCode = String_.fromCharCode;
export const StringFromCodePoint = String_.fromCodePoint;
export const StringPrototype = String_.prototype;
export const StringPrototypeAt = uncurryThis(String_.prototype.at);
export const StringPrototypeCharAt = uncurryThis(String_.prototype.charAt);
export const StringPrototypeCharCodeAt = uncurryThis(String_.prototype.charCodeAt);
export const StringPrototypeCodePointAt = uncurryThis(String_.prototype.codePointAt);
export const StringPrototypeEndsWith = uncurryThis(String_.prototype.endsWith);
export const StringPrototypeIncludes = uncurryThis(String_.prototype.includes);
export const StringPrototypeIndexOf = uncurryThis(String_.prototype.indexOf);
export const StringPrototypeIsWellFormed = uncurryThis(String_.prototype.isWellFormed);
export const StringPrototypeLastIndexOf = uncurryThis(String_.prototype.lastIndexOf);
export const StringPrototypePadEnd = uncurryThis(String_.prototype.padEnd);
export const StringPrototypePadStart = uncurryThis(String_.prototype.padStart);
export const StringPrototypeRepeat = uncurryThis(String_.prototype.repeat);
export const StringPrototypeReplace = uncurryThis(String_.prototype.replace);
export const StringPrototypeSlice = uncurryThis(String_.prototype.slice);
export const StringPrototypeSplit = uncurryThis(String_.prototype.split);
export const StringPrototypeStartsWith = uncurryThis(String_.prototype.startsWith);
export const StringPrototypeSubstring = uncurryThis(String_.prototype.substring);
export const StringPrototypeToLowerCase = uncurryThis(String_.prototype.toLowerCase);
export const StringPrototypeToString = uncurryThis(String_.prototype.toString);
export const StringPrototypeToUpperCase = uncurryThis(String_.prototype.toUpperCase);
export const StringPrototypeToWellFormed = uncurryThis(String_.prototype.toWellFormed);
export const StringPrototypeTrim = uncurryThis(String_.prototype.trim);
export const StringPrototypeValueOf = uncurryThis(String_.prototype.valueOf);

const Symbol_ = globalThis.Symbol;
export { Symbol_ as Symbol };
export const SymbolFor = Symbol_.for;
export const SymbolPrototype = Symbol_.prototype;
export const SymbolPrototypeToString = uncurryThis(Symbol_.prototype.toString);
export const SymbolPrototypeGetDescription = getter(Symbol_.prototype, "description");

const WeakMap_ = globalThis.WeakMap;
export { WeakMap_ as WeakMap };
export const WeakMapPrototype = WeakMap_.prototype;
export const WeakMapPrototypeDelete = uncurryThis(WeakMap_.prototype.delete);
export const WeakMapPrototypeGet = uncurryThis(WeakMap_.prototype.get);
export const WeakMapPrototypeHas = uncurryThis(WeakMap_.prototype.has);
export const WeakMapPrototypeSet = uncurryThis(WeakMap_.prototype.set);

const WeakSet_ = globalThis.WeakSet;
export { WeakSet_ as WeakSet };
export const WeakSetPrototype = WeakSet_.prototype;
export const WeakSetPrototypeAdd = uncurryThis(WeakSet_.prototype.add);
export const WeakSetPrototypeDelete = uncurryThis(WeakSet_.prototype.delete);
export const WeakSetPrototypeHas = uncurryThis(WeakSet_.prototype.has);

const AggregateError_ = globalThis.AggregateError;
export { AggregateError_ as AggregateError };
const EvalError_ = globalThis.EvalError;
export { EvalError_ as EvalError };
const RangeError_ = globalThis.RangeError;
export { RangeError_ as RangeError };
const ReferenceError_ = globalThis.ReferenceError;
export { ReferenceError_ as ReferenceError };
const SyntaxError_ = globalThis.SyntaxError;
export { SyntaxError_ as SyntaxError };
const TypeError_ = globalThis.TypeError;
export { TypeError_ as TypeError };
const URIError_ = globalThis.URIError;
export { URIError_ as URIError };
const Boolean_ = globalThis.Boolean;
export { Boolean_ as Boolean };
export const BooleanPrototypeValueOf = uncurryThis(Boolean_.prototype.valueOf);
const Proxy_ = globalThis.Proxy;
export { Proxy_ as Proxy };
const FinalizationRegistry_ = globalThis.FinalizationRegistry;
export { FinalizationRegistry_ as FinalizationRegistry };
const WeakRef_ = globalThis.WeakRef;
export { WeakRef_ as WeakRef };
export const WeakRefPrototypeDeref = uncurryThis(WeakRef_.prototype.deref);
const Int8Array_ = globalThis.Int8Array;
export { Int8Array_ as Int8Array };
const Uint8Array_ = globalThis.Uint8Array;
export { Uint8Array_ as Uint8Array };
const Uint8ClampedArray_ = globalThis.Uint8ClampedArray;
export { Uint8ClampedArray_ as Uint8ClampedArray };
const Int16Array_ = globalThis.Int16Array;
export { Int16Array_ as Int16Array };
const Uint16Array_ = globalThis.Uint16Array;
export { Uint16Array_ as Uint16Array };
const Int32Array_ = globalThis.Int32Array;
export { Int32Array_ as Int32Array };
const Uint32Array_ = globalThis.Uint32Array;
export { Uint32Array_ as Uint32Array };
const BigInt64Array_ = globalThis.BigInt64Array;
export { BigInt64Array_ as BigInt64Array };
const BigUint64Array_ = globalThis.BigUint64Array;
export { BigUint64Array_ as BigUint64Array };
const Float16Array_ = globalThis.Float16Array;
export { Float16Array_ as Float16Array };
const Float32Array_ = globalThis.Float32Array;
export { Float32Array_ as Float32Array };
const Float64Array_ = globalThis.Float64Array;
export { Float64Array_ as Float64Array };

export const SymbolAsyncIterator = Symbol_.asyncIterator;
export const SymbolHasInstance = Symbol_.hasInstance;
export const SymbolIterator = Symbol_.iterator;
export const SymbolSpecies = Symbol_.species;
export const SymbolToPrimitive = Symbol_.toPrimitive;
export const SymbolToStringTag = Symbol_.toStringTag;
export const SymbolUnscopables = Symbol_.unscopables;

const TypedArrayPrototype_ = Object_.getPrototypeOf(Uint8Array_.prototype);
export { TypedArrayPrototype_ as TypedArrayPrototype };
export const TypedArrayPrototypeAt = uncurryThis(TypedArrayPrototype_.at);
export const TypedArrayPrototypeFill = uncurryThis(TypedArrayPrototype_.fill);
export const TypedArrayPrototypeSet = uncurryThis(TypedArrayPrototype_.set);
export const TypedArrayPrototypeSlice = uncurryThis(TypedArrayPrototype_.slice);
export const TypedArrayPrototypeSubarray = uncurryThis(TypedArrayPrototype_.subarray);
export const TypedArrayPrototypeGetBuffer = getter(TypedArrayPrototype_, "buffer");
export const TypedArrayPrototypeGetByteLength = getter(TypedArrayPrototype_, "byteLength");
export const TypedArrayPrototypeGetByteOffset = getter(TypedArrayPrototype_, "byteOffset");
export const TypedArrayPrototypeGetLength = getter(TypedArrayPrototype_, "length");
/** The name of a typed array's class, `undefined` for what is none. */
export const TypedArrayPrototypeGetSymbolToStringTag = getter(TypedArrayPrototype_, Symbol_.toStringTag);

const IteratorPrototype_ = Object_.getPrototypeOf(Object_.getPrototypeOf([][Symbol_.iterator]()));
export { IteratorPrototype_ as IteratorPrototype };
export const AsyncIteratorPrototype = Object_.getPrototypeOf(
    Object_.getPrototypeOf(async function* () {}.prototype),
);

/**
 * An empty list. It has no prototype, so that what is added to it goes nowhere else:
 * guest code can put setters for its indices on `Array.prototype`.
 */
export const createList = () => ObjectSetPrototypeOf([], null);

export const decodeURIComponent = globalThis.decodeURIComponent;
export const parseInt = globalThis.parseInt;
export const queueMicrotask = globalThis.queueMicrotask;
