//! text.csv and captions.csv: captions alone, each with the emotions that it conveys.
//!
//! A table has either `labels`, joined by `|`, none of which comes before the others, or a `label` and perhaps a
//! `second` one.

use std::path::Path;

use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    error::Result,
};
use emofuse_dataset::Table;

use super::{MalformedRows, SourceSummary, Split, rows::required};
use crate::data::Label;

/// A caption and the emotions that it conveys.
#[derive(Clone, Debug)]
pub struct LabelledCaption {
    /// The caption.
    pub caption: String,
    /// The set that it comes from: the `source` column, or the table's name.
    pub source: String,
    /// Which part the row belongs to.
    pub split: Split,
    /// Its labels.
    pub labels: CaptionLabels,
}

/// The labels of a caption.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CaptionLabels {
    /// Yes or no for each of [`Emotion::PRIMARY`]: each was decided by itself.
    Each([bool; 8]),
    /// One label, perhaps with a second: nothing is known of the others.
    Ranked(Label),
}

impl CaptionLabels {
    /// The labels as a distribution over the nine: those of [`Self::Each`] share it equally, `second` is the share of
    /// a second label.
    #[must_use]
    pub fn distribution(self, second: f32) -> [f32; EMOTIONS] {
        match self {
            Self::Ranked(label) => label.distribution(second),
            Self::Each(labels) => {
                let count = labels.iter().filter(|holds| **holds).count();
                let mut shares = [0.0; EMOTIONS];
                if count == 0 {
                    shares[Emotion::Neutral.index()] = 1.0;
                }
                for (share, holds) in shares.iter_mut().zip(labels) {
                    if holds {
                        *share = 1.0 / count as f32;
                    }
                }
                shares
            }
        }
    }

    /// The labels that hold; `neutral` where none of the eight does.
    #[must_use]
    pub fn all(self) -> Vec<Emotion> {
        match self {
            Self::Ranked(label) => std::iter::once(label.first).chain(label.second).collect(),
            Self::Each(labels) => {
                let holding: Vec<Emotion> = Emotion::PRIMARY
                    .into_iter()
                    .zip(labels)
                    .filter_map(|(emotion, holds)| holds.then_some(emotion))
                    .collect();
                if holding.is_empty() {
                    vec![Emotion::Neutral]
                } else {
                    holding
                }
            }
        }
    }

    /// The only label; `None` where several hold equally.
    #[must_use]
    pub fn single(self) -> Option<Emotion> {
        match self {
            Self::Ranked(label) => Some(label.first),
            Self::Each(_) => match self.all()[..] {
                [only] => Some(only),
                _ => None,
            },
        }
    }
}

/// Reads a table of captions; a row without a label is left out.
///
/// # Errors
/// [`emofuse_core::Error::Row`] with the line of the first malformed row, [`emofuse_core::Error::Io`] where there is no such file.
pub fn read_captions(table: &Path) -> Result<Vec<LabelledCaption>> {
    read(table, MalformedRows::Fatal, &mut SourceSummary::default())
}

pub(super) fn read(path: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<Vec<LabelledCaption>> {
    let table = Table::read(path)?;
    let source = table.column("source");
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let split = table.required_column("split")?;
    let caption = table.required_column("caption")?;
    let [first, second] = ["label", "second"].map(|name| table.column(name));
    let each = match first {
        Some(_) => None,
        None => Some(table.required_column("labels")?),
    };
    let rows = malformed.rows(&table, summary, |row, summary| {
        let split = required(row, split, "split")?
            .parse()
            .map_err(|reason: String| row.error(reason))?;
        let labels = match each {
            Some(column) => row.emotions(Some(column))?.map(CaptionLabels::Each),
            None => {
                let second = row.emotion(second)?;
                let ranked = |first| CaptionLabels::Ranked(Label { first, second });
                row.emotion(first)?.map(ranked)
            }
        };
        let Some(labels) = labels else {
            // Not `neutral`: nobody has said what the caption conveys.
            summary.read += 1;
            summary.without_label += 1;
            return Ok(None);
        };
        Ok(Some(LabelledCaption {
            caption: row.cell(Some(caption)).into(),
            source: row.filled(source).unwrap_or(&name).into(),
            split,
            labels,
        }))
    })?;
    Ok(rows.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use emofuse_core::error::Error;

    use super::{super::tests::write, *};

    #[test]
    fn a_malformed_row_is_named_by_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(
            &folder,
            "text.csv",
            "source,split,caption,labels\na,train,x,joy|fear\na,train,y,bliss\n",
        );
        let error = read_captions(&table).expect_err("bliss is no label");
        assert!(matches!(error, Error::Row { line: 3, .. }), "{error}");
    }

    #[test]
    fn neutral_captions_have_none_of_the_eight_and_unlabelled_ones_are_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "source,split,caption,labels\na,dev,x,neutral\na,dev,y,joy|fear\na,dev,z,\n";
        let table = write(&folder, "text.csv", rows);
        let mut summary = SourceSummary::default();
        let captions = read(&table, MalformedRows::Fatal, &mut summary).expect("reads");
        assert_eq!(captions.len(), 2);
        assert_eq!(captions[0].labels, CaptionLabels::Each([false; 8]));
        assert_eq!(captions[0].labels.single(), Some(Emotion::Neutral));
        assert_eq!(
            captions[1].labels,
            CaptionLabels::Each([true, false, true, false, false, false, false, false])
        );
        assert_eq!(captions[1].labels.single(), None);
        assert_eq!(captions[1].labels.distribution(0.3)[..3], [0.5, 0.0, 0.5]);
        assert_eq!((summary.without_label, summary.malformed), (1, 0));
    }

    #[test]
    fn a_table_with_one_label_a_row_takes_its_name_for_the_source() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(
            &folder,
            "mine.csv",
            "caption,label,second,split\nx,joy,trust,train\ny,neutral,,dev\n",
        );
        let captions = read_captions(&table).expect("reads");
        assert_eq!(captions[0].source, "mine");
        assert_eq!(captions[0].labels.single(), Some(Emotion::Joy));
        assert_eq!(captions[0].labels.all(), [Emotion::Joy, Emotion::Trust]);
        assert_eq!(captions[0].labels.distribution(0.25)[..2], [0.75, 0.25]);
        assert_eq!(captions[1].labels.all(), [Emotion::Neutral]);
    }
}
