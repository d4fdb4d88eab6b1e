//! What earlier runs wrote: answers that hold, and labels that were set by hand.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use emofuse::{Emotion, Error};
use serde_json::Value;

use super::{
    answer::Answer,
    columns::{self, COLUMNS, Row},
    contents::{Contents, Occurrences},
    format::{Format, unguarded},
};

/// What earlier runs wrote.
#[derive(Default)]
pub struct Earlier {
    answers: HashMap<Contents, Answer>,
    hands: HashMap<Contents, Emotion>,
    /// Posts that were given their label.
    given: Occurrences,
}

impl Earlier {
    /// Reads the files of earlier runs, the newest last. Answers of another model do not hold, and rows with an error are tried again.
    pub fn read(files: &[PathBuf], format: Format, model_sha256: &str) -> Result<Self> {
        let mut earlier = Self::default();
        for path in files {
            match format {
                Format::Csv => earlier.read_csv(path, model_sha256)?,
                Format::JsonLines => earlier.read_json_lines(path, model_sha256)?,
            }
        }
        Ok(earlier)
    }

    /// The answers that hold.
    pub fn take_answers(&mut self) -> HashMap<Contents, Answer> {
        std::mem::take(&mut self.answers)
    }

    /// Gives a row the label that was set by hand in the file of an earlier run.
    pub fn set_hand(&mut self, row: &mut Row) {
        let post = self
            .given
            .next(&row.id, row.image_sha256.as_deref(), row.caption.as_deref());
        if let Some(hand) = self.hands.remove(&post) {
            row.hand = Some(hand);
        }
    }

    /// How many hand-set labels no row has got.
    pub fn hand_labels_left(&self) -> usize {
        self.hands.len()
    }

    fn read_csv(&mut self, path: &Path, model_sha256: &str) -> Result<()> {
        let bytes = fs::read(path).map_err(Error::io(path))?;
        if COLUMNS.join(",").as_bytes().starts_with(&bytes) {
            return Ok(()); // it was stopped within its heading
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
        let heading = reader.byte_headers()?.clone();
        let heading: Vec<Cow<'_, str>> = heading.iter().map(String::from_utf8_lossy).collect();
        if !columns::are_ours(heading.iter().map(|name| &**name)) {
            return not_ours(path);
        }
        // Of two columns of the same name the first is ours.
        let places: HashMap<&str, usize> = heading
            .iter()
            .enumerate()
            .rev()
            .map(|(index, name)| (&**name, index))
            .collect();
        let mut occurrences = Occurrences::default();
        let mut records = reader.into_byte_records().peekable();
        while let Some(record) = records.next() {
            // The last row may have been cut off within.
            let is_whole = records.peek().is_some() || bytes.ends_with(b"\n");
            let Ok(record) = csv::StringRecord::from_byte_record(record?) else {
                continue;
            };
            if is_whole && record.len() == heading.len() {
                let cell = |name: &str| {
                    places
                        .get(name)
                        .and_then(|place| record.get(*place))
                        .map_or("", unguarded)
                };
                self.take_row(cell, &mut occurrences, model_sha256);
            }
        }
        Ok(())
    }

    fn read_json_lines(&mut self, path: &Path, model_sha256: &str) -> Result<()> {
        let bytes = fs::read(path).map_err(Error::io(path))?;
        let mut occurrences = Occurrences::default();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Ok(Value::Object(object)) = serde_json::from_slice(line) else {
                let start = b"{\"id\":\"";
                let is_torn = !line.ends_with(b"\n") && (line.starts_with(start) || start.starts_with(line));
                if is_torn {
                    continue; // it was stopped within this one, which is the last
                }
                return not_ours(path);
            };
            if !columns::are_ours(object.keys().map(String::as_str)) {
                return not_ours(path);
            }
            let cells: HashMap<&str, Cow<'_, str>> = object
                .iter()
                .filter_map(|(name, value)| match value {
                    Value::Null => None,
                    Value::String(text) => Some((name.as_str(), text.into())),
                    other => Some((name.as_str(), other.to_string().into())),
                })
                .collect();
            self.take_row(
                |name| cells.get(name).map_or("", |cell| cell),
                &mut occurrences,
                model_sha256,
            );
        }
        Ok(())
    }

    fn take_row<'a>(&mut self, cell: impl Fn(&str) -> &'a str, occurrences: &mut Occurrences, model_sha256: &str) {
        let filled = |name: &str| Some(cell(name)).filter(|cell| !cell.is_empty());
        let (picture, caption) = (filled("image_sha256"), filled("caption"));
        let post = occurrences.next(cell("id"), picture, caption);
        if let Ok(hand) = cell("hand_emotion").parse() {
            self.hands.insert(post, hand);
        }
        if cell("model_sha256") != model_sha256 || filled("error").is_some() {
            return;
        }
        if let Some(answer) = Answer::read(&cell) {
            self.answers.insert(Contents::of(picture, caption), answer);
        }
    }
}

fn not_ours(path: &Path) -> Result<()> {
    bail!(
        "{} is no file that `emofuse label` can go on with: its columns are others; give --out another name",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use emofuse::classifier::UncertainReason;

    use super::{super::answer::Label, *};

    const MODEL: &str = "m0de1";

    fn row(id: &str, hand: Option<Emotion>) -> Row {
        let mut scores = [0.1; 9];
        scores[0] = 0.2;
        let label = |emotion, confidence| Label { emotion, confidence };
        Row {
            id: id.into(),
            image: Some("=a.jpg".into()),
            caption: Some(format!("-{id},\nof two \"lines\"")),
            answer: Some(Answer {
                label: label(Emotion::Joy, 0.2),
                secondary: Some(Emotion::Trust),
                uncertain_because: vec![UncertainReason::Language, UncertainReason::LowConfidence],
                uncertain: true,
                scores,
                image: Some(label(Emotion::Trust, 1.0 / 3.0)),
                caption: None,
                agreement: Some(0.0),
                corrected: None,
                backend: "cpu",
            }),
            hand,
            error: None,
            image_sha256: Some("5a5a".into()),
            own: vec!["=own".into()],
        }
    }

    fn written(format: Format, rows: &[Row]) -> Vec<u8> {
        let columns: Vec<String> = COLUMNS.iter().copied().chain(["mine"]).map(str::to_owned).collect();
        let mut bytes = format.heading(&columns).expect("a heading");
        for row in rows {
            bytes.extend(format.line(&columns, &row.cells(MODEL)).expect("a line"));
        }
        bytes
    }

    fn read(format: Format, bytes: &[u8], model: &str) -> Result<Earlier> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), bytes).expect("written");
        Earlier::read(&[file.path().to_owned()], format, model)
    }

    fn answer_to<'a>(earlier: &'a Earlier, row: &Row) -> Option<&'a Answer> {
        let contents = Contents::of(row.image_sha256.as_deref(), row.caption.as_deref());
        earlier.answers.get(&contents)
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        for format in [Format::Csv, Format::JsonLines] {
            let (first, second) = (row("a", Some(Emotion::Fear)), row("b", None));
            let bytes = written(format, &[first.clone(), second.clone()]);
            let mut earlier = read(format, &bytes, MODEL).expect("read");
            let again = Row {
                answer: answer_to(&earlier, &first).cloned(),
                ..first.clone()
            };
            assert_eq!(written(format, &[again, second]), bytes, "{format:?}");
            let mut first = Row { hand: None, ..first };
            earlier.set_hand(&mut first);
            assert_eq!((first.hand, earlier.hand_labels_left()), (Some(Emotion::Fear), 0));
        }
    }

    #[test]
    fn wherever_the_file_is_cut_the_whole_rows_are_read_and_no_torn_one() {
        for format in [Format::Csv, Format::JsonLines] {
            let rows = [row("a", None), row("b", None)];
            let whole = written(format, &rows);
            let ends = [written(format, &rows[..1]).len(), whole.len()];
            for length in 0..=whole.len() {
                let earlier = read(format, &whole[..length], MODEL)
                    .unwrap_or_else(|error| panic!("{format:?}, {length}: {error}"));
                for (row, end) in rows.iter().zip(ends) {
                    // A line of JSON is whole without the line feed too.
                    let is_whole = length >= end || (format == Format::JsonLines && length + 1 == end);
                    assert_eq!(
                        answer_to(&earlier, row).is_some(),
                        is_whole,
                        "{format:?}, {length}, {}",
                        row.id
                    );
                }
            }
        }
    }

    #[test]
    fn answers_of_another_model_and_rows_with_an_error_do_not_hold_but_hand_labels_do() {
        let mut failed = row("a", Some(Emotion::Fear));
        failed.error = Some("no".into());
        let bytes = written(Format::Csv, &[failed]);
        let earlier = read(Format::Csv, &bytes, MODEL).expect("read");
        assert_eq!((earlier.answers.len(), earlier.hands.len()), (0, 1));
        let bytes = written(Format::Csv, &[row("a", Some(Emotion::Fear))]);
        let earlier = read(Format::Csv, &bytes, "another").expect("read");
        assert_eq!((earlier.answers.len(), earlier.hands.len()), (0, 1));
    }

    #[test]
    fn of_posts_that_are_all_the_same_each_keeps_its_own_label() {
        let rows = [
            row("a", None),
            row("a", Some(Emotion::Joy)),
            row("a", Some(Emotion::Fear)),
        ];
        let mut earlier = read(Format::Csv, &written(Format::Csv, &rows), MODEL).expect("read");
        let hands = rows.map(|row| {
            let mut again = Row { hand: None, ..row };
            earlier.set_hand(&mut again);
            again.hand
        });
        assert_eq!(hands, [None, Some(Emotion::Joy), Some(Emotion::Fear)]);
    }

    #[test]
    fn a_file_of_something_else_is_refused() {
        let texts: [(Format, &[u8]); 6] = [
            (Format::Csv, b"a note"),
            (Format::Csv, b"id,image\n1,a.jpg\n"),
            (Format::Csv, b"\xff\n"),
            (Format::JsonLines, b"a note"),
            (Format::JsonLines, b"{\"id\":\"1\"}\n"),
            (Format::JsonLines, b"{\"id\":\"1\"\n"),
        ];
        for (format, text) in texts {
            let error = read(format, text, MODEL).err().expect("refused").to_string();
            assert!(
                error.contains("is no file that `emofuse label` can go on with"),
                "{error}"
            );
        }
        assert!(read(Format::Csv, b"", MODEL).is_ok() && read(Format::JsonLines, b"", MODEL).is_ok());
    }
}
