//! The states of the basic URL parser from the path on.

use super::{
    encode::{C0_CONTROL, FRAGMENT, PATH, QUERY, SPECIAL_QUERY, encoded},
    parser::{Next, Parser, State},
    record::{Path, is_drive_letter},
};
use alloc::string::String;

impl Parser<'_> {
    pub(super) fn path_start(&mut self) -> Next {
        if self.url.is_special() {
            self.take_slash();
            return Ok(Some(State::Path));
        }
        if !self.override_
            && let Some(state) = self.take_mark()
        {
            return Ok(Some(state));
        }
        if self.rest.is_empty() {
            if self.override_ && self.url.host.is_none() {
                self.url.path.push(String::new());
            }
            return Ok(None);
        }
        self.take_slash();
        Ok(Some(State::Path))
    }

    pub(super) fn path(&mut self) -> Next {
        let (special, override_) = (self.url.is_special(), self.override_);
        loop {
            let segment = self
                .take_until(|c| c == '/' || (special && c == '\\') || (!override_ && matches!(c, '?' | '#')));
            let more = self.take_slash();
            match dots(segment) {
                Some(2) => {
                    self.url.shorten_path();
                    if !more {
                        self.url.path.push(String::new());
                    }
                }
                Some(_) => {
                    if !more {
                        self.url.path.push(String::new());
                    }
                }
                None => {
                    let mut segment = encoded(segment, PATH);
                    if self.url.is_file() && self.url.path.first().is_none() && is_drive_letter(&segment) {
                        segment.pop();
                        segment.push(':');
                    }
                    self.url.path.push(segment);
                }
            }
            if !more {
                return Ok(if override_ { None } else { self.take_mark() });
            }
        }
    }

    pub(super) fn opaque_path(&mut self) -> Next {
        let text = self.take_until(|c| matches!(c, '?' | '#'));
        let mut path = encoded(text, C0_CONTROL);
        // Only then: the space at the end of an input is not part of it.
        if !self.rest.is_empty() && path.ends_with(' ') {
            path.pop();
            path.push_str("%20");
        }
        self.url.path = Path::Opaque(path);
        Ok(self.take_mark())
    }

    pub(super) fn query(&mut self) -> Next {
        let override_ = self.override_;
        let text = self.take_until(|c| !override_ && c == '#');
        let set = if self.url.is_special() { SPECIAL_QUERY } else { QUERY };
        self.url.query = Some(encoded(text, set));
        Ok(self.take_mark())
    }

    pub(super) fn fragment(&mut self) -> Next {
        self.url.fragment = Some(encoded(self.rest, FRAGMENT));
        Ok(None)
    }
}

/// How many dots a segment is, when it is one that the path does not keep.
fn dots(segment: &str) -> Option<usize> {
    let mut rest = segment;
    let mut dots = 0;
    while !rest.is_empty() {
        let (escape, after) = rest.split_at_checked(3).unwrap_or_default();
        rest = match rest.strip_prefix('.') {
            Some(after) => after,
            None if escape.eq_ignore_ascii_case("%2e") => after,
            None => return None,
        };
        dots += 1;
    }
    (1..=2).contains(&dots).then_some(dots)
}
