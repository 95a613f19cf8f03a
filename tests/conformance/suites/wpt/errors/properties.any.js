const classes = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];

for (const constructor of classes) {
  test(() => {
    const error = new constructor('text', { cause: 1 });
    assert_equals(error.name, constructor.name);
    assert_own_property(error, 'message');
    assert_equals(error.cause, 1);
    assert_equals(`${error}`, `${constructor.name}: text`);
    assert_class_string(error, 'Error');
    assert_inherits(error, 'name');
  }, `properties of ${constructor.name}`);
}

test(() => {
  assert_not_own_property(new Error(), 'message');
  assert_not_own_property(new Error(), 'cause');
}, 'what is not given is not there');
