/*---
description: A lexical binding cannot be read before its declaration is evaluated, not even by typeof
features: [let]
---*/
assert.throws(ReferenceError, function () { early; let early = 1; });
assert.throws(ReferenceError, function () { typeof early; const early = 1; });
assert.throws(ReferenceError, function () { (function (a = b, b) {})(); });
assert.sameValue(typeof neverDeclared, 'undefined');
