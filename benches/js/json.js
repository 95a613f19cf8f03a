// Models a service that lives on JSON: it builds a large nested order document, writes it in several styles,
// reads it back with and without a reviver, and changes what it read. A second document is deep instead of
// wide.
//
// Exercises: JSON.parse and JSON.stringify, allocation of objects and strings, property enumeration.

globalThis.bench = (() => {
  'use strict';

  const ORDER_COUNT = 350;
  const LINES_PER_ORDER = 6;
  const NESTING = 150;

  const COUNTRIES = ['NO', 'DE', 'JP', 'BR', 'KE'];
  const NOTES = ['', 'leave at the door', 'Grüße aus Köln', 'say "hello"\n', 'snow ☃, 🦀', 'tab\t, \u0001'];

  function makeRandom(seed) {
    let state = seed;
    return (limit) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % limit;
    };
  }

  function hashText(text) {
    let hash = 2166136261;
    // A sample: hashing every character would cost more than making the text.
    for (let i = 0; i < text.length; i += 97) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
    return Math.imul(hash ^ text.length, 16777619) >>> 0;
  }

  class Money {
    constructor(cents) {
      this.cents = cents;
    }

    toJSON() {
      return { amount: this.cents / 100, currency: 'EUR' };
    }
  }

  function makeOrder(random, id) {
    const lines = [];
    for (let i = 0; i < LINES_PER_ORDER; i++) {
      lines.push({
        sku: `SKU-${random(100000)}`,
        quantity: 1 + random(9),
        price: new Money(random(100000)),
        discount: random(4) === 0 ? random(50) / 100 : null,
        tags: ['fragile', 'heavy', 'gift', 'cold'].slice(0, random(5)),
        weight: random(1000) * 0.125,
      });
    }
    return {
      id,
      placed: new Date(1735689600000 + random(30000000) * 1000),
      express: random(2) === 0,
      customer: {
        name: `Customer ${random(5000)}`,
        address: { country: COUNTRIES[random(5)], lines: [`${random(200)} Main St`, `Box ${random(90)}`] },
        scores: [random(100), -random(100), random(100) / 7, random(1000) * 1e18],
        referrer: undefined,
      },
      note: NOTES[random(NOTES.length)],
      lines,
    };
  }

  function makeDeep(random) {
    let node = { leaf: random(1000) };
    for (let level = 0; level < NESTING; level++) {
      node = level % 2 === 0 ? [level, node] : { level, child: node };
    }
    return node;
  }

  function depthOf(node) {
    let depth = 0;
    for (let at = node; at.leaf === undefined; depth++) at = Array.isArray(at) ? at[1] : at.child;
    return depth;
  }

  // What a key and a value say in the types that the document had before it was text.
  function revive(key, value) {
    if (key === 'placed') return new Date(value);
    if (key === 'price') return new Money(Math.round(value.amount * 100));
    return value;
  }

  // `this` is the object that holds the key, so that a price can be told from other numbers.
  function redact(key, value) {
    if (key === 'address') return undefined;
    if (key === 'name') return `${value.slice(0, 3)}…`;
    if (key === 'amount' && this.currency === 'EUR') return Math.floor(value);
    return value;
  }

  function discountAll(orders) {
    let total = 0;
    for (const order of orders) {
      for (const line of order.lines) {
        const cents = line.price.cents * line.quantity;
        total = (total + Math.round(cents * (1 - (line.discount ?? 0)))) % 1000000007;
        line.discount = 0.5;
      }
    }
    return total;
  }

  function run() {
    const random = makeRandom(31337);
    const orders = Array.from({ length: ORDER_COUNT }, (unused, id) => makeOrder(random, id));
    const checks = [];

    const compact = JSON.stringify({ version: 1, orders });
    checks.push(compact.length, hashText(compact));

    const plain = JSON.parse(compact);
    if (JSON.stringify(plain) !== compact) throw new Error('the text changed on its way through values');

    const revived = JSON.parse(compact, revive);
    checks.push(discountAll(revived.orders));
    checks.push(hashText(JSON.stringify(revived.orders.slice(0, ORDER_COUNT >> 1), null, 2)));
    checks.push(hashText(JSON.stringify(plain.orders, redact)));
    checks.push(hashText(JSON.stringify(plain.orders, ['id', 'lines', 'sku', 'quantity', 'tags'])));

    // Many small documents, the way that messages arrive.
    let quantity = 0;
    for (const order of plain.orders) {
      const copy = JSON.parse(JSON.stringify(order));
      quantity += copy.lines.reduce((sum, line) => sum + line.quantity, 0);
    }
    checks.push(quantity);

    const deep = JSON.stringify(makeDeep(random));
    checks.push(depthOf(JSON.parse(deep)), deep.length);
    return checks.join('.');
  }

  return {
    name: 'json',
    run,
    expected: '364624.2812347819.475341439.4200579767.2148772556.3483796753.10278.150.2002',
  };
})();
