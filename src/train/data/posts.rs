//! posts.csv: images with captions, each with the emotion it conveys.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    error::Result,
};
use emofuse_dataset::{Row, Table};

use super::{MalformedRows, SourceSummary, Split, rows::required};

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

/// What an image was rated beside its emotion.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rating {
    /// How strongly it conveys its emotion, 0…3.
    pub intensity: Option<f32>,
    /// How pleasant it is, −2…2.
    pub valence: Option<f32>,
    /// How pleasant people found it, on whatever scale they were given: for measuring, not for learning.
    pub human_valence: Option<f32>,
}

/// A post to learn from or to measure on.
#[derive(Clone, Debug)]
pub struct Post {
    /// The image's file.
    pub image: PathBuf,
    /// The caption as posted; may be empty.
    pub caption: String,
    /// Which part the row belongs to.
    pub split: Split,
    /// The emotion that the image alone conveys.
    pub image_label: Option<Label>,
    /// What the image was rated beside that.
    pub image_rating: Rating,
    /// The emotion that image and caption together convey.
    pub post_label: Option<Label>,
    /// What it belongs together with: the set that it comes from, and a theme within it.
    pub group: Group,
}

/// What posts belong together with.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// The set; empty where none is named.
    pub set: String,
    /// The theme within the set; empty where none is named.
    pub theme: String,
}

impl Post {
    /// The label of the image alone. Where only the post is labelled, that label stands in for it.
    #[must_use]
    pub fn image_label(&self) -> Option<Label> {
        self.image_label.or(self.post_label)
    }
}

/// Reads posts.csv; images are found relative to it.
///
/// # Errors
/// [`emofuse_core::Error::Row`] with the line of the first malformed row, [`emofuse_core::Error::Io`] where there is no such file.
pub fn read_posts(table: &Path) -> Result<Vec<Post>> {
    read(table, MalformedRows::Fatal, &mut SourceSummary::default())
}

pub(super) fn read(path: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<Vec<Post>> {
    let table = Table::read(path)?;
    let image = table.required_column("image")?;
    let split = table.required_column("split")?;
    let caption = table.column("caption");
    let image_emotion = ["image_emotion", "image_emotion_2"].map(|name| table.column(name));
    let [intensity, valence, human_valence] =
        ["image_intensity", "image_valence", "human_valence"].map(|name| table.column(name));
    let post_emotion = ["post_emotion", "post_emotion_2"].map(|name| table.column(name));
    let [set, theme] = ["set", "theme"].map(|name| table.column(name));
    malformed.rows(&table, summary, |row, _| {
        Ok(Post {
            image: table.folder().join(row.cell(Some(image))),
            caption: row.caption(caption).unwrap_or_default().into(),
            split: required(row, split, "split")?
                .parse()
                .map_err(|reason: String| row.error(reason))?,
            image_label: label(row, image_emotion)?,
            image_rating: Rating {
                intensity: number(row, intensity, 0.0..=3.0)?,
                valence: number(row, valence, -2.0..=2.0)?,
                human_valence: number(row, human_valence, f32::MIN..=f32::MAX)?,
            },
            post_label: label(row, post_emotion)?,
            group: Group {
                set: row.cell(set).into(),
                theme: row.cell(theme).into(),
            },
        })
    })
}

fn number(row: Row<'_>, column: Option<usize>, range: RangeInclusive<f32>) -> Result<Option<f32>> {
    let Some(cell) = row.filled(column) else {
        return Ok(None);
    };
    match cell.trim().parse() {
        Ok(number) if range.contains(&number) => Ok(Some(number)),
        _ => Err(row.error(format!(
            "`{cell}` is no number from {} to {}",
            range.start(),
            range.end()
        ))),
    }
}

fn label(row: Row<'_>, [first, second]: [Option<usize>; 2]) -> Result<Option<Label>> {
    let second = row.emotion(second)?;
    Ok(row.emotion(first)?.map(|first| Label { first, second }))
}

#[cfg(test)]
mod tests {
    use emofuse_core::error::Error;

    use super::{super::tests::write, *};

    #[test]
    fn a_post_keeps_its_two_labels_and_its_image_is_beside_the_table() {
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
    fn ratings_are_numbers_within_their_range() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |rating: &str| {
            let rows = format!("image,split,image_intensity,image_valence\na.jpg,dev,{rating}\n");
            read_posts(&write(&folder, "posts.csv", &rows)).map(|posts| posts[0].image_rating)
        };
        let rating = |intensity, valence| Rating {
            intensity,
            valence,
            human_valence: None,
        };
        assert_eq!(read("3,-1").expect("reads"), rating(Some(3.0), Some(-1.0)));
        assert_eq!(read(",").expect("reads"), Rating::default());
        for wrong in ["4,0", "1,-3", "much,0", "NaN,0"] {
            assert!(matches!(read(wrong), Err(Error::Row { line: 2, .. })), "{wrong}");
        }
    }

    #[test]
    fn malformed_rows_are_fatal_or_counted_as_the_recipe_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "image,split,post_emotion\na.jpg,dev,joy\nb.jpg,dve,joy\nc.jpg,dev,joy,fear\nd.jpg,train,bliss\ne.jpg,,joy\nf.jpg,test,fear\n";
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
