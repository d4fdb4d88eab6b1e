//! posts.csv: pictures with captions, each with the emotion it conveys.

use std::path::{Path, PathBuf};

use super::{MalformedRows, SourceSummary, Split, rows::required};
use crate::{
    emotion::{EMOTIONS, Emotion},
    error::Result,
    table::{Row, Table},
};

/// A first and perhaps a second emotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The emotion conveyed.
    pub first: Emotion,
    /// A second one, where there is one.
    pub second: Option<Emotion>,
}

impl Label {
    /// The label as a distribution over the emotions, with `share` for the second.
    #[must_use]
    pub fn distribution(self, share: f32) -> [f32; EMOTIONS] {
        let mut target = [0.0; EMOTIONS];
        match self.second {
            Some(second) if second != self.first => {
                target[self.first.index()] = 1.0 - share;
                target[second.index()] = share;
            }
            _ => target[self.first.index()] = 1.0,
        }
        target
    }
}

impl From<Emotion> for Label {
    fn from(first: Emotion) -> Self {
        Self { first, second: None }
    }
}

/// A post to learn from or to measure on.
#[derive(Clone, Debug)]
pub struct Post {
    /// The picture's file.
    pub image: PathBuf,
    /// The caption as posted; may be empty.
    pub caption: String,
    /// Which part the row belongs to.
    pub split: Split,
    /// The emotion that the picture alone conveys.
    pub image_label: Option<Label>,
    /// The emotion that picture and caption together convey.
    pub post_label: Option<Label>,
}

/// Reads posts.csv; pictures are found relative to it.
///
/// # Errors
/// [`crate::Error::Row`] with the line of the first malformed row, [`crate::Error::Io`] where there is no such file.
pub fn read_posts(table: &Path) -> Result<Vec<Post>> {
    read(table, MalformedRows::Fatal, &mut SourceSummary::default())
}

pub(super) fn read(path: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<Vec<Post>> {
    let table = Table::read(path)?;
    let image = table.required_column("image")?;
    let split = table.required_column("split")?;
    let caption = table.column("caption");
    let image_emotion = ["image_emotion", "image_emotion_2"].map(|name| table.column(name));
    let post_emotion = ["post_emotion", "post_emotion_2"].map(|name| table.column(name));
    malformed.rows(&table, summary, |row, _| {
        Ok(Post {
            image: table.folder().join(row.cell(Some(image))),
            caption: row.cell(caption).into(),
            split: required(row, split, "split")?
                .parse()
                .map_err(|reason: String| row.error(reason))?,
            image_label: label(row, image_emotion)?,
            post_label: label(row, post_emotion)?,
        })
    })
}

fn label(row: Row<'_>, [first, second]: [Option<usize>; 2]) -> Result<Option<Label>> {
    let second = row.emotion(second)?;
    Ok(row.emotion(first)?.map(|first| Label { first, second }))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::write, *};
    use crate::error::Error;

    #[test]
    fn a_post_keeps_its_two_labels_and_its_picture_is_beside_the_table() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(
            &folder,
            "posts.csv",
            "image,caption,split,image_emotion,image_emotion_2,post_emotion,post_emotion_2\na.jpg,Hi,dev,joy,trust,,\n",
        );
        let posts = read_posts(&table).expect("reads");
        let label = posts[0].image_label.expect("a label");
        assert_eq!(
            label,
            Label {
                first: Emotion::Joy,
                second: Some(Emotion::Trust)
            }
        );
        assert_eq!(posts[0].post_label, None);
        assert_eq!(posts[0].image, folder.path().join("a.jpg"));
        let target = label.distribution(0.25);
        assert_eq!((target[0], target[1], target.iter().sum::<f32>()), (0.75, 0.25, 1.0));
    }

    #[test]
    fn malformed_rows_are_fatal_or_counted_as_the_recipe_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "image,split,post_emotion\na.jpg,dev,joy\nb.jpg,dve,joy\nc.jpg,dev\nd.jpg,train,bliss\ne.jpg,,joy\nf.jpg,test,fear\n";
        let table = write(&folder, "posts.csv", rows);
        let error = read_posts(&table).expect_err("there is no split `dve`");
        assert!(matches!(error, Error::Row { line: 3, .. }), "{error}");

        let mut summary = SourceSummary::default();
        let posts = read(&table, MalformedRows::Skip, &mut summary).expect("reads");
        assert_eq!((posts.len(), summary.malformed), (2, 4));
    }

    #[test]
    fn a_table_without_a_needed_column_is_refused_whatever_is_skipped() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(&folder, "posts.csv", "image,caption\na.jpg,hi\n");
        let error = read(&table, MalformedRows::Skip, &mut SourceSummary::default()).expect_err("no split");
        assert!(
            error.to_string().ends_with("line 1: there is no column `split`"),
            "{error}"
        );
    }
}
