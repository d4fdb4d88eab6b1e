//! The golden tables of tests/golden/tables, which the labelling desk is held to as well.

use std::{fs, path::Path};

use emofuse_posts::{Encoding, Format, Row, Table};
use serde_json::{Value, json};

#[test]
fn golden_tables_hold_the_rows_that_were_written_down_for_them() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/tables");
    let mut count = 0;
    for case in fs::read_dir(cases).expect("the cases") {
        let case = case.expect("an entry").path();
        if !case.is_dir() {
            continue;
        }
        let mut files = fs::read_dir(&case)
            .expect("files")
            .map(|file| file.expect("a file").path());
        let file = files
            .find(|file| file.file_stem().is_some_and(|stem| stem == "table"))
            .expect("a table");
        let format = Format::of_name(&file.to_string_lossy()).expect("a known ending");
        let table = Table::parse(&fs::read(&file).expect("read"), format).expect("a table");

        let cells = |row: &Row| {
            (0..table.columns.len())
                .map(|column| row.cell(column).to_owned())
                .collect()
        };
        let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
        let problems: Vec<u64> = table.problems.iter().map(|problem| problem.line).collect();
        let mut read = json!({ "columns": table.columns, "rows": rows, "problems": problems });
        let encoding = match table.encoding {
            Encoding::Utf8 => None,
            Encoding::DamagedUtf8 => Some("damaged utf-8"),
            Encoding::Utf16 => Some("utf-16"),
            Encoding::Windows1252 => Some("windows-1252"),
        };
        if let Some(encoding) = encoding {
            read["encoding"] = encoding.into();
        }
        let expected = fs::read(case.join("expected.json")).expect("what is expected");
        let expected: Value = serde_json::from_slice(&expected).expect("JSON");
        assert_eq!(read, expected, "{}", case.display());

        let numbers: Vec<usize> = table
            .all()
            .map(|row| row.map_or_else(|problem| problem.number, |row| row.number))
            .collect();
        assert_eq!(
            numbers,
            (1..=rows.len() + problems.len()).collect::<Vec<_>>(),
            "{}",
            case.display()
        );
        count += 1;
    }
    assert!(count >= 60, "{count} cases");
}
