//! A look at a source's tokens before the parser gets them.
//!
//! swc's parser calls itself for each level of nesting, so do the visitor and the drop of its
//! tree, and where TypeScript is ambiguous it reads on, goes back and reads again: in what is
//! nested, that doubles with each level. The survey reads the tokens once, in a loop, and adds up
//! for each
//!
//! - its *depth*: what is open around it and before it in its chain ([`levels`]);
//! - its *work*: how often it may be read ([`levels`]).
//!
//! Both are upper bounds, taken from tokens alone. That they are the parser's tokens is what they
//! rest on: they come from its lexer, brackets must match, and a `/` of which one cannot tell
//! whether it divides or starts a regular expression is refused.

mod levels;
mod slash;
mod tokens;

use super::{Refusal, limits::MAX_WORK, strip::explained};
use levels::{Bracket, Levels};
use slash::Slash;
use swc_common::{BytePos, input::StringInput};
use swc_ecma_ast::EsVersion;
use swc_ecma_parser::{
    Context, Lexer, Syntax, TsSyntax,
    input::Tokens,
    unstable::{Token, TokenAndSpan, TokenValue},
};

/// Refuses a source that the parser could take too much stack or time for.
pub(super) fn survey(source: &str) -> Result<(), Refusal> {
    Survey::new(source).run()
}

struct Survey<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    levels: Levels,
    /// The token before, and whether that was a word behind a dot.
    previous: Option<Token>,
    property: bool,
    /// What a `/` would be here.
    slash: Slash,
    work: u64,
    read: usize,
}

impl<'a> Survey<'a> {
    fn new(source: &'a str) -> Self {
        let end = BytePos(u32::try_from(source.len()).unwrap_or(u32::MAX).saturating_add(1));
        let syntax = Syntax::Typescript(TsSyntax { decorators: true, ..TsSyntax::default() });
        let input = StringInput::new(source, BytePos(1), end);
        let mut lexer = Lexer::new(syntax, EsVersion::latest(), input, None);
        lexer.set_ctx(Context::Module | Context::Strict);
        let levels = Levels::new();
        Self { source, lexer, levels, previous: None, property: false, slash: Slash::Regex, work: 0, read: 0 }
    }

    fn run(mut self) -> Result<(), Refusal> {
        let mut token = self.lexer.first_token();
        loop {
            token = self.whole(token)?;
            if token.token == Token::Eof {
                return self.levels.finish();
            }
            self.take(token)?;
            token = self.lexer.next_token();
        }
    }

    /// The token as the parser takes it: templates and regular expressions in one.
    fn whole(&mut self, token: TokenAndSpan) -> Result<TokenAndSpan, Refusal> {
        let at = start(token);
        let token = match token.token {
            Token::BackQuote => self.lexer.rescan_template_token(token.span.lo, true),
            Token::RBrace if self.levels.bracket() == Some(Bracket::Template) => {
                self.lexer.rescan_template_token(token.span.lo, false)
            }
            Token::Slash | Token::DivEq => match self.slash {
                Slash::Division => token,
                Slash::Regex => self.regex(token),
                Slash::Unclear if slash::ends_on_line(self.source, at) => {
                    let message = "this `/` may divide or start a regular expression: put the value or the expression in parentheses";
                    return Err(Refusal::new(at, message));
                }
                // A regular expression would be unterminated, which ends the parser as well.
                Slash::Unclear => token,
            },
            _ => token,
        };
        if token.token == Token::Error {
            let message = match self.lexer.take_token_value() {
                Some(TokenValue::Error(error)) => error.kind().msg().into_owned(),
                _ => "unexpected text".to_owned(),
            };
            return Err(Refusal::new(at, explained(self.source, &message)));
        }
        Ok(token)
    }

    fn regex(&mut self, slash: TokenAndSpan) -> TokenAndSpan {
        self.lexer.set_next_regexp(Some(slash.span.lo));
        let regex = self.lexer.next_token();
        self.lexer.set_next_regexp(None);
        regex
    }

    fn take(&mut self, token: TokenAndSpan) -> Result<(), Refusal> {
        let at = start(token);
        if token.token == Token::At {
            let message = "decorators are not supported, by QuickJS either: call the function on the class";
            return Err(Refusal::new(at, message));
        }
        let after_dot = matches!(self.previous, Some(Token::Dot | Token::OptionalChain | Token::Hash));
        let property = after_dot && token.token.is_word();
        let operand = self.slash == Slash::Division || self.slash == Slash::Unclear;
        let seen = levels::Seen {
            at,
            token: token.token,
            previous: self.previous,
            operand,
            value: self.slash == Slash::Division
                && (self.property || !self.previous.is_some_and(Token::is_known_ident)),
            property,
            previous_property: self.property,
            line_break: token.had_line_break,
        };
        let times = self.levels.take(&seen)?;

        // White space and comments before it are read again with it.
        let end = usize::try_from(token.span.hi.0).unwrap_or(usize::MAX).saturating_sub(1);
        let bytes = end.saturating_sub(self.read);
        self.read = end;
        let units = u64::try_from(bytes).unwrap_or(u64::MAX) / 4 + 1;
        self.work = self.work.saturating_add(units.saturating_mul(times));
        if self.work > MAX_WORK {
            let message = "too much of the source is ambiguous: type arguments, assertions and conditionals are nested in each other up to here; give parts of it names";
            return Err(Refusal::new(at, message));
        }

        self.slash = slash::after(&seen, self.slash, self.levels.closed_by_statement());
        self.previous = Some(token.token);
        self.property = property;
        Ok(())
    }
}

fn start(token: TokenAndSpan) -> usize {
    super::strip::start(token.span)
}
