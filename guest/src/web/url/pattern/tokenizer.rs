//! The tokens of pattern strings (URL Pattern Standard 2.1.2).

use super::super::super::Refusal;
use alloc::{format, vec::Vec};
use icu_properties::{
    CodePointSetData,
    props::{IdContinue, IdStart},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Regexp,
    Name,
    Char,
    EscapedChar,
    OtherModifier,
    Asterisk,
    End,
    InvalidChar,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// Where it starts in the pattern, in bytes.
    pub(super) index: usize,
    pub(super) value: &'a str,
}

/// What tokenizing does with a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    Strict,
    /// Makes it a token, [`Kind::InvalidChar`].
    Lenient,
}

/// The tokens of a pattern, with [`Kind::End`] as the last one.
pub(super) fn tokenize(input: &str, policy: Policy) -> Result<Vec<Token<'_>>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = input;
    while let Some(first) = rest.chars().next() {
        let index = input.len() - rest.len();
        let (own, after) = rest.split_at_checked(first.len_utf8()).unwrap_or((rest, ""));
        // The kind, what the token's value is, and what comes after it.
        let token = match first {
            '*' => Ok((Kind::Asterisk, own, after)),
            '+' | '?' => Ok((Kind::OtherModifier, own, after)),
            '{' => Ok((Kind::Open, own, after)),
            '}' => Ok((Kind::Close, own, after)),
            '\\' => escaped(after),
            ':' => name(after),
            '(' => regexp(after),
            _ => Ok((Kind::Char, own, after)),
        };
        let (kind, value, after) = match token {
            Ok(token) => token,
            Err(_) if policy == Policy::Lenient => (Kind::InvalidChar, own, after),
            Err(what) => {
                return Err(Refusal::type_error(format!("the pattern '{input}', at '{rest}': {what}")));
            }
        };
        tokens.push(Token { kind, index, value });
        rest = after;
    }
    tokens.push(Token { kind: Kind::End, index: input.len(), value: "" });
    Ok(tokens)
}

type Scanned<'a> = Result<(Kind, &'a str, &'a str), &'static str>;

fn escaped(after: &str) -> Scanned<'_> {
    let length = after.chars().next().ok_or("nothing follows the escape")?.len_utf8();
    let (value, after) = after.split_at_checked(length).unwrap_or((after, ""));
    Ok((Kind::EscapedChar, value, after))
}

fn name(after: &str) -> Scanned<'_> {
    let mut characters = after.char_indices();
    let end = characters.find(|(at, c)| !is_name_character(*c, *at == 0)).map_or(after.len(), |(at, _)| at);
    match after.split_at_checked(end) {
        Some((name, after)) if !name.is_empty() => Ok((Kind::Name, name, after)),
        _ => Err("a name does not start like this"),
    }
}

/// The regular expression behind its opening parenthesis.
fn regexp(after: &str) -> Scanned<'_> {
    let mut depth = 1_usize;
    let mut bytes = after.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            0x80.. => return Err("a regular expression has ASCII characters only"),
            b'?' if at == 0 => return Err("a regular expression does not start with '?'"),
            b'\\' => match bytes.next() {
                Some((_, 0..0x80)) => {}
                _ => return Err("no ASCII character follows the escape"),
            },
            b')' => {
                depth -= 1;
                if depth == 0 {
                    let (regexp, close) = after.split_at_checked(at).unwrap_or_default();
                    return match close.strip_prefix(')') {
                        Some(after) if !regexp.is_empty() => Ok((Kind::Regexp, regexp, after)),
                        _ => Err("the regular expression is empty"),
                    };
                }
            }
            b'(' => {
                depth += 1;
                if bytes.peek().is_none_or(|(_, next)| *next != b'?') {
                    return Err("a group in a regular expression captures");
                }
            }
            _ => {}
        }
    }
    Err("the regular expression does not end")
}

/// Whether a character can be in the name of a group: as in an identifier of JavaScript.
pub(super) fn is_name_character(c: char, first: bool) -> bool {
    if first {
        matches!(c, '$' | '_') || CodePointSetData::new::<IdStart>().contains(c)
    } else {
        matches!(c, '$' | '\u{200c}' | '\u{200d}') || CodePointSetData::new::<IdContinue>().contains(c)
    }
}
