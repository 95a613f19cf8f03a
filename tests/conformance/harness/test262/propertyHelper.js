// In place of test262's harness/propertyHelper.js. As there, a property is checked by what
// it does, and not only by what its descriptor says; and it is deleted unless
// `options.restore` asks for it to be put back.

function verifyProperty(obj, name, desc, options) {
    var original = Object.getOwnPropertyDescriptor(obj, name);
    var shown = String(name);
    if (desc === undefined) {
        assert.sameValue(original, undefined, 'own descriptor of ' + shown);
        return true;
    }
    assert.notSameValue(original, undefined, 'own descriptor of ' + shown);
    Object.getOwnPropertyNames(desc).forEach(function (field) {
        if (['value', 'writable', 'enumerable', 'configurable', 'get', 'set'].indexOf(field) < 0) {
            throw new Test262Error('a descriptor has no field ' + field);
        }
    });
    ['value', 'get', 'set'].forEach(function (field) {
        if (Object.prototype.hasOwnProperty.call(desc, field)) {
            assert.sameValue(original[field], desc[field], field + ' of ' + shown);
        }
    });
    if (desc.enumerable !== undefined) {
        assert.sameValue(original.enumerable, desc.enumerable, 'enumerable of ' + shown);
        assert.sameValue(isEnumerable(obj, name), desc.enumerable, shown + ' in an enumeration');
    }
    if (desc.writable !== undefined) {
        assert.sameValue(original.writable, desc.writable, 'writable of ' + shown);
        assert.sameValue(isWritable(obj, name), desc.writable, shown + ' after an assignment');
    }
    if (desc.configurable !== undefined) {
        assert.sameValue(original.configurable, desc.configurable, 'configurable of ' + shown);
        assert.sameValue(isConfigurable(obj, name), desc.configurable, shown + ' after a deletion');
    }
    if (options && options.restore) {
        Object.defineProperty(obj, name, original);
    }
    return true;
}

function isConfigurable(obj, name) {
    try {
        delete obj[name];
    } catch (error) {
        if (!(error instanceof TypeError)) {
            throw new Test262Error('a deletion must throw a TypeError, got ' + error);
        }
    }
    return !Object.prototype.hasOwnProperty.call(obj, name);
}

function isEnumerable(obj, name) {
    if (typeof name === 'string') {
        var seen = false;
        for (var key in obj) {
            seen = seen || key === name;
        }
        if (!seen) {
            return false;
        }
    }
    return Object.prototype.propertyIsEnumerable.call(obj, name);
}

function isWritable(obj, name) {
    var before = obj[name];
    var had = Object.prototype.hasOwnProperty.call(obj, name);
    var other = Array.isArray(obj) && name === 'length' ? Math.pow(2, 32) - 1 : 'unlikely value';
    try {
        obj[name] = other;
    } catch (error) {
        if (!(error instanceof TypeError)) {
            throw new Test262Error('an assignment must throw a TypeError, got ' + error);
        }
    }
    var wrote = assert._isSameValue(obj[name], other);
    if (wrote && had) {
        obj[name] = before;
    } else if (wrote) {
        delete obj[name];
    }
    return wrote;
}

function verifyCallableProperty(obj, name, functionName, functionLength, desc, options) {
    var value = obj[name];
    assert.sameValue(typeof value, 'function', 'type of ' + String(name));
    if (functionName === undefined) {
        functionName = typeof name === 'symbol' ? '[' + name.description + ']' : name;
    }
    if (desc === undefined) {
        desc = { writable: true, enumerable: false, configurable: true, value: value };
    }
    verifyProperty(value, 'name', { value: functionName, writable: false, enumerable: false, configurable: desc.configurable }, { restore: true });
    verifyProperty(value, 'length', { value: functionLength, writable: false, enumerable: false, configurable: desc.configurable }, { restore: true });
    return verifyProperty(obj, name, desc, options);
}

function verifyPrimordialProperty(obj, name, desc) {
    return verifyProperty(obj, name, desc, { restore: true });
}

function verifyPrimordialCallableProperty(obj, name, functionName, functionLength, desc) {
    return verifyCallableProperty(obj, name, functionName, functionLength, desc, { restore: true });
}
