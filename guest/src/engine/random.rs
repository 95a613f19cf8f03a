//! `Math.random`, drawing from a generator that the host can reseed.
//!
//! QuickJS seeds its own once per context, so all clones of a snapshot would
//! draw the same numbers.

use super::shared::Shared;
use alloc::rc::Rc;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore as _, SeedableRng as _},
};
use rquickjs::{Ctx, Function, Object, object::Property};

/// The realm's random numbers.
#[derive(Debug)]
pub(super) struct Random(ChaCha8Rng);

impl Random {
    pub(super) fn new(seed: [u8; 32]) -> Self {
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// Uniform in [0, 1), with all 53 bits of a double's precision.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double's significand exactly")]
    fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.0.next_u64() >> 11) as f64 * STEP
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
