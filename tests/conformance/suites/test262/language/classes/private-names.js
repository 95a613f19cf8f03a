/*---
description: Private names belong to the class that declares them and are found by "in"
---*/
class Counter {
  #count = 0;
  static isOne(object) { return #count in object; }
  static read(object) { return object.#count; }
  get next() { return ++this.#count; }
}
const counter = new Counter();
assert.sameValue(counter.next + counter.next, 3);
assert(Counter.isOne(counter));
assert.sameValue(Counter.isOne({}), false);
assert.throws(TypeError, () => Counter.read({}));
assert.sameValue(Reflect.ownKeys(counter).length, 0);
