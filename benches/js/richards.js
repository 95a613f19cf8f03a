// Models the dispatcher of a small operating system. Clients send requests to servers, a server hands one
// request at a time to its device, and the clock, which runs only when nobody else can, raises the interrupts
// that finish device work. The scheduler always runs the ready task of the highest priority.
//
// Exercises: method calls through a class hierarchy, linked lists, small integers. Allocates little.

globalThis.bench = (() => {
  'use strict';

  const REQUEST = 0;
  const COMPLETION = 1;
  const REPLY = 2;
  const INTERRUPT = 3;

  const WORDS_PER_MESSAGE = 4;
  const REQUESTS_IN_FLIGHT = 3;
  const CLOCK_TICKS = 12000;

  class Message {
    constructor(kind, origin) {
      this.next = null;
      this.kind = kind;
      this.origin = origin;
      this.words = new Array(WORDS_PER_MESSAGE).fill(0);
    }
  }

  class Queue {
    constructor() {
      this.head = null;
      this.tail = null;
    }

    push(message) {
      message.next = null;
      if (this.tail === null) this.head = message;
      else this.tail.next = message;
      this.tail = message;
    }

    shift() {
      const message = this.head;
      if (message === null) return null;
      this.head = message.next;
      if (this.head === null) this.tail = null;
      message.next = null;
      return message;
    }
  }

  class Task {
    constructor(kernel, priority) {
      this.kernel = kernel;
      this.priority = priority;
      this.inbox = new Queue();
      this.suspended = false;
      this.nextByPriority = null;
      kernel.register(this);
    }

    isReady() {
      return !this.suspended && this.inbox.head !== null;
    }
  }

  class Clock extends Task {
    constructor(kernel, devices, clients) {
      super(kernel, 0);
      this.devices = devices;
      this.clients = clients;
      this.spareInterrupts = new Queue();
      this.ticksLeft = CLOCK_TICKS;
      this.noise = 0x2f6e2b1;
    }

    isReady() {
      return this.ticksLeft > 0;
    }

    run(returnedInterrupt) {
      if (returnedInterrupt !== null) this.spareInterrupts.push(returnedInterrupt);
      this.ticksLeft -= 1;
      this.noise = (Math.imul(this.noise, 1664525) + 1013904223) >>> 0;
      // Low bits of a linear congruential generator have short periods.
      const choice = this.noise >>> 16;
      if ((choice & 31) === 0) {
        const client = this.clients[(choice >>> 5) % this.clients.length];
        client.suspended = !client.suspended;
      }
      const interrupt = this.spareInterrupts.shift() ?? new Message(INTERRUPT, this);
      this.kernel.send(this.devices[choice % this.devices.length], interrupt);
    }
  }

  class Client extends Task {
    constructor(kernel, priority, seed) {
      super(kernel, priority);
      this.servers = [];
      this.seed = seed;
      this.digest = seed;
      this.replies = 0;
    }

    start(servers) {
      this.servers = servers;
      for (let i = 0; i < REQUESTS_IN_FLIGHT; i++) this.request(new Message(REQUEST, this));
    }

    request(message) {
      message.kind = REQUEST;
      for (let i = 0; i < WORDS_PER_MESSAGE; i++) {
        this.seed = (this.seed * 31 + i) & 0xffff;
        message.words[i] = this.seed;
      }
      this.kernel.send(this.servers[this.seed % this.servers.length], message);
    }

    run(reply) {
      for (const word of reply.words) this.digest = (this.digest * 17 + word) & 0xffffff;
      this.replies += 1;
      this.request(reply);
    }
  }

  class Server extends Task {
    constructor(kernel, priority, key) {
      super(kernel, priority);
      this.device = null;
      this.deviceBusy = false;
      this.waiting = new Queue();
      this.key = key;
    }

    run(message) {
      if (message.kind === REQUEST) {
        this.waiting.push(message);
      } else {
        this.deviceBusy = false;
        message.kind = REPLY;
        this.kernel.send(message.origin, message);
      }
      if (!this.deviceBusy && this.waiting.head !== null) {
        const next = this.waiting.shift();
        next.words[0] ^= this.key;
        this.deviceBusy = true;
        this.kernel.send(this.device, next);
      }
    }
  }

  class Device extends Task {
    constructor(kernel, priority, server) {
      super(kernel, priority);
      this.server = server;
      this.current = null;
      this.spuriousInterrupts = 0;
      server.device = this;
    }

    run(message) {
      if (message.kind === REQUEST) {
        this.current = message;
        return;
      }
      const finished = this.current;
      if (finished === null) {
        this.spuriousInterrupts += 1;
      } else {
        this.current = null;
        finished.kind = COMPLETION;
        finished.words.reverse();
        this.kernel.send(this.server, finished);
      }
      this.kernel.send(message.origin, message);
    }
  }

  class Kernel {
    constructor() {
      this.firstTask = null;
      this.messagesSent = 0;
      this.switches = 0;
    }

    register(task) {
      let previous = null;
      let at = this.firstTask;
      while (at !== null && at.priority >= task.priority) {
        previous = at;
        at = at.nextByPriority;
      }
      task.nextByPriority = at;
      if (previous === null) this.firstTask = task;
      else previous.nextByPriority = task;
    }

    send(target, message) {
      this.messagesSent += 1;
      target.inbox.push(message);
    }

    runUntilIdle() {
      let last = null;
      for (;;) {
        let task = this.firstTask;
        while (task !== null && !task.isReady()) task = task.nextByPriority;
        if (task === null) return;
        if (task !== last) this.switches += 1;
        last = task;
        task.run(task.inbox.shift());
      }
    }
  }

  function run() {
    const kernel = new Kernel();
    const servers = [0x1234, 0x4321, 0x0ff0].map((key, i) => new Server(kernel, 40 + i, key));
    const devices = servers.map((server, i) => new Device(kernel, 50 + i, server));
    const clients = [101, 211, 307, 401].map((seed, i) => new Client(kernel, 10 + i, seed));
    new Clock(kernel, devices, clients);
    for (const client of clients) client.start(servers);
    kernel.runUntilIdle();

    const parts = [kernel.switches, kernel.messagesSent];
    for (const client of clients) parts.push(client.replies, client.digest);
    for (const device of devices) parts.push(device.spuriousInterrupts);
    return parts.join('.');
  }

  return {
    name: 'richards',
    run,
    expected: '57520.57532.1837.928652.2033.12138315.2098.1918542.2407.2444867.1219.1187.1213',
  };
})();
