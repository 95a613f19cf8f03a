//! What a `/` is: only the parser knows, so whoever reads without one must be sure.

use super::levels::Seen;
use swc_ecma_parser::unstable::Token;

/// What a `/` would be, were it the next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slash {
    Division,
    Regex,
    /// Either, by what the grammar around it is.
    Unclear,
}

/// What a `/` is after a token. `statement` says of a closing bracket that it ends the head of
/// a statement (`if (…)`), or a block that is one for certain.
pub(super) fn after(seen: &Seen, before: Slash, statement: bool) -> Slash {
    if seen.property {
        return Slash::Division;
    }
    match seen.token {
        Token::RParen | Token::RBrace if statement => Slash::Regex,
        Token::RParen | Token::RBracket => Slash::Division,
        Token::Ident
        | Token::Num
        | Token::Str
        | Token::BigInt
        | Token::Regex
        | Token::NoSubstitutionTemplateLiteral
        | Token::TemplateTail
        | Token::This
        | Token::Super
        | Token::Null
        | Token::True
        | Token::False => Slash::Division,
        Token::RBrace
        | Token::PlusPlus
        | Token::MinusMinus
        | Token::Yield
        | Token::Await
        | Token::Break
        | Token::Continue
        | Token::Debugger
        | Token::Let
        | Token::Module
        | Token::Of
        // The end of type arguments.
        | Token::Gt
        | Token::RShift
        | Token::ZeroFillRShift => Slash::Unclear,
        // Of a value it says that it is not null, of what follows that it is negated.
        Token::Bang if before != Slash::Regex => Slash::Unclear,
        word if word.is_known_ident() => Slash::Division,
        _ => Slash::Regex,
    }
}

/// Whether a regular expression that starts at a byte would end on its line.
pub(super) fn ends_on_line(source: &str, at: usize) -> bool {
    let rest = source.get(at.saturating_add(1)..).unwrap_or_default();
    rest.bytes().take_while(|byte| !matches!(byte, b'\n' | b'\r')).any(|byte| byte == b'/')
}
