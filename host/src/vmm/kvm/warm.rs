//! Making a machine of a snapshot before anyone asks for it.
//!
//! The first touch of each page costs a new VM an exit. A machine that waits for a
//! sandbox has time for that: the guest is asked to touch the pages that calls from
//! the snapshot were seen to write, and those that the snapshot holds, and is put back.

use super::{failure::Failure, shell::Shell, snapshot::State, vcpu::Left};
use crate::{
    interrupt::{CallSlot, Kick},
    monitor::{TimeLimits, Watch},
};
use hypercell_common::{Kind, Message};
use std::{io, sync::Arc, time::Duration};

/// How long touching may take. The guest in the snapshot may be anybody's.
const LIMIT: Duration = Duration::from_millis(50);

impl State {
    /// Maps this state into a clean shell and has its guest touch what calls write.
    /// After an error the shell must not be used again.
    pub(super) fn warm(&self, shell: &mut Shell) -> Result<(), Failure> {
        self.map_into(&mut shell.memory)?;
        let Some(touch) = self.touch() else { return Ok(()) };
        let body = serde_json::to_string(&touch).map_err(|e| stopped(e.to_string()))?;
        shell.vcpu.load(&self.registers);
        shell.seed()?;
        let mut message = Message::new(Kind::Touch, 0, "");
        message.body = &body;
        shell.put_message(&self.layout, &message)?;
        let slot = Arc::new(CallSlot::default());
        let limits = TimeLimits { wall: Some(LIMIT), cpu: None };
        let watch = Watch::start(slot.enter(Kick::Signal), limits).map_err(|e| stopped(e.to_string()))?;
        loop {
            if watch.must_stop() {
                return Err(stopped(format!("it took longer than {LIMIT:?}")));
            }
            match shell.vcpu.run(&shell.memory) {
                Left::Return(_) => return Ok(()),
                Left::Interrupted => {}
                other => return Err(stopped(format!("it left by {other:?}"))),
            }
        }
    }
}

fn stopped(why: String) -> Failure {
    Failure::Os { what: "warm a guest".into(), source: io::Error::other(why) }
}
