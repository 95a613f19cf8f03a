//! What the user agent is called.

use super::{Answer, Native, Plain};
use alloc::string::ToString as _;

pub(super) const NATIVES: &[(&str, Native)] = &[("userAgent", user_agent)];

/// () to the name and version of the product.
fn user_agent(_: &[Plain]) -> Answer {
    Ok(Plain::Text(concat!("Hypercell/", env!("CARGO_PKG_VERSION")).to_string()))
}
