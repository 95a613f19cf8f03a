//! The life of a guest: boot the engine, then one request after the other.

use super::{abort::abort, regions, transport::Vm};
use crate::{
    engine::{Engine, Job},
    platform::Platform,
    sys::machine::{leave, request},
};
use alloc::{format, rc::Rc, string::String};
use core::fmt::Display;
use hypercell_common::{
    Kind, Message,
    body::{Cause, Thrown},
};

/// The program of the guest image.
pub fn run() -> ! {
    let vm = Rc::new(Vm::default());
    let engine = match Engine::new(Rc::clone(&vm) as Rc<dyn Platform>).and_then(Engine::permanent) {
        Ok(engine) => engine,
        Err(error) => abort(format_args!("the engine did not start: {error}")),
    };
    let mut length = answer(&Message::new(Kind::Ready, 0, ""), &*vm);
    loop {
        leave::end_request(length);
        length = serve(engine, &*vm);
    }
}

/// Runs the request in the input region and gives the length of its answer.
fn serve(engine: &mut Engine, platform: &dyn Platform) -> u32 {
    // SAFETY: used before the job runs only, and nothing exits before it does.
    let frame = unsafe { regions::input() };
    let call = frame.get(8..16).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
    if request::serve(frame) {
        return answer(&Message::new(Kind::Done, call, ""), platform);
    }
    let job = match Job::read(frame) {
        Ok(job) => job,
        Err(error) => return refuse(call, Cause::Request, "Error", &error, platform),
    };
    let mut length = None;
    engine.run(job, &mut |message| length = Some(answer(message, platform)));
    length.unwrap_or_else(|| {
        refuse(call, Cause::Exception, "InternalError", &"the engine gave no answer", platform)
    })
}

/// Writes an answer, or why it cannot be one.
fn answer(message: &Message<'_>, platform: &dyn Platform) -> u32 {
    match regions::write(message) {
        Ok(length) => length,
        Err(error) => refuse(message.call, Cause::Exception, "RangeError", &error, platform),
    }
}

fn refuse(call: u64, cause: Cause, name: &str, message: &dyn Display, platform: &dyn Platform) -> u32 {
    let thrown = Thrown { cause, name: name.into(), message: format!("{message}"), ..Thrown::default() };
    let body = serde_json::to_string(&thrown).unwrap_or_else(|_| String::new());
    let mut reply = Message::new(Kind::Thrown, call, "");
    reply.value = platform.heap_peak();
    reply.body = &body;
    regions::write(&reply)
        .unwrap_or_else(|error| abort(format_args!("the answer \"{message}\" cannot be sent: {error}")))
}
