//! A call of a host function, and what comes back.

use super::{
    decode, encode,
    intrinsics::ErrorClass,
    job::{self, Part, terminable},
    shared::Shared,
};
use crate::platform::SendError;
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString as _},
    vec::Vec,
};
use hypercell_common::{Frame, FrameError, Kind, Message, Section, body::Thrown};
use rquickjs::{Ctx, Value};

/// A host's answer, copied out of the memory that the next message overwrites.
pub(super) struct Answer {
    pub(super) kind: Kind,
    /// The number of the asynchronous call that it is for, or 0.
    pub(super) value: u64,
    pub(super) body: Vec<u8>,
    pub(super) sections: Vec<Part>,
}

impl Answer {
    fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let frame = Frame::decode(bytes)?;
        Ok(Self {
            kind: frame.kind,
            value: frame.value,
            body: terminable(frame.body),
            sections: job::parts(frame.sections()),
        })
    }
}

/// Calls the function behind `target` (`module` NUL `function`).
pub(super) fn call<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    target: &str,
    arguments: Vec<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let encoded = encode::arguments(ctx, shared, arguments)?;
    let sections: Vec<Section<'_>> = encoded.sections();
    let message = Message {
        kind: Kind::HostCall,
        call: shared.call.get(),
        value: 0,
        target,
        body: encoded.text(),
        sections: &sections,
    };
    let answer = send(ctx, shared, target, &message);
    drop(sections);
    shared.give_scratch(encoded.into_buffer());
    value(ctx, shared, target, answer?)
}

/// Why there is no [`Answer`].
#[derive(Debug)]
pub(super) enum Failed {
    /// The message did not get out.
    Unsent(SendError),
    /// What came back says nothing.
    Malformed(String),
}

/// Sends a message and reads its answer.
pub(super) fn exchange(shared: &Shared, message: &Message<'_>) -> Result<Answer, Failed> {
    let mut answer = None;
    let sent = shared.platform.host_call(message, &mut |bytes| answer = Some(Answer::read(bytes)));
    sent.map_err(Failed::Unsent)?;
    let answer = answer.ok_or_else(|| Failed::Malformed("there is none".to_string()))?;
    answer.map_err(|error| Failed::Malformed(error.to_string()))
}

/// As [`exchange`], and throws when it fails. `target` is what the message was for.
pub(super) fn send(
    ctx: &Ctx<'_>,
    shared: &Shared,
    target: &str,
    message: &Message<'_>,
) -> rquickjs::Result<Answer> {
    let answer = exchange(shared, message);
    if let Err(Failed::Unsent(error)) = &answer {
        return Err(shared.intrinsics()?.throw(ctx, ErrorClass::Range, &error.to_string()));
    }
    shared.check(ctx)?;
    match answer {
        Ok(answer) => Ok(answer),
        Err(Failed::Malformed(what)) => Err(malformed(ctx, shared, target, &what)),
        Err(Failed::Unsent(_)) => Err(rquickjs::Error::Unknown),
    }
}

/// The value that a host function returned, or throws the error that it threw.
pub(super) fn value<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    target: &str,
    answer: Answer,
) -> rquickjs::Result<Value<'js>> {
    let Answer { kind, body, sections, .. } = answer;
    match kind {
        Kind::HostReturn => match decode::value(ctx, shared, body, &sections)? {
            Ok(value) => Ok(value),
            Err(what) => Err(malformed(ctx, shared, target, &what)),
        },
        Kind::HostThrow => Err(match serde_json::from_slice::<Thrown>(&body) {
            Ok(thrown) => {
                shared.intrinsics()?.throw_foreign(ctx, &thrown.name, &thrown.message, thrown.code.as_deref())
            }
            Err(error) => malformed(ctx, shared, target, &error.to_string()),
        }),
        kind => Err(malformed(ctx, shared, target, &format!("{kind:?} is neither a return nor a throw"))),
    }
}

fn malformed(ctx: &Ctx<'_>, shared: &Shared, target: &str, what: &str) -> rquickjs::Error {
    let name = target.replace('\0', ".");
    let message = format!("the host's answer to {name} is malformed: {what}");
    match shared.intrinsics() {
        Ok(intrinsics) => intrinsics.throw(ctx, ErrorClass::Error, &message),
        Err(error) => error,
    }
}
