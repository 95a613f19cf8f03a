//! A sandbox as a runner.

use crate::{
    host::Host,
    outcome::{Ending, render},
    runner::Runner,
};
use hypercell::{CallOptions, Engine, Limits, Sandbox, Snapshot, Source, Value};
use std::time::Duration;

pub(crate) struct Vm {
    sandbox: Sandbox,
    snapshots: Vec<Snapshot>,
    host: Host,
}

impl Vm {
    pub(crate) fn new(engine: &Engine, limits: Limits) -> Self {
        let host = Host::default();
        let builder = engine.sandbox().limits(limits).console(host.console());
        let builder = host.modules().into_iter().fold(builder, |builder, module| builder.host_module(module));
        Self { sandbox: builder.build().unwrap(), snapshots: Vec::new(), host }
    }
}

fn done(result: hypercell::Result<()>) -> Ending {
    Ending::of(result, |()| Ending::Done)
}

fn value(result: hypercell::Result<Option<Value>>) -> Ending {
    Ending::of(result, |value| value.map_or(Ending::Done, |value| Ending::Value(render(&value))))
}

impl Runner for Vm {
    fn add_module(&mut self, specifier: &str, source: &str) -> Ending {
        let (namespace, name) = specifier.split_once(':').unwrap();
        done(self.sandbox.add_module_in(namespace, name, source))
    }

    fn add_handler(&mut self, key: &str, source: &str) -> Ending {
        done(self.sandbox.add_handler(key, source))
    }

    fn remove_handler(&mut self, key: &str) -> Ending {
        done(self.sandbox.remove_handler(key))
    }

    fn call(&mut self, key: &str, event: &Value) -> Ending {
        value(self.sandbox.call(key, event).map(Some))
    }

    fn call_json(&mut self, key: &str, event: &str) -> Ending {
        Ending::of(self.sandbox.call_json(key, event, &CallOptions::new()), Ending::Value)
    }

    fn eval(&mut self, name: &str, source: &str) -> Ending {
        value(self.sandbox.eval(Source::new(source).named(name)))
    }

    fn script(&mut self, name: &str, source: &str) -> Ending {
        value(self.sandbox.script(Source::new(source).named(name)))
    }

    fn validate(&mut self, name: &str, source: &str) -> Ending {
        done(self.sandbox.validate(Source::new(source).named(name)))
    }

    fn snapshot(&mut self) -> Ending {
        Ending::of(self.sandbox.snapshot(), |snapshot| {
            self.snapshots.push(snapshot);
            Ending::Done
        })
    }

    fn restore(&mut self, snapshot: usize) -> Ending {
        done(self.sandbox.restore(self.snapshots.get(snapshot).unwrap()))
    }

    fn unload(&mut self) -> Ending {
        done(self.sandbox.unload())
    }

    fn eval_within(&mut self, limit: Duration, source: &str) -> Ending {
        value(self.sandbox.eval_with(source, &CallOptions::new().wall(limit)))
    }

    fn take_events(&mut self) -> Vec<String> {
        self.host.take_events()
    }
}
