//! The native engine as a runner.
//!
//! It has no machine to take snapshots of. To return to one means that whatever
//! happened since did not: a new engine gets the requests up to there again. The
//! state of the host, which a restore does not roll back, must play no part in them.

pub(crate) mod wire;

use crate::{
    host::Host,
    outcome::{Ending, Failure, render},
    runner::Runner,
};
use hypercell::Value;
use hypercell_common::{Frame, Kind, Message};
use hypercell_native::{Limits, Native as Engine};
use std::time::Duration;

pub(crate) struct Native {
    limits: Limits,
    engine: Engine,
    host: Host,
    /// All requests since the engine was new.
    requests: Vec<Request>,
    snapshots: Vec<Vec<Request>>,
}

#[derive(Clone)]
struct Request {
    kind: Kind,
    target: String,
    body: String,
    parts: wire::Parts,
}

impl Native {
    pub(crate) fn new(limits: Limits) -> Self {
        let host = Host::default();
        let engine = Engine::new(limits, host.clone()).unwrap();
        Self { limits, engine, host, requests: Vec::new(), snapshots: Vec::new() }
    }

    fn send(&mut self, kind: Kind, target: &str, body: &str) -> Ending {
        let request = Request { kind, target: target.to_owned(), body: body.to_owned(), parts: Vec::new() };
        self.request(request, value)
    }

    fn request(&mut self, request: Request, done: fn(&Frame<'_>) -> Ending) -> Ending {
        let sections = wire::sections(&request.parts);
        let message = Message {
            body: &request.body,
            sections: &sections,
            ..Message::new(request.kind, 0, &request.target)
        };
        let frame = self.engine.request(message).unwrap();
        let ending = match frame.kind {
            Kind::Thrown => Ending::Failed(Failure::thrown(serde_json::from_str(frame.body).unwrap())),
            _ => done(&frame),
        };
        self.requests.push(request);
        ending
    }

    /// Starts anew and repeats these requests.
    fn replay(&mut self, requests: Vec<Request>) {
        self.engine = Engine::new(self.limits, self.host.clone()).unwrap();
        self.requests.clear();
        for request in requests {
            self.request(request, value);
        }
        self.host.take_events();
    }
}

fn value(frame: &Frame<'_>) -> Ending {
    if frame.body.is_empty() { Ending::Done } else { Ending::Value(render(&wire::join(frame))) }
}

impl Runner for Native {
    fn add_module(&mut self, specifier: &str, source: &str) -> Ending {
        self.send(Kind::Module, specifier, source)
    }

    fn add_handler(&mut self, key: &str, source: &str) -> Ending {
        self.send(Kind::Handler, key, source)
    }

    fn remove_handler(&mut self, key: &str) -> Ending {
        self.send(Kind::RemoveHandler, key, "")
    }

    fn call(&mut self, key: &str, event: &Value) -> Ending {
        let (body, parts) = wire::split(event.clone());
        self.request(Request { kind: Kind::Call, target: key.to_owned(), body, parts }, value)
    }

    fn call_json(&mut self, key: &str, event: &str) -> Ending {
        let (target, body) = (key.to_owned(), event.to_owned());
        let request = Request { kind: Kind::Call, target, body, parts: Vec::new() };
        self.request(request, |frame| Ending::Value(frame.body.to_owned()))
    }

    fn eval(&mut self, name: &str, source: &str) -> Ending {
        self.send(Kind::Eval, name, source)
    }

    fn script(&mut self, name: &str, source: &str) -> Ending {
        self.send(Kind::Script, name, source)
    }

    fn validate(&mut self, name: &str, source: &str) -> Ending {
        self.send(Kind::Validate, name, source)
    }

    fn snapshot(&mut self) -> Ending {
        self.snapshots.push(self.requests.clone());
        Ending::Done
    }

    fn restore(&mut self, snapshot: usize) -> Ending {
        self.replay(self.snapshots.get(snapshot).unwrap().clone());
        Ending::Done
    }

    fn unload(&mut self) -> Ending {
        self.replay(Vec::new());
        Ending::Done
    }

    fn eval_within(&mut self, _limit: Duration, source: &str) -> Ending {
        panic!("a native engine cannot be stopped, so that only VMs may run {source:?}")
    }

    fn take_events(&mut self) -> Vec<String> {
        self.host.take_events()
    }
}
