//! Lines and columns, as QuickJS counts them.

/// The line and the column of a byte of a source, both from 1. Lines end at `\n`, columns are
/// characters.
pub(super) fn of(source: &str, offset: usize) -> (u32, u32) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let column = before.chars().rev().take_while(|character| *character != '\n').count();
    let from_one = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    (from_one(line), from_one(column))
}
