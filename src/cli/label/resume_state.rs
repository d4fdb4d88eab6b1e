//! What earlier runs wrote: predictions that are still valid, and manual labels.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use emofuse::{Error, LabelSet};
use emofuse_posts::{LabelColumns, OutputColumns, Table};
use serde_json::Value;

use super::{
    content_key::{ContentKey, Occurrences},
    format::Format,
    row::Row,
    stored_prediction::StoredPrediction,
};

/// What earlier runs wrote.
pub struct ResumeState {
    labels: LabelSet,
    predictions: HashMap<ContentKey, StoredPrediction>,
    manual_labels: HashMap<ContentKey, usize>,
    /// Posts that were given their manual label.
    given: Occurrences,
}

impl ResumeState {
    /// Reads the files of earlier runs, the newest last, of which each may have been cut off within its last line.
    /// Predictions of another model and rows with an error are left out.
    pub fn read(
        files: &[PathBuf],
        format: Format,
        columns: &OutputColumns,
        labels: &LabelSet,
        model_sha256: &str,
    ) -> Result<Self> {
        let mut state = Self {
            labels: labels.clone(),
            predictions: HashMap::new(),
            manual_labels: HashMap::new(),
            given: Occurrences::default(),
        };
        for path in files {
            let bytes = fs::read(path).map_err(Error::io(path))?;
            match format {
                Format::Csv => state.read_csv(path, &bytes, &format.heading(columns), model_sha256)?,
                Format::JsonLines => state.read_json_lines(path, &bytes, &columns.names[0], model_sha256)?,
            }
        }
        Ok(state)
    }

    /// The predictions that are still valid.
    pub fn take_predictions(&mut self) -> HashMap<ContentKey, StoredPrediction> {
        std::mem::take(&mut self.predictions)
    }

    /// Gives a row the manual label that it has in the file of an earlier run.
    pub fn set_manual_label(&mut self, row: &mut Row) {
        let post = self
            .given
            .next(&row.id, row.image_sha256.as_deref(), row.caption.as_deref());
        if let Some(label) = self.manual_labels.remove(&post) {
            row.manual_label = Some(label);
        }
    }

    /// How many manual labels no row was given.
    pub fn manual_labels_left(&self) -> usize {
        self.manual_labels.len()
    }

    fn read_csv(&mut self, path: &Path, bytes: &[u8], heading: &str, model_sha256: &str) -> Result<()> {
        if heading.as_bytes().starts_with(bytes) {
            return Ok(()); // it was cut off within its heading
        }
        let Ok(mut table) = Table::parse(bytes, emofuse_posts::Format::Delimited(None)) else {
            return not_resumable(path);
        };
        // The last row may have been cut off; one that was cut off at a line of its caption is a problem, and no row.
        let count = table.rows.len() + table.problems.len();
        if !bytes.ends_with(b"\n") {
            table.rows.retain(|row| row.number < count);
        }
        let Some(columns) = LabelColumns::find_with_scores(&table.columns, &self.labels) else {
            return not_resumable(path);
        };
        let mut occurrences = Occurrences::default();
        for row in &table.rows {
            let cell = |name: &str| columns.place(name).map_or("", |place| row.cell(place));
            let score = |label: usize| columns.place_of_scores(label).map_or("", |place| row.cell(place));
            self.take_row(cell, score, &mut occurrences, model_sha256);
        }
        Ok(())
    }

    fn read_json_lines(&mut self, path: &Path, bytes: &[u8], first: &str, model_sha256: &str) -> Result<()> {
        let start = format!("{{{}:", Value::from(first));
        let mut occurrences = Occurrences::default();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Ok(Value::Object(object)) = serde_json::from_slice(line) else {
                let is_torn = !line.ends_with(b"\n")
                    && (line.starts_with(start.as_bytes()) || start.as_bytes().starts_with(line));
                if is_torn {
                    continue; // the last line was cut off
                }
                return not_resumable(path);
            };
            let (names, cells): (Vec<&String>, Vec<Cow<'_, str>>) =
                object.iter().map(|(name, value)| (name, text(value))).unzip();
            let Some(columns) = LabelColumns::find_with_scores(&names, &self.labels) else {
                return not_resumable(path);
            };
            let cell = |name: &str| columns.place(name).map_or("", |place| &*cells[place]);
            let score = |label: usize| columns.place_of_scores(label).map_or("", |place| &*cells[place]);
            self.take_row(cell, score, &mut occurrences, model_sha256);
        }
        Ok(())
    }

    fn take_row<'a>(
        &mut self,
        cell: impl Fn(&str) -> &'a str,
        score: impl Fn(usize) -> &'a str,
        occurrences: &mut Occurrences,
        model_sha256: &str,
    ) {
        let filled = |name: &str| Some(cell(name)).filter(|cell| !cell.is_empty());
        let (image, caption) = (filled("image_sha256"), filled("caption"));
        let post = occurrences.next(cell("id"), image, caption);
        if let Some(label) = self.labels.index(cell("hand_emotion")) {
            self.manual_labels.insert(post, label);
        }
        if cell("model_sha256") != model_sha256 || filled("error").is_some() {
            return;
        }
        if let Some(prediction) = StoredPrediction::parse(&self.labels, &cell, score) {
            self.predictions.insert(ContentKey::of(image, caption), prediction);
        }
    }
}

/// The value of a cell as text.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

fn not_resumable(path: &Path) -> Result<()> {
    bail!(
        "{} cannot be resumed: its columns are not those that `emofuse label` writes; give --out another name",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use emofuse::classifier::UncertainReason;
    use emofuse_posts::Formulas;

    use super::{super::stored_prediction::Label, *};

    const MODEL: &str = "m0de1";
    const CALM: usize = 0;
    const TENSE: usize = 1;
    const JOY: usize = 2;

    /// Of which one has the name of another column, and one that of a table's own.
    fn labels() -> LabelSet {
        LabelSet::from_names(["calm", "tense", "joy", "image", "=mine"], None).expect("labels")
    }

    fn row(id: &str, manual_label: Option<usize>) -> Row {
        let label = |index, confidence| Label { index, confidence };
        Row {
            id: id.into(),
            image: Some("=a.jpg".into()),
            caption: Some(format!("-{id},\nof two \"lines\"")),
            prediction: Some(StoredPrediction {
                label: label(CALM, 0.4),
                secondary: Some(TENSE),
                uncertain_because: vec![UncertainReason::Language, UncertainReason::LowConfidence],
                uncertain: true,
                scores: vec![0.4, 0.3, 0.1, 0.1, 0.1],
                image: Some(label(TENSE, 1.0 / 3.0)),
                caption: None,
                agreement: Some(0.0),
                corrected: None,
                backend: "cpu",
            }),
            manual_label,
            error: None,
            image_sha256: Some("5a5a".into()),
            extra: vec!["=extra".into(), "mine".into()],
        }
    }

    /// Columns beside a table's own columns, of which one has the name of one of ours.
    fn columns(formulas: Formulas) -> OutputColumns {
        OutputColumns::new(&labels(), &["=mine".to_owned(), "emotion".to_owned()], formulas)
    }

    /// Each format, and CSV with and without escapes.
    fn formats() -> [(Format, OutputColumns); 3] {
        [
            (Format::Csv, columns(Formulas::Raw)),
            (Format::Csv, columns(Formulas::Escaped)),
            (Format::JsonLines, columns(Formulas::Raw)),
        ]
    }

    fn written(format: Format, columns: &OutputColumns, rows: &[Row]) -> Vec<u8> {
        let mut text = format.heading(columns);
        for row in rows {
            text += &format.line(columns, row.cells(&labels(), MODEL)).expect("a line");
        }
        text.into_bytes()
    }

    fn read(format: Format, columns: &OutputColumns, bytes: &[u8], model: &str) -> Result<ResumeState> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), bytes).expect("written");
        ResumeState::read(&[file.path().to_owned()], format, columns, &labels(), model)
    }

    fn read_csv(rows: &[Row], model: &str) -> ResumeState {
        let columns = columns(Formulas::Raw);
        let bytes = written(Format::Csv, &columns, rows);
        read(Format::Csv, &columns, &bytes, model).expect("read")
    }

    fn prediction_of<'a>(state: &'a ResumeState, row: &Row) -> Option<&'a StoredPrediction> {
        let key = ContentKey::of(row.image_sha256.as_deref(), row.caption.as_deref());
        state.predictions.get(&key)
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        for (format, columns) in formats() {
            let (first, second) = (row("a", Some(TENSE)), row("b", None));
            let bytes = written(format, &columns, &[first.clone(), second.clone()]);
            let mut state = read(format, &columns, &bytes, MODEL).expect("read");
            let again = Row {
                prediction: prediction_of(&state, &first).cloned(),
                ..first.clone()
            };
            assert_eq!(written(format, &columns, &[again, second]), bytes, "{format:?}");
            let mut first = Row {
                manual_label: None,
                ..first
            };
            state.set_manual_label(&mut first);
            assert_eq!((first.manual_label, state.manual_labels_left()), (Some(TENSE), 0));
        }
    }

    #[test]
    fn wherever_the_file_is_cut_the_whole_rows_are_read_and_no_torn_one() {
        for (format, columns) in formats() {
            let rows = [row("a", None), row("b", None)];
            let whole = written(format, &columns, &rows);
            let ends = [written(format, &columns, &rows[..1]).len(), whole.len()];
            for length in 0..=whole.len() {
                let state = read(format, &columns, &whole[..length], MODEL)
                    .unwrap_or_else(|error| panic!("{format:?}, {length}: {error}"));
                for (row, end) in rows.iter().zip(ends) {
                    // A line of JSON is whole without the line feed too.
                    let is_whole = length >= end || (format == Format::JsonLines && length + 1 == end);
                    assert_eq!(
                        prediction_of(&state, row).is_some(),
                        is_whole,
                        "{format:?}, {length}, {}",
                        row.id
                    );
                }
            }
        }
    }

    #[test]
    fn a_stray_quotation_mark_costs_its_own_row() {
        let columns = columns(Formulas::Raw);
        let rows = ["a", "b", "c"].map(|id| row(id, Some(TENSE)));
        let text = String::from_utf8(written(Format::Csv, &columns, &rows)).expect("text");
        let spoilt = text.replacen("\"-b,", "-b,", 1);
        let state = read(Format::Csv, &columns, spoilt.as_bytes(), MODEL).expect("read");
        let is_there = |row: &Row| prediction_of(&state, row).is_some();
        assert_eq!(rows.each_ref().map(is_there), [true, false, true]);
    }

    #[test]
    fn predictions_of_another_model_and_rows_with_an_error_are_left_out_but_manual_labels_are_not() {
        let mut failed = row("a", Some(TENSE));
        failed.error = Some("no".into());
        let state = read_csv(&[failed], MODEL);
        assert_eq!((state.predictions.len(), state.manual_labels.len()), (0, 1));
        let state = read_csv(&[row("a", Some(TENSE))], "another");
        assert_eq!((state.predictions.len(), state.manual_labels.len()), (0, 1));
    }

    #[test]
    fn of_posts_that_are_all_the_same_each_keeps_its_own_label() {
        let rows = [row("a", None), row("a", Some(JOY)), row("a", Some(TENSE))];
        let mut state = read_csv(&rows, MODEL);
        let labels = rows.map(|row| {
            let mut again = Row {
                manual_label: None,
                ..row
            };
            state.set_manual_label(&mut again);
            again.manual_label
        });
        assert_eq!(labels, [None, Some(JOY), Some(TENSE)]);
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        let columns = columns(Formulas::Raw);
        let texts: [(Format, &[u8]); 6] = [
            (Format::Csv, b"a note"),
            (Format::Csv, b"id,image\n1,a.jpg\n"),
            (Format::Csv, b"\xff\n"),
            (Format::JsonLines, b"a note"),
            (Format::JsonLines, b"{\"id\":\"1\"}\n"),
            (Format::JsonLines, b"{\"id\":\"1\"\n"),
        ];
        for (format, text) in texts {
            let error = read(format, &columns, text, MODEL).err().expect("refused").to_string();
            assert!(
                error.contains("cannot be resumed: its columns are not those"),
                "{error}"
            );
        }
        for format in [Format::Csv, Format::JsonLines] {
            assert!(read(format, &columns, b"", MODEL).is_ok());
        }
    }
}
