//! The two formats: how a row is written, and how it is read again.

use std::borrow::Cow;

use anyhow::Result;
use emofuse::classifier::UncertainReason;

use super::columns::Cell;

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Format {
    /// The line before the rows, where the format has one.
    pub fn heading(self, columns: &[String]) -> Result<Vec<u8>> {
        match self {
            Self::Csv => csv_line(columns.iter().map(|column| guarded(column))),
            Self::JsonLines => Ok(Vec::new()),
        }
    }

    /// A row with the line feed after it.
    pub fn line(self, columns: &[String], cells: &[Cell<'_>]) -> Result<Vec<u8>> {
        match self {
            Self::Csv => csv_line(cells.iter().map(|cell| match cell {
                Cell::Absent => "".into(),
                Cell::Text(text) => guarded(text),
                Cell::Number(number) => format!("{number:.6}").into(),
                Cell::Truth(truth) => truth.to_string().into(),
                Cell::Reasons(reasons) => joined(reasons).into(),
            })),
            Self::JsonLines => json_line(columns, cells),
        }
    }
}

fn csv_line<'a>(cells: impl Iterator<Item = Cow<'a, str>>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for cell in cells {
        writer.write_field(cell.as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    Ok(writer.into_inner()?)
}

fn json_line(columns: &[String], cells: &[Cell<'_>]) -> Result<Vec<u8>> {
    let mut line = String::new();
    for (column, cell) in columns.iter().zip(cells) {
        line.push(if line.is_empty() { '{' } else { ',' });
        line += &serde_json::to_string(column)?;
        line.push(':');
        line += &match cell {
            Cell::Absent => "null".into(),
            Cell::Text(text) => serde_json::to_string(text)?,
            Cell::Number(number) => format!("{number:.6}"),
            Cell::Truth(truth) => truth.to_string(),
            Cell::Reasons(reasons) => serde_json::to_string(&joined(reasons))?,
        };
    }
    line += "}\n";
    Ok(line.into_bytes())
}

/// Reasons as one text, the same in both formats: rows are flat.
fn joined(reasons: &[UncertainReason]) -> String {
    let names: Vec<&str> = reasons.iter().map(|reason| reason.name()).collect();
    names.join("|")
}

/// A text that no spreadsheet takes for a formula: one that could be, or that has the guard already, gets a `'` in front.
fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// What it was before it was guarded.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    const CELLS: [Cell<'static>; 4] = [
        Cell::Text("=SUM(\"a\",1)\n"),
        Cell::Absent,
        Cell::Number(0.1),
        Cell::Truth(false),
    ];

    #[test]
    fn csv_has_quotes_where_they_are_needed_and_six_decimals() {
        let columns = columns(&["id", "a,b", "confidence", "uncertain"]);
        let heading = Format::Csv.heading(&columns).expect("a heading");
        let line = Format::Csv.line(&columns, &CELLS).expect("a line");
        assert_eq!(heading, b"id,\"a,b\",confidence,uncertain\n");
        assert_eq!(line, b"\"'=SUM(\"\"a\"\",1)\n\",,0.100000,false\n");
    }

    #[test]
    fn json_lines_have_nulls_numbers_and_truth_values_and_no_guard() {
        let columns = columns(&["id", "a\"b", "confidence", "uncertain"]);
        assert_eq!(Format::JsonLines.heading(&columns).expect("none"), b"");
        let line = Format::JsonLines.line(&columns, &CELLS).expect("a line");
        let expected =
            "{\"id\":\"=SUM(\\\"a\\\",1)\\n\",\"a\\\"b\":null,\"confidence\":0.100000,\"uncertain\":false}\n";
        assert_eq!(String::from_utf8(line).expect("text"), expected);
    }

    #[test]
    fn what_a_spreadsheet_takes_for_a_formula_is_guarded() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "a=1", "'", "'quoted'", " =1", "1-1"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn the_guard_is_taken_away_as_it_was_put_on(text in "['=+@\t\ra-]{0,6}") {
            let guarded = guarded(&text);
            prop_assert!(!is_formula(&guarded), "{}", guarded);
            prop_assert_eq!(unguarded(&guarded), text.as_str());
        }
    }
}
