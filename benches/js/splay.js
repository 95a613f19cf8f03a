// Models a cache with recency: a splay tree (Sleator and Tarjan, "Self-adjusting binary search trees", JACM
// 32(3), 1985; the top-down form) whose nodes carry small object trees. After a fill, every step inserts a
// new key with a new payload and removes an old key, so that objects of all ages die all the time.
//
// Exercises: allocation, garbage collection or reference counting, pointer updates in long-lived objects.

globalThis.bench = (() => {
  'use strict';

  const TREE_SIZE = 2000;
  const REPLACEMENTS = 4500;
  const PAYLOAD_DEPTH = 3;

  class Generator {
    constructor(seed) {
      this.state = seed;
    }

    next() {
      this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
      return this.state;
    }
  }

  class Node {
    constructor(key, payload) {
      this.key = key;
      this.payload = payload;
      this.left = null;
      this.right = null;
    }
  }

  function makePayload(depth, tag) {
    if (depth === 0) {
      return { numbers: [tag & 7, tag & 31, tag & 127, tag & 511], label: `leaf ${tag}` };
    }
    return { left: makePayload(depth - 1, tag >>> 1), right: makePayload(depth - 1, tag ^ depth) };
  }

  function weighPayload(payload) {
    if (payload.numbers === undefined) return weighPayload(payload.left) + 3 * weighPayload(payload.right);
    return payload.numbers[0] + payload.numbers[3] + payload.label.length;
  }

  class SplayTree {
    constructor() {
      this.root = null;
      this.size = 0;
      this.rotations = 0;
    }

    // Brings the node with `key`, or the last one on the way to it, to the root.
    splay(key) {
      if (this.root === null) return;
      // The right child of `assembly` collects the tree of smaller keys, its left child that of larger keys.
      const assembly = new Node(0, null);
      let smallerTail = assembly;
      let largerTail = assembly;
      let current = this.root;
      for (;;) {
        if (key < current.key) {
          if (current.left !== null && key < current.left.key) current = this.rotateRight(current);
          if (current.left === null) break;
          largerTail.left = current;
          largerTail = current;
          current = current.left;
        } else if (key > current.key) {
          if (current.right !== null && key > current.right.key) current = this.rotateLeft(current);
          if (current.right === null) break;
          smallerTail.right = current;
          smallerTail = current;
          current = current.right;
        } else {
          break;
        }
      }
      smallerTail.right = current.left;
      largerTail.left = current.right;
      current.left = assembly.right;
      current.right = assembly.left;
      this.root = current;
    }

    rotateRight(node) {
      const child = node.left;
      node.left = child.right;
      child.right = node;
      this.rotations += 1;
      return child;
    }

    rotateLeft(node) {
      const child = node.right;
      node.right = child.left;
      child.left = node;
      this.rotations += 1;
      return child;
    }

    // Returns whether the key was new.
    insert(key, payload) {
      this.splay(key);
      const old = this.root;
      if (old !== null && old.key === key) return false;
      const node = new Node(key, payload);
      if (old !== null) {
        if (key < old.key) {
          node.left = old.left;
          node.right = old;
          old.left = null;
        } else {
          node.right = old.right;
          node.left = old;
          old.right = null;
        }
      }
      this.root = node;
      this.size += 1;
      return true;
    }

    remove(key) {
      this.splay(key);
      const removed = this.root;
      if (removed === null || removed.key !== key) throw new Error(`key ${key} is not in the tree`);
      if (removed.left === null) {
        this.root = removed.right;
      } else {
        this.root = removed.left;
        // All keys there are smaller, so the new root has no right child.
        this.splay(key);
        this.root.right = removed.right;
      }
      this.size -= 1;
      return removed;
    }

    // The largest key below `key`, or null.
    keyBefore(key) {
      this.splay(key);
      if (this.root === null) return null;
      if (this.root.key < key) return this.root.key;
      let node = this.root.left;
      while (node !== null && node.right !== null) node = node.right;
      return node === null ? null : node.key;
    }

    // In key order, without recursion: the tree can be as deep as it is large.
    forEach(visit) {
      const ancestors = [];
      let node = this.root;
      while (node !== null || ancestors.length > 0) {
        while (node !== null) {
          ancestors.push(node);
          node = node.left;
        }
        node = ancestors.pop();
        visit(node);
        node = node.right;
      }
    }
  }

  function insertNew(tree, generator) {
    let key;
    do {
      key = generator.next() >>> 4;
    } while (!tree.insert(key, makePayload(PAYLOAD_DEPTH, key)));
    return key;
  }

  function run() {
    const generator = new Generator(49734321);
    const tree = new SplayTree();
    for (let i = 0; i < TREE_SIZE; i++) insertNew(tree, generator);
    let removedWeight = 0;
    for (let i = 0; i < REPLACEMENTS; i++) {
      const key = insertNew(tree, generator);
      const victim = tree.remove(tree.keyBefore(key) ?? key);
      removedWeight = (removedWeight * 31 + weighPayload(victim.payload)) % 1000003;
    }

    let previous = -1;
    let treeWeight = 0;
    tree.forEach((node) => {
      if (node.key <= previous) throw new Error('the tree is out of order');
      previous = node.key;
      treeWeight = (treeWeight * 31 + weighPayload(node.payload)) % 1000003;
    });
    return [tree.size, tree.rotations, removedWeight, treeWeight].join('.');
  }

  return { name: 'splay', run, expected: '2000.59071.504541.151634' };
})();
