//! Lists of parts to regular expressions and pattern strings (URL Pattern Standard
//! 2.1.6 and 2.1.7).

use super::{
    parts::{FULL_WILDCARD, Options, Part, PartKind, escaped, escaped_for_regexp},
    tokenizer::is_name_character,
};
use alloc::{
    format,
    string::{String, ToString as _},
};

/// The regular expression that matches what the pattern does: a group for each part
/// with a name, in their order.
pub(super) fn regexp(parts: &[Part], options: Options) -> String {
    let mut result = "^".to_string();
    for part in parts {
        let modifier = &part.modifier;
        let piece = match part.kind {
            PartKind::FixedText if modifier.is_empty() => escaped_for_regexp(&part.value),
            PartKind::FixedText => format!("(?:{}){modifier}", escaped_for_regexp(&part.value)),
            PartKind::Regexp => group(part, &part.value),
            PartKind::SegmentWildcard => group(part, &options.segment_wildcard()),
            PartKind::FullWildcard => group(part, FULL_WILDCARD),
        };
        result.push_str(&piece);
    }
    result.push('$');
    result
}

fn group(part: &Part, value: &str) -> String {
    let modifier = &part.modifier;
    let once = matches!(modifier.as_str(), "" | "?");
    let (prefix, suffix) = (escaped_for_regexp(&part.prefix), escaped_for_regexp(&part.suffix));
    match (prefix.is_empty() && suffix.is_empty(), once) {
        (true, true) => format!("({value}){modifier}"),
        (true, false) => format!("((?:{value}){modifier})"),
        (false, true) => format!("(?:{prefix}({value}){suffix}){modifier}"),
        (false, false) => {
            let optional = if modifier == "*" { "?" } else { "" };
            format!("(?:{prefix}((?:{value})(?:{suffix}{prefix}(?:{value}))*){suffix}){optional}")
        }
    }
}

/// The pattern in its canonical form.
pub(super) fn pattern(parts: &[Part], options: Options) -> String {
    let mut result = String::new();
    let mut previous = None;
    for (at, part) in parts.iter().enumerate() {
        let next = parts.get(at + 1);
        if part.kind == PartKind::FixedText {
            let value = escaped_for_pattern(&part.value);
            result.push_str(&if part.modifier.is_empty() {
                value
            } else {
                format!("{{{value}}}{}", part.modifier)
            });
        } else {
            push_group(&mut result, part, previous, next, options);
        }
        previous = Some(part);
    }
    result
}

fn push_group(
    result: &mut String,
    part: &Part,
    previous: Option<&Part>,
    next: Option<&Part>,
    options: Options,
) {
    let named = !starts_with_digit(&part.name);
    let grouped = needs_grouping(part, previous, next, options);
    if grouped {
        result.push('{');
    }
    result.push_str(&escaped_for_pattern(&part.prefix));
    if named {
        result.push(':');
        result.push_str(&part.name);
    }
    let segment = part.kind == PartKind::SegmentWildcard;
    match part.kind {
        PartKind::Regexp => result.push_str(&format!("({})", part.value)),
        PartKind::SegmentWildcard if !named => {
            result.push_str(&format!("({})", options.segment_wildcard()));
        }
        PartKind::FullWildcard => {
            let alone =
                previous.is_none_or(|part| part.kind == PartKind::FixedText || !part.modifier.is_empty());
            let short = !named && (alone || grouped || !part.prefix.is_empty());
            result.push_str(if short { "*" } else { "(.*)" });
        }
        PartKind::FixedText | PartKind::SegmentWildcard => {}
    }
    if segment && named && part.suffix.chars().next().is_some_and(|c| is_name_character(c, false)) {
        result.push('\\');
    }
    result.push_str(&escaped_for_pattern(&part.suffix));
    if grouped {
        result.push('}');
    }
    result.push_str(&part.modifier);
}

/// Whether a group is only read as what it is between braces.
fn needs_grouping(part: &Part, previous: Option<&Part>, next: Option<&Part>, options: Options) -> bool {
    if !part.suffix.is_empty() || (!part.prefix.is_empty() && part.prefix != options.prefix) {
        return true;
    }
    if !starts_with_digit(&part.name)
        && part.kind == PartKind::SegmentWildcard
        && part.modifier.is_empty()
        && let Some(next) = next
        && next.prefix.is_empty()
        && next.suffix.is_empty()
    {
        let runs_on = if next.kind == PartKind::FixedText {
            next.value.chars().next().is_some_and(|c| is_name_character(c, false))
        } else {
            starts_with_digit(&next.name)
        };
        if runs_on {
            return true;
        }
    }
    part.prefix.is_empty()
        && !options.prefix.is_empty()
        && previous
            .is_some_and(|part| part.kind == PartKind::FixedText && part.value.ends_with(options.prefix))
}

fn starts_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

/// Escapes what has a meaning in patterns.
pub(super) fn escaped_for_pattern(text: &str) -> String {
    escaped(text, "+*?:{}()\\")
}
