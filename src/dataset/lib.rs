//! Tables with a heading, in which a bad row is named by its line.
//!
//! Training and `emofuse evaluate` read their tables here; the parsing is `emofuse-posts`', as for `emofuse label`. How
//! files are written and locked stands in [`files`].

pub mod files;

use std::path::{Path, PathBuf};

use emofuse_core::{Error, LabelSet, Result, caption::written_caption};
use emofuse_posts::Format;

use self::files::read_unchanged;

/// A table, read whole: a bad row at the end must not cost the time of all rows before it.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    table: emofuse_posts::Table,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    row: &'a emofuse_posts::Row,
}

impl Table {
    /// Reads a table in the format that its name ends with, CSV where that is none; rows that cannot be used are reported
    /// by [`Table::rows`].
    ///
    /// # Errors
    /// [`Error::Io`] if the file cannot be read, [`Error::Data`] if it is no table.
    pub fn read(path: &Path) -> Result<Self> {
        let (bytes, _) = read_unchanged(path, u64::MAX).map_err(Error::io(path))?;
        let format = Format::of_name(&path.to_string_lossy()).unwrap_or(Format::Delimited(None));
        let table = emofuse_posts::Table::parse(&bytes, format).map_err(|error| Error::Data {
            path: path.into(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            path: path.into(),
            table,
        })
    }

    /// The table's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that the table's own paths start from.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }

    /// Every row, or an [`Error::Row`] in its place.
    pub fn rows(&self) -> impl Iterator<Item = Result<Row<'_>>> {
        self.table.all().map(|row| match row {
            Ok(row) => Ok(Row { table: self, row }),
            Err(problem) => Err(row_error(&self.path, problem.line, problem.reason.clone())),
        })
    }

    /// The names of the columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.table.columns
    }

    /// The place of a column, where the table has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|column| column == name)
    }

    /// The place of a column that must be there.
    ///
    /// # Errors
    /// [`Error::Row`] where it is not.
    pub fn required_column(&self, name: &str) -> Result<usize> {
        self.column(name)
            .ok_or_else(|| row_error(&self.path, 1, format!("there is no column `{name}`")))
    }

    /// The place of a column that must be there where rows are chosen by it.
    ///
    /// # Errors
    /// As [`Table::required_column`].
    pub fn filter<'a>(&self, name: &str, value: Option<&'a str>) -> Result<Option<(usize, &'a str)>> {
        value.map(|value| Ok((self.required_column(name)?, value))).transpose()
    }
}

impl<'a> Row<'a> {
    /// A cell; empty where the table has no such column.
    #[must_use]
    pub fn cell(&self, column: Option<usize>) -> &'a str {
        column
            .and_then(|column| self.row.cells.get(column))
            .map_or("", String::as_str)
    }

    /// A cell that is more than white space.
    #[must_use]
    pub fn filled(&self, column: Option<usize>) -> Option<&'a str> {
        Some(self.cell(column)).filter(|cell| !cell.trim().is_empty())
    }

    /// The caption in a cell, as it is written there; `None` if nobody wrote one: the cell is blank or has a placeholder such as
    /// `N/A`.
    #[must_use]
    pub fn caption(&self, column: Option<usize>) -> Option<&'a str> {
        Some(self.cell(column)).filter(|cell| written_caption(cell).is_some())
    }

    /// The index of the label in a cell; `None` for a blank one.
    ///
    /// # Errors
    /// [`Error::Row`] where it is not a label.
    pub fn label(&self, column: Option<usize>, labels: &LabelSet) -> Result<Option<usize>> {
        let find = |name| labels.find(name).map_err(|error| self.error(error));
        self.filled(column).map(find).transpose()
    }

    /// Labels joined by `|`: for each of [`LabelSet::primary`] whether it holds. The `none` label says that none of them
    /// does. `None` for a blank cell.
    ///
    /// # Errors
    /// [`Error::Row`] where one is not a label.
    pub fn labels(&self, column: Option<usize>, labels: &LabelSet) -> Result<Option<Vec<bool>>> {
        let Some(cell) = self.filled(column) else {
            return Ok(None);
        };
        let mut holds = vec![false; labels.len()];
        for name in cell.split('|') {
            holds[labels.find(name).map_err(|error| self.error(error))?] = true;
        }
        Ok(Some(labels.primary().map(|label| holds[label]).collect()))
    }

    /// Whether the row is among those chosen.
    #[must_use]
    pub fn passes(&self, filter: Option<(usize, &str)>) -> bool {
        filter.is_none_or(|(column, value)| self.cell(Some(column)) == value)
    }

    /// Where the row begins, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// The row's error, whatever was wrong with it.
    #[must_use]
    pub fn error(&self, reason: impl ToString) -> Error {
        row_error(&self.table.path, self.line(), reason.to_string())
    }
}

fn row_error(path: &Path, line: u64, reason: String) -> Error {
    Error::Row {
        path: path.into(),
        line,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn table(text: &[u8]) -> Table {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(text).expect("written");
        Table::read(file.path()).expect("a table")
    }

    #[test]
    fn rows_after_a_malformed_one_are_still_there() {
        let table = table(b"id,emotion\na,joy\nb,joy,fear\nc,\"never closed\nd,fear\n");
        let rows: Vec<Result<(u64, &str), String>> = table
            .rows()
            .map(|row| {
                row.map(|row| (row.line(), row.cell(Some(0))))
                    .map_err(|error| error.to_string().rsplit(": ").next().expect("a reason").to_owned())
            })
            .collect();
        assert_eq!(
            rows,
            [
                Ok((2, "a")),
                Err("it has 3 cells, the heading has 2".into()),
                Err("a quotation mark is opened and not closed; close it, or write it twice inside a cell".into()),
                Ok((5, "d"))
            ]
        );
    }

    #[test]
    fn labels_are_read_one_by_one_and_joined() {
        let table = table(b"one,many\njoy,joy|fear\n,neutral\n \t,\nbliss,joy|\n");
        let rows: Vec<Row<'_>> = table.rows().collect::<Result<_>>().expect("rows");
        let (one, many) = (table.column("one"), table.column("many"));
        let labels = LabelSet::from_names(["joy", "fear", "neutral"], Some("neutral")).expect("labels");
        let label = |row: &Row<'_>| row.label(one, &labels);
        let holds = |row: &Row<'_>| row.labels(many, &labels).expect("labels");
        assert_eq!(label(&rows[0]).expect("a label"), Some(0));
        assert_eq!(holds(&rows[0]), Some(vec![true, true]));
        assert_eq!(
            (label(&rows[1]).expect("blank"), holds(&rows[1])),
            (None, Some(vec![false, false]))
        );
        assert_eq!((label(&rows[2]).expect("blank"), holds(&rows[2])), (None, None));
        assert!(matches!(label(&rows[3]), Err(Error::Row { line: 5, .. })));
        assert!(matches!(rows[3].labels(many, &labels), Err(Error::Row { line: 5, .. })));
    }

    #[test]
    fn a_placeholder_is_no_caption() {
        let table = table(b"caption\nN/A\n so happy\n[deleted]\n\" \"\n");
        let rows: Vec<Row<'_>> = table.rows().collect::<Result<_>>().expect("rows");
        let captions: Vec<Option<&str>> = rows.iter().map(|row| row.caption(Some(0))).collect();
        assert_eq!(captions, [None, Some(" so happy"), None, None]);
        assert_eq!(rows[0].caption(None), None);
    }

    proptest! {
        #[test]
        fn no_file_makes_the_reader_panic_and_every_row_has_a_line(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
            file.write_all(&bytes).expect("written");
            let Ok(table) = Table::read(file.path()) else { return Ok(()) };
            for row in table.rows() {
                match row {
                    Ok(row) => prop_assert!(row.line() > 0),
                    Err(error) => prop_assert!(matches!(error, Error::Row { .. }), "{error}"),
                }
            }
        }
    }
}
