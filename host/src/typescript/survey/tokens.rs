//! What tokens may be, by themselves and those next to them.

use super::levels::Seen;
use swc_ecma_parser::unstable::Token;

/// How many type arguments a token may close: the parser splits it.
pub(super) fn closes(token: Token) -> u32 {
    match token {
        Token::Gt | Token::GtEq => 1,
        Token::RShift | Token::RShiftEq => 2,
        Token::ZeroFillRShift | Token::ZeroFillRShiftEq => 3,
        _ => 0,
    }
}

/// Operators that only values have, and for which the parser loops.
pub(super) fn is_binary(token: Token) -> bool {
    matches!(
        token,
        Token::Plus
            | Token::Minus
            | Token::Asterisk
            | Token::Slash
            | Token::Percent
            | Token::Caret
            | Token::LogicalOr
            | Token::LogicalAnd
            | Token::NullishCoalescing
            | Token::EqEq
            | Token::NotEq
            | Token::EqEqEq
            | Token::NotEqEq
            | Token::LtEq
    )
}

/// Whether a bracket is that of `if (…)` and the like, after which a statement comes.
pub(super) fn heads_statement(seen: &Seen) -> bool {
    !seen.previous_property
        && matches!(seen.previous, Some(Token::If | Token::While | Token::For | Token::With | Token::Await))
}

/// Whether a token starts a statement, or an element of a class or type, whatever is before:
/// two values without an operator between them are no expression.
pub(super) fn starts_anew(seen: &Seen, statement_closed: bool) -> bool {
    if statement_closed || seen.property {
        return false;
    }
    let after_value = match seen.previous {
        Some(Token::RBrace) => true,
        Some(
            Token::Ident
            | Token::Num
            | Token::Str
            | Token::RParen
            | Token::RBracket
            | Token::This
            | Token::Null
            | Token::True
            | Token::False
            | Token::NoSubstitutionTemplateLiteral
            | Token::TemplateTail,
        ) => seen.line_break,
        _ => false,
    };
    after_value
        && matches!(
            seen.token,
            Token::Ident
                | Token::Num
                | Token::This
                | Token::Const
                | Token::Let
                | Token::Var
                | Token::Function
                | Token::Class
                | Token::If
                | Token::For
                | Token::Return
                | Token::Switch
                | Token::Try
                | Token::Throw
                | Token::Import
                | Token::Export
                | Token::Async
                | Token::Await
                | Token::Break
                | Token::Continue
                | Token::Case
                | Token::Default
                | Token::Interface
                | Token::Type
                | Token::Enum
                | Token::Declare
                | Token::Abstract
                | Token::Public
                | Token::Private
                | Token::Protected
                | Token::Static
                | Token::Readonly
                | Token::Get
                | Token::Set
                | Token::Constructor
        )
}
