//! What the fuzz targets check: oracles over bytes, and an engine to feed.
//! The targets themselves are glue.

use hypercell_common::{Frame, Kind, Message, Section, Tag};
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
    let (mut engine, platform) = engine();
    run(&mut engine, Kind::Eval, source, &[]);
    run(&mut engine, Kind::Script, source, &[]);
    works_afterwards(&mut engine, &platform);
}

/// Whatever value the engine gets, it refuses it or gives it back; and what it gave back,
/// comes back as it is.
///
/// The first line is a body of JSON. Each other line is a section: eight bytes of data, of
/// which a tag takes what it can have, the tag's number, and the path, with a space in front
/// of each.
///
/// # Panics
/// When it does not.
pub fn values_come_back(text: &str) {
    let (mut engine, platform) = engine();
    run(&mut engine, Kind::Handler, "export const handler = event => event", &[]);
    let mut lines = text.lines();
    let body = lines.next().unwrap_or_default();
    let sections: Vec<_> = lines.filter_map(section).collect();
    let mut echo = |body: &str, sections: &[Section<'_>]| {
        platform.polls.set(0);
        run(&mut engine, Kind::Call, body, sections)
    };
    let given = echo(body, &sections);
    if given.kind == Kind::Done {
        // An error that had no stack has one now.
        let whole = echo(&given.body, &given.sections());
        let back = echo(&whole.body, &whole.sections());
        assert_eq!(back, whole, "what came back comes back");
    }
    works_afterwards(&mut engine, &platform);
}

fn section(line: &str) -> Option<Section<'_>> {
    let (data, line) = line.split_at_checked(8)?;
    let (tag, path) = line.strip_prefix(' ')?.split_once(' ')?;
    let tag = Tag::try_from(tag.parse::<u16>().ok()?).ok()?;
    let bytes = (0..=8).rev().find(|bytes| tag.fits(*bytes))?;
    Some(Section { path, tag, data: data.as_bytes().get(..bytes)? })
}

fn engine() -> (Engine, Rc<Impatient>) {
    let platform = Rc::new(Impatient { polls: Cell::new(0), now_us: Cell::new(0) });
    let Ok(mut engine) = Engine::new(Rc::clone(&platform) as Rc<dyn Platform>) else {
        panic!("an engine starts");
    };
    let limits = r#"{"heap_bytes":16777216,"stack_bytes":262144,"gc_threshold_bytes":1048576,"timers":100,"host_modules":{"m":{"direct":["f"],"promised":["g"]}}}"#;
    run(&mut engine, Kind::Configure, limits, &[]);
    (engine, platform)
}

fn works_afterwards(engine: &mut Engine, platform: &Impatient) {
    platform.polls.set(0);
    let validated = run(engine, Kind::Validate, "export default 1", &[]);
    assert_eq!(validated.kind, Kind::Done, "the engine works afterwards");
}

/// What the engine answers.
#[derive(Debug, PartialEq)]
struct Answer {
    kind: Kind,
    body: String,
    sections: Vec<(String, Tag, Vec<u8>)>,
}

impl Answer {
    fn sections(&self) -> Vec<Section<'_>> {
        self.sections.iter().map(|(path, tag, data)| Section { path, tag: *tag, data }).collect()
    }
}

fn run(engine: &mut Engine, kind: Kind, body: &str, sections: &[Section<'_>]) -> Answer {
    let mut bytes = Vec::new();
    let message = Message { body, sections, ..Message::new(kind, 1, "fuzz.js") };
    message.encode(|part| bytes.extend_from_slice(part)).expect("a short frame encodes");
    let job = Job::read(&bytes).expect("an encoded frame decodes");
    let mut answer = None;
    engine.run(job, &mut |message| {
        let sections = message.sections.iter();
        answer = Some(Answer {
            kind: message.kind,
            body: message.body.to_owned(),
            sections: sections.map(|part| (part.path.to_owned(), part.tag, part.data.to_vec())).collect(),
        });
    });
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
