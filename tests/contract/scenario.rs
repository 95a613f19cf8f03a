//! A scenario: a list of steps, each with what it must come to.

pub(crate) use crate::must::{Must, fails, gives, gives_nothing, succeeds, throws, throws_with};

use crate::{action::Action, native::Native, outcome::Outcome, runner::Runner, sandbox::Vm};
use hypercell::{Limits, Value};
use std::{panic::resume_unwind, thread, time::Duration};

const NATIVE: &str = "the native engine";

/// Bytes of stack of the thread that the native engine runs on: more than any
/// scenario grants, as the engine's own frames are below that.
const NATIVE_STACK: usize = 32 << 20;

/// A list of steps: each does something, and says what must come of it.
pub(crate) struct Scenario {
    heap: u64,
    stack: u64,
    steps: Vec<Step>,
}

struct Step {
    action: Action,
    must: Must,
}

impl Scenario {
    /// With the default limits.
    pub(crate) fn new() -> Self {
        Self { heap: 32 << 20, stack: 1 << 20, steps: Vec::new() }
    }

    pub(crate) fn heap(mut self, bytes: u64) -> Self {
        self.heap = bytes;
        self
    }

    pub(crate) fn stack(mut self, bytes: u64) -> Self {
        self.stack = bytes;
        self
    }

    fn step(mut self, action: Action, must: Must) -> Self {
        self.steps.push(Step { action, must });
        self
    }

    /// Registers a module as `namespace:name`.
    pub(crate) fn module(self, specifier: &str, source: &str) -> Self {
        self.try_module(specifier, source, succeeds())
    }

    pub(crate) fn try_module(self, specifier: &str, source: &str, must: Must) -> Self {
        self.step(Action::AddModule(specifier.into(), source.into()), must)
    }

    pub(crate) fn handler(self, key: &str, source: &str) -> Self {
        self.try_handler(key, source, succeeds())
    }

    pub(crate) fn try_handler(self, key: &str, source: &str, must: Must) -> Self {
        self.step(Action::AddHandler(key.into(), source.into()), must)
    }

    pub(crate) fn remove_handler(self, key: &str) -> Self {
        self.try_remove_handler(key, succeeds())
    }

    pub(crate) fn try_remove_handler(self, key: &str, must: Must) -> Self {
        self.step(Action::RemoveHandler(key.into()), must)
    }

    pub(crate) fn call(self, key: &str, event: impl Into<Event>, must: Must) -> Self {
        self.step(Action::Call(key.into(), event.into().0), must)
    }

    /// A call whose event, and what it gives, is the JSON text itself.
    pub(crate) fn call_json(self, key: &str, event: &str, must: Must) -> Self {
        self.step(Action::CallJson(key.into(), event.into()), must)
    }

    pub(crate) fn eval(self, source: &str, must: Must) -> Self {
        self.eval_named("eval.js", source, must)
    }

    pub(crate) fn eval_named(self, name: &str, source: &str, must: Must) -> Self {
        self.step(Action::Eval(name.into(), source.into()), must)
    }

    /// Evaluates a module with this expression as its default export.
    pub(crate) fn expression(self, expression: &str, must: Must) -> Self {
        self.eval(&format!("export default ({expression})"), must)
    }

    /// A step for each expression, which gives the value next to it.
    pub(crate) fn expressions(self, table: &[(&str, &str)]) -> Self {
        table.iter().fold(self, |scenario, (expression, value)| scenario.expression(expression, gives(value)))
    }

    pub(crate) fn script(self, source: &str, must: Must) -> Self {
        self.script_named("eval.js", source, must)
    }

    pub(crate) fn script_named(self, name: &str, source: &str, must: Must) -> Self {
        self.step(Action::Script(name.into(), source.into()), must)
    }

    pub(crate) fn validate(self, source: &str, must: Must) -> Self {
        self.step(Action::Validate("eval.js".into(), source.into()), must)
    }

    /// Takes a snapshot; the first one is number 0.
    pub(crate) fn snapshot(self) -> Self {
        self.step(Action::Snapshot, succeeds())
    }

    pub(crate) fn restore(self, snapshot: usize) -> Self {
        self.step(Action::Restore(snapshot), succeeds())
    }

    pub(crate) fn unload(self) -> Self {
        self.step(Action::Unload, succeeds())
    }

    /// Evaluates a module with a limit on wall clock time: for VMs only.
    pub(crate) fn eval_within(self, limit: Duration, source: &str, must: Must) -> Self {
        self.step(Action::EvalWithin(limit, source.into()), must)
    }

    /// Plays the scenario everywhere, and tells each step that came to something else
    /// than it must or not to the same.
    #[track_caller]
    pub(crate) fn holds(&self) {
        let mut plays = vec![(NATIVE, self.play_natively())];
        for (vmm, engine) in hypercell_tests::engines() {
            let limits = Limits::default().heap(self.heap).stack(self.stack);
            plays.push((vmm, self.play(&mut Vm::new(&engine, limits), |_| true)));
        }
        let mut wrong = String::new();
        for (at, step) in self.steps.iter().enumerate() {
            let outcomes: Vec<(&str, &Outcome)> = plays
                .iter()
                .filter_map(|(runner, outcomes)| Some((*runner, outcomes.get(at)?.as_ref()?)))
                .collect();
            if let Some(why) = step.wrong(&outcomes) {
                let told: String =
                    outcomes.iter().map(|(runner, outcome)| format!("  on {runner} it\n{outcome}")).collect();
                wrong += &format!("step {}: {}\n  must {why}\n{told}", at + 1, step.action);
            }
        }
        assert!(wrong.is_empty(), "the scenario does not hold everywhere\n{wrong}");
    }

    fn play(&self, runner: &mut dyn Runner, takes_part: impl Fn(&Step) -> bool) -> Vec<Option<Outcome>> {
        let play = |step: &Step| {
            takes_part(step).then(|| {
                let ending = step.action.run_on(runner);
                Outcome { ending, events: runner.take_events() }
            })
        };
        self.steps.iter().map(play).collect()
    }

    fn play_natively(&self) -> Vec<Option<Outcome>> {
        let limits = hypercell_native::Limits { heap: self.heap, stack: self.stack };
        let play = || self.play(&mut Native::new(limits), |step| step.must.only_vms.is_none());
        thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(NATIVE_STACK).spawn_scoped(scope, play).unwrap();
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }
}

impl Step {
    /// What the step must do and does not, if so.
    fn wrong(&self, outcomes: &[(&str, &Outcome)]) -> Option<String> {
        let unmet = outcomes.iter().find_map(|(_, outcome)| self.must.unmet(outcome));
        let agree = |pair: &[(&str, &Outcome)]| match pair {
            [(_, one), (_, other)] => self.must.agree(one, other),
            _ => true,
        };
        unmet.or_else(|| (!outcomes.windows(2).all(agree)).then(|| "do the same everywhere".into()))
    }
}

/// An event of a call.
pub(crate) struct Event(Value);

impl From<Value> for Event {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl From<serde_json::Value> for Event {
    fn from(value: serde_json::Value) -> Self {
        Self(serde_json::from_value(value).unwrap())
    }
}
