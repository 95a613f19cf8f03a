//! What `URLPattern` (URL Pattern Standard) does but matching: that is done by
//! JavaScript's regular expressions, which patterns become.

mod canonical;
mod constructor;
mod generate;
mod init;
mod parts;
mod quirks;
mod tokenizer;

use super::super::{Answer, Native, Plain, Refusal};
use alloc::{string::String, vec::Vec};
use constructor::Parsed;
use init::Purpose;
use parts::{Encode, Options, PartKind};

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("protocolOfPattern", protocol),
    ("parsePattern", parse),
    ("processPatternInit", process),
    ("compilePattern", compile),
];

/// Components of a pattern or of a URL, where they are given.
#[derive(Debug, Default)]
struct Components {
    protocol: Option<String>,
    username: Option<String>,
    password: Option<String>,
    hostname: Option<String>,
    port: Option<String>,
    pathname: Option<String>,
    search: Option<String>,
    hash: Option<String>,
}

impl Components {
    fn empty() -> Self {
        Self::of([const { Some(String::new()) }; 8])
    }

    fn of(
        [protocol, username, password, hostname, port, pathname, search, hash]: [Option<String>; 8],
    ) -> Self {
        Self { protocol, username, password, hostname, port, pathname, search, hash }
    }

    /// From a list of texts and undefined.
    fn from_plain(list: &[Plain]) -> Result<Self, Refusal> {
        let texts: Vec<_> = list.iter().map(|item| item.as_text().map(String::from)).collect();
        texts.try_into().map(Self::of).map_err(|_| Refusal::type_error("no list of components"))
    }

    fn into_plain(self) -> Plain {
        let Self { protocol, username, password, hostname, port, pathname, search, hash } = self;
        let texts = [protocol, username, password, hostname, port, pathname, search, hash];
        Plain::List(texts.into_iter().map(|text| text.map_or(Plain::Undefined, Plain::Text)).collect())
    }
}

const NO_PREFIX: Options = Options { delimiter: "", prefix: "" };
const HOSTNAME: Options = Options { delimiter: ".", prefix: "" };
const PATHNAME: Options = Options { delimiter: "/", prefix: "/" };

/// (pattern for a URL) to its protocol's regular expression, or null where it has none.
fn protocol(arguments: &[Plain]) -> Answer {
    let [Plain::Text(input)] = arguments else { return Err(Refusal::type_error("no string")) };
    match constructor::parse(input, None)? {
        Parsed::Components(_) => Ok(Plain::Null),
        Parsed::Protocol(pattern) => {
            let parts = parts::parse(&pattern, NO_PREFIX, canonical::protocol)?;
            Ok(Plain::Text(quirks::accepted(&generate::regexp(&parts, NO_PREFIX))))
        }
    }
}

/// (pattern for a URL, whether its protocol matches a special scheme) to components:
/// a list of texts, or undefined, in the order of [`Components`].
fn parse(arguments: &[Plain]) -> Answer {
    let [Plain::Text(input), Plain::Bool(special)] = arguments else {
        return Err(Refusal::type_error("no string, or no boolean"));
    };
    match constructor::parse(input, Some(*special))? {
        Parsed::Components(components) => Ok(components.into_plain()),
        Parsed::Protocol(_) => Err(Refusal::type_error("the protocol is known")),
    }
}

/// (components, base or undefined, whether they are a URL's and not a pattern's) to
/// components.
fn process(arguments: &[Plain]) -> Answer {
    let [Plain::List(given), base, Plain::Bool(url)] = arguments else {
        return Err(Refusal::type_error("no components"));
    };
    let purpose = if *url { Purpose::Url } else { Purpose::Pattern };
    init::process(&Components::from_plain(given)?, base.as_text(), purpose).map(Components::into_plain)
}

/// (component, its pattern) to `[canonical pattern, regular expression, whether it
/// has groups with regular expressions, names of groups]`.
fn compile(arguments: &[Plain]) -> Answer {
    let [Plain::Text(component), Plain::Text(pattern)] = arguments else {
        return Err(Refusal::type_error("no strings"));
    };
    let (options, encode): (Options, Encode) = match component.as_str() {
        "protocol" => (NO_PREFIX, canonical::protocol),
        "username" | "password" => (NO_PREFIX, canonical::credential),
        "hostname" if is_ipv6(pattern) => (HOSTNAME, canonical::ipv6_hostname),
        "hostname" => (HOSTNAME, canonical::hostname),
        "port" => (NO_PREFIX, canonical::port),
        "pathname" => (PATHNAME, canonical::pathname),
        "opaque pathname" => (NO_PREFIX, canonical::opaque_pathname),
        "search" => (NO_PREFIX, canonical::search),
        "hash" => (NO_PREFIX, canonical::hash),
        _ => return Err(Refusal::type_error("no component")),
    };
    let parts = parts::parse(pattern, options, encode)?;
    let names = parts.iter().filter(|part| part.kind != PartKind::FixedText);
    Ok(Plain::List(
        [
            Plain::Text(generate::pattern(&parts, options)),
            Plain::Text(quirks::accepted(&generate::regexp(&parts, options))),
            Plain::Bool(parts.iter().any(|part| part.kind == PartKind::Regexp)),
            Plain::List(names.map(|part| Plain::Text(part.name.clone())).collect()),
        ]
        .into(),
    ))
}

fn is_ipv6(pattern: &str) -> bool {
    pattern.len() > 1 && ["[", "{[", "\\["].iter().any(|start| pattern.starts_with(start))
}
