//! What the fuzz targets check: oracles over bytes, and an engine to feed.
//! The targets themselves are glue.

use hypercell_common::{Frame, Kind, Message};
use hypercell_guest::{
    engine::{Engine, Job},
    platform::{Platform, SendError},
};
use std::{cell::Cell, rc::Rc};

/// Whatever the frame's parser accepts, encodes to the same bytes.
///
/// # Panics
/// When it does not.
pub fn accepted_frames_round_trip(bytes: &[u8]) {
    let Ok(frame) = Frame::decode(bytes) else { return };
    let sections: Vec<_> = frame.sections().collect();
    let Frame { kind, call, value, target, body, .. } = frame;
    let message = Message { kind, call, value, target, body, sections: &sections };
    let mut again = Vec::new();
    let encoded = message.encode(|part| again.extend_from_slice(part));
    assert_eq!(encoded, Ok(bytes.len()), "an accepted frame encodes");
    assert_eq!(again, bytes, "an accepted frame encodes to itself");
}

/// Whatever source text the engine gets, it answers with one valid frame, and works
/// afterwards.
///
/// # Panics
/// When it does not.
pub fn the_engine_survives(source: &str) {
    let platform = Rc::new(Impatient { polls: Cell::new(0), now_us: Cell::new(0) });
    let Ok(mut engine) = Engine::new(Rc::clone(&platform) as Rc<dyn Platform>) else {
        panic!("an engine starts");
    };
    let limits = r#"{"heap_bytes":16777216,"stack_bytes":262144,"gc_threshold_bytes":1048576,"timers":100,"host_modules":{"m":{"direct":["f"],"promised":["g"]}}}"#;
    run(&mut engine, Kind::Configure, limits);
    run(&mut engine, Kind::Eval, source);
    run(&mut engine, Kind::Script, source);
    platform.polls.set(0);
    assert_eq!(
        run(&mut engine, Kind::Validate, "export default 1"),
        Kind::Done,
        "the engine works afterwards"
    );
}

fn run(engine: &mut Engine, kind: Kind, body: &str) -> Kind {
    let mut bytes = Vec::new();
    let message = Message { body, ..Message::new(kind, 1, "fuzz.js") };
    message.encode(|part| bytes.extend_from_slice(part)).expect("a short frame encodes");
    let job = Job::read(&bytes).expect("an encoded frame decodes");
    let mut answer = None;
    engine.run(job, &mut |message| answer = Some(message.kind));
    answer.expect("the engine answers")
}

/// A platform that stops the engine after some polls, and has no host functions.
struct Impatient {
    polls: Cell<u32>,
    /// Waiting moves it.
    now_us: Cell<u64>,
}

impl Platform for Impatient {
    fn host_call(&self, message: &Message<'_>, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
        let mut bytes = Vec::new();
        let answer = match message.kind {
            Kind::Wait => {
                self.now_us.set(self.now_us.get().saturating_add(message.value));
                Message::new(Kind::Elapsed, message.call, "")
            }
            _ => Message { body: "1", ..Message::new(Kind::HostReturn, message.call, "") },
        };
        answer.encode(|part| bytes.extend_from_slice(part)).map_err(SendError::Frame)?;
        reply(&bytes);
        Ok(())
    }

    fn fresh_entropy(&self) -> Option<[u8; 32]> {
        None
    }

    fn now_us(&self) -> u64 {
        self.now_us.get()
    }

    fn interrupted(&self) -> bool {
        self.polls.set(self.polls.get() + 1);
        self.polls.get() > 50
    }

    fn heap_peak(&self) -> u64 {
        0
    }
}
