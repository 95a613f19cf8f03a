//! Pattern strings to lists of parts (URL Pattern Standard 2.1.3 to 2.1.5).

use super::{
    super::super::Refusal,
    tokenizer::{Kind, Policy, Token, tokenize},
};
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

/// The regular expression of a `*`.
pub(super) const FULL_WILDCARD: &str = ".*";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartKind {
    FixedText,
    Regexp,
    SegmentWildcard,
    FullWildcard,
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    pub(super) value: String,
    /// Nothing, or `?`, `*`, `+`.
    pub(super) modifier: String,
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) suffix: String,
}

/// What a component takes for segments: one ASCII character each, or nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) delimiter: &'static str,
    pub(super) prefix: &'static str,
}

impl Options {
    /// The regular expression of a group's name without one.
    pub(super) fn segment_wildcard(self) -> String {
        format!("[^{}]+?", escaped_for_regexp(self.delimiter))
    }
}

/// Escapes what has a meaning in regular expressions.
pub(super) fn escaped_for_regexp(text: &str) -> String {
    escaped(text, ".+*?^${}()[]|/\\")
}

/// Puts a backslash before each character of `special`.
pub(super) fn escaped(text: &str, special: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(c) {
            result.push('\\');
        }
        result.push(c);
    }
    result
}

/// A component's canonical form of fixed text.
pub(super) type Encode = fn(&str) -> Result<String, Refusal>;

/// The parts of a pattern.
pub(super) fn parse(input: &str, options: Options, encode: Encode) -> Result<Vec<Part>, Refusal> {
    let tokens = tokenize(input, Policy::Strict)?;
    let parser = Parser {
        input,
        tokens: &tokens,
        options,
        encode,
        parts: Vec::new(),
        names: BTreeSet::new(),
        pending: String::new(),
        next_number: 0,
    };
    parser.parse()
}

struct Parser<'a> {
    input: &'a str,
    /// What was not taken yet.
    tokens: &'a [Token<'a>],
    options: Options,
    encode: Encode,
    parts: Vec<Part>,
    /// The groups' names.
    names: BTreeSet<String>,
    /// Fixed text that is not a part yet.
    pending: String,
    /// The name of the next group without one.
    next_number: u32,
}

/// What a part is made of.
#[derive(Default)]
struct Group<'a> {
    prefix: &'a str,
    name: Option<&'a str>,
    matcher: Option<Token<'a>>,
    suffix: &'a str,
}

impl<'a> Parser<'a> {
    fn parse(mut self) -> Result<Vec<Part>, Refusal> {
        while !self.tokens.is_empty() {
            let character = self.take(Kind::Char);
            let (name, matcher) = self.take_name_and_matcher();
            if name.is_some() || matcher.is_some() {
                let mut prefix = character.map_or("", |token| token.value);
                if prefix != self.options.prefix {
                    self.pending.push_str(prefix);
                    prefix = "";
                }
                self.end_fixed_text()?;
                self.add(Group { prefix, name, matcher, suffix: "" })?;
            } else if let Some(text) = character.or_else(|| self.take(Kind::EscapedChar)) {
                self.pending.push_str(text.value);
            } else if self.take(Kind::Open).is_some() {
                let prefix = self.take_text();
                let (name, matcher) = self.take_name_and_matcher();
                let suffix = self.take_text();
                self.require(Kind::Close)?;
                self.add(Group { prefix: &prefix, name, matcher, suffix: &suffix })?;
            } else {
                self.end_fixed_text()?;
                self.require(Kind::End)?;
            }
        }
        Ok(self.parts)
    }

    fn take(&mut self, kind: Kind) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        (first.kind == kind).then(|| {
            self.tokens = rest;
            *first
        })
    }

    fn require(&mut self, kind: Kind) -> Result<(), Refusal> {
        let found = self.tokens.first().map_or("", |token| token.value);
        let problem = format!("the pattern '{}': '{found}' is not expected there", self.input);
        self.take(kind).map(|_| ()).ok_or_else(|| Refusal::type_error(problem))
    }

    /// A `*` is only taken without a name: behind one it is a modifier.
    fn take_name_and_matcher(&mut self) -> (Option<&'a str>, Option<Token<'a>>) {
        let name = self.take(Kind::Name).map(|token| token.value);
        let regexp = self.take(Kind::Regexp);
        let matcher = if name.is_none() { regexp.or_else(|| self.take(Kind::Asterisk)) } else { regexp };
        (name, matcher)
    }

    fn take_text(&mut self) -> String {
        let mut text = String::new();
        while let Some(token) = self.take(Kind::Char).or_else(|| self.take(Kind::EscapedChar)) {
            text.push_str(token.value);
        }
        text
    }

    fn end_fixed_text(&mut self) -> Result<(), Refusal> {
        let text = core::mem::take(&mut self.pending);
        self.add_fixed_text(&text, String::new())
    }

    fn add_fixed_text(&mut self, text: &str, modifier: String) -> Result<(), Refusal> {
        if !text.is_empty() {
            self.parts.push(Part {
                kind: PartKind::FixedText,
                value: (self.encode)(text)?,
                modifier,
                name: String::new(),
                prefix: String::new(),
                suffix: String::new(),
            });
        }
        Ok(())
    }

    fn add(&mut self, group: Group<'_>) -> Result<(), Refusal> {
        let modifier = self.take(Kind::OtherModifier).or_else(|| self.take(Kind::Asterisk));
        let modifier = modifier.map_or_else(String::new, |token| token.value.into());
        if group.name.is_none() && group.matcher.is_none() {
            if modifier.is_empty() {
                self.pending.push_str(group.prefix);
                return Ok(());
            }
            self.end_fixed_text()?;
            return self.add_fixed_text(group.prefix, modifier);
        }
        self.end_fixed_text()?;
        let segment = self.options.segment_wildcard();
        let regexp = match group.matcher {
            None => segment.as_str(),
            Some(token) if token.kind == Kind::Asterisk => FULL_WILDCARD,
            Some(token) => token.value,
        };
        let (kind, value) = if regexp == segment {
            (PartKind::SegmentWildcard, "")
        } else if regexp == FULL_WILDCARD {
            (PartKind::FullWildcard, "")
        } else {
            (PartKind::Regexp, regexp)
        };
        let value = value.into();
        let name: String = match group.name {
            Some(name) => name.into(),
            None => {
                self.next_number += 1;
                (self.next_number - 1).to_string()
            }
        };
        if !self.names.insert(name.clone()) {
            let problem = format!("the pattern '{}' has two groups named '{name}'", self.input);
            return Err(Refusal::type_error(problem));
        }
        let (prefix, suffix) = ((self.encode)(group.prefix)?, (self.encode)(group.suffix)?);
        self.parts.push(Part { kind, value, modifier, name, prefix, suffix });
        Ok(())
    }
}
