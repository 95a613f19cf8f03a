//! Lines on their way to the host: indented by the open groups, cut at the cap.

use super::super::{
    output::{self, Stream},
    shared::Shared,
    wtf8,
};
use alloc::{format, rc::Rc, string::String};
use core::cell::Cell;
use hypercell_common::{Kind, Message};

/// Most bytes of one message, before the truncation mark.
pub(super) const MAX_LINE: usize = 64 << 10;

/// Most bytes of what a program prints at once.
const MAX_PROGRAM_LINE: usize = 1 << 30;

/// Most bytes of one message now.
pub(super) fn most_bytes(shared: &Shared) -> usize {
    if shared.programs.is_running() { MAX_PROGRAM_LINE } else { MAX_LINE }
}

/// Columns for each open group.
const INDENTATION: usize = 2;
/// Most columns of indentation.
const MAX_INDENTATION: usize = 1000;

pub(super) struct Printer {
    shared: Rc<Shared>,
    groups: Cell<usize>,
}

impl Printer {
    pub(super) fn new(shared: Rc<Shared>) -> Self {
        Self { shared, groups: Cell::new(0) }
    }

    /// Opens a group.
    pub(super) fn enter(&self) {
        self.groups.set(self.groups.get().saturating_add(1));
    }

    /// Closes the innermost group, if there is one.
    pub(super) fn leave(&self) {
        self.groups.set(self.groups.get().saturating_sub(1));
    }

    /// Closes all groups.
    pub(super) fn leave_all(&self) {
        self.groups.set(0);
    }

    /// Sends one message.
    pub(super) fn print(&self, level: &str, text: &str) {
        let columns = self.groups.get().saturating_mul(INDENTATION).min(MAX_INDENTATION);
        if columns == 0 {
            return self.send(level, text);
        }
        let margin = " ".repeat(columns);
        // Cut first: indentation multiplies what is before a line break.
        let most = most_bytes(&self.shared);
        let cut = wtf8::clip(text, most);
        let mut indented = String::new();
        for (at, line) in cut.split('\n').enumerate() {
            if indented.len() > most {
                break;
            }
            let separator = if at == 0 { "" } else { "\n" };
            indented.push_str(&format!("{separator}{margin}{line}"));
        }
        if cut.len() < text.len() && indented.len() <= most {
            indented.push_str(wtf8::TRUNCATED);
        }
        self.send(level, &indented);
    }

    fn send(&self, level: &str, text: &str) {
        if self.shared.programs.is_running() {
            let stream = if matches!(level, "error" | "warn") { Stream::Error } else { Stream::Output };
            return output::write(&self.shared, stream, &format!("{text}\n"));
        }
        let mut capped = String::new();
        let body = if text.len() <= MAX_LINE {
            text
        } else {
            capped.push_str(wtf8::clip(text, MAX_LINE));
            capped.push_str(wtf8::TRUNCATED);
            &capped
        };
        let message = Message { body, ..Message::new(Kind::Console, self.shared.call.get(), level) };
        // The answer is empty, and a line that the host does not take is lost.
        let _ = self.shared.platform.host_call(&message, &mut |_| ());
    }
}
