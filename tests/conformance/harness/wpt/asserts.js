// The assertions of the stand-in for testharness.js, see testharness.js.
(function (global) {
'use strict';

const { hasOwn, is } = Object;

function assert(holds, name, description, what) {
    if (holds) return;
    throw new AssertionError(`${name}: ${description === undefined ? '' : `${description} `}${what}`);
}

/** A value for people, on one line. */
function format_value(value, seen = []) {
    if (Array.isArray(value) && !seen.includes(value)) {
        return `[${value.map(item => format_value(item, [...seen, value])).join(', ')}]`;
    }
    switch (typeof value) {
        case 'string': return quoted(value);
        case 'bigint': return `${value}n`;
        case 'number': return is(value, -0) ? '-0' : String(value);
        case 'boolean': case 'undefined': case 'symbol': return String(value);
    }
    if (value === null) return 'null';
    let text;
    try { text = String(value); } catch { text = Object.prototype.toString.call(value); }
    return `${typeof value} "${text.length > 1000 ? `${text.slice(0, 1000)}…` : text}"`;
}

function quoted(text) {
    const escape = unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return `"${text.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu, escape)}"`;
}

const numeric = (name, compare, words) => (actual, expected, description) => {
    assert(typeof actual === 'number' || typeof actual === 'bigint', name, description, `expected a number but got ${format_value(actual)}`);
    assert(compare(actual, expected), name, description, `expected a number ${words} ${format_value(expected)} but got ${format_value(actual)}`);
};

const between = (name, compare) => (actual, lower, upper, description) => {
    assert(typeof actual === typeof lower, name, description, `expected a number but got ${format_value(actual)}`);
    assert(compare(actual, lower, upper), name, description, `expected a number between ${format_value(lower)} and ${format_value(upper)} but got ${format_value(actual)}`);
};

const exposed = {
    format_value,
    assert_true(actual, description) {
        assert(actual === true, 'assert_true', description, `expected true got ${format_value(actual)}`);
    },
    assert_false(actual, description) {
        assert(actual === false, 'assert_false', description, `expected false got ${format_value(actual)}`);
    },
    assert_equals(actual, expected, description) {
        assert(is(actual, expected), 'assert_equals', description, `expected (${typeof expected}) ${format_value(expected)} but got (${typeof actual}) ${format_value(actual)}`);
    },
    assert_not_equals(actual, unexpected, description) {
        assert(!is(actual, unexpected), 'assert_not_equals', description, `got disallowed value ${format_value(actual)}`);
    },
    assert_in_array(actual, expected, description) {
        assert(expected.indexOf(actual) !== -1, 'assert_in_array', description, `value ${format_value(actual)} not in array ${format_value(expected)}`);
    },
    assert_array_equals(actual, expected, description) {
        const name = 'assert_array_equals';
        assert(typeof actual === 'object' && actual !== null && 'length' in actual, name, description, `value is ${format_value(actual)}, expected array`);
        assert(actual.length === expected.length, name, description, `lengths differ, expected ${format_value(expected)} length ${expected.length}, got ${format_value(actual)} length ${actual.length}`);
        for (let i = 0; i < actual.length; i++) {
            assert(hasOwn(actual, i) === hasOwn(expected, i), name, description, `expected property ${i} to be ${hasOwn(expected, i) ? 'present' : 'missing'}`);
            assert(is(actual[i], expected[i]), name, description, `expected property ${i} to be ${format_value(expected[i])} but got ${format_value(actual[i])}`);
        }
    },
    assert_array_approx_equals(actual, expected, epsilon, description) {
        const name = 'assert_array_approx_equals';
        assert(actual.length === expected.length, name, description, `lengths differ, expected ${expected.length} got ${actual.length}`);
        for (let i = 0; i < actual.length; i++) exposed.assert_approx_equals(actual[i], expected[i], epsilon, `property ${i}, ${description ?? ''}`);
    },
    /** As `assert_equals`, through arrays and plain properties. */
    assert_object_equals(actual, expected, description) {
        const compare = (a, b, path, seen) => {
            if (typeof b !== 'object' || b === null) {
                assert(is(a, b), 'assert_object_equals', description, `property ${path} expected ${format_value(b)} got ${format_value(a)}`);
                return;
            }
            if (seen.includes(b)) return;
            assert(typeof a === 'object' && a !== null, 'assert_object_equals', description, `property ${path} expected an object got ${format_value(a)}`);
            for (const key in a) assert(hasOwn(b, key), 'assert_object_equals', description, `unexpected property ${path}.${key}`);
            for (const key in b) {
                assert(hasOwn(a, key), 'assert_object_equals', description, `missing property ${path}.${key}`);
                compare(a[key], b[key], `${path}.${key}`, [...seen, b]);
            }
        };
        compare(actual, expected, 'value', []);
    },
    assert_approx_equals(actual, expected, epsilon, description) {
        assert(typeof actual === 'number', 'assert_approx_equals', description, `expected a number but got ${format_value(actual)}`);
        const isClose = Number.isFinite(expected) ? Math.abs(actual - expected) <= epsilon : is(actual, expected);
        assert(isClose, 'assert_approx_equals', description, `expected ${expected} +/- ${epsilon} but got ${actual}`);
    },
    assert_less_than: numeric('assert_less_than', (a, b) => a < b, 'less than'),
    assert_greater_than: numeric('assert_greater_than', (a, b) => a > b, 'greater than'),
    assert_less_than_equal: numeric('assert_less_than_equal', (a, b) => a <= b, 'less than or equal to'),
    assert_greater_than_equal: numeric('assert_greater_than_equal', (a, b) => a >= b, 'greater than or equal to'),
    assert_between_exclusive: between('assert_between_exclusive', (a, lower, upper) => lower < a && a < upper),
    assert_between_inclusive: between('assert_between_inclusive', (a, lower, upper) => lower <= a && a <= upper),
    assert_regexp_match(actual, expected, description) {
        assert(expected.test(actual), 'assert_regexp_match', description, `expected ${expected} but got ${format_value(actual)}`);
    },
    assert_class_string(object, expected, description) {
        const actual = Object.prototype.toString.call(object);
        assert(actual === `[object ${expected}]`, 'assert_class_string', description, `expected [object ${expected}] but got ${actual}`);
    },
    assert_own_property(object, property, description) {
        assert(hasOwn(object, property), 'assert_own_property', description, `expected property ${format_value(property)} missing`);
    },
    assert_not_own_property(object, property, description) {
        assert(!hasOwn(object, property), 'assert_not_own_property', description, `unexpected property ${format_value(property)} is found on object`);
    },
    assert_inherits(object, property, description) {
        assert(!hasOwn(object, property), 'assert_inherits', description, `property ${format_value(property)} found on object expected in prototype chain`);
        assert(property in object, 'assert_inherits', description, `property ${format_value(property)} not found in prototype chain`);
    },
    assert_idl_attribute(object, attribute, description) {
        exposed.assert_inherits(object, attribute, description);
    },
    assert_readonly(object, property, description) {
        const before = object[property];
        try { object[property] = `${before}a`; } catch { /* Strict code may be told. */ }
        assert(is(object[property], before), 'assert_readonly', description, `changing property ${format_value(property)} succeeded`);
    },
    assert_implements(condition, description) {
        assert(Boolean(condition), 'assert_implements', description, 'is not implemented');
    },
    assert_implements_optional(condition, description) {
        if (!condition) throw new OptionalFeatureUnsupportedError(description);
    },
    assert_unreached(description) {
        assert(false, 'assert_unreached', description, 'Reached unreachable code');
    },
    assert_any(assertion, actual, expected, ...rest) {
        const errors = [];
        for (const one of expected) {
            try { return assertion(actual, one, ...rest); } catch (error) { errors.push(error.message); }
        }
        throw new AssertionError(`assert_any: ${errors.join('; ')}`);
    },
    assert_throws_js(constructor, func, description) {
        checkJs('assert_throws_js', constructor, thrownBy('assert_throws_js', func, description), description);
    },
    assert_throws_exactly(expected, func, description) {
        checkExactly('assert_throws_exactly', expected, thrownBy('assert_throws_exactly', func, description), description);
    },
    assert_throws_dom(type, ...rest) {
        const [constructor, func, description] = withConstructor(rest);
        checkDom('assert_throws_dom', type, constructor, thrownBy('assert_throws_dom', func, description), description);
    },
    async promise_rejects_js(test, constructor, promise, description) {
        checkJs('promise_rejects_js', constructor, await rejectedBy('promise_rejects_js', promise, description), description);
    },
    async promise_rejects_exactly(test, expected, promise, description) {
        checkExactly('promise_rejects_exactly', expected, await rejectedBy('promise_rejects_exactly', promise, description), description);
    },
    async promise_rejects_dom(test, type, ...rest) {
        const [constructor, promise, description] = withConstructor(rest);
        checkDom('promise_rejects_dom', type, constructor, await rejectedBy('promise_rejects_dom', promise, description), description);
    },
};

/** A constructor other than the realm's own DOMException may come first. */
function withConstructor(values) {
    return typeof values[0] === 'function' && values[0].name === 'DOMException' ? values : [global.DOMException, ...values];
}

function thrownBy(name, func, description) {
    let result;
    try {
        result = func();
    } catch (error) {
        if (error instanceof AssertionError) throw error;
        return { error };
    }
    assert(false, name, description, `${format_value(func)} did not throw and gave ${format_value(result)}`);
}

function rejectedBy(name, promise, description) {
    return Promise.resolve(promise).then(
        value => assert(false, name, description, `the promise was fulfilled with ${format_value(value)}`),
        error => ({ error }),
    );
}

function checkJs(name, constructor, { error }, description) {
    assert(typeof error === 'object' && error !== null, name, description, `threw ${format_value(error)}, which is no object`);
    const isTrue = error.constructor === constructor && error.name === constructor.name;
    assert(isTrue, name, description, `threw ${format_value(error)} (${format_value(error.name)}) expected instance of ${constructor.name}`);
}

function checkExactly(name, expected, { error }, description) {
    assert(is(error, expected), name, description, `threw ${format_value(error)} but we expected it to throw ${format_value(expected)}`);
}

/** Names of DOMExceptions that have a code, by code: https://webidl.spec.whatwg.org/#idl-DOMException-error-names */
const CODES = [
    , 'IndexSizeError', , 'HierarchyRequestError', 'WrongDocumentError', 'InvalidCharacterError', , 'NoModificationAllowedError', 'NotFoundError',
    'NotSupportedError', 'InUseAttributeError', 'InvalidStateError', 'SyntaxError', 'InvalidModificationError', 'NamespaceError', 'InvalidAccessError', ,
    'TypeMismatchError', 'SecurityError', 'NetworkError', 'AbortError', 'URLMismatchError', 'QuotaExceededError', 'TimeoutError', 'InvalidNodeTypeError', 'DataCloneError',
];

/** `INDEX_SIZE_ERR` of `IndexSizeError`. */
const legacy = name => name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toUpperCase() + '_ERR';

function checkDom(name, type, constructor, { error }, description) {
    assert(typeof error === 'object' && error !== null, name, description, `threw ${format_value(error)}, which is no object`);
    const shown = `threw ${format_value(error)}`;
    if (typeof type === 'number') {
        assert(error.code === type, name, description, `${shown} with code ${format_value(error.code)}, expected ${type}`);
    } else {
        const expected = CODES.find(known => known !== undefined && legacy(known) === type) ?? type;
        const code = Math.max(CODES.indexOf(expected), 0);
        assert(error.name === expected, name, description, `${shown} with name ${format_value(error.name)}, expected ${format_value(expected)}`);
        assert(error.code === code, name, description, `${shown} with code ${format_value(error.code)}, expected ${code}`);
    }
    const isOwn = constructor !== undefined && error.constructor === constructor;
    assert(isOwn, name, description, `${shown}, which is no DOMException of this realm`);
}

for (const name in exposed) {
    Object.defineProperty(global, name, { value: exposed[name], writable: true, enumerable: false, configurable: true });
}
})(globalThis);
