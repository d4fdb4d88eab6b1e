//! What any bytes are held to, whoever sends them: one function for each kind of input, which panics where a promise is
//! broken. The fuzz targets (`fuzz/targets`) and the seeded loop of the tests (`tests/seeded.rs`) call the same ones.

pub mod hostile;
#[cfg(feature = "train")]
pub mod model;
pub mod seeds;

use emofuse_core::{
    LabelSet,
    budget::{MAX_COLUMNS, MAX_DECODING_BYTES, MAX_METADATA_BYTES, MAX_PIXELS},
    caption::written_caption,
};
use emofuse_posts::{
    Format, Formulas, OutputColumns, Table, csv_heading, csv_row, embedded_caption, escape_formula, sidecar_caption,
    unescape_formula,
};

/// Bytes of pixels above which an image is looked at and not decoded, so that many inputs a second are tried.
const DECODED: u64 = 4_000_000;

/// A kind of input: its name, which is that of its fuzz target, and what holds bytes to the promises.
pub type Kind = (&'static str, fn(&[u8]));

/// All of them.
pub const KINDS: &[Kind] = &[
    ("image", image),
    ("metadata", metadata),
    ("table", table),
    ("caption", caption),
    #[cfg(feature = "train")]
    ("tokens", model::tokens),
    #[cfg(feature = "train")]
    ("model", model::model),
    #[cfg(feature = "train")]
    ("recipe", model::recipe),
];

/// An image: what its header says is within the budget, and what is decoded is as large as that; what the header does not allow is not decoded.
pub fn image(bytes: &[u8]) {
    let Ok(needs) = emofuse_decode::needs(bytes) else {
        assert!(
            emofuse_decode::decode(bytes).is_err(),
            "decoded, though its header is refused"
        );
        return;
    };
    let pixels = u64::from(needs.width) * u64::from(needs.height);
    assert!(
        (1..=MAX_PIXELS).contains(&pixels) && needs.bytes() <= MAX_DECODING_BYTES,
        "{needs:?}"
    );
    if needs.bytes() > DECODED {
        return;
    }
    if let Ok(image) = emofuse_decode::decode(bytes) {
        let found = u64::from(image.width()) * u64::from(image.height());
        assert_eq!(
            (found, image.rgba().len() as u64),
            (pixels, 4 * pixels),
            "{image:?} and {needs:?}"
        );
    }
}

/// The metadata of an image: a caption is a text as a person would have written it, and no longer than what is read.
pub fn metadata(bytes: &[u8]) {
    if let Some(caption) = embedded_caption(bytes) {
        is_caption(&caption);
        // Windows-1252 has characters of three bytes in UTF-8.
        assert!(caption.len() <= 3 * MAX_METADATA_BYTES, "{} bytes", caption.len());
    }
}

/// A table, in every format: each row is a row or a problem, none has more cells than there are columns, and what is written of it is read
/// as it was.
pub fn table(bytes: &[u8]) {
    for format in [Format::Delimited(None), Format::Delimited(Some(b'\t')), Format::Json] {
        let Ok(table) = Table::parse(bytes, format) else {
            continue;
        };
        assert!(table.columns.len() <= MAX_COLUMNS, "{} columns", table.columns.len());
        let numbers = table
            .all()
            .map(|row| row.map_or_else(|problem| problem.number, |row| row.number));
        assert!(numbers.eq(1..=table.rows.len() + table.problems.len()), "a row is lost");
        assert!(
            table.rows.iter().all(|row| row.cells.len() <= table.columns.len()),
            "too many cells"
        );
        for formulas in [Formulas::Raw, Formulas::Escaped] {
            is_written_and_read(&table, formulas);
        }
    }
}

/// Rows of these cells in a labelled table.
fn is_written_and_read(table: &Table, formulas: Formulas) {
    let columns = OutputColumns::new(&LabelSet::plutchik(), &[], formulas);
    let added = columns.names.len() - usize::from(columns.formulas_escaped.is_some());
    let row = |(number, row): (usize, &emofuse_posts::Row)| {
        let cells = row.cells.iter().cloned().chain(std::iter::repeat(String::new()));
        std::iter::once(number.to_string()).chain(cells).take(added).collect()
    };
    let rows: Vec<Vec<String>> = (1..).zip(&table.rows).take(50).map(row).collect();
    let cell = |cell: &String| match formulas {
        Formulas::Raw => cell.clone(),
        Formulas::Escaped => escape_formula(cell).into_owned(),
    };
    let mut text = csv_heading(columns.names.iter().map(cell));
    for row in &rows {
        let mark = columns.formulas_escaped.map(|is_escaped| is_escaped.to_string());
        text += &csv_row(row.iter().map(cell).chain(mark));
    }
    let read = Table::parse(text.as_bytes(), Format::Delimited(None)).expect("a table that was written");
    assert!(read.problems.is_empty(), "{:?} in {text:?}", read.problems);
    let cells = |row: &emofuse_posts::Row| (0..added).map(|column| row.cell(column).to_owned()).collect();
    let found: Vec<Vec<String>> = read.rows.iter().map(cells).collect();
    assert_eq!(found, rows, "{text:?}");
}

/// A caption, and a sidecar file: what is taken for a caption is one, a formula is escaped and unescaped to what it was.
pub fn caption(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(caption) = written_caption(&text) {
        is_caption(&caption);
        assert!(text.contains(&caption), "{caption:?}");
    }
    assert_eq!(unescape_formula(&escape_formula(&text)), text);
    for name in ["a.txt", "a.json", "a.jpg.supplemental-metadata.json"] {
        if let Ok(Some(caption)) = sidecar_caption(name, bytes) {
            is_caption(&caption);
        }
    }
}

fn is_caption(caption: &str) {
    assert_eq!(
        written_caption(caption).as_deref(),
        Some(caption),
        "what is a caption stays one"
    );
}
