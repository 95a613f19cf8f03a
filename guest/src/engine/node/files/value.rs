//! Values between `node:fs` and the file system.

use super::{
    super::super::{shared::Shared, wtf8},
    fault::{Fault, out_of_memory},
};
use crate::{
    files::{Kind, Stat},
    sys::buffer,
};
use alloc::{string::String, vec, vec::Vec};
use hypercell_common::mount::{MountKind, MountStat};
use rquickjs::{CString, Ctx, Error, FromJs, IntoJs as _, TypedArray, Value};

/// A string of guest code, with U+FFFD for each lone surrogate.
pub(super) struct Text(pub(super) String);

impl<'js> FromJs<'js> for Text {
    fn from_js(_: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<Self> {
        let text = wtf8::text_of(&value, usize::MAX);
        text.map(Self).ok_or_else(|| Error::new_from_js(value.type_name(), "string"))
    }
}

/// The device number of the files in memory; mounts have those above.
const DEVICE: u32 = 1;

/// What `stat` tells: device, mode, links, inode, size, and the times of access, change of
/// contents, change and birth.
pub(super) type Numbers = Vec<f64>;

pub(super) fn stat(stat: &Stat) -> Numbers {
    let Stat { ino, mode, links, size, times, .. } = *stat;
    let times = [times.atime, times.mtime, times.ctime, times.birthtime].map(time);
    let mut numbers = vec![f64::from(DEVICE), f64::from(mode), f64::from(links), number(ino), number(size)];
    numbers.extend(times);
    numbers
}

/// Those of what the host has: it tells one time only.
pub(super) fn mounted_stat(mount: u32, stat: &MountStat) -> Numbers {
    let MountStat { kind, size, mode, mtime_us, ino } = *stat;
    let device = f64::from(DEVICE) + 1.0 + f64::from(mount);
    let bits = match kind {
        MountKind::File => Kind::File.mode(),
        MountKind::Directory => Kind::Directory.mode(),
        MountKind::Symlink => Kind::Link.mode(),
        MountKind::Other => 0,
    };
    let mut numbers = vec![device, f64::from(bits | mode), 1.0, number(ino), number(size)];
    numbers.extend([time(mtime_us); 4]);
    numbers
}

/// A kind of directory entries as libuv counts them.
pub(super) const fn kind(kind: Kind) -> i32 {
    match kind {
        Kind::File => 1,
        Kind::Directory => 2,
        Kind::Link => 3,
    }
}

pub(super) const fn mounted_kind(kind: MountKind) -> i32 {
    match kind {
        MountKind::Other => 0,
        MountKind::File => 1,
        MountKind::Directory => 2,
        MountKind::Symlink => 3,
    }
}

#[expect(clippy::cast_precision_loss, reason = "no size and no inode is so large")]
pub(super) fn number(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "a double has microseconds for 285 years")]
fn time(microseconds: i64) -> f64 {
    microseconds as f64
}

/// A time that guest code gave.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
pub(super) fn microseconds(time: f64) -> i64 {
    time as i64
}

/// A length or an offset that guest code gave.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(super) fn bytes(number: f64) -> u64 {
    number as u64
}

/// The bytes of a string or of a `Uint8Array`.
pub(super) fn data<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> Result<Vec<u8>, Fault> {
    if let Some(string) = value.as_string() {
        // One that is not ASCII takes heap.
        let string = CString::from_string(string.clone())?;
        return Ok(wtf8::text(string.as_str().as_bytes(), usize::MAX).into_bytes());
    }
    let array = TypedArray::<u8>::from_value(value.clone())?;
    match buffer::copy(&array) {
        Some(Ok(bytes)) => Ok(bytes),
        Some(Err(_)) => Err(out_of_memory(ctx, shared).into()),
        // Detached: it has no bytes.
        None => Ok(Vec::new()),
    }
}

/// Bytes as a `Uint8Array`, or as the text that they are with U+FFFD for what is none.
pub(super) fn given<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    bytes: &[u8],
    text: bool,
) -> rquickjs::Result<Value<'js>> {
    if !text {
        return TypedArray::<u8>::new_copy(ctx.clone(), bytes).map(TypedArray::into_value);
    }
    if let Ok(text) = core::str::from_utf8(bytes) {
        return text.into_js(ctx);
    }
    let mut text = String::new();
    // A character in the place of each byte at most.
    let most = bytes.len().saturating_mul(char::REPLACEMENT_CHARACTER.len_utf8());
    text.try_reserve(most).map_err(|_| out_of_memory(ctx, shared))?;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text.into_js(ctx)
}
