//! Reads a table row by row.

use std::collections::{HashMap, HashSet};

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
        let reader = Self {
            labelled: LabelColumns::find(&unique(&columns)),
            text,
            encoding,
            parser,
            columns,
            count: 0,
            has_escapes: false,
        };
        reader.check_columns()?;
        Ok(reader)
    }

    /// The next row, or why it cannot be used; `None` at the end. Cells of a labelled table that are escaped against formulas are
    /// as they were before. In a table of JSON a row has a cell for each column that
    /// was known by then, so cells may be missing at its end.
    ///
    /// # Errors
    /// [`TableError::TooManyColumns`], for a table of JSON, whose columns are known only at its end.
    pub fn next_row(&mut self) -> Result<Option<Result<Row, Problem>>, TableError> {
        let (line, cells) = match &mut self.parser {
            Parser::Delimited(parser) => match parser.next(&self.text) {
                Some(record) => (record.line, record.cells),
                None => return Ok(None),
            },
            Parser::Json(parser, places) => match parser.next(&self.text) {
                Some(value) => (value.line, row_of_object(value.text, &mut self.columns, places)),
                None => return Ok(None),
            },
        };
        self.check_columns()?;
        self.count += 1;
        let number = self.count;
        Ok(Some(match cells {
            Ok(mut cells) => {
                if self.labelled.as_ref().is_some_and(|columns| columns.is_escaped(&cells)) {
                    self.has_escapes = true;
                    cells.iter_mut().for_each(unescape);
                }
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

    fn check_columns(&self) -> Result<(), TableError> {
        match self.columns.len() {
            count if count > MAX_COLUMNS => Err(TableError::TooManyColumns(count)),
            _ => Ok(()),
        }
    }
}

/// The cells of an object; keys become columns in the order in which they first come.
fn row_of_object(
    text: &str,
    columns: &mut Vec<String>,
    places: &mut HashMap<String, usize>,
) -> Result<Vec<String>, String> {
    let entries = json::cells(text)?;
    let mut row = vec![String::new(); columns.len()];
    for (name, cell) in entries {
        let place = *places.entry(name).or_insert_with_key(|name| {
            columns.push(name.clone());
            columns.len() - 1
        });
        row.resize(columns.len(), String::new());
        row[place] = cell;
    }
    Ok(row)
}

/// The names of the columns, each another: one without a name is called by its number, one that comes again gets one.
fn unique(columns: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let free = |(index, column): (usize, &String)| {
        let name = match column.trim() {
            "" => format!("column {}", index + 1),
            name => name.to_owned(),
        };
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        candidates.find(|name| taken.insert(name.clone())).unwrap_or(name)
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
            prop_assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
        }
    }
}
