// Models symbolic computing on lists: an Earley chart parser (Earley, "An efficient context-free parsing
// algorithm", CACM 13(2), 1970) reads generated formulas with an ambiguous grammar, and the parse trees,
// which are nested cons cells, are differentiated and simplified by rewriting.
//
// Exercises: allocation of very many small objects, recursion over linked lists, maps with short string keys.

globalThis.bench = (() => {
  'use strict';

  const FORMULA_COUNT = 24;
  const FORMULA_DEPTH = 6;
  const FINGERPRINT_START = 2166136261;

  class Cons {
    constructor(head, tail) {
      this.head = head;
      this.tail = tail;
    }
  }

  function list(...items) {
    return items.reduceRight((tail, item) => new Cons(item, tail), null);
  }

  function reversed(cells) {
    let result = null;
    for (let cell = cells; cell !== null; cell = cell.tail) result = new Cons(cell.head, result);
    return result;
  }

  const isList = (value) => value instanceof Cons;
  const second = (cells) => cells.tail.head;
  const third = (cells) => cells.tail.tail.head;

  // A chain of equal operators can be read in many ways, which fills the chart; the first way found is the
  // tree.
  const GRAMMAR = [
    ['formula', list('sum')],
    ['sum', list('sum', '+', 'sum')],
    ['sum', list('sum', '-', 'sum')],
    ['sum', list('product')],
    ['product', list('product', '*', 'product')],
    ['product', list('atom')],
    ['atom', list('(', 'sum', ')')],
    ['atom', list('x')],
    ['atom', list('y')],
    ['atom', list('number')],
  ].map(([produces, symbols], id) => ({ id, produces, symbols }));

  const RULES_BY_SYMBOL = new Map();
  for (const rule of GRAMMAR) {
    RULES_BY_SYMBOL.set(rule.produces, [...(RULES_BY_SYMBOL.get(rule.produces) ?? []), rule]);
  }

  // A rule of which the symbols before `remaining` have been read, from position `origin` on.
  class Item {
    constructor(rule, remaining, origin, parsed) {
      this.rule = rule;
      this.remaining = remaining;
      this.origin = origin;
      this.parsed = parsed;
    }

    advancedWith(tree) {
      return new Item(this.rule, this.remaining.tail, this.origin, new Cons(tree, this.parsed));
    }
  }

  class Column {
    constructor() {
      this.items = [];
      this.seen = new Set();
      this.waitingFor = new Map();
      this.predicted = new Set();
    }

    add(item) {
      let length = 0;
      for (let cell = item.remaining; cell !== null; cell = cell.tail) length += 1;
      const key = `${item.rule.id}/${length}/${item.origin}`;
      if (this.seen.has(key)) return;
      this.seen.add(key);
      this.items.push(item);
      if (item.remaining === null) return;
      const wanted = item.remaining.head;
      this.waitingFor.set(wanted, new Cons(item, this.waitingFor.get(wanted) ?? null));
    }
  }

  function parse(tokens, counts) {
    const columns = [new Column()];
    for (const rule of RULES_BY_SYMBOL.get('formula')) columns[0].add(new Item(rule, rule.symbols, 0, null));
    for (let position = 0; position <= tokens.length; position++) {
      const column = columns[position];
      const following = new Column();
      columns.push(following);
      // `items` grows while it is walked.
      for (let i = 0; i < column.items.length; i++) {
        const item = column.items[i];
        if (item.remaining === null) {
          const tree = new Cons(item.rule.produces, reversed(item.parsed));
          let parent = columns[item.origin].waitingFor.get(item.rule.produces) ?? null;
          for (; parent !== null; parent = parent.tail) column.add(parent.head.advancedWith(tree));
          continue;
        }
        const wanted = item.remaining.head;
        const rules = RULES_BY_SYMBOL.get(wanted);
        if (rules !== undefined && !column.predicted.has(wanted)) {
          column.predicted.add(wanted);
          for (const rule of rules) column.add(new Item(rule, rule.symbols, position, null));
        } else if (position < tokens.length && tokens[position].kind === wanted) {
          following.add(item.advancedWith(tokens[position].value));
        }
      }
      counts.items += column.items.length;
    }
    const complete = columns[tokens.length].items.find(
      (item) => item.rule.produces === 'formula' && item.remaining === null,
    );
    if (complete === undefined) throw new Error('a generated formula did not parse');
    return complete.parsed.head;
  }

  // From the parse tree to prefix lists: (sum (…) + (…)) becomes (+ … …).
  function toExpression(tree) {
    if (!isList(tree)) return tree;
    const children = tree.tail;
    if (children.tail === null) return toExpression(children.head);
    if (children.head === '(') return toExpression(second(children));
    return list(second(children), toExpression(children.head), toExpression(third(children)));
  }

  function derivative(expression, variable) {
    if (!isList(expression)) return expression === variable ? 1 : 0;
    const left = second(expression);
    const right = third(expression);
    const leftSlope = derivative(left, variable);
    const rightSlope = derivative(right, variable);
    if (expression.head !== '*') return list(expression.head, leftSlope, rightSlope);
    return list('+', list('*', leftSlope, right), list('*', left, rightSlope));
  }

  function simplified(expression) {
    if (!isList(expression)) return expression;
    const operator = expression.head;
    const left = simplified(second(expression));
    const right = simplified(third(expression));
    if (typeof left === 'number' && typeof right === 'number') return apply(operator, left, right);
    if (operator === '*') {
      if (left === 0 || right === 0) return 0;
      if (left === 1) return right;
      if (right === 1) return left;
      // Multiplying out doubles the lists, which is the point.
      if (isList(right) && right.head !== '*') {
        const terms = [list('*', left, second(right)), list('*', left, third(right))];
        return list(right.head, simplified(terms[0]), simplified(terms[1]));
      }
    } else {
      if (right === 0) return left;
      if (left === 0 && operator === '+') return right;
    }
    return list(operator, left, right);
  }

  function apply(operator, left, right) {
    if (operator === '*') return (left * right) % 10007;
    return operator === '+' ? left + right : left - right;
  }

  function valueAt(expression, x, y) {
    if (!isList(expression)) return expression === 'x' ? x : expression === 'y' ? y : expression;
    const left = valueAt(second(expression), x, y);
    return apply(expression.head, left, valueAt(third(expression), x, y)) % 10007;
  }

  function fingerprint(expression, hash) {
    if (!isList(expression)) return Math.imul(hash ^ String(expression).charCodeAt(0), 16777619) >>> 0;
    let result = hash;
    for (let cell = expression; cell !== null; cell = cell.tail) result = fingerprint(cell.head, result) ^ 40;
    return result >>> 0;
  }

  function generateFormula(depth, random, tokens) {
    if (depth > 0 && random(5) > 0) {
      const operator = '+-*'[random(3)];
      const grouped = random(3) === 0;
      if (grouped) tokens.push({ kind: '(', value: '(' });
      generateFormula(depth - 1, random, tokens);
      tokens.push({ kind: operator, value: operator });
      generateFormula(depth - 1, random, tokens);
      if (grouped) tokens.push({ kind: ')', value: ')' });
    } else if (random(3) === 0) {
      tokens.push({ kind: 'number', value: 2 + random(8) });
    } else {
      const variable = 'xy'[random(2)];
      tokens.push({ kind: variable, value: variable });
    }
    return tokens;
  }

  function run() {
    let seed = 20250301;
    const random = (limit) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed >>> 8) % limit;
    };
    const counts = { tokens: 0, items: 0 };
    let hash = FINGERPRINT_START;
    for (let i = 0; i < FORMULA_COUNT; i++) {
      const tokens = generateFormula(FORMULA_DEPTH, random, []);
      counts.tokens += tokens.length;
      const expression = toExpression(parse(tokens, counts));
      for (const variable of ['x', 'y']) {
        const slope = simplified(derivative(expression, variable));
        hash = (fingerprint(slope, hash) + valueAt(slope, 3, 5) + 10007) >>> 0;
      }
    }
    return `${hash.toString(16)}.${counts.tokens}.${counts.items}`;
  }

  return { name: 'earley', run, expected: 'd47e7764.1376.18099' };
})();
