// META: title=Stacks
function outer() {
  return inner();
}

function inner() {
  return new Error('text');
}

test(() => {
  const stack = outer().stack;
  assert_regexp_match(stack, /inner[^]*outer/);
  assert_equals(typeof stack, 'string');
}, 'a stack names the functions, the innermost first');

test(() => {
  assert_equals(META_TITLE, 'Stacks');
}, 'the title of the file is there');
