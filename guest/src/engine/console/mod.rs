//! The global `console`, as <https://console.spec.whatwg.org/> has it: one message to
//! the host for each call that prints.
//!
//! Logging fails in the eyes of guest code only where a label cannot be converted to
//! a string, as the specification has it.
//!
//! ```text
//! method ─► format ─► inspect      arguments to text
//!        ─► table
//!        ─► labels ─► duration     counters and timers
//!        ─► printer                indentation, cap, level, to the host
//! ```

mod duration;
mod format;
mod labels;
mod printer;
mod table;

pub(super) use format::line;

use super::{
    inspect::{Options, inspect},
    intrinsics::ErrorClass,
    shared::Shared,
    wtf8,
};
use alloc::{rc::Rc, string::String};
use labels::Labels;
use printer::{MAX_LINE, Printer, most_bytes};
use rquickjs::{
    Coerced, Ctx, Exception, Function, Object, Value, atom::PredefinedAtom, function::Rest, object::Property,
};

/// The console of a realm.
struct Console {
    shared: Rc<Shared>,
    printer: Printer,
    labels: Labels,
}

type Method = for<'js> fn(&Console, &Ctx<'js>, &[Value<'js>]) -> rquickjs::Result<()>;

/// In the order of the specification.
const METHODS: [(&str, Method); 19] = [
    ("assert", Console::assert),
    ("clear", |console, _, _| console.clear()),
    ("debug", |console, ctx, values| console.log(ctx, "debug", values)),
    ("error", |console, ctx, values| console.log(ctx, "error", values)),
    ("info", |console, ctx, values| console.log(ctx, "info", values)),
    ("log", |console, ctx, values| console.log(ctx, "log", values)),
    ("table", Console::table),
    ("trace", Console::trace),
    ("warn", |console, ctx, values| console.log(ctx, "warn", values)),
    ("dir", Console::dir),
    ("dirxml", |console, ctx, values| console.log(ctx, "log", values)),
    ("count", Console::count),
    ("countReset", Console::count_reset),
    ("group", Console::group),
    ("groupCollapsed", Console::group),
    ("groupEnd", |console, _, _| console.group_end()),
    ("time", Console::time),
    ("timeLog", |console, ctx, values| console.time_log(ctx, values, false)),
    ("timeEnd", |console, ctx, values| console.time_log(ctx, values, true)),
];

/// Defines `console`.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let state = Rc::new(Console {
        shared: Rc::clone(shared),
        printer: Printer::new(Rc::clone(shared)),
        labels: Labels::default(),
    });
    let prototype = Object::new(ctx.clone())?;
    let console = Object::new_proto(ctx.clone(), Some(&prototype))?;
    for (name, method) in METHODS {
        let state = Rc::clone(&state);
        let call = move |ctx: Ctx<'js>, values: Rest<Value<'js>>| method(&state, &ctx, &values);
        let function = Function::new(ctx.clone(), call)?.with_name(name)?.with_length(0)?;
        console.prop(name, Property::from(function).writable().configurable().enumerable())?;
    }
    console.prop(PredefinedAtom::SymbolToStringTag, Property::from("console").configurable())?;
    ctx.globals().prop("console", Property::from(console).writable().configurable())
}

impl Console {
    /// Prints arguments, the first of which can be a format.
    fn log<'js>(&self, ctx: &Ctx<'js>, level: &str, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let line = format::line(ctx, &self.shared, values);
        self.printer.print(level, &line);
        Ok(())
    }

    /// As [`Self::log`], behind a text of ours.
    fn log_after<'js>(&self, ctx: &Ctx<'js>, level: &str, start: &str, values: &[Value<'js>]) {
        let mut line = String::from(start);
        for part in values {
            if line.len() > most_bytes(&self.shared) || self.shared.poll() {
                break;
            }
            line.push(' ');
            line.push_str(&format::value(ctx, &self.shared, part));
        }
        self.printer.print(level, &line);
    }

    fn assert<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let (condition, values) =
            values.split_first().map_or((None, values), |(first, rest)| (Some(first), rest));
        if condition.is_some_and(is_true) {
            return Ok(());
        }
        let text = values.first().filter(|first| first.is_string());
        let line = match text {
            // The text can be a format.
            Some(_) => String::from("Assertion failed: ") + &format::line(ctx, &self.shared, values),
            None => {
                self.log_after(ctx, "error", "Assertion failed", values);
                return Ok(());
            }
        };
        self.printer.print("error", &line);
        Ok(())
    }

    fn clear(&self) -> rquickjs::Result<()> {
        self.printer.leave_all();
        Ok(())
    }

    fn trace<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let mut line = String::from("Trace");
        if !values.is_empty() {
            line.push_str(": ");
            line.push_str(&format::line(ctx, &self.shared, values));
        }
        let stack = stack(ctx, &self.shared);
        if !stack.is_empty() {
            line.push('\n');
            line.push_str(&stack);
        }
        // A program's goes to its standard error.
        let level = if self.shared.programs.is_running() { "error" } else { "debug" };
        self.printer.print(level, &line);
        Ok(())
    }

    fn dir<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let options = Options { custom: false, ..Options::default() };
        let given = values.get(1).and_then(Value::as_object);
        let options = given.map_or(Ok(options), |given| options.with(given));
        // A getter of the options that throws is no reason to print nothing.
        let options = options.unwrap_or_else(|_| {
            ctx.catch();
            Options { custom: false, ..Options::default() }
        });
        let undefined = Value::new_undefined(ctx.clone());
        let value = values.first().unwrap_or(&undefined);
        self.printer.print("log", &inspect(ctx, &self.shared, value, &options, most_bytes(&self.shared)));
        Ok(())
    }

    fn table<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let columns = values.get(1).filter(|columns| !columns.is_undefined());
        if columns.is_some_and(|columns| !columns.is_array()) {
            let message = "the second argument of console.table must be an array of column names";
            return Err(self.shared.intrinsics()?.throw(ctx, ErrorClass::Type, message));
        }
        let Some(data) = values.first().and_then(Value::as_object) else {
            return self.log(ctx, "log", values.get(..1).unwrap_or_default());
        };
        let columns = columns.and_then(Value::as_array);
        match table::drawn(ctx, &self.shared, data, columns) {
            Ok(table) => self.printer.print("log", &table),
            Err(_) => {
                ctx.catch();
                self.log(ctx, "log", values.get(..1).unwrap_or_default())?;
            }
        }
        Ok(())
    }

    fn group<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        if !values.is_empty() {
            self.log(ctx, "log", values)?;
        }
        self.printer.enter();
        Ok(())
    }

    fn group_end(&self) -> rquickjs::Result<()> {
        self.printer.leave();
        Ok(())
    }
}

/// The stack of the caller; native functions like this one have no frame in it.
fn stack<'js>(ctx: &Ctx<'js>, shared: &Shared) -> String {
    let error = Exception::from_message(ctx.clone(), "");
    let stack = error.ok().and_then(|error| super::error::property(ctx, &error, "stack", MAX_LINE));
    let stack = stack.unwrap_or_default();
    // Making the error can fail for want of memory.
    ctx.catch();
    shared.scripts.borrow().clean(stack.trim_end())
}

/// `ToBoolean`.
fn is_true(value: &Value<'_>) -> bool {
    if let Some(truth) = value.as_bool() {
        return truth;
    }
    if let Some(number) = value.as_number() {
        return number != 0.0 && !number.is_nan();
    }
    if value.is_string() {
        return wtf8::text_of(value, 1).is_some_and(|text| !text.is_empty());
    }
    if value.is_big_int() {
        let text = value.get::<Coerced<String>>();
        return text.is_ok_and(|text| text.0 != "0");
    }
    !value.is_undefined() && !value.is_null()
}
