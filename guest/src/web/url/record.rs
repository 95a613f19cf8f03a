//! URL records (URL Standard 4.1), and what they are as text (4.5, 4.7).

use super::parser;
use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};

#[derive(Debug, Clone, Default)]
pub(super) struct Url {
    pub(super) scheme: String,
    pub(super) username: String,
    pub(super) password: String,
    /// Serialized, so that a domain is in ASCII and an IPv6 address in brackets.
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) path: Path,
    pub(super) query: Option<String>,
    pub(super) fragment: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) enum Path {
    Opaque(String),
    List(Vec<String>),
}

impl Default for Path {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Path {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Opaque(path) => path.clone(),
            Self::List(segments) => segments.iter().flat_map(|segment| ["/", segment]).collect(),
        }
    }

    pub(super) fn push(&mut self, segment: String) {
        if let Self::List(segments) = self {
            segments.push(segment);
        }
    }

    pub(super) fn first(&self) -> Option<&String> {
        match self {
            Self::Opaque(_) => None,
            Self::List(segments) => segments.first(),
        }
    }
}

impl Url {
    pub(super) fn is_special(&self) -> bool {
        is_special(&self.scheme)
    }

    pub(super) fn is_file(&self) -> bool {
        self.scheme == "file"
    }

    pub(super) fn has_opaque_path(&self) -> bool {
        matches!(self.path, Path::Opaque(_))
    }

    pub(super) fn has_credentials(&self) -> bool {
        !self.username.is_empty() || !self.password.is_empty()
    }

    pub(super) fn cannot_have_credentials_or_port(&self) -> bool {
        self.host.as_ref().is_none_or(String::is_empty) || self.is_file()
    }

    /// Drops the path's last segment, but not a Windows drive letter.
    pub(super) fn shorten_path(&mut self) {
        let file = self.is_file();
        if let Path::List(segments) = &mut self.path {
            match segments.as_slice() {
                [only] if file && is_normalized_drive_letter(only) => {}
                _ => drop(segments.pop()),
            }
        }
    }

    pub(super) fn href(&self) -> String {
        let mut text = self.protocol();
        if self.host.is_some() {
            text.push_str("//");
            if self.has_credentials() {
                text.push_str(&self.username);
                if !self.password.is_empty() {
                    text.push(':');
                    text.push_str(&self.password);
                }
                text.push('@');
            }
            text.push_str(&self.host_and_port());
        } else if let Path::List(segments) = &self.path
            && segments.len() > 1
            && segments.first().is_some_and(String::is_empty)
        {
            // The path is not to be taken for a host.
            text.push_str("/.");
        }
        text.push_str(&self.path.text());
        // Not by `search` and `hash`, which do not tell an empty one from none.
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }

    /// The serialization of the origin.
    pub(super) fn origin(&self) -> String {
        match self.scheme.as_str() {
            "http" | "https" | "ws" | "wss" | "ftp" => {
                format!("{}//{}", self.protocol(), self.host_and_port())
            }
            "blob" => parser::parse(&self.path.text(), None)
                .filter(|url| matches!(url.scheme.as_str(), "http" | "https"))
                .map_or_else(|| "null".into(), |url| url.origin()),
            _ => "null".into(),
        }
    }

    pub(super) fn protocol(&self) -> String {
        format!("{}:", self.scheme)
    }

    pub(super) fn host_and_port(&self) -> String {
        let host = self.host.as_deref().unwrap_or_default();
        self.port.map_or_else(|| host.into(), |port| format!("{host}:{port}"))
    }

    pub(super) fn port_text(&self) -> String {
        self.port.map_or_else(String::new, |port| port.to_string())
    }

    pub(super) fn search(&self) -> String {
        marked('?', self.query.as_deref())
    }

    pub(super) fn hash(&self) -> String {
        marked('#', self.fragment.as_deref())
    }
}

fn marked(mark: char, part: Option<&str>) -> String {
    match part {
        Some(part) if !part.is_empty() => format!("{mark}{part}"),
        _ => String::new(),
    }
}

pub(super) fn is_special(scheme: &str) -> bool {
    matches!(scheme, "ftp" | "file" | "http" | "https" | "ws" | "wss")
}

pub(super) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "ftp" => Some(21),
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// A letter, and `:` or `|`.
pub(super) fn is_drive_letter(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

fn is_normalized_drive_letter(text: &str) -> bool {
    is_drive_letter(text) && text.ends_with(':')
}

/// Whether a path goes on from a Windows drive letter.
pub(super) fn starts_with_drive_letter(text: &str) -> bool {
    let (drive, after) = text.split_at_checked(2).unwrap_or_default();
    is_drive_letter(drive) && matches!(after.as_bytes().first(), None | Some(b'/' | b'\\' | b'?' | b'#'))
}

impl Path {
    /// The Windows drive letter that the path begins with.
    pub(super) fn drive_letter(&self) -> Option<&String> {
        self.first().filter(|segment| is_normalized_drive_letter(segment))
    }
}
