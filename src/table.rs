//! CSV tables with a header, in which a bad row is named by its line.
//!
//! Training and the command line read their tables here.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use crate::{Emotion, Error, Result};

/// A table, read whole: a bad row at the end must not cost the time of all rows before it.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    header: csv::StringRecord,
    records: Vec<Result<csv::StringRecord, Malformed>>,
}

/// A record that is no row of the table.
#[derive(Debug)]
struct Malformed {
    line: u64,
    reason: String,
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads a table; records that are no rows are told by [`Table::rows`].
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Row`] where its header is not UTF-8.
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_separated(path, b',')
    }

    /// The same for a table whose cells are separated by something else than commas.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn read_separated(path: &Path, separator: u8) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path))?;
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(file);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                let Malformed { line, reason } = malformed(path, error)?;
                return Err(row_error(path, line, reason));
            }
        };
        let records = reader
            .into_records()
            .map(|record| match record {
                Ok(record) => Ok(Ok(record)),
                Err(error) => malformed(path, error).map(Err),
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            path: path.into(),
            header,
            records,
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
        self.records.iter().map(|record| match record {
            Ok(record) => Ok(Row { table: self, record }),
            Err(Malformed { line, reason }) => Err(row_error(&self.path, *line, reason.clone())),
        })
    }

    /// The names of all columns, in their order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.iter()
    }

    /// The place of a column, where the table has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
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
        column.and_then(|column| self.record.get(column)).unwrap_or_default()
    }

    /// All cells, in the order of the columns.
    pub fn cells(&self) -> impl Iterator<Item = &'a str> {
        self.record.iter()
    }

    /// A cell that is more than white space.
    #[must_use]
    pub fn filled(&self, column: Option<usize>) -> Option<&'a str> {
        Some(self.cell(column)).filter(|cell| !cell.trim().is_empty())
    }

    /// The label in a cell; `None` for a blank one.
    ///
    /// # Errors
    /// [`Error::Row`] where it is not a label.
    pub fn emotion(&self, column: Option<usize>) -> Result<Option<Emotion>> {
        self.filled(column)
            .map(str::parse)
            .transpose()
            .map_err(|error: Error| self.error(error))
    }

    /// Labels joined by `|`, of which `neutral` says that none of the eight holds; `None` for a blank cell.
    ///
    /// # Errors
    /// [`Error::Row`] where one is not a label.
    pub fn emotions(&self, column: Option<usize>) -> Result<Option<[bool; 8]>> {
        let Some(cell) = self.filled(column) else {
            return Ok(None);
        };
        let mut labels = [false; 8];
        for name in cell.split('|') {
            let emotion: Emotion = name.parse().map_err(|error: Error| self.error(error))?;
            if let Some(label) = labels.get_mut(emotion.index()) {
                *label = true;
            }
        }
        Ok(Some(labels))
    }

    /// Whether the row is among those chosen.
    #[must_use]
    pub fn passes(&self, filter: Option<(usize, &str)>) -> bool {
        filter.is_none_or(|(column, value)| self.cell(Some(column)) == value)
    }

    /// Where the row begins, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The row's error, whatever was wrong with it.
    #[must_use]
    pub fn error(&self, reason: impl ToString) -> Error {
        row_error(&self.table.path, self.line(), reason.to_string())
    }
}

/// What is wrong with a record; an error where the file itself cannot be read on.
fn malformed(path: &Path, error: csv::Error) -> Result<Malformed> {
    let line = error.position().map_or(0, csv::Position::line);
    let reason = match error.into_kind() {
        csv::ErrorKind::Io(source) => return Err(Error::io(path)(source)),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} cells, the header has {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".into(),
        other => format!("{other:?}"),
    };
    Ok(Malformed { line, reason })
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
        let table = table(b"id,emotion\na,joy\nb\nc,\xe9\nd,fear\n");
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
                Err("it has 1 cells, the header has 2".into()),
                Err("it is not UTF-8".into()),
                Ok((5, "d"))
            ]
        );
    }

    #[test]
    fn labels_are_read_one_by_one_and_joined() {
        let table = table(b"one,many\njoy,joy|fear\n,neutral\n \t,\nbliss,joy|\n");
        let rows: Vec<Row<'_>> = table.rows().collect::<Result<_>>().expect("rows");
        let (one, many) = (table.column("one"), table.column("many"));
        let holds = |row: &Row<'_>| row.emotions(many).expect("labels");
        assert_eq!(rows[0].emotion(one).expect("a label"), Some(Emotion::Joy));
        assert_eq!(
            holds(&rows[0]),
            Some([true, false, true, false, false, false, false, false])
        );
        assert_eq!(
            (rows[1].emotion(one).expect("blank"), holds(&rows[1])),
            (None, Some([false; 8]))
        );
        assert_eq!((rows[2].emotion(one).expect("blank"), holds(&rows[2])), (None, None));
        assert!(matches!(rows[3].emotion(one), Err(Error::Row { line: 5, .. })));
        assert!(matches!(rows[3].emotions(many), Err(Error::Row { line: 5, .. })));
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
