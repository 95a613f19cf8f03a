//! An engine on a platform that is all in the test's hands.
#![allow(dead_code, reason = "each test target uses another part of this module")]
#![allow(unreachable_pub, reason = "a module of several test targets is public to none")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use hypercell_common::{
    Frame, Kind, Message, Section, Tag,
    body::{Cause, Configure, HostFunctions, Thrown},
};
use hypercell_guest::{
    engine::{Engine, Job},
    platform::{Platform, SendError},
};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

/// What guest code could replace. The web platform's functions must not notice.
pub const PATCHES: &str = "
    const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
    const { ownKeys } = Reflect;
    const taint = () => { throw new Failure('a patched intrinsic took part') };
    const Failure = Error;
    const classes = [Array, Map, Set, WeakMap, Promise, String, RegExp, Function, Uint8Array, ArrayBuffer, getPrototypeOf(Uint8Array)];
    for (let i = 0; i < classes.length; i++) {
        const { prototype } = classes[i];
        const keys = ownKeys(prototype);
        for (let k = 0; k < keys.length; k++) {
            const { configurable, get, value } = getOwnPropertyDescriptor(prototype, keys[k]);
            if (keys[k] === 'constructor' || !configurable || !get && typeof value !== 'function') continue;
            defineProperty(prototype, keys[k], get ? { get: taint } : { value: taint });
        }
    }
    const names = ['Array', 'Error', 'TypeError', 'RangeError', 'Map', 'Object', 'Promise', 'Reflect', 'String', 'Symbol', 'Uint8Array'];
    for (let i = 0; i < names.length; i++) globalThis[names[i]] = taint;
";

/// A frame that stayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub kind: Kind,
    pub call: u64,
    pub value: u64,
    pub target: String,
    pub body: String,
    pub sections: Vec<(String, Tag, Vec<u8>)>,
}

impl Sent {
    fn of(message: &Message<'_>) -> Self {
        // Through the wire's own bytes, so that every message is a valid frame.
        let bytes = encode(message);
        let frame = Frame::decode(&bytes).expect("the engine sends valid frames");
        Self {
            kind: frame.kind,
            call: frame.call,
            value: frame.value,
            target: frame.target.to_owned(),
            body: frame.body.to_owned(),
            sections: frame.sections().map(|s| (s.path.to_owned(), s.tag, s.data.to_vec())).collect(),
        }
    }
}

pub fn encode(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    message.encode(|part| bytes.extend_from_slice(part)).expect("the message fits a frame");
    bytes
}

/// What the host says to a host call.
pub enum Answer {
    Return(String, Vec<(String, Tag, Vec<u8>)>),
    Throw(Thrown),
    Bytes(Vec<u8>),
    Silence,
    Fail(SendError),
}

impl Answer {
    pub fn json(text: &str) -> Self {
        Self::Return(text.to_owned(), Vec::new())
    }
}

type Host = Box<dyn Fn(&Sent) -> Answer>;

/// Records what the engine sends and answers as the test says.
pub struct FakePlatform {
    pub calls: RefCell<Vec<Sent>>,
    pub console: RefCell<Vec<(String, String)>>,
    pub host: RefCell<Host>,
    pub entropy: Cell<Option<[u8; 32]>>,
    /// The clock, in microseconds. Waiting moves it.
    pub now_us: Cell<u64>,
    /// How long the engine waited, in microseconds, each time that it did.
    pub waits: RefCell<Vec<u64>>,
    /// Answers of asynchronous host functions that ended, with their numbers.
    pub ended: RefCell<VecDeque<(u64, Answer)>>,
    /// Polls until the platform says stop.
    pub polls_left: Cell<Option<u32>>,
    pub heap_peak: Cell<u64>,
}

impl FakePlatform {
    /// Gives the first answer that there is, or lets the time go by.
    fn wait(&self, microseconds: u64, call: u64, reply: &mut dyn FnMut(&[u8])) {
        self.waits.borrow_mut().push(microseconds);
        if let Some((number, answer)) = self.ended.borrow_mut().pop_front() {
            give(answer, call, number, reply).expect("an answer of the past has no error");
            return;
        }
        assert_ne!(microseconds, u64::MAX, "the engine waits for ever");
        self.now_us.set(self.now_us.get() + microseconds);
        reply(&encode(&Message::new(Kind::Elapsed, call, "")));
    }
}

/// Hands an answer, for the asynchronous call of this number if it is not 0, to `reply`.
fn give(answer: Answer, call: u64, number: u64, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
    match answer {
        Answer::Return(body, sections) => {
            let sections: Vec<Section<'_>> =
                sections.iter().map(|(path, tag, data)| Section { path, tag: *tag, data }).collect();
            reply(&encode(&Message {
                value: number,
                body: &body,
                sections: &sections,
                ..Message::new(Kind::HostReturn, call, "")
            }));
        }
        Answer::Throw(thrown) => {
            let body = serde_json::to_string(&thrown).unwrap();
            let message = Message { value: number, body: &body, ..Message::new(Kind::HostThrow, call, "") };
            reply(&encode(&message));
        }
        Answer::Bytes(bytes) => reply(&bytes),
        Answer::Silence => {}
        Answer::Fail(error) => return Err(error),
    }
    Ok(())
}

impl Platform for FakePlatform {
    fn host_call(&self, message: &Message<'_>, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
        let sent = Sent::of(message);
        if sent.kind == Kind::Console {
            self.console.borrow_mut().push((sent.target, sent.body));
            reply(&encode(&Message::new(Kind::HostReturn, sent.call, "")));
            return Ok(());
        }
        if sent.kind == Kind::Wait {
            self.wait(sent.value, sent.call, reply);
            return Ok(());
        }
        self.calls.borrow_mut().push(sent.clone());
        let answer = (self.host.borrow())(&sent);
        give(answer, sent.call, 0, reply)
    }

    fn now_us(&self) -> u64 {
        self.now_us.get()
    }

    fn fresh_entropy(&self) -> Option<[u8; 32]> {
        self.entropy.take()
    }

    fn interrupted(&self) -> bool {
        match self.polls_left.get() {
            None => false,
            Some(0) => true,
            Some(left) => {
                self.polls_left.set(Some(left - 1));
                false
            }
        }
    }

    fn heap_peak(&self) -> u64 {
        self.heap_peak.get()
    }
}

/// What a job came to.
pub type Outcome = Result<Sent, Thrown>;

pub struct Guest {
    /// One that is never dropped, as in an image.
    pub engine: &'static mut Engine,
    pub platform: Rc<FakePlatform>,
    calls: u64,
}

/// An engine with default limits and no host modules.
pub fn guest() -> Guest {
    guest_with_entropy(Some([7; 32]))
}

/// An engine whose host gives this seed, or none.
pub fn guest_with_entropy(entropy: Option<[u8; 32]>) -> Guest {
    let platform = Rc::new(FakePlatform {
        calls: RefCell::default(),
        console: RefCell::default(),
        host: RefCell::new(Box::new(|_| Answer::json(""))),
        now_us: Cell::new(1_000_000),
        waits: RefCell::default(),
        ended: RefCell::default(),
        entropy: Cell::new(entropy),
        polls_left: Cell::new(None),
        heap_peak: Cell::new(0),
    });
    let engine =
        Engine::new(platform.clone()).and_then(Engine::permanent).expect("there is memory for an engine");
    Guest { engine, platform, calls: 0 }
}

/// An engine whose host has these modules and answers like this.
pub fn guest_with_host(modules: &[(&str, &[&str])], host: impl Fn(&Sent) -> Answer + 'static) -> Guest {
    let mut guest = guest();
    guest.configure(&configuration(modules));
    *guest.platform.host.borrow_mut() = Box::new(host);
    guest
}

pub fn configuration(modules: &[(&str, &[&str])]) -> Configure {
    let functions = |names: &[&str]| HostFunctions {
        direct: names.iter().map(|name| (*name).to_owned()).collect(),
        promised: Vec::new(),
    };
    Configure {
        heap_bytes: 32 << 20,
        stack_bytes: 256 << 10,
        gc_threshold_bytes: 1 << 20,
        timers: 100,
        host_modules: modules.iter().map(|(name, names)| ((*name).to_owned(), functions(names))).collect(),
        env: String::new(),
        cwd: String::new(),
        files: None,
    }
}

impl Guest {
    /// Runs a message as a job, through the wire's own bytes.
    pub fn run(&mut self, message: &Message<'_>) -> Outcome {
        let job = Job::read(&encode(message)).expect("the test sends a valid frame");
        let mut replies = Vec::new();
        self.engine.run(job, &mut |reply| replies.push(Sent::of(reply)));
        assert_eq!(replies.len(), 1, "a job has exactly one reply");
        let reply = replies.remove(0);
        assert_eq!(reply.call, message.call, "a reply carries the number of its request");
        match reply.kind {
            Kind::Done | Kind::Yield => Ok(reply),
            Kind::Thrown => Err(serde_json::from_str(&reply.body).expect("a thrown body is JSON")),
            other => panic!("{other:?} is not a reply"),
        }
    }

    pub fn request(&mut self, kind: Kind, target: &str, body: &str) -> Outcome {
        self.calls += 1;
        self.run(&Message { body, ..Message::new(kind, self.calls, target) })
    }

    pub fn configure(&mut self, configure: &Configure) {
        let body = serde_json::to_string(configure).unwrap();
        self.request(Kind::Configure, "", &body).expect("the configuration is valid");
    }

    pub fn module(&mut self, specifier: &str, source: &str) {
        self.request(Kind::Module, specifier, source).expect("the module registers");
    }

    pub fn handler(&mut self, key: &str, source: &str) {
        self.request(Kind::Handler, key, source).expect("the handler loads");
    }

    pub fn call(&mut self, key: &str, event: &str) -> Outcome {
        self.request(Kind::Call, key, event)
    }

    /// The result of a call, as JSON text.
    pub fn result(&mut self, key: &str, event: &str) -> String {
        self.call(key, event).expect("the call succeeds").body
    }

    pub fn eval(&mut self, source: &str) -> Outcome {
        self.request(Kind::Eval, "main.js", source)
    }

    /// The default export of a module, as JSON text.
    pub fn value(&mut self, source: &str) -> String {
        self.eval(source).expect("the module evaluates").body
    }

    /// The error that a module ends with.
    pub fn error(&mut self, source: &str) -> Thrown {
        self.eval(source).expect_err("the module fails")
    }

    pub fn console(&self) -> Vec<(String, String)> {
        self.platform.console.take()
    }
}

/// `cause` and `name: message` of an error, to compare in one go.
pub fn told(thrown: &Thrown) -> (Cause, String) {
    (thrown.cause, format!("{}: {}", thrown.name, thrown.message))
}
