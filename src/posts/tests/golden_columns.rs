//! The golden columns and rows of tests/golden/columns.json, which the labelling desk is held to as well.

use std::{collections::BTreeMap, fs, path::Path};

use emofuse_core::LabelSet;
use emofuse_posts::{
    Formulas, LabelColumns, OutputColumns, added_columns, csv_heading, csv_row, escape_formula, extra_columns,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    columns: Vec<String>,
    outputs: Vec<Output>,
    tables: Vec<Labelled>,
    rows: Vec<Row>,
}

/// The columns that are written of a table with these extra ones.
#[derive(Deserialize)]
struct Output {
    case: String,
    extra: Vec<String>,
    escaped: bool,
    renamed: BTreeMap<String, String>,
    mark: Option<(String, String)>,
}

/// A table that is read, with the columns that are ids, images, captions and labels.
#[derive(Deserialize)]
struct Labelled {
    case: String,
    columns: Vec<String>,
    labelled: bool,
    mapped: Vec<String>,
    extra: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    cells: Vec<String>,
    heading: String,
    raw: String,
    escaped: String,
}

fn golden() -> Golden {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/columns.json");
    serde_json::from_slice(&fs::read(path).expect("the file")).expect("JSON")
}

#[test]
fn columns_have_the_names_that_were_written_down_for_them() {
    let golden = golden();
    let labels = LabelSet::plutchik();
    assert_eq!(golden.columns, added_columns(&labels));
    assert!(golden.outputs.len() >= 12);
    for Output {
        case,
        extra,
        escaped,
        renamed,
        mark,
    } in golden.outputs
    {
        let formulas = if escaped { Formulas::Escaped } else { Formulas::Raw };
        let columns = OutputColumns::new(&labels, &extra, formulas);
        let ours = golden
            .columns
            .iter()
            .map(|name| renamed.get(name).unwrap_or(name).clone());
        let marked = mark.as_ref().map(|(name, _)| name.clone());
        let expected: Vec<String> = ours.chain(extra).chain(marked).collect();
        assert_eq!(columns.names, expected, "{case}");
        assert_eq!(
            columns.formulas_escaped.map(|is_escaped| is_escaped.to_string()),
            mark.map(|(_, cell)| cell),
            "{case}"
        );
    }
}

#[test]
fn a_labelled_table_s_columns_are_distinguished_from_a_person_s() {
    let tables = golden().tables;
    assert!(tables.len() >= 7);
    for Labelled {
        case,
        columns,
        labelled,
        mapped,
        extra,
    } in tables
    {
        assert_eq!(LabelColumns::find(&columns).is_some(), labelled, "{case}");
        let place = |name: &String| columns.iter().position(|column| column == name);
        let mapped: Vec<Option<usize>> = mapped.iter().map(place).collect();
        assert!(mapped.iter().all(Option::is_some), "{case}");
        let found: Vec<&String> = extra_columns(&columns, &mapped, &LabelSet::plutchik())
            .into_iter()
            .map(|place| &columns[place])
            .collect();
        assert_eq!(found, extra.iter().collect::<Vec<_>>(), "{case}");
    }
}

#[test]
fn rows_are_quoted_and_escaped_as_they_were_written_down() {
    let rows = golden().rows;
    assert!(rows.len() >= 7);
    for Row {
        cells,
        heading,
        raw,
        escaped,
    } in rows
    {
        assert_eq!(csv_heading(&cells), heading);
        assert_eq!(csv_row(&cells), raw);
        assert_eq!(csv_row(cells.iter().map(|cell| escape_formula(cell))), escaped);
    }
}
