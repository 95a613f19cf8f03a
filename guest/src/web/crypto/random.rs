//! Random numbers from a seed that the caller drew.

use super::{Refusal, mistake};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// The generator of one operation.
pub(super) fn generator(seed: &[u8]) -> Result<ChaCha20Rng, Refusal> {
    let seed = seed.try_into().map_err(|_| mistake("a seed that has not 32 bytes"))?;
    Ok(ChaCha20Rng::from_seed(seed))
}
