//! From entries to lines: on one line while they fit, in columns when they are many
//! short ones, else each on its own.

use super::Inspector;
use alloc::{format, string::String, vec::Vec};
use unicode_width::UnicodeWidthStr as _;

/// Entries of a list beyond which columns are tried.
const FEW: usize = 6;
/// Most columns.
const MAX_COLUMNS: usize = 15;
/// Columns for each level of `compact`.
const COLUMNS_PER_LEVEL: usize = 4;
/// Space that separates entries, with the comma.
const SEPARATOR: usize = 2;
/// A line has this much less room than the options give it.
const MARGIN: usize = 10;

/// What surrounds the entries of an object.
pub(super) struct Braces {
    /// Text before the opening brace, or nothing: a function, a date, an error.
    pub(super) base: String,
    /// The opening brace and what stands before it.
    pub(super) open: String,
    pub(super) close: &'static str,
}

impl Braces {
    pub(super) fn new(open: impl Into<String>, close: &'static str) -> Self {
        Self { base: String::new(), open: open.into(), close }
    }
}

/// What is known of the entries of a list.
pub(super) struct List {
    /// All elements are numbers or BigInts: they are aligned at their ends.
    pub(super) numeric: bool,
    /// The last entry tells how many are not shown.
    pub(super) cut: bool,
}

impl Inspector<'_, '_> {
    /// Joins the entries of the object at `level`.
    pub(super) fn join(
        &mut self,
        mut entries: Vec<String>,
        braces: &Braces,
        list: Option<&List>,
        level: i64,
    ) -> String {
        let content: usize = entries.iter().map(String::len).sum();
        let count = entries.len();
        let Braces { base, open, close } = braces;
        let base_gap = if base.is_empty() { "" } else { " " };
        let compact = i64::try_from(self.options.compact).unwrap_or(i64::MAX);
        let mut single = None;
        if compact > 0 {
            if let Some(list) = list.filter(|_| count > FEW) {
                entries = self.columns(entries, list);
            }
            if self.current_depth.saturating_sub(level) < compact
                && entries.len() == count
                && self.fits(
                    &entries,
                    count + self.indentation + open.chars().count() + base.chars().count() + MARGIN,
                )
                && !base.contains('\n')
                && !entries.iter().any(|entry| entry.contains('\n'))
            {
                single = Some(format!("{base}{base_gap}{open} {} {close}", entries.join(", ")));
            }
        }
        let text = single.unwrap_or_else(|| {
            let line = format!("\n{}", " ".repeat(self.indentation));
            let joined = entries.join(&format!(",{line}  "));
            format!("{base}{base_gap}{open}{line}  {joined}{line}{close}")
        });
        // The entries were counted when they were written.
        let around = text.len().saturating_sub(content);
        self.full |= around > self.left;
        self.left = self.left.saturating_sub(around);
        text
    }

    fn fits(&self, entries: &[String], start: usize) -> bool {
        let mut total = entries.len().saturating_add(start);
        if total.saturating_add(entries.len()) > self.options.break_length {
            return false;
        }
        entries.iter().all(|entry| {
            total = total.saturating_add(entry.chars().count());
            total <= self.options.break_length
        })
    }

    /// Many short entries as rows of columns, when they are short enough and of
    /// similar length.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "widths are small, and `as` saturates"
    )]
    fn columns(&self, mut entries: Vec<String>, list: &List) -> Vec<String> {
        let count = entries.len();
        let rest = if list.cut { entries.pop() } else { None };
        let widths: Vec<usize> = entries.iter().map(|entry| entry.width()).collect();
        let total: usize = widths.iter().map(|width| width + SEPARATOR).sum();
        let longest = widths.iter().copied().max().unwrap_or_default();
        let widest = longest + SEPARATOR;
        let similar = total as f64 / widest as f64 > 5.0 || longest <= 6;
        let mut columns = 1;
        if widest.saturating_mul(3).saturating_add(self.indentation) < self.options.break_length && similar {
            // A square, when a character is two and a half times as high as wide.
            let bias = libm::sqrt(widest as f64 - total as f64 / count as f64);
            let biased = (widest as f64 - 3.0 - bias).max(1.0);
            let square = libm::sqrt(2.5 * biased * entries.len() as f64) / biased;
            columns = (libm::floor(square + 0.5) as usize)
                .min(self.options.break_length.saturating_sub(self.indentation) / widest)
                .min(self.options.compact.saturating_mul(COLUMNS_PER_LEVEL))
                .min(MAX_COLUMNS);
        }
        if columns <= 1 {
            entries.extend(rest);
            return entries;
        }
        let column_widths: Vec<usize> = (0..columns)
            .map(|column| widths.iter().skip(column).step_by(columns).copied().max().unwrap_or_default())
            .collect();
        let mut rows: Vec<String> = Vec::new();
        for (cells, cell_widths) in entries.chunks(columns).zip(widths.chunks(columns)) {
            let mut row = String::new();
            let last = cells.len().saturating_sub(1);
            for (at, ((cell, width), column)) in cells.iter().zip(cell_widths).zip(&column_widths).enumerate()
            {
                let padding = " ".repeat(column.saturating_sub(*width));
                let separator = if at < last { ", " } else { "" };
                if list.numeric {
                    row.push_str(&padding);
                }
                row.push_str(cell);
                row.push_str(separator);
                if !list.numeric && at < last {
                    row.push_str(&padding);
                }
            }
            rows.push(row);
        }
        rows.extend(rest);
        rows
    }
}
