//! A captured guest as bytes: the payload of a snapshot's file. All integers are
//! little-endian.
//!
//! ```text
//! offset  size  field
//!      0     8  bytes of the configuration
//!      8     8  bytes of the memory
//!     16     …  configuration: hyperlight's, JSON
//!      …     …  memory: the guest's pages, then its page tables
//! ```
//!
//! Memory and page tables are the guest's own, which it can write. The configuration
//! says all else (sizes, where the guest is entered, special and model-specific
//! registers, host functions). It is compared with that of a guest which the loading
//! engine booted itself, and that one is then used; only how much of the memory is page
//! tables is the file's word. The rings of guests that wait are all the same.

use super::{
    folder::{Documents, Folder},
    geometry::{Geometry, PAGE},
    state::State,
};
use crate::error::{Error, Result};
use serde_json::Value;
use std::{
    io::{self, Read, Write},
    sync::Arc,
};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout, Unaligned, little_endian::U64};

/// The longest configuration: those that hyperlight writes have some thousand bytes.
const MAX_CONFIG: u64 = 64 << 10;
/// Number of the time stamp counter among the model-specific registers (Intel SDM
/// volume 4).
const TIME_STAMP_COUNTER: u64 = 0x10;
/// Characters of a value that an error shows.
const MAX_SHOWN: usize = 60;

/// Bytes of page tables.
const TABLES: &str = "/layout/pt_size";
/// Numbers that guests of one size do not have in common, and that nothing depends on:
/// the address of the last page fault, and a count of snapshots.
const VARYING: [&str; 2] = ["/sregs/cr2", "/snapshot_generation"];

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Head {
    config: U64,
    memory: U64,
}

impl State {
    /// Writes the configuration and the memory.
    pub(super) fn save(&self, out: &mut dyn Write) -> Result<()> {
        let (folder, documents) = Folder::of(&self.snapshot)?;
        let mut memory = folder.memory(&documents)?;
        let config = documents.config.to_string();
        let mut put = |out: &mut dyn Write| {
            let head = Head { config: (config.len() as u64).into(), memory: memory.metadata()?.len().into() };
            out.write_all(head.as_bytes())?;
            out.write_all(config.as_bytes())?;
            io::copy(&mut memory, out)
        };
        put(out).map_err(|e| Error::snapshot("cannot write it").with_source(e))?;
        Ok(())
    }

    /// Reads what [`State::save`] wrote, or somebody else. `booted` is a guest of this
    /// engine that just booted, with the memory that the saved one has.
    pub(super) fn load(booted: &Self, payload: &mut dyn Read, length: u64) -> Result<Self> {
        let mut head = Head::new_zeroed();
        let mut config = vec![];
        let read = |e: io::Error| match e.kind() {
            io::ErrorKind::UnexpectedEof => wrong(format!("{length} bytes are too few for one")),
            _ => Error::snapshot("cannot read it").with_source(e),
        };
        let mut payload = payload.take(length);
        payload.read_exact(head.as_mut_bytes()).map_err(read)?;
        head.check(length, &booted.geometry)?;
        (&mut payload).take(head.config.get()).read_to_end(&mut config).map_err(read)?;

        let documents = booted.documents()?;
        let config = taken_over(&config, head.memory.get(), &documents.config)?;
        let snapshot = Folder::new()?.load(documents, &config, &mut payload)?;
        Ok(Self::new(Arc::new(snapshot), Arc::clone(&booted.geometry)))
    }

    /// What hyperlight writes about this state.
    fn documents(&self) -> Result<&Documents> {
        if let Some(documents) = self.documents.get() {
            return Ok(documents);
        }
        let (_, documents) = Folder::of(&self.snapshot)?;
        Ok(self.documents.get_or_init(|| documents))
    }
}

impl Head {
    fn check(&self, length: u64, geometry: &Geometry) -> Result<()> {
        let (config, memory) = (self.config.get(), self.memory.get());
        let room = geometry.max_mapped_pages * PAGE + geometry.scratch as u64;
        for (what, bytes, allowed) in [("configuration", config, MAX_CONFIG), ("memory", memory, room)] {
            if bytes > allowed {
                return Err(wrong(format!(
                    "its {what} has {bytes} bytes, and at most {allowed} are possible with its limits"
                )));
            }
        }
        let expected = size_of::<Self>() as u64 + config + memory;
        if expected != length {
            return Err(wrong(format!("its parts have {expected} bytes together, and there are {length}")));
        }
        Ok(())
    }
}

/// The configuration to load the guest with that `text` describes, whose memory has
/// `memory` bytes: `own`, with these sizes. All else must be the same in both.
fn taken_over(text: &[u8], memory: u64, own: &Value) -> Result<Value> {
    let saved: Value = serde_json::from_slice(text)
        .map_err(|error| wrong(format!("its configuration cannot be read: {error}")))?;
    let (mut saved, mut own) = (in_order(saved), in_order(own.clone()));
    copy_number(&saved, &mut own, TABLES);
    let tables = own.pointer(TABLES).and_then(Value::as_u64).unwrap_or(0);
    let Some(pages) = memory.checked_sub(tables) else {
        return Err(wrong(format!("{tables} of its {memory} bytes of memory are said to be page tables")));
    };
    for (place, bytes) in [("/layout/snapshot_size", pages), ("/memory_size", memory)] {
        if let Some(own) = own.pointer_mut(place) {
            *own = bytes.into();
        }
    }
    for place in VARYING.map(String::from).into_iter().chain(counter(&own)) {
        copy_number(&own, &mut saved, &place);
    }
    match difference("", &saved, &own) {
        None => Ok(own),
        Some(what) => Err(wrong(what)),
    }
}

/// Copies a number, in place of another one.
fn copy_number(from: &Value, to: &mut Value, place: &str) {
    if let (Some(from), Some(to)) = (from.pointer(place), to.pointer_mut(place))
        && from.is_u64()
        && to.is_u64()
    {
        to.clone_from(from);
    }
}

/// Host functions by their names: hyperlight has no order for them.
fn in_order(mut config: Value) -> Value {
    if let Some(functions) = config.get_mut("host_functions").and_then(Value::as_array_mut) {
        functions.sort_by_cached_key(Value::to_string);
    }
    config
}

/// Where the value of the time stamp counter is, which guests do not have in common. A
/// request starts with the clock that the host tells.
fn counter(config: &Value) -> Option<String> {
    let registers = config.get("msrs")?.as_array()?;
    let is_counter =
        |register: &Value| register.get("index").and_then(Value::as_u64) == Some(TIME_STAMP_COUNTER);
    Some(format!("/msrs/{}/value", registers.iter().position(is_counter)?))
}

/// Says where two values differ first, if they do. `own` bounds how deep it looks.
fn difference(place: &str, saved: &Value, own: &Value) -> Option<String> {
    let inner = |name: &str| if place.is_empty() { name.into() } else { format!("{place}.{name}") };
    match (saved, own) {
        (Value::Object(saved), Value::Object(own)) => {
            let unknown = saved.keys().find(|name| !own.contains_key(*name));
            let unknown = unknown.map(|name| format!("its `{}` is unknown here", shown(&inner(name))));
            unknown.or_else(|| {
                own.iter().find_map(|(name, own)| match saved.get(name) {
                    Some(saved) => difference(&inner(name), saved, own),
                    None => Some(format!("it has no `{}`", inner(name))),
                })
            })
        }
        (Value::Array(saved), Value::Array(own)) if saved.len() == own.len() => {
            let mut pairs = saved.iter().zip(own).enumerate();
            pairs.find_map(|(index, (saved, own))| difference(&format!("{place}[{index}]"), saved, own))
        }
        _ if saved == own => None,
        _ => Some(format!(
            "its `{place}` is {}, and that of a guest of this engine with its limits is {}",
            shown(&saved.to_string()),
            shown(&own.to_string())
        )),
    }
}

/// Text that may be anybody's, for people.
fn shown(text: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let start = text.chars().take(MAX_SHOWN).map(|c| if plain(c) { c } else { '?' });
    let more = if text.chars().nth(MAX_SHOWN).is_some() { "…" } else { "" };
    start.chain(more.chars()).collect()
}

/// A payload whose digest is right, and which no guest's state is.
fn wrong(what: String) -> Error {
    Error::snapshot(format!("its state is no guest's: {what}"))
}
