//! A captured guest as bytes: the payload of a snapshot's file. All integers are
//! little-endian.
//!
//! ```text
//! offset  size  field
//!      0     8  bytes of the configuration
//!      8     8  bytes of the memory
//!     16     8  bytes of the rings
//!     24     …  configuration: hyperlight's, JSON
//!      …     …  memory: the guest's pages, then its page tables
//!      …     …  rings: hyperlight's
//! ```
//!
//! Memory and page tables are the guest's own, which it can write; hyperlight checks
//! the rings. The configuration says all else (sizes, where the guest is entered,
//! special and model-specific registers, host functions). It is compared with that of a
//! guest which the loading engine booted itself, and that one is then used. Only the
//! sizes of memory and page tables are the file's.

use super::{
    folder::{Documents, Folder, Layer},
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
/// The longest state of rings: those of this crate have some hundred bytes.
const MAX_RINGS: u64 = 64 << 10;
/// Number of the time stamp counter among the model-specific registers (Intel SDM
/// volume 4).
const TIME_STAMP_COUNTER: u64 = 0x10;
/// Characters of a value that an error shows.
const MAX_SHOWN: usize = 60;

/// Numbers that guests of one size do not have in common, and that the file decides.
const SIZES: [&str; 3] = ["/memory_size", "/layout/snapshot_size", "/layout/pt_size"];
/// Numbers that they do not have in common, and that nothing depends on: the address of
/// the last page fault, and a count of snapshots.
const VARYING: [&str; 2] = ["/sregs/cr2", "/snapshot_generation"];

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Head {
    config: U64,
    memory: U64,
    rings: U64,
}

impl State {
    /// Writes the configuration, the memory and the rings.
    pub(super) fn save(&self, out: &mut dyn Write) -> Result<()> {
        let (folder, documents) = Folder::of(&self.snapshot)?;
        let mut memory = folder.open(&documents, Layer::Memory)?;
        let mut rings = folder.open(&documents, Layer::Transport)?;
        let config = documents.config.to_string();
        let mut put = |out: &mut dyn Write| {
            let head = Head {
                config: (config.len() as u64).into(),
                memory: memory.metadata()?.len().into(),
                rings: rings.metadata()?.len().into(),
            };
            out.write_all(head.as_bytes())?;
            out.write_all(config.as_bytes())?;
            io::copy(&mut memory, out)?;
            io::copy(&mut rings, out)
        };
        put(out).map_err(|e| Error::snapshot(format!("cannot write it: {e}")).with_source(e))?;
        Ok(())
    }

    /// Reads what [`State::save`] wrote, or somebody else. `booted` is a guest of this
    /// engine that just booted, with the memory that the saved one has.
    pub(super) fn load(booted: &Self, payload: &mut dyn Read, length: u64) -> Result<Self> {
        let mut head = Head::new_zeroed();
        let mut config = vec![];
        let read = |e: io::Error| match e.kind() {
            io::ErrorKind::UnexpectedEof => wrong(format!("{length} bytes are too few for one")),
            _ => Error::snapshot(format!("cannot read it: {e}")).with_source(e),
        };
        let mut payload = payload.take(length);
        payload.read_exact(head.as_mut_bytes()).map_err(read)?;
        head.check(length, &booted.geometry)?;
        (&mut payload).take(head.config.get()).read_to_end(&mut config).map_err(read)?;

        let documents = booted.documents()?;
        let config = taken_over(&config, &documents.config)?;
        let folder = Folder::new()?;
        folder.put(Layer::Memory, &mut payload, head.memory.get())?;
        folder.put(Layer::Transport, &mut payload, head.rings.get())?;
        let snapshot = folder.load(documents, &config)?;
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
        let (config, memory, rings) = (self.config.get(), self.memory.get(), self.rings.get());
        let room = geometry.max_mapped_pages * PAGE + geometry.scratch as u64;
        for (what, bytes, allowed) in
            [("configuration", config, MAX_CONFIG), ("memory", memory, room), ("rings", rings, MAX_RINGS)]
        {
            if bytes > allowed {
                return Err(wrong(format!(
                    "its {what} has {bytes} bytes, and at most {allowed} are possible with its limits"
                )));
            }
        }
        let expected = size_of::<Self>() as u64 + config + memory + rings;
        if expected != length {
            return Err(wrong(format!("its parts have {expected} bytes together, and there are {length}")));
        }
        Ok(())
    }
}

/// The configuration to load the guest with that `text` describes: `own`, with sizes
/// from there. All else must be the same in both.
fn taken_over(text: &[u8], own: &Value) -> Result<Value> {
    let saved: Value = serde_json::from_slice(text)
        .map_err(|error| wrong(format!("its configuration cannot be read: {error}")))?;
    let (mut saved, mut own) = (in_order(saved), in_order(own.clone()));
    for place in SIZES {
        copy_number(&saved, &mut own, place);
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
