//! Which tables and folders a recipe learns from.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use emofuse_core::{
    error::{Error, Result},
    labels::LabelSet,
};
use serde::{Deserialize, Serialize};

use super::{
    Annotation, LabelColumn, LabelledCaption, Labelling, MalformedRows, Post, PostsReader, SourceSummary, Split,
    captions, desk::DeskReader, flickr, reddit,
};
use crate::recipe::LabelsRecipe;

/// What to learn from; paths start from the folder named by `--data`. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataRecipe {
    /// What becomes of a malformed row.
    pub malformed_rows: MalformedRows,
    /// Where posts come from.
    pub posts: Vec<PostSource>,
    /// Tables of captions alone, as text.csv; may be empty. Without the key text.csv, unless all posts come from tables
    /// of the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captions: Option<Vec<PathBuf>>,
    /// The column of a post's label in tables of posts: `post_emotion` without the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_label: Option<String>,
    /// The column of a post's second label: the name of the first and `_2` without the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_second_label: Option<String>,
    /// The column of an image's own label in tables of posts: `image_emotion` without the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_label: Option<String>,
    /// The column of an image's second label: the name of the first and `_2` without the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_second_label: Option<String>,
}

impl Default for DataRecipe {
    fn default() -> Self {
        Self {
            malformed_rows: MalformedRows::Fatal,
            posts: vec![PostSource::Posts {
                path: "posts.csv".into(),
            }],
            captions: None,
            post_label: None,
            post_second_label: None,
            image_label: None,
            image_second_label: None,
        }
    }
}

/// Where posts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum PostSource {
    /// A table with images relative to it, as posts.csv.
    Posts {
        /// The table.
        path: PathBuf,
    },
    /// A table that the labelling desk or `emofuse label` wrote, or another one with a column `label`.
    Desk {
        /// The table.
        path: PathBuf,
        /// The folder in which its images are looked for; its own folder without the key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        images: Option<PathBuf>,
    },
    /// Titles from Reddit; see [`reddit`].
    Reddit {
        /// The table.
        path: PathBuf,
        /// The folder with the images, named by the posts' ids; `pictures` in recipes written before.
        #[serde(alias = "pictures")]
        images: Option<PathBuf>,
    },
    /// Images from Flickr, or from another folder with a folder for each label; see [`flickr`].
    Flickr {
        /// The folder with a folder for each label.
        path: PathBuf,
        /// Titles and descriptions by the images' ids: id, title, description.
        table: Option<PathBuf>,
    },
}

/// What a system learns from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Whether posts must have an image.
    pub image: bool,
    /// Whether posts must have a caption.
    pub caption: bool,
    /// Whether it learns from captions alone too.
    pub captions_alone: bool,
}

impl Needs {
    /// Image and caption.
    pub const BOTH: Self = Self {
        image: true,
        caption: true,
        captions_alone: true,
    };

    /// What a post must have, in words.
    fn words(self) -> &'static str {
        match (self.image, self.caption) {
            (true, true) => "its image, a caption and a label",
            (true, false) => "its image and a label",
            (false, _) => "a caption and a label",
        }
    }

    fn met_by(self, post: &Post) -> bool {
        // An image that is labelled by itself is enough for a system that reads nothing else.
        let labelled = post.post_label.is_some() || (!self.caption && post.image_label.is_some());
        labelled && (!self.image || post.image.is_file()) && (!self.caption || !post.caption.trim().is_empty())
    }
}

/// What a recipe learns from.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// The labels, to whose indices all labels of posts and captions refer.
    pub labels: LabelSet,
    /// Posts with their images.
    pub posts: Vec<Post>,
    /// Posts whose image is not there: of use for their captions.
    pub without_image: Vec<Post>,
    /// Captions alone.
    pub captions: Vec<LabelledCaption>,
    /// What each source held.
    pub sources: Vec<SourceSummary>,
}

/// How the sources of a recipe are read.
#[derive(Clone, Copy)]
struct Reader<'a> {
    recipe: &'a DataRecipe,
    folder: &'a Path,
    labelling: &'a Labelling,
    metadata: &'a [String],
    needs: Needs,
    malformed: MalformedRows,
}

impl Reader<'_> {
    fn posts(&self, source: &PostSource, summary: &mut SourceSummary) -> Result<Vec<Post>> {
        let Self {
            recipe,
            folder,
            labelling,
            metadata,
            needs,
            malformed,
        } = *self;
        let within = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
        match source {
            PostSource::Posts { path } => PostsReader {
                post: recipe.post_column(),
                image: recipe.image_column(),
                metadata,
                labelling,
                malformed,
                image_is_optional: !needs.image,
            }
            .read(&folder.join(path), summary),
            PostSource::Desk { path, images } => DeskReader {
                images: within(images),
                label: recipe.post_label.as_ref().map(|_| recipe.post_column()),
                metadata,
                labelling,
                malformed,
            }
            .read(&folder.join(path), summary),
            PostSource::Reddit { path, images } => reddit::read(
                &folder.join(path),
                within(images).as_deref(),
                labelling,
                malformed,
                summary,
            ),
            PostSource::Flickr { path, table } => flickr::read(
                &folder.join(path),
                within(table).as_deref(),
                labelling,
                malformed,
                summary,
            ),
        }
    }

    fn captions(&self, path: &Path, summary: &mut SourceSummary) -> Result<Vec<LabelledCaption>> {
        captions::read(&self.folder.join(path), self.labelling, self.malformed, summary)
    }
}

impl PostSource {
    fn path(&self) -> &Path {
        match self {
            Self::Posts { path } | Self::Desk { path, .. } | Self::Reddit { path, .. } | Self::Flickr { path, .. } => {
                path
            }
        }
    }
}

impl DataRecipe {
    /// The tables of captions alone.
    #[must_use]
    pub fn caption_tables(&self) -> Cow<'_, [PathBuf]> {
        let all_from_the_desk = self
            .posts
            .iter()
            .all(|source| matches!(source, PostSource::Desk { .. }));
        match &self.captions {
            Some(tables) => Cow::Borrowed(tables),
            None if all_from_the_desk => Cow::Borrowed(&[]),
            None => Cow::Owned(vec!["text.csv".into()]),
        }
    }

    fn post_column(&self) -> LabelColumn<'_> {
        column(
            self.post_label.as_deref(),
            "post_emotion",
            self.post_second_label.as_deref(),
        )
    }

    fn image_column(&self) -> LabelColumn<'_> {
        column(
            self.image_label.as_deref(),
            "image_emotion",
            self.image_second_label.as_deref(),
        )
    }

    /// Reads every source below a folder, and logs what each held.
    ///
    /// # Errors
    /// [`Error::Row`] with the line of a malformed row, unless the recipe skips those; [`Error::Io`] for a
    /// source that is not there; [`Error::Data`] if no post is left to learn from or to choose on, or a label of the
    /// recipe's own occurs in no row.
    pub fn read(&self, folder: &Path, labels: &LabelsRecipe, metadata: &[String], needs: Needs) -> Result<Data> {
        let set = self.label_set(folder, labels, needs)?;
        let labelling = Labelling::new(set.clone());
        let reader = Reader {
            recipe: self,
            folder,
            labelling: &labelling,
            metadata,
            needs,
            malformed: self.malformed_rows,
        };
        let mut data = Data {
            labels: set,
            ..Data::default()
        };
        for source in &self.posts {
            let mut summary = SourceSummary::new(source.path().display().to_string());
            let posts = reader.posts(source, &mut summary)?;
            summary.count_posts(&posts);
            let (with, without): (Vec<Post>, Vec<Post>) = posts.into_iter().partition(|post| post.image.is_file());
            data.posts.extend(with);
            data.without_image.extend(without);
            data.log(summary);
        }
        for path in self.caption_tables().iter().filter(|_| needs.captions_alone) {
            let mut summary = SourceSummary::new(path.display().to_string());
            let captions = reader.captions(path, &mut summary)?;
            summary.count_captions(&captions);
            data.captions.extend(captions);
            data.log(summary);
        }
        data.check(folder, needs)?;
        if labels.is_of_its_own() {
            data.check_labels(folder)?;
        }
        Ok(data)
    }

    /// The labels of a recipe, those that occur in the data if it says so.
    fn label_set(&self, folder: &Path, labels: &LabelsRecipe, needs: Needs) -> Result<LabelSet> {
        let none = match labels {
            LabelsRecipe::Set { labels, .. } => return Ok(labels.clone()),
            LabelsRecipe::FromData { none } => none.as_deref(),
        };
        let labelling = Labelling::collecting();
        let reader = Reader {
            recipe: self,
            folder,
            labelling: &labelling,
            metadata: &[],
            needs,
            // The second reading names the rows.
            malformed: match self.malformed_rows {
                MalformedRows::Fatal => MalformedRows::Fatal,
                MalformedRows::Skip | MalformedRows::Ignore => MalformedRows::Ignore,
            },
        };
        let mut summary = SourceSummary::default();
        for source in &self.posts {
            reader.posts(source, &mut summary)?;
        }
        for path in self.caption_tables().iter().filter(|_| needs.captions_alone) {
            reader.captions(path, &mut summary)?;
        }
        LabelSet::from_names(labelling.collected(), none).map_err(|error| Error::Data {
            path: folder.into(),
            reason: format!("{error}; `labels = \"from data\"` takes every word in the columns of labels"),
        })
    }
}

fn column<'a>(named: Option<&'a str>, default: &'a str, second: Option<&'a str>) -> LabelColumn<'a> {
    LabelColumn {
        second,
        ..named.map_or(LabelColumn::of(default), LabelColumn::required)
    }
}

impl Data {
    /// All posts, with and without their image.
    pub fn all_posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().chain(&self.without_image)
    }

    fn log(&mut self, summary: SourceSummary) {
        tracing::info!("{}", summary.describe(&self.labels));
        self.sources.push(summary);
    }

    fn check(&self, folder: &Path, needs: Needs) -> Result<()> {
        for split in [Split::Train, Split::Dev] {
            let mut posts = self.all_posts().filter(|post| post.split == split);
            if !posts.any(|post| needs.met_by(post)) {
                return Err(Error::Data {
                    path: folder.into(),
                    reason: format!(
                        "no post of the {split} split has {}; look at `[data]` in the recipe{}",
                        needs.words(),
                        if needs == Needs::BOTH {
                            ", or choose a `fusion.system` that reads one side alone"
                        } else {
                            ""
                        }
                    ),
                });
            }
        }
        Ok(())
    }

    /// Refuses labels that nothing can be learnt of.
    fn check_labels(&self, folder: &Path) -> Result<()> {
        let posts = self.all_posts().filter(|post| post.split == Split::Train);
        let of_posts = posts.flat_map(|post| [post.post_label, post.image_label]).flatten();
        let both = |label: Annotation| std::iter::once(label.first).chain(label.second);
        let captions = self.captions.iter().filter(|caption| caption.split == Split::Train);
        let occurring: BTreeSet<usize> = of_posts
            .flat_map(both)
            .chain(captions.flat_map(|caption| caption.labels.all()))
            .collect();
        let missing: Vec<String> = (0..self.labels.len())
            .filter(|label| !occurring.contains(label))
            .map(|label| format!("`{}`", self.labels.name(label)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::Data {
            path: folder.into(),
            reason: format!(
                "no row of the train split has the label {}; label some posts with it, or remove it from `labels` in the \
                 recipe",
                missing.join(" or ")
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::write, *};

    fn recipe(text: &str) -> Result<DataRecipe, toml::de::Error> {
        toml::from_str(text)
    }

    fn read(recipe: &DataRecipe, folder: &tempfile::TempDir, labels: &LabelsRecipe) -> Result<Data> {
        recipe.read(folder.path(), labels, &[], Needs::BOTH)
    }

    fn plutchik() -> LabelsRecipe {
        LabelsRecipe::default()
    }

    fn own(names: &[&str]) -> LabelsRecipe {
        LabelsRecipe::Set {
            labels: LabelSet::from_names(names, None).expect("labels"),
            is_of_its_own: true,
        }
    }

    #[test]
    fn a_recipe_that_names_no_data_learns_from_posts_and_text() {
        let recipe = recipe("").expect("parses");
        assert_eq!(recipe, DataRecipe::default());
        assert_eq!(recipe.malformed_rows, MalformedRows::Fatal);
        assert_eq!(recipe.caption_tables(), [PathBuf::from("text.csv")].as_slice());
    }

    #[test]
    fn other_sources_are_named_by_kind_and_unknown_keys_are_refused() {
        let sources = r#"
            malformed_rows = "skip"
            posts = [
                { kind = "posts", path = "posts.csv" },
                { kind = "reddit", path = "processed_happy.csv", images = "reddit" },
                { kind = "flickr", path = "flickr", table = "titles.csv" },
            ]
            captions = []
        "#;
        let parsed = recipe(sources).expect("parses");
        assert_eq!((parsed.posts.len(), parsed.captions.clone()), (3, Some(vec![])));
        let with_the_earlier_name = sources.replace("images =", "pictures =");
        assert_eq!(recipe(&with_the_earlier_name).expect("parses"), parsed);
        for wrong in [
            r#"posts = [{ kind = "twitter", path = "t.csv" }]"#,
            r#"posts = [{ kind = "posts", path = "posts.csv", images = "p" }]"#,
            r#"posts = [{ kind = "posts" }]"#,
            r#"malformed_rows = "ignore""#,
            r#"texts = []"#,
        ] {
            assert!(recipe(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn posts_of_all_sources_are_read_and_those_without_an_image_set_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        for image in ["p.jpg", "reddit/f.png", "flickr/awe/q.jpg"] {
            write(&folder, image, "");
        }
        write(
            &folder,
            "posts.csv",
            "image,caption,split,post_emotion\np.jpg,hi,train,joy\nabsent.jpg,ho,train,joy\n",
        );
        write(
            &folder,
            "happy.csv",
            "id,url,title,subreddit\nf,,Glad,happy\ng,,Gladder,happy\nh,,Hm,pics\n",
        );
        write(
            &folder,
            "text.csv",
            "source,split,caption,labels\na,train,x,joy|fear\na,dev,y,neutral\n",
        );
        let recipe = recipe(
            r#"
            malformed_rows = "skip"
            posts = [
                { kind = "posts", path = "posts.csv" },
                { kind = "reddit", path = "happy.csv", images = "reddit" },
                { kind = "flickr", path = "flickr" },
            ]
            "#,
        )
        .expect("parses");
        let data = read(&recipe, &folder, &plutchik()).expect("reads");
        assert_eq!(
            (data.posts.len(), data.without_image.len(), data.captions.len()),
            (3, 2, 2)
        );
        let summaries: Vec<String> = data
            .sources
            .iter()
            .map(|source| source.describe(&data.labels))
            .collect();
        assert_eq!(
            summaries,
            [
                "posts.csv: 2 read, 0 malformed, 1 without their image, 0 without a label; train 2: joy 2",
                "happy.csv: 2 read, 1 malformed, 1 without their image, 0 without a label; train 1: joy 1; dev 1: joy 1",
                "flickr: 1 read, 0 malformed, 0 without their image, 0 without a label; train 1: surprise 1",
                "text.csv: 2 read, 0 malformed, 0 without their image, 0 without a label; train 1: joy 1, fear 1; dev 1: neutral 1",
            ]
        );
    }

    #[test]
    fn a_split_without_anything_to_learn_from_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder, "p.jpg", "");
        let posts = |rows: &str| {
            write(
                &folder,
                "posts.csv",
                &format!("image,caption,split,post_emotion\n{rows}"),
            );
            let recipe = recipe("captions = []").expect("parses");
            read(&recipe, &folder, &plutchik())
                .expect_err("nothing to learn from")
                .to_string()
        };
        assert!(posts("absent.jpg,hi,train,joy\n").contains("no post of the train split has its image"));
        assert!(posts("p.jpg,hi,train,joy\np.jpg,,dev,joy\n").contains("no post of the dev split"));
    }

    /// Posts of three labels of one's own, in both splits.
    fn weather(folder: &tempfile::TempDir) -> DataRecipe {
        write(folder, "p.jpg", "");
        let rows: Vec<String> = ["train", "dev"]
            .iter()
            .flat_map(|split| ["Sturm", "Ruhe", "霧"].map(|label| format!("p.jpg,hi,{split},{label}\n")))
            .collect();
        write(
            folder,
            "posts.csv",
            &format!("image,caption,split,mood\n{}", rows.concat()),
        );
        recipe("captions = []\npost_label = \"mood\"").expect("parses")
    }

    #[test]
    fn labels_of_the_data_are_taken_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let recipe = weather(&folder);
        let from_data = |none: Option<&str>| LabelsRecipe::FromData {
            none: none.map(String::from),
        };
        let data = read(&recipe, &folder, &from_data(Some("Ruhe"))).expect("reads");
        assert_eq!(data.labels.list(), "Ruhe, Sturm, 霧");
        assert_eq!(data.labels.none(), Some(0));
        let labels: Vec<usize> = data
            .posts
            .iter()
            .filter_map(|post| Some(post.post_label?.first))
            .collect();
        assert_eq!(labels, [1, 0, 2, 1, 0, 2]);
        let message = read(&recipe, &folder, &from_data(Some("Regen")))
            .expect_err("no such label")
            .to_string();
        assert!(message.contains("`Regen` is not among"), "{message}");

        write(
            &folder,
            "posts.csv",
            "image,caption,split,mood\np.jpg,a,train,Ruhe\np.jpg,b,dev,Ruhe\n",
        );
        let message = read(&recipe, &folder, &from_data(None))
            .expect_err("one label")
            .to_string();
        assert!(
            message.contains("at least two") && message.contains("from data"),
            "{message}"
        );
    }

    #[test]
    fn labels_and_rows_must_have_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let recipe = weather(&folder);
        assert!(read(&recipe, &folder, &own(&["Ruhe", "Sturm", "霧"])).is_ok());
        let message = |names: &[&str]| read(&recipe, &folder, &own(names)).expect_err("labels").to_string();
        let unused = message(&["Ruhe", "Sturm", "霧", "Regen"]);
        assert!(
            unused.contains("no row of the train split has the label `Regen`"),
            "{unused}"
        );
        let lacking = message(&["Ruhe", "Sturm"]);
        assert!(
            lacking.contains("posts.csv, line 4: `霧` is not a label; the labels are Ruhe, Sturm"),
            "{lacking}"
        );
    }

    #[test]
    fn a_system_of_captions_needs_no_images_and_one_of_images_no_captions() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder, "p.jpg", "");
        let read = |rows: &str, needs: Needs| {
            write(&folder, "posts.csv", rows);
            let recipe = recipe("captions = []").expect("parses");
            recipe.read(folder.path(), &plutchik(), &[], needs)
        };
        let [images, captions] = [(true, false), (false, true)].map(|(image, caption)| Needs {
            image,
            caption,
            captions_alone: caption,
        });
        let texts = "caption,split,post_emotion\na,train,joy\nb,dev,fear\n";
        assert_eq!(read(texts, captions).expect("reads").without_image.len(), 2);
        assert!(
            read(texts, images)
                .expect_err("no images")
                .to_string()
                .contains("no column `image`")
        );
        let files = "image,split,image_emotion\np.jpg,train,joy\np.jpg,dev,fear\n";
        assert_eq!(read(files, images).expect("reads").posts.len(), 2);
        assert!(read(files, Needs::BOTH).is_err());
    }
}
