//! Rows of CSV (RFC 4180), and the escape that keeps spreadsheets from taking text for a formula.

use std::borrow::Cow;

/// What a cell must not contain outside of quotation marks.
const QUOTED: &[char] = &['"', ',', '\r', '\n'];

/// The same for a heading, from which readers guess the delimiter: it shows no other one than the comma.
const QUOTED_IN_HEADING: &[char] = &['"', ',', '\r', '\n', ';', '\t', '|'];

/// A row of CSV with the line feed behind it.
///
/// U+0000, which no text file has, becomes U+FFFD.
#[must_use]
pub fn csv_row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    row(cells, QUOTED)
}

/// The row of a CSV file that names its columns; see [`csv_row`].
#[must_use]
pub fn csv_heading<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    row(names, QUOTED_IN_HEADING)
}

fn row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>, quoted: &[char]) -> String {
    let mut row = String::new();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        push_cell(&mut row, cell.as_ref(), quoted);
    }
    row.push('\n');
    row
}

fn push_cell(row: &mut String, cell: &str, quoted: &[char]) {
    let cell = if cell.contains('\0') {
        Cow::Owned(cell.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(cell)
    };
    if cell.contains(quoted) {
        row.push('"');
        row.push_str(&cell.replace('"', "\"\""));
        row.push('"');
    } else {
        row.push_str(&cell);
    }
}

/// A cell that no spreadsheet takes for a formula: what begins with `=`, `+`, `-` or `@`, of full width too, after any
/// number of `'` and `"`, gets a `'` in front. That is the cell itself, which a tab or an end of line at its beginning
/// counts for too, and what stands behind a semicolon, a tab or an end of line in it: a spreadsheet that separates cells by
/// semicolons or tabs begins a cell there.
#[must_use]
pub fn escape_formula(cell: &str) -> Cow<'_, str> {
    let mut escaped = String::new();
    let mut taken = 0;
    for start in starts(cell) {
        if begins_formula(&cell[start..], start) {
            escaped += &cell[taken..start];
            escaped.push('\'');
            taken = start;
        }
    }
    if escaped.is_empty() {
        return cell.into();
    }
    escaped += &cell[taken..];
    escaped.into()
}

/// The cell that was escaped by [`escape_formula`].
#[must_use]
pub fn unescape_formula(cell: &str) -> Cow<'_, str> {
    let mut plain = String::new();
    let mut taken = 0;
    for start in starts(cell) {
        let escaped = cell[start..].strip_prefix('\'');
        if escaped.is_some_and(|rest| begins_formula(rest, start)) {
            plain += &cell[taken..start];
            taken = start + 1;
        }
    }
    if taken == 0 {
        return cell.into();
    }
    plain += &cell[taken..];
    plain.into()
}

/// Where a spreadsheet may begin a cell.
fn starts(cell: &str) -> impl Iterator<Item = usize> {
    let behind = cell.match_indices([';', '\t', '\r', '\n']).map(|(place, _)| place + 1);
    std::iter::once(0).chain(behind)
}

/// Whether what stands at a place of a cell is taken for a formula there.
fn begins_formula(rest: &str, start: usize) -> bool {
    let rest = rest.trim_start_matches(['\'', '"']);
    rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || (start == 0 && rest.starts_with(['\t', '\r', '\n']))
}

#[cfg(test)]
mod tests {
    use emofuse_core::LabelSet;
    use proptest::prelude::*;

    use super::*;
    use crate::{Format, Formulas, LabelColumns, OutputColumns, Row, Table};

    /// Columns that are added for Plutchik's labels.
    const ADDED: usize = 29;

    /// A labelled table of these cells, as it is written.
    fn written(extra_columns: &[String], rows: &[Vec<String>], formulas: Formulas) -> String {
        let columns = OutputColumns::new(&LabelSet::plutchik(), extra_columns, formulas);
        let cell = |cell: &String| match formulas {
            Formulas::Raw => cell.clone(),
            Formulas::Escaped => escape_formula(cell).into_owned(),
        };
        let mut text = csv_heading(columns.names.iter().map(cell));
        for row in rows {
            let mark = columns.formulas_escaped.map(|is_escaped| is_escaped.to_string());
            text += &csv_row(row.iter().map(cell).chain(mark));
        }
        text
    }

    fn read(text: &str) -> Table {
        let table = Table::parse(text.as_bytes(), Format::Delimited(None)).expect("a table");
        assert!(LabelColumns::find(&table.columns).is_some(), "a labelled table");
        table
    }

    /// Cells of what goes wrong when somebody is careless, up to any text at all.
    fn cell() -> impl Strategy<Value = String> {
        let careless = "['=+@＝\t\r\n\",;|a1 \u{1f388}-]{0,8}";
        let lines = "([0-9]{1,2}(,[0-9]{1,3})?\n){0,4}";
        prop_oneof![20 => "[a-z]{0,3}", 1 => careless, 1 => lines, 1 => ".{0,12}", 1 => Just("true".to_owned())]
            .prop_map(|cell: String| cell.replace('\0', ""))
    }

    fn names() -> impl Strategy<Value = Vec<String>> {
        let name = prop_oneof![
            "['=+@;|,\"a\n-]{1,6}",
            Just("formulas_escaped".into()),
            Just("emotion".into())
        ];
        prop::collection::btree_set(name.prop_map(|name: String| name.trim().to_owned()), 0..5)
            .prop_map(|names| names.into_iter().filter(|name| !name.is_empty()).collect())
    }

    proptest! {
        #[test]
        fn any_cells_are_read_as_they_were_written(
            names in names(),
            is_escaped in any::<bool>(),
            cells in prop::collection::vec(prop::collection::vec(cell(), ADDED + 5), 1..4),
        ) {
            let formulas = if is_escaped { Formulas::Escaped } else { Formulas::Raw };
            let rows: Vec<Vec<String>> = cells
                .into_iter()
                .zip(1..)
                .map(|(row, number)| {
                    let cells = row.into_iter().skip(1).take(ADDED + names.len() - 1);
                    std::iter::once(number.to_string()).chain(cells).collect()
                })
                .collect();
            let table = read(&written(&names, &rows, formulas));
            prop_assert_eq!(&table.columns[ADDED..][..names.len()], &names[..]);
            prop_assert_eq!(&table.problems, &[]);
            let cells = |row: &Row| (0..ADDED + names.len()).map(|column| row.cell(column).to_owned()).collect();
            let found: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn an_escaped_cell_is_no_formula_and_is_unescaped_exactly(cell in "['\"=+@;＝＠\t\r\na-]{0,8}") {
            let escaped = escape_formula(&cell);
            // However it is cut, no part begins as a formula does.
            for part in escaped.split([';', '\t', '\r', '\n']) {
                let part = part.trim_start_matches('"');
                prop_assert!(!part.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{}", escaped);
            }
            prop_assert!(!escaped.starts_with(['\t', '\r', '\n']), "{:?}", escaped);
            let unescaped = unescape_formula(&escaped);
            prop_assert_eq!(unescaped.as_ref(), cell.as_str());
        }
    }

    #[test]
    fn a_cell_that_spreadsheets_show_is_left_as_it_is() {
        for cell in [
            "",
            "a=1",
            "'",
            "'quoted'",
            " =1",
            "1-1",
            "a; b",
            "\"quoted\"",
            "a\n\nb",
            "1;2",
            "'; '",
        ] {
            assert_eq!(
                (escape_formula(cell).as_ref(), unescape_formula(cell).as_ref()),
                (cell, cell)
            );
        }
    }

    #[test]
    fn what_begins_a_cell_for_some_spreadsheet_is_escaped() {
        for (cell, escaped) in [
            ("=1", "'=1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠a", "'＠a"),
            ("\ta", "'\ta"),
            ("\ra", "'\ra"),
            ("\na", "'\na"),
            ("''=1", "'''=1"),
            ("\"=1\"", "'\"=1\""),
            ("hello;=1;@a", "hello;'=1;'@a"),
            ("hello\t+1", "hello\t'+1"),
            ("a list\n- of\r\n- two", "a list\n'- of\r\n'- two"),
            ("a;'\"＝1", "a;''\"＝1"),
            ("\t=1", "'\t'=1"),
        ] {
            assert_eq!(escape_formula(cell), escaped);
            assert_eq!(unescape_formula(escaped), cell);
        }
    }

    #[test]
    fn lines_of_a_caption_that_look_like_rows_are_its_own() {
        let mut row = vec![String::new(); ADDED];
        row[0] = "7".into();
        row[2] = "1,000 likes\n2,000 views\n3,000 shares".into();
        let table = read(&written(&[], &[row.clone(), row.clone()], Formulas::Raw));
        assert_eq!(
            table.rows.iter().map(|row| &row.cells[..]).collect::<Vec<_>>(),
            [&row[..3], &row[..3]]
        );
    }

    #[test]
    fn a_character_that_no_text_file_has_is_replaced() {
        assert_eq!(csv_row(["a\0b", "c"]), "a\u{fffd}b,c\n");
    }
}
