//! A call of a host function, and what comes back.

use super::{
    decode, encode,
    intrinsics::ErrorClass,
    job::{self, Part, terminable},
    shared::Shared,
};
use alloc::{format, rc::Rc, vec::Vec};
use hypercell_common::{Frame, FrameError, Kind, Message, Section, body::Thrown};
use rquickjs::{Ctx, Value};

/// A host's answer, copied out of the memory that the next message overwrites.
struct Answer {
    kind: Kind,
    body: Vec<u8>,
    sections: Vec<Part>,
}

impl Answer {
    fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let frame = Frame::decode(bytes)?;
        Ok(Self { kind: frame.kind, body: terminable(frame.body), sections: job::parts(frame.sections()) })
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
    let mut answer = None;
    let sent = shared.platform.host_call(&message, &mut |bytes| answer = Some(Answer::read(bytes)));
    drop(sections);
    shared.give_scratch(encoded.into_buffer());
    if let Err(error) = sent {
        return Err(shared.intrinsics()?.throw(ctx, ErrorClass::Range, &format!("{error}")));
    }
    shared.check(ctx)?;
    let malformed = |what: &str| -> rquickjs::Result<Value<'js>> {
        let name = target.replace('\0', ".");
        let message = format!("the host's answer to {name} is malformed: {what}");
        Err(shared.intrinsics()?.throw(ctx, ErrorClass::Error, &message))
    };
    match answer {
        None => malformed("there is none"),
        Some(Err(error)) => malformed(&format!("{error}")),
        Some(Ok(Answer { kind: Kind::HostReturn, body, sections })) => {
            match decode::value(ctx, shared, body, &sections)? {
                Ok(value) => Ok(value),
                Err(what) => malformed(&what),
            }
        }
        Some(Ok(Answer { kind: Kind::HostThrow, body, .. })) => match serde_json::from_slice::<Thrown>(&body)
        {
            Ok(thrown) => Err(shared.intrinsics()?.throw_foreign(
                ctx,
                &thrown.name,
                &thrown.message,
                thrown.code.as_deref(),
            )),
            Err(error) => malformed(&format!("{error}")),
        },
        Some(Ok(Answer { kind, .. })) => malformed(&format!("{kind:?} is neither a return nor a throw")),
    }
}
