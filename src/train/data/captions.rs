//! text.csv: captions alone, each with the emotions it conveys.

use std::path::Path;

use super::{MalformedRows, SourceSummary, Split, rows::required};
use crate::{error::Result, table::Table};

/// A row of text.csv: a caption and which of Plutchik's eight emotions it conveys.
#[derive(Clone, Debug)]
pub struct LabelledCaption {
    /// The caption.
    pub caption: String,
    /// The set that it comes from.
    pub source: String,
    /// Which part the row belongs to.
    pub split: Split,
    /// Yes or no for each of [`crate::Emotion::PRIMARY`].
    pub labels: [bool; 8],
}

/// Reads text.csv; a row without a label is left out.
///
/// # Errors
/// [`crate::Error::Row`] with the line of the first malformed row, [`crate::Error::Io`] where there is no such file.
pub fn read_captions(table: &Path) -> Result<Vec<LabelledCaption>> {
    read(table, MalformedRows::Fatal, &mut SourceSummary::default())
}

pub(super) fn read(path: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<Vec<LabelledCaption>> {
    let table = Table::read(path)?;
    let source = table.required_column("source")?;
    let split = table.required_column("split")?;
    let caption = table.required_column("caption")?;
    let labels = table.required_column("labels")?;
    let rows = malformed.rows(&table, summary, |row, summary| {
        let split = required(row, split, "split")?
            .parse()
            .map_err(|reason: String| row.error(reason))?;
        let Some(labels) = row.emotions(Some(labels))? else {
            // Not `neutral`: nobody has said what the caption conveys.
            summary.read += 1;
            summary.without_label += 1;
            return Ok(None);
        };
        Ok(Some(LabelledCaption {
            caption: row.cell(Some(caption)).into(),
            source: row.cell(Some(source)).into(),
            split,
            labels,
        }))
    })?;
    Ok(rows.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::{super::tests::write, *};
    use crate::error::Error;

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
        assert_eq!(captions[0].labels, [false; 8]);
        assert_eq!(
            captions[1].labels,
            [true, false, true, false, false, false, false, false]
        );
        assert_eq!((summary.without_label, summary.malformed), (1, 0));
    }
}
