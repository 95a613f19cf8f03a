//! A program's environment, as the arguments give it.

use crate::{args::Run, report::Failed, run::read_text};
use std::{collections::BTreeMap, env, path::Path};

/// The variables: those of files first, then those of `--env`, the later over the earlier.
///
/// # Errors
/// A file that cannot be read or has a line that is none, and a name that is none.
pub(crate) fn of(arguments: &Run) -> Result<BTreeMap<String, String>, Failed> {
    let mut variables = BTreeMap::new();
    for file in &arguments.env_files {
        variables.extend(parse(file, &read_text(file)?)?);
    }
    for argument in &arguments.env {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (argument.as_str(), own(argument)?),
        };
        if name.is_empty() {
            return Err(Failed::Usage(format!("--env {argument:?} has no name before the =")));
        }
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}

/// The value of a variable of the command's own environment.
fn own(name: &str) -> Result<String, Failed> {
    env::var(name).map_err(|error| {
        Failed::Usage(format!(
            "--env {name} takes the value from the environment, where it cannot be: {error}"
        ))
    })
}

fn parse(file: &Path, text: &str) -> Result<Vec<(String, String)>, Failed> {
    let mut variables = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let refuse = |why: &str| Failed::Usage(format!("line {number} of {} {why}", file.display()));
        let (name, value) = line.split_once('=').ok_or_else(|| refuse("is not of the form NAME=VALUE"))?;
        let name = name.trim_end();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(refuse("has no name before the ="));
        }
        let value = value_of(value.trim_start()).ok_or_else(|| refuse("has a quote that does not end"))?;
        variables.push((name.to_owned(), value));
    }
    Ok(variables)
}

/// A value without its quotes, or up to a comment. Between double quotes `\n` is a line
/// break. `None` when a quote does not end.
fn value_of(text: &str) -> Option<String> {
    for quote in ['"', '\'', '`'] {
        if let Some(rest) = text.strip_prefix(quote) {
            let (value, _) = rest.split_once(quote)?;
            return Some(if quote == '"' { value.replace("\\n", "\n") } else { value.to_owned() });
        }
    }
    let value = text.split_once(" #").map_or(text, |(value, _)| value);
    Some(value.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_file_has_a_variable_in_each_line() {
        let text =
            "\u{feff}# comment\nA=1\n\nexport B = two words # comment\nC='a # b'\nD=\"x\\ny\"\nE=\nF=a#b";
        let variables = parse(Path::new("x.env"), text).unwrap();
        let expected =
            [("A", "1"), ("B", "two words"), ("C", "a # b"), ("D", "x\ny"), ("E", ""), ("F", "a#b")];
        assert_eq!(variables, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_line_that_is_none_is_told() {
        for (text, why) in [("A=1\nB", "line 2 of x.env is not"), ("=1", "no name"), ("A='x", "quote")] {
            let Err(Failed::Usage(message)) = parse(Path::new("x.env"), text) else {
                unreachable!("{text:?} parses")
            };
            assert!(message.contains(why), "{message}");
        }
    }
}
