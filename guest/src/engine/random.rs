//! Random numbers, from a seed that the host renews: `Math.random`, and bytes for
//! cryptography.
//!
//! QuickJS seeds its own generator once per context, so all clones of a snapshot
//! would draw the same numbers.

use super::shared::Shared;
use crate::web::{Answer, Plain, Refusal};
use alloc::{format, rc::Rc, vec::Vec};
use rand_chacha::{
    ChaCha8Rng, ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use rquickjs::{Ctx, Function, Object, object::Property};

/// The realm's random numbers.
#[derive(Debug)]
pub(super) struct Random {
    /// Absent as long as the host gave no seed: it has no substitute.
    secret: Option<ChaCha20Rng>,
    /// Guest code sees its state, as good as. It is seeded by the other one, so that
    /// nothing of that one can be concluded from it.
    numbers: ChaCha8Rng,
}

impl Random {
    pub(super) fn new(seed: Option<[u8; 32]>) -> Self {
        let mut secret = seed.map(ChaCha20Rng::from_seed);
        let mut seed = [0; 32];
        if let Some(secret) = &mut secret {
            secret.fill_bytes(&mut seed);
        }
        Self { secret, numbers: ChaCha8Rng::from_seed(seed) }
    }

    /// Uniform in [0, 1), with all 53 bits of a double's precision.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double's significand exactly")]
    fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.numbers.next_u64() >> 11) as f64 * STEP
    }
}

/// Replaces `Math.random`.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let math: Object<'js> = ctx.globals().get("Math")?;
    let shared = Rc::clone(shared);
    // Nothing in the closure runs guest code, so the borrow is never contended.
    let random = Function::new(ctx.clone(), move || -> f64 { shared.random.borrow_mut().unit() })?
        .with_name("random")?
        .with_length(0)?;
    math.prop("random", Property::from(random).writable().configurable())
}

/// The web platform's source of randomness: `(how many)` to as many bytes.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
pub(super) fn bytes(shared: &Shared, arguments: &[Plain]) -> Answer {
    let [Plain::Number(length)] = arguments else { return Err(Refusal::type_error("no number of bytes")) };
    let length = *length as usize;
    let failed = |message| Refusal::new("OperationError", message);
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(length)
        .map_err(|_| failed(format!("there is no memory for {length} random bytes")))?;
    bytes.resize(length, 0);
    match &mut shared.random.borrow_mut().secret {
        Some(secret) => secret.fill_bytes(&mut bytes),
        None => return Err(failed("the host gave no randomness".into())),
    }
    Ok(Plain::Bytes(bytes))
}
