//! A table of posts.

use crate::{
    encoding::Encoding,
    reader::TableReader,
    row::{Format, Problem, Row, TableError},
};

/// A table: every row of the file is either in `rows` or in `problems`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns, each another.
    pub columns: Vec<String>,
    /// The rows that can be used, in their order.
    pub rows: Vec<Row>,
    /// The rows that cannot, in their order.
    pub problems: Vec<Problem>,
    /// How the bytes became text.
    pub encoding: Encoding,
}

impl Table {
    /// Parses the bytes of a file.
    ///
    /// # Errors
    /// [`TableError`] for a file that is no table. Rows that cannot be used are no errors but [`Table::problems`].
    pub fn parse(bytes: &[u8], format: Format) -> Result<Self, TableError> {
        let mut reader = TableReader::new(bytes, format)?;
        let mut table = Self {
            encoding: reader.encoding(),
            ..Self::default()
        };
        while let Some(row) = reader.next_row()? {
            match row {
                Ok(row) => table.rows.push(row),
                Err(problem) => table.problems.push(problem),
            }
        }
        table.columns = reader.columns();
        Ok(table)
    }

    /// Rows and problems together, in the order of the file.
    pub fn all(&self) -> impl Iterator<Item = Result<&Row, &Problem>> {
        let (mut rows, mut problems) = (self.rows.iter().peekable(), self.problems.iter().peekable());
        std::iter::from_fn(move || {
            let row = rows.peek().map_or(usize::MAX, |row| row.number);
            let problem = problems.peek().map_or(usize::MAX, |problem| problem.number);
            if row < problem {
                rows.next().map(Ok)
            } else {
                problems.next().map(Err)
            }
        })
    }
}
