//! The two formats of the output: how a row is written.

use anyhow::Result;
use emofuse::classifier::UncertainReason;
use emofuse_posts::{OutputColumns, csv_heading, csv_row, escape_formula};

use super::row::Cell;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    /// The line before the rows, where the format has one.
    pub fn heading(self, columns: &OutputColumns) -> String {
        match self {
            Self::Csv => csv_heading(escaped(columns, columns.names.iter().cloned())),
            Self::JsonLines => String::new(),
        }
    }

    /// A row with the line feed after it; cells that it lacks are absent.
    pub fn line(self, columns: &OutputColumns, mut cells: Vec<Cell<'_>>) -> Result<String> {
        let mark = columns.formulas_escaped.map(Cell::Truth);
        cells.resize(columns.names.len() - usize::from(mark.is_some()), Cell::Absent);
        cells.extend(mark);
        match self {
            Self::Csv => Ok(csv_row(escaped(columns, cells.into_iter().map(text)))),
            Self::JsonLines => json_line(&columns.names, &cells),
        }
    }
}

/// A cell as text: six decimals, and reasons joined by `|`.
fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Text(text) => text.to_owned(),
        Cell::Number(number) => format!("{number:.6}"),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Reasons(reasons) => joined(reasons),
    }
}

/// The cells as a CSV file with these columns has them.
fn escaped(columns: &OutputColumns, cells: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let is_escaped = columns.formulas_escaped == Some(true);
    cells.map(move |cell| {
        if is_escaped {
            escape_formula(&cell).into_owned()
        } else {
            cell
        }
    })
}

fn json_line(columns: &[String], cells: &[Cell<'_>]) -> Result<String> {
    let mut line = String::new();
    for (column, cell) in columns.iter().zip(cells) {
        line.push(if line.is_empty() { '{' } else { ',' });
        line += &serde_json::to_string(column)?;
        line.push(':');
        line += &match *cell {
            Cell::Absent => "null".into(),
            Cell::Number(_) | Cell::Truth(_) => text(*cell),
            Cell::Text(_) | Cell::Reasons(_) => serde_json::to_string(&text(*cell))?,
        };
    }
    line += "}\n";
    Ok(line)
}

/// Reasons as one text, the same in both formats: rows are flat.
fn joined(reasons: &[UncertainReason]) -> String {
    let names: Vec<&str> = reasons.iter().map(|reason| reason.name()).collect();
    names.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str], formulas_escaped: Option<bool>) -> OutputColumns {
        OutputColumns {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            formulas_escaped,
        }
    }

    const CELLS: [Cell<'static>; 4] = [
        Cell::Text("=SUM(\"a\",1)\n"),
        Cell::Absent,
        Cell::Number(0.1),
        Cell::Truth(false),
    ];

    #[test]
    fn csv_has_quotes_where_they_are_needed_and_six_decimals() {
        let columns = columns(&["id", "a,b", "confidence", "uncertain", "missing"], None);
        assert_eq!(
            Format::Csv.heading(&columns),
            "id,\"a,b\",confidence,uncertain,missing\n"
        );
        let line = Format::Csv.line(&columns, CELLS.to_vec()).expect("a line");
        assert_eq!(line, "\"=SUM(\"\"a\"\",1)\n\",,0.100000,false,\n");
    }

    #[test]
    fn formulas_are_escaped_in_cells_and_names_where_a_column_says_so() {
        let columns = columns(&["id", "=b", "confidence", "uncertain", "mark"], Some(true));
        assert_eq!(Format::Csv.heading(&columns), "id,'=b,confidence,uncertain,mark\n");
        let line = Format::Csv.line(&columns, CELLS.to_vec()).expect("a line");
        assert_eq!(line, "\"'=SUM(\"\"a\"\",1)\n\",,0.100000,false,true\n");
    }

    #[test]
    fn json_lines_have_nulls_numbers_and_truth_values() {
        let columns = columns(&["id", "a\"b", "confidence", "uncertain", "mark"], Some(false));
        assert_eq!(Format::JsonLines.heading(&columns), "");
        let line = Format::JsonLines.line(&columns, CELLS.to_vec()).expect("a line");
        let expected = "{\"id\":\"=SUM(\\\"a\\\",1)\\n\",\"a\\\"b\":null,\"confidence\":0.100000,\"uncertain\":false,\"mark\":false}\n";
        assert_eq!(line, expected);
    }
}
