//! The engine's way out on this machine.

use super::regions;
use crate::{
    platform::{Platform, SendError},
    sys::{
        libc::{malloc, time},
        machine::{control, leave},
    },
};
use core::cell::Cell;
use hypercell_common::Message;

/// See [`Platform`].
#[derive(Debug, Default)]
pub(super) struct Vm {
    /// Generation of the seed that was last handed out.
    seen_entropy: Cell<Option<u64>>,
}

impl Platform for Vm {
    fn host_call(&self, message: &Message<'_>, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
        leave::call_host(regions::write(message)?);
        // SAFETY: `reply` does not run guest code, so that nothing exits while
        // it looks at the bytes.
        reply(unsafe { regions::input() });
        Ok(())
    }

    fn fresh_entropy(&self) -> Option<[u8; 32]> {
        let generation = Some(control::entropy_generation());
        (self.seen_entropy.replace(generation) != generation).then(control::entropy)
    }

    fn now_us(&self) -> u64 {
        time::now() / 1000
    }

    fn interrupted(&self) -> bool {
        // The host stops this guest from outside, at any instruction.
        false
    }

    fn heap_peak(&self) -> u64 {
        malloc::peak()
    }
}
