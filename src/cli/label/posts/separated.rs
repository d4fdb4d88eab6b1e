//! Tables of separated cells: CSV and TSV.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use anyhow::Result;
use emofuse::{Error, table::Table};

use super::table::Sheet;
use crate::cli::label::{columns, format::unguarded};

/// What cells may be separated by; the first is taken where the heading has none of them.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a table; the separator is the one that its heading has most of, unless it is known.
pub fn read(path: &Path, separator: Option<u8>) -> Result<Sheet> {
    let separator = match separator {
        Some(separator) => separator,
        None => most_frequent(path)?,
    };
    let table = Table::read_separated(path, separator)?;
    // A table of ours has the guard against formulas in its heading too.
    let is_ours = columns::are_ours(table.columns());
    let plain = |cell: &str| if is_ours { unguarded(cell) } else { cell }.to_owned();
    Ok(Sheet {
        path: path.into(),
        columns: table.columns().map(plain).collect(),
        rows: table
            .rows()
            .map(|row| match row {
                Ok(row) => Ok(row.cells().map(plain).collect()),
                Err(Error::Row { line, reason, .. }) => Err(format!("line {line}: {reason}")),
                Err(error) => Err(error.to_string()),
            })
            .collect(),
    })
}

fn most_frequent(path: &Path) -> Result<u8> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut heading = Vec::new();
    BufReader::new(file)
        .read_until(b'\n', &mut heading)
        .map_err(Error::io(path))?;
    let count = |separator: u8| heading.iter().filter(|byte| **byte == separator).count();
    // Of several that are as frequent, the last of the turned list, which is the first.
    let most = SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator));
    Ok(most.unwrap_or(b','))
}
