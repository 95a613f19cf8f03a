// Queues, and queues with sizes (Streams 8.1).

import { NumberIsNaN, RangeError } from "web:primordials";

const INFINITY = 1 / 0;

/** A list with `head` and `length`. Not an array: to write beyond an array's end asks its prototype. */
export const newQueue = () => ({ __proto__: null, head: undefined, tail: undefined, length: 0 });

export function push(queue, item) {
    const node = { __proto__: null, item, next: undefined };
    if (queue.tail === undefined) {
        queue.head = node;
    } else {
        queue.tail.next = node;
    }
    queue.tail = node;
    queue.length++;
}

/** Takes the first of a queue that is not empty. */
export function shift(queue) {
    const { item, next } = queue.head;
    queue.head = next;
    if (next === undefined) {
        queue.tail = undefined;
    }
    queue.length--;
    return item;
}

/** The first of a queue that is not empty. */
export const first = (queue) => queue.head.item;

export function EnqueueValueWithSize(container, value, size) {
    if (NumberIsNaN(size) || size < 0 || size === INFINITY) {
        throw new RangeError("the size of a chunk is " + size + ", and must be finite and not negative");
    }
    push(container.queue, { __proto__: null, value, size });
    container.queueTotalSize += size;
}

export function DequeueValue(container) {
    const { value, size } = shift(container.queue);
    const total = container.queueTotalSize - size;
    // Rounding of floating point numbers.
    container.queueTotalSize = total < 0 ? 0 : total;
    return value;
}

export const PeekQueueValue = (container) => first(container.queue).value;

export function ResetQueue(container) {
    container.queue = newQueue();
    container.queueTotalSize = 0;
}
