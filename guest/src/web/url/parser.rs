//! The basic URL parser (URL Standard 4.4): its states up to the path.
//!
//! A state takes as much of the input as it can at once. Where the standard moves
//! its pointer back, nothing was taken.

use super::{
    encode::{USERINFO, encoded},
    host::parse_host,
    record::{Path, Url, default_port, is_drive_letter, is_special, starts_with_drive_letter},
};
use alloc::{borrow::Cow, string::String};

/// The standard's failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invalid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    SchemeStart,
    Scheme,
    NoScheme,
    SpecialRelativeOrAuthority,
    PathOrAuthority,
    Relative,
    RelativeSlash,
    SpecialAuthoritySlashes,
    SpecialAuthorityIgnoreSlashes,
    Authority,
    Host,
    Hostname,
    Port,
    File,
    FileSlash,
    FileHost,
    PathStart,
    Path,
    OpaquePath,
    Query,
    Fragment,
}

/// The state that follows, or none when all is done.
pub(super) type Next = Result<Option<State>, Invalid>;

const fn go(state: State) -> Next {
    Ok(Some(state))
}

const DONE: Next = Ok(None);

/// The URL that a text is.
pub(super) fn parse(input: &str, base: Option<&Url>) -> Option<Url> {
    let input = without_breaks(input.trim_matches(|c| c <= ' '));
    let mut url = Url::default();
    let mut parser =
        Parser { input: &input, rest: &input, url: &mut url, base, override_: false, hostname_only: false };
    parser.run(State::SchemeStart).ok()?;
    Some(url)
}

/// Parses with a state override: `url` becomes what was read until a fault.
pub(super) fn parse_into(url: &mut Url, input: &str, state: State) -> Result<(), Invalid> {
    let input = without_breaks(input);
    let hostname_only = state == State::Hostname;
    Parser { input: &input, rest: &input, url, base: None, override_: true, hostname_only }.run(state)
}

fn without_breaks(input: &str) -> Cow<'_, str> {
    let is_break = |c| matches!(c, '\t' | '\n' | '\r');
    if input.contains(is_break) { Cow::Owned(input.replace(is_break, "")) } else { Cow::Borrowed(input) }
}

pub(super) struct Parser<'a> {
    /// All of it.
    input: &'a str,
    /// What was not taken yet.
    pub(super) rest: &'a str,
    pub(super) url: &'a mut Url,
    base: Option<&'a Url>,
    /// Whether there is a state override.
    pub(super) override_: bool,
    hostname_only: bool,
}

impl<'a> Parser<'a> {
    fn run(&mut self, mut state: State) -> Result<(), Invalid> {
        while let Some(next) = self.step(state)? {
            state = next;
        }
        Ok(())
    }

    fn step(&mut self, state: State) -> Next {
        match state {
            State::SchemeStart => self.scheme_start(),
            State::Scheme => self.scheme(),
            State::NoScheme => self.no_scheme(),
            State::SpecialRelativeOrAuthority => {
                Ok(Some(if self.take("//") { State::SpecialAuthorityIgnoreSlashes } else { State::Relative }))
            }
            State::PathOrAuthority => go(if self.take("/") { State::Authority } else { State::Path }),
            State::Relative => self.relative(),
            State::RelativeSlash => self.relative_slash(),
            State::SpecialAuthoritySlashes => {
                self.take("//");
                go(State::SpecialAuthorityIgnoreSlashes)
            }
            State::SpecialAuthorityIgnoreSlashes => {
                self.rest = self.rest.trim_start_matches(['/', '\\']);
                go(State::Authority)
            }
            State::Authority => self.authority(),
            State::Host | State::Hostname => self.host(),
            State::Port => self.port(),
            State::File => self.file(),
            State::FileSlash => self.file_slash(),
            State::FileHost => self.file_host(),
            State::PathStart => self.path_start(),
            State::Path => self.path(),
            State::OpaquePath => self.opaque_path(),
            State::Query => self.query(),
            State::Fragment => self.fragment(),
        }
    }

    /// Takes `text`, if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes a slash: for special URLs a backslash is one, too.
    pub(super) fn take_slash(&mut self) -> bool {
        self.take("/") || (self.url.is_special() && self.take("\\"))
    }

    /// Takes the mark of a query or a fragment.
    pub(super) fn take_mark(&mut self) -> Option<State> {
        if self.take("?") {
            self.url.query = Some(String::new());
            Some(State::Query)
        } else if self.take("#") {
            self.url.fragment = Some(String::new());
            Some(State::Fragment)
        } else {
            None
        }
    }

    /// Takes what comes before the first character that `ends`.
    pub(super) fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(self.rest.find(ends).unwrap_or(self.rest.len()))
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn scheme_start(&mut self) -> Next {
        match self.rest.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => go(State::Scheme),
            _ if self.override_ => Err(Invalid),
            _ => go(State::NoScheme),
        }
    }

    fn scheme(&mut self) -> Next {
        let scheme = self.take_until(|c| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'));
        if !self.take(":") {
            if self.override_ {
                return Err(Invalid);
            }
            self.rest = self.input;
            return go(State::NoScheme);
        }
        let scheme = scheme.to_ascii_lowercase();
        let url = &mut *self.url;
        if self.override_ {
            let has_authority = url.has_credentials() || url.port.is_some();
            let stays = url.is_special() != is_special(&scheme)
                || (scheme == "file" && has_authority)
                || (url.is_file() && url.host.as_ref().is_none_or(String::is_empty));
            if !stays {
                url.scheme = scheme;
                url.port = url.port.filter(|port| default_port(&url.scheme) != Some(*port));
            }
            return DONE;
        }
        url.scheme = scheme;
        if url.is_file() {
            go(State::File)
        } else if url.is_special() {
            let same = self.base.is_some_and(|base| base.scheme == url.scheme);
            go(if same { State::SpecialRelativeOrAuthority } else { State::SpecialAuthoritySlashes })
        } else if self.take("/") {
            go(State::PathOrAuthority)
        } else {
            self.url.path = Path::Opaque(String::new());
            go(State::OpaquePath)
        }
    }

    fn no_scheme(&mut self) -> Next {
        let base = self.base.ok_or(Invalid)?;
        if !base.has_opaque_path() {
            return go(if base.is_file() { State::File } else { State::Relative });
        }
        if !self.take("#") {
            return Err(Invalid);
        }
        *self.url = Url { fragment: Some(String::new()), ..base.clone() };
        go(State::Fragment)
    }

    fn relative(&mut self) -> Next {
        let base = self.base.ok_or(Invalid)?;
        self.url.scheme.clone_from(&base.scheme);
        if self.take_slash() {
            return go(State::RelativeSlash);
        }
        *self.url = Url { fragment: None, ..base.clone() };
        self.onward_from_base(true)
    }

    /// The states `relative` and `file` behind what they took from the base.
    fn onward_from_base(&mut self, shorten: bool) -> Next {
        if let Some(state) = self.take_mark() {
            return go(state);
        }
        if self.rest.is_empty() {
            return DONE;
        }
        self.url.query = None;
        if shorten {
            self.url.shorten_path();
        } else {
            self.url.path = Path::default();
        }
        go(State::Path)
    }

    fn relative_slash(&mut self) -> Next {
        if self.url.is_special() && self.take_slash() {
            return go(State::SpecialAuthorityIgnoreSlashes);
        }
        if self.take("/") {
            return go(State::Authority);
        }
        let base = self.base.ok_or(Invalid)?;
        *self.url = Url { path: Path::default(), query: None, fragment: None, ..base.clone() };
        go(State::Path)
    }

    fn authority(&mut self) -> Next {
        let all = self.rest;
        let special = self.url.is_special();
        let section = self.take_until(|c| ends_authority(c, special));
        let mut host = section;
        if let Some((credentials, after)) = section.rsplit_once('@') {
            if after.is_empty() {
                return Err(Invalid);
            }
            self.set_credentials(credentials);
            host = after;
        }
        // The host's state reads from the host on.
        self.rest = all.get(section.len() - host.len()..).unwrap_or_default();
        go(State::Host)
    }

    fn set_credentials(&mut self, credentials: &str) {
        let (username, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        self.url.username = encoded(username, USERINFO);
        self.url.password = encoded(password, USERINFO);
    }

    fn host(&mut self) -> Next {
        if self.override_ && self.url.is_file() {
            return go(State::FileHost);
        }
        let special = self.url.is_special();
        let mut inside = false;
        let end = self.rest.find(|c| {
            inside = (inside || c == '[') && c != ']';
            ends_authority(c, special) || (c == ':' && !inside)
        });
        let (host, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).ok_or(Invalid)?;
        let port = rest.starts_with(':');
        if host.is_empty() {
            let keeps = self.override_ && (self.url.has_credentials() || self.url.port.is_some());
            if special || port || keeps {
                return Err(Invalid);
            }
        }
        if port && self.hostname_only {
            return Err(Invalid);
        }
        self.url.host = Some(parse_host(host, special)?);
        self.rest = rest;
        if port {
            self.take(":");
            return go(State::Port);
        }
        if self.override_ { DONE } else { go(State::PathStart) }
    }

    fn port(&mut self) -> Next {
        let digits = self.take_until(|c| !c.is_ascii_digit());
        let special = self.url.is_special();
        let ended = self.rest.chars().next().is_none_or(|c| ends_authority(c, special));
        if !ended && !self.override_ {
            return Err(Invalid);
        }
        if !digits.is_empty() {
            let significant = digits.trim_start_matches('0');
            let port = if significant.is_empty() { 0 } else { significant.parse().map_err(|_| Invalid)? };
            self.url.port = Some(port).filter(|port| default_port(&self.url.scheme) != Some(*port));
            if self.override_ {
                return DONE;
            }
        }
        if self.override_ { Err(Invalid) } else { go(State::PathStart) }
    }

    fn file(&mut self) -> Next {
        self.url.scheme = "file".into();
        self.url.host = Some(String::new());
        if self.take_slash() {
            return go(State::FileSlash);
        }
        let Some(base) = self.base.filter(|base| base.is_file()) else { return go(State::Path) };
        self.url.host.clone_from(&base.host);
        self.url.path.clone_from(&base.path);
        self.url.query.clone_from(&base.query);
        self.onward_from_base(!starts_with_drive_letter(self.rest))
    }

    fn file_slash(&mut self) -> Next {
        if self.take_slash() {
            return go(State::FileHost);
        }
        if let Some(base) = self.base.filter(|base| base.is_file()) {
            self.url.host.clone_from(&base.host);
            if !starts_with_drive_letter(self.rest)
                && let Some(drive) = base.path.drive_letter()
            {
                self.url.path.push(drive.clone());
            }
        }
        go(State::Path)
    }

    fn file_host(&mut self) -> Next {
        let all = self.rest;
        let host = self.take_until(|c| matches!(c, '/' | '\\' | '?' | '#'));
        if !self.override_ && is_drive_letter(host) {
            self.rest = all;
            return go(State::Path);
        }
        let host = if host.is_empty() { String::new() } else { parse_host(host, self.url.is_special())? };
        self.url.host = Some(if host == "localhost" { String::new() } else { host });
        if self.override_ { DONE } else { go(State::PathStart) }
    }
}

fn ends_authority(c: char, special: bool) -> bool {
    matches!(c, '/' | '?' | '#') || (special && c == '\\')
}
