//! Pattern strings for whole URLs, to components (URL Pattern Standard 1.6).

use super::{
    super::super::Refusal,
    Components,
    tokenizer::{Kind, Policy, Token, tokenize},
};
use alloc::{string::String, vec::Vec};

/// In the order of a URL, which the comparisons below need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Init,
    Protocol,
    Authority,
    Username,
    Password,
    Hostname,
    Port,
    Pathname,
    Search,
    Hash,
    Done,
}

/// What a string comes to.
pub(super) enum Parsed {
    Components(Components),
    /// The protocol's pattern: whether it matches a special scheme decides how to go
    /// on, and only JavaScript's regular expressions can tell.
    Protocol(String),
}

/// The components that a pattern names. `special` is whether its protocol matches a
/// special scheme, when that is known.
pub(super) fn parse(input: &str, special: Option<bool>) -> Result<Parsed, Refusal> {
    let tokens = tokenize(input, Policy::Lenient)?;
    Parser {
        input,
        tokens,
        special,
        components: Components::default(),
        start: 0,
        at: 0,
        advance: 1,
        state: State::Init,
    }
    .parse()
}

struct Parser<'a> {
    input: &'a str,
    tokens: Vec<Token<'a>>,
    special: Option<bool>,
    components: Components,
    /// The component's first token.
    start: usize,
    at: usize,
    /// By how much the next step is further.
    advance: usize,
    state: State,
}

impl Parser<'_> {
    fn parse(mut self) -> Result<Parsed, Refusal> {
        let (mut groups, mut brackets) = (0_usize, 0_usize);
        while let Some(token) = self.tokens.get(self.at).copied() {
            self.advance = 1;
            match token.kind {
                Kind::End => match self.state {
                    State::Init => {
                        self.rewind();
                        let (state, skip) = self.mark().unwrap_or((State::Pathname, 0));
                        self.change(state, skip);
                    }
                    State::Authority => self.rewind_to(State::Hostname),
                    _ => {
                        self.change(State::Done, 0);
                        break;
                    }
                },
                Kind::Open => groups += 1,
                Kind::Close if groups > 0 => {
                    groups -= 1;
                    // What closes the outermost group is looked at as any token.
                    if groups == 0 && self.step(&mut brackets) {
                        return Ok(Parsed::Protocol(self.component()));
                    }
                }
                _ if groups > 0 => {}
                _ => {
                    if self.step(&mut brackets) {
                        return Ok(Parsed::Protocol(self.component()));
                    }
                }
            }
            self.at += self.advance;
        }
        if self.components.hostname.is_some() && self.components.port.is_none() {
            self.components.port = Some(String::new());
        }
        Ok(Parsed::Components(self.components))
    }

    /// Looks at a token outside of groups. True when it must be known whether the
    /// protocol matches a special scheme, and is not.
    fn step(&mut self, brackets: &mut usize) -> bool {
        match self.state {
            State::Init if self.is(0, ":") => self.rewind_to(State::Protocol),
            State::Protocol if self.is(0, ":") => {
                let Some(special) = self.special else { return true };
                let slashes = self.is(1, "/") && self.is(2, "/");
                let next = if slashes || special { State::Authority } else { State::Pathname };
                self.change(next, if slashes { 3 } else { 1 });
            }
            State::Authority if self.is(0, "@") => self.rewind_to(State::Username),
            State::Authority if self.is(0, "/") || self.mark().is_some() => self.rewind_to(State::Hostname),
            State::Username if self.is(0, ":") => self.change(State::Password, 1),
            State::Username | State::Password if self.is(0, "@") => self.change(State::Hostname, 1),
            State::Hostname if self.is(0, "[") => *brackets += 1,
            State::Hostname if self.is(0, "]") => *brackets = brackets.saturating_sub(1),
            State::Hostname if self.is(0, ":") && *brackets == 0 => self.change(State::Port, 1),
            State::Hostname | State::Port if self.is(0, "/") => self.change(State::Pathname, 0),
            State::Hostname | State::Port | State::Pathname => {
                if let Some((state, skip)) = self.mark() {
                    self.change(state, skip);
                }
            }
            State::Search if self.is(0, "#") => self.change(State::Hash, 1),
            _ => {}
        }
        false
    }

    /// The component that starts here with its mark.
    fn mark(&self) -> Option<(State, usize)> {
        if self.is(0, "#") {
            Some((State::Hash, 1))
        } else if self.is_search_prefix() {
            Some((State::Search, 1))
        } else {
            None
        }
    }

    /// Whether a token, counted from the current one, is this character without a
    /// meaning of its own.
    fn is(&self, ahead: usize, value: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| {
            token.value == value && matches!(token.kind, Kind::Char | Kind::EscapedChar | Kind::InvalidChar)
        })
    }

    /// A `?` that is no modifier.
    fn is_search_prefix(&self) -> bool {
        let previous = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        self.is(0, "?")
            || (self.tokens.get(self.at).is_some_and(|token| token.value == "?")
                && previous.is_none_or(|token| {
                    !matches!(token.kind, Kind::Name | Kind::Regexp | Kind::Close | Kind::Asterisk)
                }))
    }

    fn rewind(&mut self) {
        self.at = self.start;
        self.advance = 0;
    }

    fn rewind_to(&mut self, state: State) {
        self.rewind();
        self.state = state;
    }

    fn component(&self) -> String {
        let index = |at: usize| self.tokens.get(at).map_or(self.input.len(), |token| token.index);
        self.input.get(index(self.start)..index(self.at)).unwrap_or_default().into()
    }

    fn change(&mut self, state: State, skip: usize) {
        let text = self.component();
        let components = &mut self.components;
        let slot = match self.state {
            State::Protocol => Some(&mut components.protocol),
            State::Username => Some(&mut components.username),
            State::Password => Some(&mut components.password),
            State::Hostname => Some(&mut components.hostname),
            State::Port => Some(&mut components.port),
            State::Pathname => Some(&mut components.pathname),
            State::Search => Some(&mut components.search),
            State::Hash => Some(&mut components.hash),
            State::Init | State::Authority | State::Done => None,
        };
        if let Some(slot) = slot {
            *slot = Some(text);
        }
        // What a URL leaves out before a component that it has is empty.
        if self.state != State::Init && state != State::Done {
            if self.state <= State::Password && state >= State::Port {
                components.hostname.get_or_insert_default();
            }
            if self.state <= State::Port && state >= State::Search {
                let root = if self.special == Some(true) { "/" } else { "" };
                components.pathname.get_or_insert_with(|| root.into());
            }
            if self.state <= State::Pathname && state == State::Hash {
                components.search.get_or_insert_default();
            }
        }
        self.state = state;
        self.at += skip;
        self.start = self.at;
        self.advance = 0;
    }
}
