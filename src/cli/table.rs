//! CSV tables with a header, in which a bad row is named by its line.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use emofuse::{Error, Result};

/// A table, read whole: a bad row at the end must not cost the time of all rows before it.
pub struct Table {
    path: PathBuf,
    header: csv::StringRecord,
    records: Vec<csv::StringRecord>,
}

/// A row of a table.
pub struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl Table {
    pub fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path))?;
        let mut reader = csv::Reader::from_reader(file);
        let header = reader.headers().map_err(|error| csv_error(path, error))?.clone();
        let records = reader
            .records()
            .collect::<Result<_, _>>()
            .map_err(|error| csv_error(path, error))?;
        Ok(Self {
            path: path.into(),
            header,
            records,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }

    /// The place of a column, where the table has it.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The place of a column that must be there.
    pub fn required_column(&self, name: &str) -> Result<usize> {
        self.column(name).ok_or_else(|| Error::Row {
            path: self.path.clone(),
            line: 1,
            reason: format!("there is no column `{name}`"),
        })
    }

    /// The place of a column that must be there where rows are chosen by it.
    pub fn filter<'a>(&self, name: &str, value: Option<&'a str>) -> Result<Option<(usize, &'a str)>> {
        value.map(|value| Ok((self.required_column(name)?, value))).transpose()
    }
}

impl<'a> Row<'a> {
    /// A cell; empty where the table has no such column.
    pub fn cell(&self, column: Option<usize>) -> &'a str {
        column.and_then(|column| self.record.get(column)).unwrap_or_default()
    }

    /// Whether the row is among those chosen.
    pub fn passes(&self, filter: Option<(usize, &str)>) -> bool {
        filter.is_none_or(|(column, value)| self.cell(Some(column)) == value)
    }

    /// Where the row begins, from 1.
    pub fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The row's error, whatever was wrong with it.
    pub fn error(&self, reason: impl ToString) -> Error {
        Error::Row {
            path: self.table.path.clone(),
            line: self.line(),
            reason: reason.to_string(),
        }
    }
}

fn csv_error(path: &Path, error: csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::io(path)(source),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            row_error(path, line, format!("it has {len} cells, the header has {expected_len}"))
        }
        csv::ErrorKind::Utf8 { .. } => row_error(path, line, "it is not UTF-8".into()),
        other => row_error(path, line, format!("{other:?}")),
    }
}

fn row_error(path: &Path, line: u64, reason: String) -> Error {
    Error::Row {
        path: path.into(),
        line,
        reason,
    }
}
