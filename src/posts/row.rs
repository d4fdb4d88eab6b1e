//! What a table consists of.

pub use emofuse_core::budget::MAX_COLUMNS;

/// How the file of a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Separated values; the delimiter is guessed from the heading unless it is given.
    Delimited(Option<u8>),
    /// JSON Lines, or an array of objects.
    Json,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place among all rows of the file, from 1.
    pub number: usize,
    /// The line in which it begins, from 1.
    pub line: u64,
    /// A cell for each column, without the empty ones at the end: [`Row::cell`] has those too.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell of a column; empty where the row has none.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its place among all rows of the file, from 1.
    pub number: usize,
    /// The line in which it begins, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A file that is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It has characters that no text has.
    #[error("it is not text; give a table as CSV, TSV, JSON Lines or JSON")]
    NotText,
    /// It has more than [`MAX_COLUMNS`] columns.
    #[error(
        "it has {0} columns, and at most {MAX_COLUMNS} are read; check that it is the right file, or keep the columns that are needed"
    )]
    TooManyColumns(usize),
    /// Its rows have few cells of many columns: as a table it is many times as large as the file.
    #[error(
        "its rows fill few of its {0} columns, and as a table it would be too large to be read; keep the columns that are needed"
    )]
    TooManyGaps(usize),
}

impl Format {
    /// The format that the ending of a file's name stands for; `None` for one that is no table's.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Delimited(None)),
            "tsv" | "tab" => Some(Self::Delimited(Some(b'\t'))),
            "jsonl" | "ndjson" | "json" => Some(Self::Json),
            _ => None,
        }
    }
}
