//! The brackets that are open, and what is counted in each.

use super::super::{
    Refusal,
    limits::{ANGLE, CHAIN, MAX_DEPTH, RECURSION},
};
use super::tokens::{closes, heads_statement, is_binary, starts_anew};
use swc_ecma_parser::unstable::Token;

/// A token, and what is known of those before it.
pub(super) struct Seen {
    pub(super) at: usize,
    pub(super) token: Token,
    pub(super) previous: Option<Token>,
    /// What is before may be the end of a value.
    pub(super) operand: bool,
    /// What is before is the end of a value for certain: no `yield`, and no `as`.
    pub(super) value: bool,
    /// It is a word behind a dot.
    pub(super) property: bool,
    /// The token before is one.
    pub(super) previous_property: bool,
    pub(super) line_break: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
    Template,
}

/// What is open, counted from the last `;`, `,` or start of a statement in it.
struct Level {
    bracket: Option<Bracket>,
    at: usize,
    /// The depth of what is around it.
    base: u32,
    /// How much deeper its tokens are by now, and the most that was.
    depth: u32,
    deepest: u32,
    /// What `else if` adds, which neither `;` nor a new line ends.
    branches: u32,
    /// How often what is around it may be read, as a power of two.
    doubled: u32,
    /// `<` that may start type arguments, and have not ended.
    angles: u32,
    /// Type arguments behind a value: calls with them are read twice if something fails.
    arguments: u32,
    /// Readings ahead that last to the end of the expression.
    ahead: u32,
    /// A `?` is before.
    conditional: bool,
    /// An `extends` is before: a `?` may be that of a type.
    extends: bool,
    /// The head of a statement, or a block that is a statement for certain.
    statement: bool,
    /// Round brackets with no value in front: they may be the parameters of an arrow function.
    group: bool,
    /// The brackets of a pattern: nothing but opening brackets is before, and no value.
    pattern: bool,
}

impl Level {
    fn new(bracket: Option<Bracket>, at: usize, base: u32, doubled: u32) -> Self {
        Self {
            bracket,
            at,
            base,
            depth: 0,
            deepest: 0,
            branches: 0,
            doubled,
            angles: 0,
            arguments: 0,
            ahead: 0,
            conditional: false,
            extends: false,
            statement: false,
            group: false,
            pattern: false,
        }
    }

    fn add(&mut self, depth: u32) {
        self.depth = self.depth.saturating_add(depth);
        self.deepest = self.deepest.max(self.depth);
    }

    /// What follows is no part of what was counted.
    fn reset(&mut self) {
        self.depth = 0;
        self.angles = 0;
        self.arguments = 0;
        self.ahead = 0;
        self.conditional = false;
        self.extends = false;
    }

    fn times(&self) -> u32 {
        [self.angles, self.arguments, self.ahead].into_iter().fold(self.doubled, u32::saturating_add)
    }

    /// The depth of a token here.
    fn total(&self) -> u32 {
        self.base.saturating_add(self.depth).saturating_add(self.branches)
    }
}

pub(super) struct Levels {
    /// All but the innermost.
    outer: Vec<Level>,
    level: Level,
    statement_closed: bool,
    /// The last token closed a group.
    group_closed: bool,
}

impl Levels {
    pub(super) fn new() -> Self {
        Self {
            outer: Vec::new(),
            level: Level::new(None, 0, 0, 0),
            statement_closed: false,
            group_closed: false,
        }
    }

    /// The innermost bracket.
    pub(super) fn bracket(&self) -> Option<Bracket> {
        self.level.bracket
    }

    /// Whether the last token closed the head of a statement, or a block that is one.
    pub(super) fn closed_by_statement(&self) -> bool {
        self.statement_closed
    }

    /// All brackets must be closed at the end.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        match self.level.bracket {
            None => Ok(()),
            Some(bracket) => {
                Err(Refusal::new(self.level.at, format!("`{}` is never closed", bracket.text())))
            }
        }
    }

    /// Counts a token, and says how often it may be read.
    pub(super) fn take(&mut self, seen: &Seen) -> Result<u64, Refusal> {
        if starts_anew(seen, self.statement_closed) {
            self.level.reset();
        }
        let statement_before = std::mem::take(&mut self.statement_closed);
        let group_before = std::mem::take(&mut self.group_closed);
        // In type arguments, the second `<` starts type parameters, which have names.
        if seen.previous == Some(Token::LShift) && !seen.token.is_word() {
            self.level.angles = self.level.angles.saturating_sub(2);
        }
        match seen.token {
            Token::LParen => self.open(Bracket::Round, seen, statement_before),
            Token::LBracket => self.open(Bracket::Square, seen, statement_before),
            Token::LBrace => self.open(Bracket::Curly, seen, statement_before),
            Token::TemplateHead => {
                self.level.add(CHAIN);
                self.open(Bracket::Template, seen, statement_before);
            }
            Token::RParen => self.close(Bracket::Round, seen)?,
            Token::RBracket => self.close(Bracket::Square, seen)?,
            Token::RBrace => self.close(Bracket::Curly, seen)?,
            Token::TemplateTail => self.close(Bracket::Template, seen)?,
            Token::TemplateMiddle => self.level.reset(),
            Token::Semi => self.level.reset(),
            Token::Comma if self.level.angles == 0 => self.level.reset(),
            _ => self.count(seen, group_before),
        }
        if self.level.total() > MAX_DEPTH {
            let message = "the source is nested too deeply, or has too long an expression, up to here: give parts of it names";
            return Err(Refusal::new(seen.at, message));
        }
        Ok(1_u64.checked_shl(self.level.times()).unwrap_or(u64::MAX))
    }

    fn open(&mut self, bracket: Bracket, seen: &Seen, statement_before: bool) {
        let level = &self.level;
        // `({` where a type may be: the parser reads the pattern to its end, to see whether
        // this is the type of a function.
        let pattern = bracket == Bracket::Round && !seen.value;
        let read_ahead = bracket != Bracket::Round && level.pattern;
        let in_angles = level.angles.saturating_mul(ANGLE - 1);
        let doubled = level.times().saturating_add(in_angles).saturating_add(u32::from(read_ahead));
        let base = level.total().saturating_add(RECURSION);
        let mut inner = Level::new(Some(bracket), seen.at, base, doubled);
        inner.conditional = level.conditional;
        inner.pattern = pattern;
        inner.group = pattern && seen.previous != Some(Token::Function);
        inner.statement = match bracket {
            Bracket::Round => heads_statement(seen),
            Bracket::Curly => {
                statement_before
                    || !seen.previous_property
                        && matches!(
                            seen.previous,
                            Some(Token::Else | Token::Do | Token::Try | Token::Finally)
                        )
            }
            Bracket::Square | Bracket::Template => false,
        };
        self.outer.push(std::mem::replace(&mut self.level, inner));
    }

    fn close(&mut self, bracket: Bracket, seen: &Seen) -> Result<(), Refusal> {
        let unexpected = || Refusal::new(seen.at, format!("unexpected `{}`", bracket.closing()));
        if self.level.bracket != Some(bracket) {
            return Err(unexpected());
        }
        let outer = self.outer.pop().ok_or_else(unexpected)?;
        let inner = std::mem::replace(&mut self.level, outer);
        let deepest = inner.deepest.saturating_add(inner.branches);
        // A chain goes on from what is inside: a loop of the parser, and no call of itself.
        let depth = self.level.depth.saturating_add(CHAIN).max(deepest.saturating_add(CHAIN));
        self.level.add(depth.saturating_sub(self.level.depth));
        self.statement_closed = inner.statement;
        self.group_closed = inner.group;
        Ok(())
    }

    fn count(&mut self, seen: &Seen, group_before: bool) {
        let level = &mut self.level;
        // Modifiers may be in front of a pattern.
        if !seen.token.is_word() {
            level.pattern = false;
        }
        match seen.token {
            // Words behind dots, names and literals are leaves.
            _ if seen.property => {}
            Token::Ident | Token::Num | Token::Str | Token::BigInt | Token::Regex => {}
            Token::Dot | Token::OptionalChain => {
                level.arguments = 0;
                level.add(CHAIN);
            }
            Token::NoSubstitutionTemplateLiteral => level.add(CHAIN),
            Token::Bang if seen.operand => level.add(CHAIN),
            Token::As | Token::Satisfies if seen.operand => level.add(RECURSION),
            Token::Pipe | Token::Ampersand if seen.operand => level.add(CHAIN),
            Token::Lt | Token::LShift => {
                let opened = if seen.token == Token::Lt { 1 } else { 2 };
                level.angles = level.angles.saturating_add(opened);
                // In front of a value they are an assertion or an arrow function.
                if !seen.value {
                    level.ahead = level.ahead.saturating_add(opened);
                }
                level.add(RECURSION);
            }
            closing if level.angles > 0 && closes(closing) > 0 => {
                level.angles = level.angles.saturating_sub(closes(closing));
                level.arguments = level.arguments.saturating_add(closes(closing));
                level.add(RECURSION);
            }
            Token::QuestionMark => {
                level.conditional = true;
                // Then no type has it, so the `<` before compare.
                if !level.extends {
                    level.angles = 0;
                }
                level.add(RECURSION);
            }
            Token::Extends => {
                level.extends = true;
                level.add(RECURSION);
            }
            // A loop over `let`, or a declaration of `of`: what follows is read for both.
            Token::Of if seen.previous == Some(Token::Let) => {
                level.ahead = level.ahead.saturating_add(1);
                level.add(RECURSION);
            }
            Token::Colon => {
                // The type of an arrow function may follow: after `(b)`, and after `a ? c(b)` too.
                if group_before || level.conditional && seen.previous == Some(Token::RParen) {
                    level.ahead = level.ahead.saturating_add(1);
                }
                level.add(RECURSION);
            }
            Token::Infer => {
                level.ahead = level.ahead.saturating_add(1);
                level.add(RECURSION);
            }
            // The parser goes on from one to the next in a loop.
            Token::If if seen.previous == Some(Token::Else) => {}
            Token::Else => level.branches = level.branches.saturating_add(CHAIN * 4),
            operator if seen.operand && is_binary(operator) => {
                // No type has it, so type arguments would have ended.
                level.angles = 0;
                level.arguments = 0;
                level.add(CHAIN);
            }
            _ => level.add(RECURSION),
        }
    }
}

impl Bracket {
    fn text(self) -> &'static str {
        match self {
            Self::Round => "(",
            Self::Square => "[",
            Self::Curly => "{",
            Self::Template => "${",
        }
    }

    fn closing(self) -> &'static str {
        match self {
            Self::Round => ")",
            Self::Square => "]",
            Self::Curly | Self::Template => "}",
        }
    }
}
