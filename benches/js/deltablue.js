// Models an incremental solver for one-way constraints with strengths, the algorithm of Freeman-Benson,
// Maloney and Borning ("An incremental constraint solver", CACM 33(1), 1990). A constraint can compute any
// one of its variables from the others; the solver picks one per constraint so that stronger constraints win,
// and repairs only what an added or removed constraint touches.
//
// Exercises: polymorphic calls, graph walks over small arrays, many short-lived lists.

globalThis.bench = (() => {
  'use strict';

  // A lower number is a stronger strength.
  const REQUIRED = 0;
  const STRONG = 1;
  const NORMAL = 2;
  const WEAK = 3;
  const WEAKEST = 4;

  const CHAIN_LENGTH = 250;
  const PAIR_COUNT = 250;
  const COLUMN_COUNT = 60;
  const LAYOUT_EDITS = 20;

  class Variable {
    constructor(value) {
      this.value = value;
      this.constraints = [];
      this.determinedBy = null;
      // The weakest strength that must be overridden to give this variable another value.
      this.walkStrength = WEAKEST;
      this.isConstant = true;
      this.mark = 0;
    }

    consumers() {
      return this.constraints.filter((one) => one.output !== null && one !== this.determinedBy);
    }
  }

  class Constraint {
    constructor(strength, variables) {
      this.strength = strength;
      this.variables = variables;
      this.output = null;
    }

    isInput() {
      return false;
    }

    inputs() {
      return this.variables.filter((variable) => variable !== this.output);
    }

    chooseOutput(mark) {
      this.output = null;
      let weakest = this.strength;
      for (const variable of this.variables) {
        if (variable.mark !== mark && variable.walkStrength > weakest) {
          weakest = variable.walkStrength;
          this.output = variable;
        }
      }
    }

    recalculate() {
      const output = this.output;
      output.walkStrength = this.strength;
      for (const variable of this.variables) {
        if (variable !== output) output.walkStrength = Math.max(output.walkStrength, variable.walkStrength);
      }
      output.isConstant = !this.isInput() && this.inputs().every((variable) => variable.isConstant);
      if (output.isConstant) this.execute();
    }
  }

  class Stay extends Constraint {
    execute() {}
  }

  class Edit extends Stay {
    isInput() {
      return true;
    }
  }

  class Equal extends Constraint {
    execute() {
      const [left, right] = this.variables;
      if (this.output === left) left.value = right.value;
      else right.value = left.value;
    }
  }

  // right = left + width, solved for any of the three.
  class Span extends Constraint {
    execute() {
      const [left, width, right] = this.variables;
      if (this.output === right) right.value = left.value + width.value;
      else if (this.output === width) width.value = right.value - left.value;
      else left.value = right.value - width.value;
    }
  }

  class Solver {
    constructor() {
      this.mark = 0;
      this.recalculations = 0;
    }

    add(constraint) {
      for (const variable of constraint.variables) variable.constraints.push(constraint);
      this.satisfy(constraint);
      return constraint;
    }

    satisfy(constraint) {
      this.mark += 1;
      let current = constraint;
      while (current !== null) {
        current.chooseOutput(this.mark);
        if (current.output === null) {
          if (current.strength === REQUIRED) throw new Error('a required constraint cannot be satisfied');
          return;
        }
        for (const input of current.inputs()) input.mark = this.mark;
        const overridden = current.output.determinedBy;
        if (overridden !== null) overridden.output = null;
        current.output.determinedBy = current;
        this.propagate(current);
        current.output.mark = this.mark;
        current = overridden;
      }
    }

    propagate(constraint) {
      const pending = [constraint];
      while (pending.length > 0) {
        const next = pending.pop();
        if (next.output.mark === this.mark) throw new Error('the constraints form a cycle');
        next.recalculate();
        this.recalculations += 1;
        pending.push(...next.output.consumers());
      }
    }

    remove(constraint) {
      for (const variable of constraint.variables) {
        variable.constraints.splice(variable.constraints.indexOf(constraint), 1);
      }
      const freed = constraint.output;
      if (freed === null) return;
      constraint.output = null;
      freed.determinedBy = null;
      freed.walkStrength = WEAKEST;
      freed.isConstant = true;
      const unsatisfied = [];
      const pending = [freed];
      while (pending.length > 0) {
        const variable = pending.pop();
        for (const one of variable.constraints) {
          if (one.output === null) unsatisfied.push(one);
        }
        for (const consumer of variable.consumers()) {
          consumer.recalculate();
          this.recalculations += 1;
          pending.push(consumer.output);
        }
      }
      unsatisfied.sort((a, b) => a.strength - b.strength);
      for (const one of unsatisfied) {
        if (one.output === null) this.satisfy(one);
      }
    }

    // The constraints to execute, in order, each time that one of `edits` has changed its variable.
    planFor(edits) {
      this.mark += 1;
      const plan = [];
      const pending = edits.filter((edit) => edit.output !== null);
      const isKnown = (variable) =>
        variable.mark === this.mark || variable.isConstant || variable.determinedBy === null;
      while (pending.length > 0) {
        const next = pending.pop();
        if (next.output.mark === this.mark || !next.inputs().every(isKnown)) continue;
        plan.push(next);
        next.output.mark = this.mark;
        pending.push(...next.output.consumers());
      }
      return plan;
    }

    setRepeatedly(variable, values) {
      const edit = this.add(new Edit(STRONG, [variable]));
      const plan = this.planFor([edit]);
      for (const value of values) {
        variable.value = value;
        for (const step of plan) step.execute();
      }
      this.remove(edit);
    }
  }

  function expectEqual(actual, wanted, what) {
    if (actual !== wanted) throw new Error(`${what} is ${actual}, not ${wanted}`);
  }

  // One long chain of equalities: a value put in at either end arrives at the other.
  function runChain(solver) {
    const links = Array.from({ length: CHAIN_LENGTH }, () => new Variable(0));
    const first = links[0];
    const last = links[links.length - 1];
    for (let i = 1; i < links.length; i++) solver.add(new Equal(REQUIRED, [links[i - 1], links[i]]));
    const anchor = solver.add(new Stay(WEAK, [last]));
    solver.setRepeatedly(first, [3, 5, 7, 11, 13]);
    expectEqual(last.value, 13, 'the end of the chain');
    solver.remove(anchor);
    solver.setRepeatedly(last, [17, 19, 23]);
    expectEqual(first.value, 23, 'the start of the chain');
    return first.value;
  }

  // Independent pairs with one common distance: a change of it reaches all of them.
  function runFanOut(solver) {
    const distance = new Variable(10);
    const starts = Array.from({ length: PAIR_COUNT }, (unused, i) => new Variable(i));
    const ends = starts.map(() => new Variable(0));
    solver.add(new Stay(NORMAL, [distance]));
    starts.forEach((start, i) => {
      solver.add(new Stay(WEAK, [start]));
      solver.add(new Span(REQUIRED, [start, distance, ends[i]]));
    });
    solver.setRepeatedly(ends[9], [250]);
    expectEqual(starts[9].value, 240, 'the start of an edited pair');
    solver.setRepeatedly(distance, [2, 4, 5]);
    expectEqual(ends[11].value, 16, 'the end of a pair after the distance changed');
    return ends.reduce((sum, end) => (sum + end.value) % 1000003, 0);
  }

  // A row of columns, each starting where the last one ends, with stays that give way to edits.
  function runLayout(solver) {
    let seed = 2463534242;
    const edges = [new Variable(0)];
    const widths = [];
    solver.add(new Stay(STRONG, [edges[0]]));
    for (let i = 0; i < COLUMN_COUNT; i++) {
      widths.push(new Variable(10 + (i % 7)));
      edges.push(new Variable(0));
      solver.add(new Stay(i % 3 === 0 ? WEAK : NORMAL, [widths[i]]));
      solver.add(new Span(REQUIRED, [edges[i], widths[i], edges[i + 1]]));
    }
    for (let i = 0; i < LAYOUT_EDITS; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const column = (seed >>> 8) % COLUMN_COUNT;
      const dragged = i % 2 === 0 ? edges[column + 1] : widths[column];
      solver.setRepeatedly(dragged, [dragged.value + 3, dragged.value + (seed % 11)]);
    }
    edges.forEach((edge, i) => {
      if (i > 0) expectEqual(edge.value, edges[i - 1].value + widths[i - 1].value, `edge ${i}`);
    });
    return edges.reduce((sum, edge, i) => (sum + edge.value * (i + 1)) % 1000003, 0);
  }

  function run() {
    const solver = new Solver();
    const parts = [runChain(solver), runFanOut(solver), runLayout(solver)];
    return `${parts.join('.')}.${solver.recalculations}.${solver.mark}`;
  }

  return { name: 'deltablue', run, expected: '23.32606.187388.37375.943' };
})();
