//! Which tables and folders a recipe learns from.

use std::path::{Path, PathBuf};

use emofuse_core::error::{Error, Result};
use serde::{Deserialize, Serialize};

use super::{LabelledCaption, MalformedRows, Post, SourceSummary, Split, captions, flickr, posts, reddit};

/// What to learn from; paths start from the folder named by `--data`. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataRecipe {
    /// What becomes of a malformed row.
    pub malformed_rows: MalformedRows,
    /// Where posts come from.
    pub posts: Vec<PostSource>,
    /// Tables of captions alone, as text.csv; may be empty.
    pub captions: Vec<PathBuf>,
}

impl Default for DataRecipe {
    fn default() -> Self {
        Self {
            malformed_rows: MalformedRows::Fatal,
            posts: vec![PostSource::Posts {
                path: "posts.csv".into(),
            }],
            captions: vec!["text.csv".into()],
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
    /// Titles from Reddit; see [`reddit`].
    Reddit {
        /// The table.
        path: PathBuf,
        /// The folder with the images, named by the posts' ids; `pictures` in recipes written before.
        #[serde(alias = "pictures")]
        images: Option<PathBuf>,
    },
    /// Images from Flickr; see [`flickr`].
    Flickr {
        /// The folder with a folder for each of Mikels' emotions.
        path: PathBuf,
        /// Titles and descriptions by the images' ids: id, title, description.
        table: Option<PathBuf>,
    },
}

/// What a recipe learns from.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// Posts with their images.
    pub posts: Vec<Post>,
    /// Posts whose image is not there: of use for their captions.
    pub without_image: Vec<Post>,
    /// Captions alone.
    pub captions: Vec<LabelledCaption>,
    /// What each source held.
    pub sources: Vec<SourceSummary>,
}

impl PostSource {
    fn read(&self, folder: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<Vec<Post>> {
        let within = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
        match self {
            Self::Posts { path } => posts::read(&folder.join(path), malformed, summary),
            Self::Reddit { path, images } => {
                reddit::read(&folder.join(path), within(images).as_deref(), malformed, summary)
            }
            Self::Flickr { path, table } => {
                flickr::read(&folder.join(path), within(table).as_deref(), malformed, summary)
            }
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Posts { path } | Self::Reddit { path, .. } | Self::Flickr { path, .. } => path,
        }
    }
}

impl DataRecipe {
    /// Reads every source below a folder, and logs what each held.
    ///
    /// # Errors
    /// [`Error::Row`] with the line of a malformed row, unless the recipe skips those; [`Error::Io`] for a
    /// source that is not there; [`Error::Data`] where no post is left to learn from or to choose on.
    pub fn read(&self, folder: &Path) -> Result<Data> {
        let mut data = Data::default();
        for source in &self.posts {
            let mut summary = SourceSummary::new(source.path().display().to_string());
            let posts = source.read(folder, self.malformed_rows, &mut summary)?;
            summary.count_posts(&posts);
            let (with, without): (Vec<Post>, Vec<Post>) = posts.into_iter().partition(|post| post.image.is_file());
            data.posts.extend(with);
            data.without_image.extend(without);
            data.log(summary);
        }
        for path in &self.captions {
            let mut summary = SourceSummary::new(path.display().to_string());
            let captions = captions::read(&folder.join(path), self.malformed_rows, &mut summary)?;
            summary.count_captions(&captions);
            data.captions.extend(captions);
            data.log(summary);
        }
        data.check(folder)?;
        Ok(data)
    }
}

impl Data {
    /// All posts, with and without their image.
    pub fn all_posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().chain(&self.without_image)
    }

    fn log(&mut self, summary: SourceSummary) {
        tracing::info!("{summary}");
        self.sources.push(summary);
    }

    fn check(&self, folder: &Path) -> Result<()> {
        for split in [Split::Train, Split::Dev] {
            let mut posts = self.posts.iter().filter(|post| post.split == split);
            if !posts.any(|post| post.post_label.is_some() && !post.caption.trim().is_empty()) {
                return Err(Error::Data {
                    path: folder.into(),
                    reason: format!(
                        "no post of the {split} split has its image, a caption and a label; look at `[data]` in the recipe"
                    ),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::write, *};

    fn recipe(text: &str) -> Result<DataRecipe, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_recipe_that_names_no_data_learns_from_posts_and_text() {
        let recipe = recipe("").expect("parses");
        assert_eq!(recipe, DataRecipe::default());
        assert_eq!(recipe.malformed_rows, MalformedRows::Fatal);
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
        assert_eq!((parsed.posts.len(), parsed.captions.len()), (3, 0));
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
        let data = recipe.read(folder.path()).expect("reads");
        assert_eq!(
            (data.posts.len(), data.without_image.len(), data.captions.len()),
            (3, 2, 2)
        );
        let summaries: Vec<String> = data.sources.iter().map(ToString::to_string).collect();
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
            recipe
                .read(folder.path())
                .expect_err("nothing to learn from")
                .to_string()
        };
        assert!(posts("absent.jpg,hi,train,joy\n").contains("no post of the train split has its image"));
        assert!(posts("p.jpg,hi,train,joy\np.jpg,,dev,joy\n").contains("no post of the dev split"));
    }
}
