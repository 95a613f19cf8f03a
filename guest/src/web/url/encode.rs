//! The standard's percent-encode sets (URL Standard 1.3).

use alloc::string::String;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) const C0_CONTROL: &AsciiSet = CONTROLS;
pub(super) const FRAGMENT: &AsciiSet = &C0_CONTROL.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');
pub(super) const QUERY: &AsciiSet = &C0_CONTROL.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
pub(super) const SPECIAL_QUERY: &AsciiSet = &QUERY.add(b'\'');
pub(super) const PATH: &AsciiSet = &QUERY.add(b'?').add(b'^').add(b'`').add(b'{').add(b'}');
pub(super) const USERINFO: &AsciiSet =
    &PATH.add(b'/').add(b':').add(b';').add(b'=').add(b'@').add(b'[').add(b'\\').add(b']').add(b'|');
/// What forms encode, but for spaces.
pub(super) const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

pub(super) fn encoded(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).collect()
}
