//! Rows of tables, and what becomes of malformed ones.

use emofuse_core::error::{Error, Result};
use emofuse_dataset::{Row, Table};
use serde::{Deserialize, Serialize};

use super::{SourceSummary, Split};

/// What becomes of a malformed row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MalformedRows {
    /// It ends the reading.
    #[default]
    Fatal,
    /// It is named in the log, counted and left out.
    Skip,
    /// It is left out: a second reading names it.
    #[serde(skip)]
    Ignore,
}

impl MalformedRows {
    /// Reads every row.
    pub(super) fn rows<T>(
        self,
        table: &Table,
        summary: &mut SourceSummary,
        mut read: impl FnMut(Row<'_>, &mut SourceSummary) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for row in table.rows() {
            match row.and_then(|row| read(row, summary)) {
                Ok(row) => rows.push(row),
                Err(error) => self.meet(error, summary)?,
            }
        }
        Ok(rows)
    }

    /// Counts what is malformed, where that is not fatal; any other error is.
    pub(super) fn meet(self, error: Error, summary: &mut SourceSummary) -> Result<()> {
        match (self, error) {
            (Self::Ignore, Error::Row { .. } | Error::Data { .. }) => Ok(()),
            (Self::Skip, error @ (Error::Row { .. } | Error::Data { .. })) => {
                tracing::warn!("left out: {error}");
                summary.malformed += 1;
                Ok(())
            }
            (_, error) => Err(error),
        }
    }
}

/// The part that a row names, or that its id falls into where it names none.
pub(super) fn split(row: Row<'_>, column: Option<usize>, id: &str) -> Result<Split> {
    match row.filled(column) {
        Some(name) => name.parse().map_err(|reason: String| row.error(reason)),
        None => Ok(Split::of_id(id)),
    }
}

/// A cell that must not be blank.
pub(super) fn required<'a>(row: Row<'a>, column: usize, name: &str) -> Result<&'a str> {
    row.filled(Some(column))
        .ok_or_else(|| row.error(format!("its {name} is blank")))
}

/// A column of labels, with that of a second label beside it.
#[derive(Clone, Copy, Debug)]
pub struct LabelColumn<'a> {
    /// The name of the column.
    pub first: &'a str,
    /// The name of the column of second labels; otherwise `FIRST_2`, if a table has it.
    pub second: Option<&'a str>,
    /// Whether a table must have the column.
    pub is_required: bool,
}

impl<'a> LabelColumn<'a> {
    /// A column that a table may lack.
    #[must_use]
    pub const fn of(first: &'a str) -> Self {
        Self {
            first,
            second: None,
            is_required: false,
        }
    }

    /// A column that every table must have.
    #[must_use]
    pub const fn required(first: &'a str) -> Self {
        Self {
            first,
            second: None,
            is_required: true,
        }
    }

    /// The places of both columns in a table.
    ///
    /// # Errors
    /// [`Error::Row`] if a column that must be there is missing.
    pub(super) fn places(&self, table: &Table) -> Result<[Option<usize>; 2]> {
        let first = if self.is_required {
            Some(table.required_column(self.first)?)
        } else {
            table.column(self.first)
        };
        let second = match self.second {
            Some(name) => Some(table.required_column(name)?),
            None => table.column(&format!("{}_2", self.first)),
        };
        Ok([first, second])
    }
}
