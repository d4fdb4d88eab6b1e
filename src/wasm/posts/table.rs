//! Tables, a part at a time.

use emofuse_core::LabelSet;
use emofuse_posts::{
    Encoding, Format, Formulas, Mapping, OutputColumns, Row, added_columns, column_of_image_names, extra_columns,
};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// Reads a table in parts, so that the page can do other work in between.
#[wasm_bindgen]
pub struct TableReader(emofuse_posts::TableReader);

/// Rows of a table, in three lists of the same length, and the rows that cannot be used.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct TablePart {
    /// Cells of each row. A row of JSON may lack cells of columns that come only later.
    rows: Vec<Vec<String>>,
    /// The line in which each row begins, from 1.
    lines: Vec<u32>,
    /// The place of each row among all rows of the file, from 1.
    numbers: Vec<u32>,
    problems: Vec<RowProblem>,
    is_last: bool,
}

/// A row that cannot be used.
#[derive(Serialize, Tsify)]
pub struct RowProblem {
    line: u32,
    number: u32,
    reason: String,
}

/// How the bytes of a file became text.
#[derive(Serialize, Tsify)]
pub enum TextEncoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with wrong bytes, which are read as U+FFFD.
    #[serde(rename = "damaged utf-8")]
    DamagedUtf8,
    /// UTF-16.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Windows-1252.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

#[wasm_bindgen]
impl TableReader {
    /// A reader of a file; its name's ending gives the format, and CSV is the default.
    ///
    /// # Errors
    /// An `Error` if the file is no table.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, bytes: &[u8]) -> Result<Self, JsError> {
        let format = Format::of_name(name).unwrap_or(Format::Delimited(None));
        Ok(Self(emofuse_posts::TableReader::new(bytes, format)?))
    }

    /// Reads rows until they have at least so many cells.
    ///
    /// # Errors
    /// An `Error` if the file has too many columns.
    pub fn read(&mut self, cells: usize) -> Result<Ts<TablePart>, JsError> {
        let mut part = TablePart {
            rows: Vec::new(),
            lines: Vec::new(),
            numbers: Vec::new(),
            problems: Vec::new(),
            is_last: false,
        };
        let mut count = 0;
        while count < cells {
            match self.0.next_row()? {
                Some(Ok(row)) => {
                    count += row.cells.len().max(1);
                    part.rows.push(row.cells);
                    part.lines.push(number(row.line));
                    part.numbers.push(number(row.number as u64));
                }
                Some(Err(problem)) => {
                    count += 1;
                    part.problems.push(RowProblem {
                        line: number(problem.line),
                        number: number(problem.number as u64),
                        reason: problem.reason,
                    });
                }
                None => {
                    part.is_last = true;
                    break;
                }
            }
        }
        Ok(part.into_ts()?)
    }

    /// Names of the columns, each another; those of JSON are complete at the end.
    #[wasm_bindgen(getter)]
    pub fn columns(&self) -> Vec<String> {
        self.0.columns()
    }

    /// How the bytes became text.
    #[wasm_bindgen(getter)]
    pub fn encoding(&self) -> Result<Ts<TextEncoding>, JsError> {
        let encoding = match self.0.encoding() {
            Encoding::Utf8 => TextEncoding::Utf8,
            Encoding::DamagedUtf8 => TextEncoding::DamagedUtf8,
            Encoding::Utf16 => TextEncoding::Utf16,
            Encoding::Windows1252 => TextEncoding::Windows1252,
        };
        Ok(encoding.into_ts()?)
    }

    /// The share of the file that was read, from 0 to 1.
    #[wasm_bindgen(getter)]
    pub fn progress(&self) -> f64 {
        self.0.progress()
    }
}

/// Names of the columns that mean something; null for what a table lacks.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct ColumnMapping {
    caption: Option<String>,
    image: Option<String>,
    id: Option<String>,
    manual_label: Option<String>,
}

/// The mapping that the names of the columns suggest.
#[wasm_bindgen(js_name = guessMapping)]
pub fn guess_mapping(columns: Vec<String>) -> Result<Ts<ColumnMapping>, JsError> {
    let Mapping {
        caption,
        image,
        id,
        manual_label,
    } = Mapping::guess(&columns);
    let name = |place: Option<usize>| place.map(|place| columns[place].clone());
    let mapping = ColumnMapping {
        caption: name(caption),
        image: name(image),
        id: name(id),
        manual_label: name(manual_label),
    };
    Ok(mapping.into_ts()?)
}

/// The first rows of a table.
#[derive(Deserialize, Tsify)]
pub struct FirstRows {
    rows: Vec<Vec<String>>,
    columns: Vec<String>,
}

/// The name of the first column in which at least half of the filled cells are names of image files.
#[wasm_bindgen(js_name = columnOfImageNames)]
pub fn image_column(table: Ts<FirstRows>) -> Result<Option<String>, JsError> {
    let table = table.to_rust()?;
    let row = |cells| Row {
        number: 0,
        line: 0,
        cells,
    };
    let rows: Vec<Row> = table.rows.into_iter().map(row).collect();
    let column = column_of_image_names(&rows, table.columns.len());
    Ok(column.and_then(|column| table.columns.into_iter().nth(column)))
}

/// Names of all columns of a labelled table, in their order.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct LabelledTable {
    names: Vec<String>,
    /// The last cell of each row; null if the table has no column for it.
    formulas_escaped: Option<bool>,
}

/// The labels of these names; Plutchik's without any.
fn label_set(names: Option<Vec<String>>) -> Result<LabelSet, JsError> {
    match names {
        Some(names) => Ok(LabelSet::from_names(names, None)?),
        None => Ok(LabelSet::plutchik()),
    }
}

/// The columns of a labelled table with these extra columns, which keep their names and their order. `labels` are the names
/// of the labels, each of which has a column of scores; Plutchik's if they are left out.
///
/// # Errors
/// An `Error` if these cannot be labels.
#[wasm_bindgen(js_name = outputColumns)]
pub fn output_columns(
    extra: Vec<String>,
    escapes_formulas: bool,
    labels: Option<Vec<String>>,
) -> Result<Ts<LabelledTable>, JsError> {
    let formulas = if escapes_formulas {
        Formulas::Escaped
    } else {
        Formulas::Raw
    };
    let OutputColumns {
        names,
        formulas_escaped,
    } = OutputColumns::new(&label_set(labels)?, &extra, formulas);
    Ok(LabelledTable {
        names,
        formulas_escaped,
    }
    .into_ts()?)
}

/// Places of a table's extra columns, which mean nothing here; `mapped` are the places of those that do. `labels` are the
/// names of the labels whose scores are no extra columns; Plutchik's if they are left out.
///
/// # Errors
/// An `Error` if these cannot be labels.
#[wasm_bindgen(js_name = extraColumns)]
pub fn places_of_extra_columns(
    columns: Vec<String>,
    mapped: Vec<usize>,
    labels: Option<Vec<String>>,
) -> Result<Vec<usize>, JsError> {
    let mapped: Vec<Option<usize>> = mapped.into_iter().map(Some).collect();
    Ok(extra_columns(&columns, &mapped, &label_set(labels)?))
}

/// Names of the columns that are added to a table for these labels, in their order; Plutchik's if they are left out.
///
/// # Errors
/// An `Error` if these cannot be labels.
#[wasm_bindgen(js_name = addedColumns)]
pub fn names_of_added_columns(labels: Option<Vec<String>>) -> Result<Vec<String>, JsError> {
    Ok(added_columns(&label_set(labels)?))
}

/// Lines and rows are fewer than 2³² in a file that a browser can hold.
fn number(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
