//! posts.csv: images with captions, each with the label of what it conveys.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use emofuse_core::error::Result;
use emofuse_dataset::{Row, Table};

use super::{Annotation, LabelColumn, Labelling, MalformedRows, SourceSummary, Split, rows::required};

/// What an image was rated beside its label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rating {
    /// How strongly it conveys what its label says, 0…3.
    pub intensity: Option<f32>,
    /// How pleasant it is, −2…2.
    pub valence: Option<f32>,
    /// How pleasant people found it, on whatever scale they were given: for measuring, not for learning.
    pub human_valence: Option<f32>,
}

/// A post to learn from or to measure on.
#[derive(Clone, Debug)]
pub struct Post {
    /// The image's file; empty for a post without an image.
    pub image: PathBuf,
    /// The caption as posted; may be empty.
    pub caption: String,
    /// Which part the row belongs to.
    pub split: Split,
    /// What the image alone conveys.
    pub image_label: Option<Annotation>,
    /// What the image was rated beside that.
    pub image_rating: Rating,
    /// What image and caption together convey.
    pub post_label: Option<Annotation>,
    /// Numbers beside image and caption, for each column that the recipe names; `None` where a cell is blank.
    pub metadata: Vec<Option<f32>>,
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
    pub fn image_label(&self) -> Option<Annotation> {
        self.image_label.or(self.post_label)
    }
}

/// How a table of posts is read.
#[derive(Debug)]
pub struct PostsReader<'a> {
    /// The columns of the post's label and of its second label.
    pub post: LabelColumn<'a>,
    /// The columns of the image's label and of its second label.
    pub image: LabelColumn<'a>,
    /// Columns of numbers beside image and caption.
    pub metadata: &'a [String],
    /// Maps the words of these columns to labels.
    pub labelling: &'a Labelling,
    /// What becomes of a malformed row.
    pub malformed: MalformedRows,
    /// Whether a table may lack the column `image`, because the system classifies captions.
    pub image_is_optional: bool,
}

impl PostsReader<'_> {
    /// Reads posts.csv; images are found relative to it.
    ///
    /// # Errors
    /// [`Error::Row`](emofuse_core::Error::Row) with the line of the first malformed row,
    /// [`Error::Io`](emofuse_core::Error::Io) if there is no such file.
    pub fn read(&self, path: &Path, summary: &mut SourceSummary) -> Result<Vec<Post>> {
        let table = Table::read(path)?;
        let image = if self.image_is_optional {
            table.column("image")
        } else {
            Some(table.required_column("image")?)
        };
        let split = table.required_column("split")?;
        let caption = table.column("caption");
        let [intensity, valence, human_valence] =
            ["image_intensity", "image_valence", "human_valence"].map(|name| table.column(name));
        let [set, theme] = ["set", "theme"].map(|name| table.column(name));
        let of_image = self.image.places(&table)?;
        let of_post = self.post.places(&table)?;
        let metadata = metadata_places(&table, self.metadata)?;
        self.malformed.rows(&table, summary, |row, _| {
            Ok(Post {
                image: image_file(row, image, &table),
                caption: row.caption(caption).unwrap_or_default().into(),
                split: required(row, split, "split")?
                    .parse()
                    .map_err(|reason: String| row.error(reason))?,
                image_label: self.labelling.ranked(row, of_image)?,
                image_rating: Rating {
                    intensity: number(row, intensity, 0.0..=3.0)?,
                    valence: number(row, valence, -2.0..=2.0)?,
                    human_valence: number(row, human_valence, f32::MIN..=f32::MAX)?,
                },
                post_label: self.labelling.ranked(row, of_post)?,
                metadata: metadata_of(row, &metadata)?,
                group: Group {
                    set: row.cell(set).into(),
                    theme: row.cell(theme).into(),
                },
            })
        })
    }
}

fn image_file(row: Row<'_>, column: Option<usize>, table: &Table) -> PathBuf {
    match row.filled(column) {
        Some(name) => table.folder().join(name),
        None => PathBuf::new(),
    }
}

/// The places of columns of numbers; `None` for one that is computed from the caption.
pub(super) fn metadata_places(table: &Table, columns: &[String]) -> Result<Vec<Option<usize>>> {
    let place = |name: &String| match name.as_str() {
        super::EMOJI_COUNT => Ok(table.column(name)),
        name => table.required_column(name).map(Some),
    };
    columns.iter().map(place).collect()
}

/// The numbers of a row.
pub(super) fn metadata_of(row: Row<'_>, places: &[Option<usize>]) -> Result<Vec<Option<f32>>> {
    let places = places.iter();
    places.map(|place| number(row, *place, f32::MIN..=f32::MAX)).collect()
}

fn number(row: Row<'_>, column: Option<usize>, range: RangeInclusive<f32>) -> Result<Option<f32>> {
    let Some(cell) = row.filled(column) else {
        return Ok(None);
    };
    match cell.trim().parse() {
        Ok(number) if range.contains(&number) => Ok(Some(number)),
        _ if *range.end() == f32::MAX => Err(row.error(format!("`{cell}` is not a number"))),
        _ => Err(row.error(format!(
            "`{cell}` is not a number from {} to {}",
            range.start(),
            range.end()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::{LabelSet, error::Error};

    use super::{super::tests::write, *};

    fn read_with(table: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<Vec<Post>> {
        let reader = PostsReader {
            post: LabelColumn::of("post_emotion"),
            image: LabelColumn::of("image_emotion"),
            metadata: &[],
            labelling: &Labelling::new(LabelSet::plutchik()),
            malformed,
            image_is_optional: false,
        };
        reader.read(table, summary)
    }

    fn read_posts(table: &Path) -> Result<Vec<Post>> {
        read_with(table, MalformedRows::Fatal, &mut SourceSummary::default())
    }

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
            Annotation {
                first: 0,
                second: Some(1)
            }
        );
        assert_eq!(posts[0].post_label, None);
        assert_eq!(posts[0].image, folder.path().join("a.jpg"));
        assert_eq!(label.distribution(0.25, 3), [0.75, 0.25, 0.0]);
    }

    #[test]
    fn labels_are_read_from_the_columns_that_are_named_and_a_named_column_must_be_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "image,caption,split,mood,mood_2\na.jpg,Hi,dev,Sturm,Ruhe\nb.jpg,Ho,dev,霧,\n";
        let table = write(&folder, "posts.csv", rows);
        let read = |post: LabelColumn| {
            let reader = PostsReader {
                post,
                image: LabelColumn::of("image_emotion"),
                metadata: &[],
                labelling: &Labelling::new(LabelSet::from_names(["Ruhe", "Sturm", "霧"], None).expect("labels")),
                malformed: MalformedRows::Fatal,
                image_is_optional: false,
            };
            reader.read(&table, &mut SourceSummary::default())
        };
        let posts = read(LabelColumn::required("mood")).expect("reads");
        let expected = Annotation {
            first: 1,
            second: Some(0),
        };
        assert_eq!(
            (posts[0].post_label, posts[1].post_label),
            (Some(expected), Some(2.into()))
        );
        let message = read(LabelColumn::required("moood"))
            .expect_err("no such column")
            .to_string();
        assert!(message.ends_with("line 1: there is no column `moood`"), "{message}");
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
        let posts = read_with(&table, MalformedRows::Skip, &mut summary).expect("reads");
        assert_eq!((posts.len(), summary.malformed), (2, 4));
    }

    #[test]
    fn a_table_without_a_needed_column_is_refused_whatever_is_skipped() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(&folder, "posts.csv", "image,caption\na.jpg,hi\n");
        let error = read_with(&table, MalformedRows::Skip, &mut SourceSummary::default()).expect_err("no split");
        assert!(
            error.to_string().ends_with("line 1: there is no column `split`"),
            "{error}"
        );
    }
}
