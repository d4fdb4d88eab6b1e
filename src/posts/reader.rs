//! Reads a table row by row.

use std::collections::{HashMap, HashSet};

use emofuse_core::budget::{MAX_GAPS, MAX_GAPS_PER_BYTE};

use crate::{
    delimited::RecordParser,
    encoding::{Encoding, decode},
    json::{self, ValueParser},
    label_columns::{LabelColumns, unescape},
    row::{Format, MAX_COLUMNS, Problem, Row, TableError},
};

/// Reads a table row by row, so that a host with one thread can do other work in between.
///
/// ```
/// use emofuse_posts::{Format, TableReader};
///
/// let mut reader = TableReader::new(b"id,caption\n1,so happy\n", Format::Delimited(None))?;
/// while let Some(row) = reader.next_row()? {
///     assert_eq!(row.expect("a row that can be used").cells, ["1", "so happy"]);
/// }
/// assert_eq!(reader.columns(), ["id", "caption"]);
/// # Ok::<(), emofuse_posts::TableError>(())
/// ```
pub struct TableReader {
    text: String,
    encoding: Encoding,
    parser: Parser,
    columns: Vec<String>,
    /// Rows and problems that were read.
    count: usize,
    /// Of a labelled table of separated values, whose cells may be escaped against formulas.
    labelled: Option<LabelColumns>,
    has_escapes: bool,
    /// Empty cells before filled ones that the rows of JSON may still have.
    gaps_left: usize,
}

enum Parser {
    Delimited(RecordParser),
    /// With the columns' places by their names.
    Json(ValueParser, HashMap<String, usize>),
}

impl TableReader {
    /// A reader of a file's bytes, before the first row.
    ///
    /// # Errors
    /// [`TableError`] for a file that is no table.
    pub fn new(bytes: &[u8], format: Format) -> Result<Self, TableError> {
        let (text, encoding) = decode(bytes);
        if text.contains('\0') {
            return Err(TableError::NotText);
        }
        let text = text.into_owned();
        let mut columns = Vec::new();
        let parser = match format {
            Format::Delimited(delimiter) => {
                let mut parser = RecordParser::new(&text, delimiter);
                // The first record is a heading whatever is wrong with it.
                columns = parser
                    .next(&text)
                    .and_then(|record| record.cells.ok())
                    .unwrap_or_default();
                Parser::Delimited(parser)
            }
            Format::Json => Parser::Json(ValueParser::new(&text), HashMap::new()),
        };
        check_columns(columns.len())?;
        Ok(Self {
            labelled: LabelColumns::find(&unique(&columns)),
            gaps_left: MAX_GAPS + MAX_GAPS_PER_BYTE * text.len(),
            text,
            encoding,
            parser,
            columns,
            count: 0,
            has_escapes: false,
        })
    }

    /// The next row, or why it cannot be used; `None` at the end. Cells of a labelled table that are escaped against formulas are
    /// as they were before.
    ///
    /// # Errors
    /// [`TableError::TooManyColumns`] and [`TableError::TooManyGaps`], for a table of JSON, whose columns are known only at its end.
    pub fn next_row(&mut self) -> Result<Option<Result<Row, Problem>>, TableError> {
        let (line, cells) = match &mut self.parser {
            Parser::Delimited(parser) => match parser.next(&self.text) {
                Some(record) => (record.line, record.cells),
                None => return Ok(None),
            },
            Parser::Json(parser, places) => match parser.next(&self.text) {
                Some(value) => {
                    let entries = json::cells(value.text);
                    let cells = entries.map(|entries| row_of_entries(entries, &mut self.columns, places));
                    check_columns(self.columns.len())?;
                    (value.line, cells)
                }
                None => return Ok(None),
            },
        };
        if let (Parser::Json(..), Ok(cells)) = (&self.parser, &cells) {
            let gaps = cells.iter().filter(|cell| cell.is_empty()).count();
            let left = self.gaps_left.checked_sub(gaps);
            self.gaps_left = left.ok_or(TableError::TooManyGaps(self.columns.len()))?;
        }
        self.count += 1;
        let number = self.count;
        Ok(Some(match cells {
            Ok(mut cells) => {
                if self.labelled.as_ref().is_some_and(|columns| columns.is_escaped(&cells)) {
                    self.has_escapes = true;
                    cells.iter_mut().for_each(unescape);
                }
                let filled = cells.iter().rposition(|cell| !cell.is_empty());
                cells.truncate(filled.map_or(0, |last| last + 1));
                cells.shrink_to_fit();
                Ok(Row { number, line, cells })
            }
            Err(reason) => Err(Problem { number, line, reason }),
        }))
    }

    /// Names of the columns that are known, each another; at the end, of all.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        let mut names = unique(&self.columns);
        if self.has_escapes {
            names.iter_mut().for_each(unescape);
        }
        names
    }

    /// How the bytes became text.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The share of the file that was read, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let place = match &self.parser {
            Parser::Delimited(parser) => parser.place(),
            Parser::Json(parser, _) => parser.place(),
        };
        place as f64 / self.text.len().max(1) as f64
    }
}

fn check_columns(count: usize) -> Result<(), TableError> {
    if count > MAX_COLUMNS {
        return Err(TableError::TooManyColumns(count));
    }
    Ok(())
}

/// The cells of an object up to the last that is filled; keys become columns in the order in which they first come.
fn row_of_entries(
    entries: Vec<(String, String)>,
    columns: &mut Vec<String>,
    places: &mut HashMap<String, usize>,
) -> Vec<String> {
    let mut row = Vec::new();
    for (name, cell) in entries {
        let place = *places.entry(name).or_insert_with_key(|name| {
            columns.push(name.clone());
            columns.len() - 1
        });
        if row.len() <= place && !cell.is_empty() {
            row.resize(place + 1, String::new());
        }
        if let Some(kept) = row.get_mut(place) {
            *kept = cell;
        }
    }
    row
}

/// The names of the columns, each another: one without a name is called by its number, one that comes again gets one.
fn unique(columns: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    // By name, the number from which on one may be free: those before are taken.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let free = |(index, column): (usize, &String)| {
        let name = match column.trim() {
            "" => format!("column {}", index + 1),
            name => name.to_owned(),
        };
        if taken.insert(name.clone()) {
            return name;
        }
        let number = numbers.entry(name.clone()).or_insert(2);
        loop {
            let numbered = format!("{name} {number}");
            *number += 1;
            if taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    };
    columns.iter().enumerate().map(free).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Table;

    proptest! {
        #[test]
        fn every_row_of_a_file_is_a_row_or_a_problem(
            rows in prop::collection::vec("[a-z0-9\",; \t]{1,12}", 1..12),
            line_end in prop::sample::select(vec!["\n", "\r", "\r\n"]),
        ) {
            // Without quotation marks that close in another line, each line that is not blank is one row.
            let is_counted = |row: &&String| !row.trim().is_empty() && row.matches('"').count() == 0;
            let plain: Vec<&String> = rows.iter().filter(is_counted).collect();
            let text = format!("id,caption{line_end}{}", plain.iter().map(|row| format!("{row}{line_end}")).collect::<String>());
            let table = Table::parse(text.as_bytes(), Format::Delimited(None)).expect("a table");
            prop_assert_eq!(table.rows.len() + table.problems.len(), plain.len());
        }

        #[test]
        fn rows_and_problems_are_numbered_without_gaps(
            text in "([a-z0-9\",;:{}\\[\\] \t]{0,12}[\n\r]{1,2}){0,12}",
            format in prop::sample::select(vec![Format::Delimited(None), Format::Delimited(Some(b'\t')), Format::Json]),
        ) {
            let table = Table::parse(text.as_bytes(), format).expect("a table");
            let numbers: Vec<usize> = table.all().map(|row| row.map_or_else(|problem| problem.number, |row| row.number)).collect();
            prop_assert_eq!(numbers, (1..=table.rows.len() + table.problems.len()).collect::<Vec<_>>());
            prop_assert!(table.rows.iter().all(|row| row.cells.len() <= table.columns.len()));
        }
    }
}
