//! `console.table`: rows and columns of what an object holds.

use super::{MAX_LINE, Options, Shared, inspect};
use crate::engine::{
    inspect::{Builtin, Inspector, Keys, Slot},
    wtf8,
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use rquickjs::{Array, Ctx, Error, Object, Value};
use unicode_width::UnicodeWidthStr as _;

const INDEX: &str = "(index)";
const ITERATION: &str = "(iteration index)";
const KEY: &str = "Key";
const VALUES: &str = "Values";

/// Elements shown of a list in a cell.
const MAX_IN_CELL: usize = 3;
/// Properties of an object that a cell still shows.
const FEW: usize = 2;

/// A table as text.
///
/// # Errors
/// When there is no stack or memory left to read the data.
pub(super) fn drawn<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    data: &Object<'js>,
    columns: Option<&Array<'js>>,
) -> rquickjs::Result<String> {
    let options = Options { max_array: usize::MAX, ..Options::default() };
    let reader = Inspector::new(ctx, shared, options, MAX_LINE).ok_or(Error::Unknown)?;
    let data = reader.behind_proxies(data)?.ok_or(Error::Unknown)?;
    let mut table = Table { ctx, shared, reader, head: Vec::new(), rows: Vec::new(), left: MAX_LINE };
    match table.reader.is_map_or_set(&data) {
        Some(true) => table.pairs(&data)?,
        Some(false) => table.items(&data)?,
        None => table.properties(&data, columns)?,
    }
    Ok(table.draw())
}

struct Table<'a, 'js> {
    ctx: &'a Ctx<'js>,
    shared: &'a Shared,
    reader: Inspector<'a, 'js>,
    head: Vec<String>,
    /// Cells by column.
    rows: Vec<BTreeMap<usize, String>>,
    /// Bytes that cells may still have.
    left: usize,
}

impl<'js> Table<'_, 'js> {
    fn full(&self) -> bool {
        self.left == 0 || self.shared.poll()
    }

    fn cell(&mut self, slot: Slot<'js>) -> rquickjs::Result<String> {
        let value = match slot {
            Slot::Value(value) => value,
            accessor @ Slot::Accessor { .. } => return Ok(self.reader.slot(accessor, 0)),
        };
        let mut depth = 0;
        if let Some(object) = value.as_object().filter(|object| !object.is_array() && !object.is_proxy())
            && self.reader.keys(object, Keys::Shown)?.len() > FEW
        {
            depth = -1;
        }
        let options =
            Options { depth, max_array: MAX_IN_CELL, break_length: usize::MAX, ..Options::default() };
        // One line for each row.
        Ok(self.spend(inspect(self.ctx, self.shared, &value, &options, self.left).replace('\n', " ")))
    }

    fn spend(&mut self, text: String) -> String {
        // Also an empty cell takes room.
        self.left = self.left.saturating_sub(text.len().max(1));
        text
    }

    /// The rows of a `Map`.
    fn pairs(&mut self, map: &Object<'js>) -> rquickjs::Result<()> {
        self.head = vec![ITERATION.to_string(), KEY.to_string(), VALUES.to_string()];
        for (index, entry) in
            self.taken(map, (Builtin::MapEntries, Builtin::MapNext))?.into_iter().enumerate()
        {
            if self.full() {
                break;
            }
            // The engine made this array of two.
            let Some(entry) = entry.as_object() else { continue };
            let (key, value) = (entry.get(0)?, entry.get(1)?);
            let cells = [index.to_string(), self.cell(Slot::Value(key))?, self.cell(Slot::Value(value))?];
            self.rows.push(cells.into_iter().enumerate().collect());
        }
        Ok(())
    }

    /// The rows of a `Set`.
    fn items(&mut self, set: &Object<'js>) -> rquickjs::Result<()> {
        self.head = vec![ITERATION.to_string(), VALUES.to_string()];
        for (index, value) in self.taken(set, (Builtin::SetValues, Builtin::SetNext))?.into_iter().enumerate()
        {
            if self.full() {
                break;
            }
            let cells = [index.to_string(), self.cell(Slot::Value(value))?];
            self.rows.push(cells.into_iter().enumerate().collect());
        }
        Ok(())
    }

    /// What a collection holds, as far as there is room for.
    fn taken(
        &mut self,
        collection: &Object<'js>,
        how: (Builtin, Builtin),
    ) -> rquickjs::Result<Vec<Value<'js>>> {
        let most = self.left;
        let mut taken = Vec::new();
        self.reader
            .items(collection, how, |_, item| {
                taken.push(item);
                // One that is not taken ends the walk.
                if taken.len() < most { Ok(String::new()) } else { Err(Error::Unknown) }
            })
            .map(drop)
            .or_else(|error| if taken.len() < most { Err(error) } else { Ok(()) })?;
        Ok(taken)
    }

    /// A row for each property; a column for each property of those, or for those
    /// that `wanted` names.
    fn properties(&mut self, data: &Object<'js>, wanted: Option<&Array<'js>>) -> rquickjs::Result<()> {
        self.head = vec![INDEX.to_string()];
        let mut columns = BTreeMap::new();
        let wanted = wanted.map(|wanted| self.names(wanted)).transpose()?;
        for name in wanted.iter().flatten() {
            self.column(&mut columns, name);
        }
        let mut primitives: Vec<(usize, String)> = Vec::new();
        for key in self.reader.keys(data, Keys::Shown)?.into_iter().filter(|key| key.is_string()) {
            if self.full() {
                break;
            }
            let Some(property) = self.reader.own(data, &key)? else { continue };
            let name = wtf8::text_of(&key, self.left).unwrap_or_default();
            let mut row = BTreeMap::from([(0, self.spend(name))]);
            let object = match &property.slot {
                Slot::Value(value) => value.as_object().map(|object| self.reader.behind_proxies(object)),
                Slot::Accessor { .. } => None,
            };
            match (object.transpose()?.flatten(), &wanted) {
                (Some(object), wanted) => {
                    let keys = match wanted {
                        Some(wanted) => wanted.clone(),
                        None => self.reader.keys(&object, Keys::Shown)?,
                    };
                    for key in keys.into_iter().filter(|key| key.is_string()) {
                        if self.full() {
                            break;
                        }
                        let column = self.column(&mut columns, &key);
                        if let Some(property) = self.reader.own(&object, &key)? {
                            let cell = self.cell(property.slot)?;
                            row.insert(column, cell);
                        }
                    }
                }
                (None, None) => primitives.push((self.rows.len(), self.cell(property.slot)?)),
                (None, Some(_)) => {}
            }
            self.rows.push(row);
        }
        if !primitives.is_empty() {
            let column = self.head.len();
            self.head.push(VALUES.to_string());
            for (row, cell) in primitives {
                if let Some(row) = self.rows.get_mut(row) {
                    row.insert(column, cell);
                }
            }
        }
        Ok(())
    }

    /// The strings of an array.
    fn names(&self, wanted: &Array<'js>) -> rquickjs::Result<Vec<Value<'js>>> {
        let mut names = Vec::new();
        for key in self.reader.keys(wanted.as_object(), Keys::Shown)? {
            let name = self.reader.own(wanted.as_object(), &key)?.and_then(|property| property.slot.value());
            names.extend(name.filter(Value::is_string));
        }
        Ok(names)
    }

    /// The number of a column, which is made when there is none of that name.
    fn column(&mut self, columns: &mut BTreeMap<String, usize>, key: &Value<'js>) -> usize {
        let name = wtf8::text_of(key, self.left).unwrap_or_default();
        if let Some(column) = columns.get(&name) {
            return *column;
        }
        let column = self.head.len();
        let head = self.spend(name.clone());
        self.head.push(head);
        columns.insert(name, column);
        column
    }

    fn draw(&self) -> String {
        let mut widths: Vec<usize> = self.head.iter().map(|name| name.width()).collect();
        for (column, cell) in self.rows.iter().flatten() {
            if let Some(width) = widths.get_mut(*column) {
                *width = cell.width().max(*width);
            }
        }
        let mut text = String::new();
        border(&mut text, &widths, ["┌", "┬", "┐\n"]);
        let head = self.head.iter().cloned().enumerate().collect();
        line(&mut text, &widths, &head);
        border(&mut text, &widths, ["├", "┼", "┤\n"]);
        for row in &self.rows {
            if text.len() > MAX_LINE || self.shared.poll() {
                break;
            }
            line(&mut text, &widths, row);
        }
        border(&mut text, &widths, ["└", "┴", "┘"]);
        if self.left == 0 && text.len() <= MAX_LINE {
            text.push_str(wtf8::TRUNCATED);
        }
        text
    }
}

/// A line between rows.
fn border(text: &mut String, widths: &[usize], [left, middle, right]: [&str; 3]) {
    for (column, width) in widths.iter().enumerate() {
        if text.len() > MAX_LINE {
            return;
        }
        text.push_str(if column == 0 { left } else { middle });
        text.push_str(&"─".repeat(width.saturating_add(2)));
    }
    text.push_str(right);
}

fn line(text: &mut String, widths: &[usize], cells: &BTreeMap<usize, String>) {
    for (column, width) in widths.iter().enumerate() {
        if text.len() > MAX_LINE {
            return;
        }
        let cell = cells.get(&column).map_or("", String::as_str);
        let padding = " ".repeat(width.saturating_sub(cell.width()));
        text.push_str(&format!("│ {cell}{padding} "));
    }
    text.push_str("│\n");
}
