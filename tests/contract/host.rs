//! The host functions of all scenarios, once as closures for sandboxes and once as
//! frames for the native engine. Each call and each line of the console is noted.

use crate::{native::wire, outcome::render};
use hypercell::{ConsoleLevel, HostError, HostModule, Value};
use hypercell_common::{
    Frame, FrameError, Kind, Message,
    body::{Cause, Thrown},
};
use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How a host function fails: name, message and code of its error.
type Refusal = (&'static str, &'static str, Option<&'static str>);

struct Function {
    module: &'static str,
    name: &'static str,
    /// Number of arguments; those that are missing are `null`.
    arity: usize,
    run: fn(&mut State, &[Value]) -> Result<Value, Refusal>,
}

const FUNCTIONS: [Function; 9] = [
    Function { module: "other", name: "where", arity: 0, run: |_, _| Ok(Value::String("other".into())) },
    Function { module: "test", name: "add", arity: 2, run: |_, arguments| add(arguments) },
    Function { module: "test", name: "bytes", arity: 1, run: |_, arguments| bytes(arguments) },
    Function { module: "test", name: "echo", arity: 1, run: |_, arguments| Ok(first(arguments)) },
    Function { module: "test", name: "fail", arity: 1, run: |_, arguments| fail(arguments) },
    Function { module: "test", name: "next", arity: 0, run: |state, _| Ok(state.next()) },
    Function { module: "test", name: "nothing", arity: 0, run: |_, _| Ok(Value::Null) },
    Function { module: "test", name: "odd-name.v1/$", arity: 0, run: |_, _| Ok(Value::Bool(true)) },
    Function { module: "test", name: "sum", arity: 1, run: |_, arguments| sum(arguments) },
];

fn first(arguments: &[Value]) -> Value {
    arguments.first().cloned().unwrap_or_default()
}

fn add(arguments: &[Value]) -> Result<Value, Refusal> {
    match arguments {
        [a, b] if a.as_f64().is_some() && b.as_f64().is_some() => {
            Ok(Value::Number(a.as_f64().unwrap() + b.as_f64().unwrap()))
        }
        _ => Err(("TypeError", "add takes two numbers", None)),
    }
}

/// Counts from 0 to 255 and starts again.
fn bytes(arguments: &[Value]) -> Result<Value, Refusal> {
    match first(arguments) {
        Value::Number(length) if length >= 0.0 && length.fract() == 0.0 => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
            let length = length as usize;
            Ok(Value::Bytes((0..=u8::MAX).cycle().take(length).collect()))
        }
        _ => Err(("TypeError", "bytes takes a length", None)),
    }
}

fn sum(arguments: &[Value]) -> Result<Value, Refusal> {
    match first(arguments) {
        Value::Bytes(bytes) => Ok(Value::Number(bytes.iter().map(|byte| f64::from(*byte)).sum())),
        _ => Err(("TypeError", "sum takes bytes", None)),
    }
}

fn fail(arguments: &[Value]) -> Result<Value, Refusal> {
    Err(match first(arguments).as_str().unwrap_or_default() {
        "range" => ("RangeError", "far", None),
        "code" => ("Error", "not here", Some("ERR_NOT_FOUND")),
        "own" => ("NotFoundError", "ü \"quoted\"\n😀", Some("E_OWN")),
        "empty" => ("", "", Some("")),
        _ => ("Error", "plain", None),
    })
}

#[derive(Default)]
struct State {
    events: Vec<String>,
    counter: u32,
}

impl State {
    fn next(&mut self) -> Value {
        self.counter += 1;
        Value::from(self.counter)
    }
}

/// The host of one runner.
#[derive(Clone, Default)]
pub(crate) struct Host(Arc<Mutex<State>>);

impl Host {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_events(&self) -> Vec<String> {
        mem::take(&mut self.state().events)
    }

    /// Notes a line of the console.
    pub(crate) fn line(&self, level: &str, text: &str) {
        self.state().events.push(format!("{level}: {text}"));
    }

    /// A sandbox's console.
    pub(crate) fn console(&self) -> impl Fn(ConsoleLevel, &str) + Send + Sync + 'static {
        let host = self.clone();
        move |level, text| host.line(level.as_str(), text)
    }

    fn call(&self, function: &Function, arguments: &[Value]) -> Result<Value, Refusal> {
        let mut state = self.state();
        let text: Vec<_> = arguments.iter().map(render).collect();
        state.events.push(format!("{}.{}({})", function.module, function.name, text.join(",")));
        (function.run)(&mut state, arguments)
    }

    /// The functions as a sandbox gets them.
    pub(crate) fn modules(&self) -> Vec<HostModule> {
        let mut modules: BTreeMap<&str, HostModule> = BTreeMap::new();
        for function in &FUNCTIONS {
            let host = self.clone();
            let call = move |arguments: &[Value]| {
                host.call(function, arguments).map_err(|(name, message, code)| {
                    let error = HostError::new(message).with_name(name);
                    code.map_or(error.clone(), |code| error.with_code(code))
                })
            };
            let module = modules.remove(function.module).unwrap_or_else(|| HostModule::new(function.module));
            let module = match function.arity {
                0 => module.function(function.name, move || call(&[])),
                1 => module.function(function.name, move |a: Value| call(&[a])),
                _ => module.function(function.name, move |a: Value, b: Value| call(&[a, b])),
            };
            modules.insert(function.module, module);
        }
        modules.into_values().collect()
    }
}

/// The functions as the native engine gets them.
impl hypercell_native::Host for Host {
    fn modules(&self) -> BTreeMap<String, Vec<String>> {
        let mut modules: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for function in &FUNCTIONS {
            modules.entry(function.module.to_owned()).or_default().push(function.name.to_owned());
        }
        modules
    }

    fn serve(&self, request: &Frame<'_>, answer: &mut Vec<u8>) -> Result<(), FrameError> {
        let mut send = |kind, value: Option<Value>, thrown: Option<&Thrown>| {
            let (json, parts) = value.map(wire::split).unwrap_or_default();
            let body = thrown.map_or(json, |thrown| serde_json::to_string(thrown).unwrap());
            let sections = wire::sections(&parts);
            Message { body: &body, sections: &sections, ..Message::new(kind, request.call, "") }
                .encode(|part| answer.extend_from_slice(part))
                .map(drop)
        };
        if request.kind == Kind::Console {
            self.line(request.target, request.body);
            return send(Kind::HostReturn, None, None);
        }
        let (module, name) = request.target.split_once('\0').unwrap();
        let function = FUNCTIONS.iter().find(|f| (f.module, f.name) == (module, name)).unwrap();
        let Value::Array(mut arguments) = wire::join(request) else { panic!("arguments are an array") };
        arguments.resize(function.arity, Value::Null);
        match self.call(function, &arguments) {
            Ok(value) => send(Kind::HostReturn, Some(value), None),
            Err((name, message, code)) => {
                let thrown = Thrown {
                    cause: Cause::Exception,
                    name: name.to_owned(),
                    message: message.to_owned(),
                    stack: String::new(),
                    code: code.map(str::to_owned),
                };
                send(Kind::HostThrow, None, Some(&thrown))
            }
        }
    }
}
