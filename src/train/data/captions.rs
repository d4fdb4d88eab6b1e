//! text.csv and captions.csv: captions alone, each with the labels of what it conveys.
//!
//! A table has either `labels`, joined by `|`, none of which comes before the others, or a `label` and perhaps a
//! `second` one.

use std::path::Path;

use emofuse_core::error::Result;
use emofuse_dataset::Table;

use super::{Annotation, Labelling, MalformedRows, SourceSummary, Split, rows::required};

/// A caption with its labels.
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
#[derive(Clone, Debug, PartialEq)]
pub enum CaptionLabels {
    /// Yes or no for each label of the set: each was decided by itself. At least one holds; the `none` label holds only
    /// if no other does.
    Each(Vec<bool>),
    /// One label, perhaps with a second: nothing is known of the others.
    Ranked(Annotation),
}

impl CaptionLabels {
    /// From the indices of the labels that hold, of so many; `None` without any.
    fn each(mut holding: Vec<usize>, labelling: &Labelling) -> Option<Self> {
        if holding.len() > 1 {
            holding.retain(|label| Some(*label) != labelling.none());
        }
        let holds = (0..labelling.label_count())
            .map(|label| holding.contains(&label))
            .collect();
        (!holding.is_empty()).then_some(Self::Each(holds))
    }

    /// The labels as a distribution over so many: those of [`Self::Each`] share it equally, `second` is the share of a
    /// second label.
    #[must_use]
    pub fn distribution(&self, second: f32, labels: usize) -> Vec<f32> {
        match self {
            Self::Ranked(label) => label.distribution(second, labels),
            Self::Each(holds) => {
                let share = 1.0 / holds.iter().filter(|holds| **holds).count().max(1) as f32;
                holds.iter().map(|holds| if *holds { share } else { 0.0 }).collect()
            }
        }
    }

    /// The labels that hold.
    #[must_use]
    pub fn all(&self) -> Vec<usize> {
        match self {
            Self::Ranked(label) => std::iter::once(label.first).chain(label.second).collect(),
            Self::Each(holds) => (0..holds.len()).filter(|label| holds[*label]).collect(),
        }
    }

    /// The only label; `None` if several hold equally.
    #[must_use]
    pub fn single(&self) -> Option<usize> {
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
pub(super) fn read(
    path: &Path,
    labelling: &Labelling,
    malformed: MalformedRows,
    summary: &mut SourceSummary,
) -> Result<Vec<LabelledCaption>> {
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
            Some(column) => CaptionLabels::each(labelling.joined(row, Some(column))?, labelling),
            None => labelling.ranked(row, [first, second])?.map(CaptionLabels::Ranked),
        };
        let Some(labels) = labels else {
            // Not the `none` label: nobody has said what the caption conveys.
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
    use emofuse_core::{Emotion, LabelSet, error::Error};

    use super::{super::tests::write, *};

    fn read_plutchik(table: &Path, summary: &mut SourceSummary) -> Result<Vec<LabelledCaption>> {
        read(
            table,
            &Labelling::new(LabelSet::plutchik()),
            MalformedRows::Fatal,
            summary,
        )
    }

    #[test]
    fn a_malformed_row_is_named_by_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(
            &folder,
            "text.csv",
            "source,split,caption,labels\na,train,x,joy|fear\na,train,y,bliss\n",
        );
        let error = read_plutchik(&table, &mut SourceSummary::default()).expect_err("bliss is no label");
        assert!(matches!(error, Error::Row { line: 3, .. }), "{error}");
    }

    #[test]
    fn neutral_holds_only_by_itself_and_unlabelled_captions_are_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "source,split,caption,labels\na,dev,x,neutral\na,dev,y,joy|fear|neutral\na,dev,z,\n";
        let table = write(&folder, "text.csv", rows);
        let mut summary = SourceSummary::default();
        let captions = read_plutchik(&table, &mut summary).expect("reads");
        assert_eq!(captions.len(), 2);
        let neutral = Emotion::Neutral.index();
        assert_eq!(captions[0].labels.all(), [neutral]);
        assert_eq!(captions[0].labels.single(), Some(neutral));
        assert_eq!(
            captions[1].labels,
            CaptionLabels::Each(vec![true, false, true, false, false, false, false, false, false])
        );
        assert_eq!(captions[1].labels.single(), None);
        assert_eq!(captions[1].labels.distribution(0.3, 9)[..3], [0.5, 0.0, 0.5]);
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
        let captions = read_plutchik(&table, &mut SourceSummary::default()).expect("reads");
        assert_eq!(captions[0].source, "mine");
        assert_eq!(captions[0].labels.single(), Some(0));
        assert_eq!(captions[0].labels.all(), [0, 1]);
        assert_eq!(captions[0].labels.distribution(0.25, 2), [0.75, 0.25]);
        assert_eq!(captions[1].labels.all(), [Emotion::Neutral.index()]);
    }

    #[test]
    fn a_word_of_our_data_without_a_label_in_the_set_leaves_a_row_without_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "source,split,caption,labels\na,dev,x,neutral\na,dev,y,joy|neutral\n";
        let table = write(&folder, "text.csv", rows);
        let labelling = Labelling::new(LabelSet::mikels());
        let mut summary = SourceSummary::default();
        let captions = read(&table, &labelling, MalformedRows::Fatal, &mut summary).expect("reads");
        assert_eq!((captions.len(), summary.without_label), (1, 1));
        let contentment = LabelSet::mikels().index("contentment");
        assert_eq!(captions[0].labels.single(), contentment);
    }
}
