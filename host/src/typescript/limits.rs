//! The bounds on what the parser is given.

/// The longest source, in bytes.
pub(super) const MAX_SOURCE: usize = 1 << 20;

/// How deep a source may be nested, in units: see [`super::survey`].
pub(super) const MAX_DEPTH: u32 = 4096;

/// What a token costs for which the parser calls itself: a bracket, a prefix operator, `=`, `?`,
/// `=>`, a keyword.
pub(super) const RECURSION: u32 = 8;

/// What a token costs that only makes the tree deeper, in a loop of the parser: `+`, `.`, a call.
pub(super) const CHAIN: u32 = 1;

/// How much reading a source may take, in units of four bytes or a token.
///
/// The slowest source found below it, of some 5 000 pairs of nestings in each other, took 1.3 s
/// (`a?async(b):c=>` 17 times and the like; 14 MB resident in the process) on a busy machine with two cores;
/// the slowest three took 1.8 to 2.6 s without optimization.
pub(super) const MAX_WORK: u64 = 3 << 20;

/// How often a bracket behind an open `<` may be read, as a power of two: the parser tries the `<`
/// as type arguments from more than one place. Five readings for each were measured, such as of
/// `(a=A<(a=A<…>)=>1>)=>1`.
pub(super) const ANGLE: u32 = 3;

/// How many threads may parse at the same time; others wait for their turn.
pub(super) const MAX_WORKERS: usize = 2;

/// The stack of a thread that parses, in bytes.
pub(super) const STACK: usize = 64 << 20;
