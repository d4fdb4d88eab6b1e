//! Tables that the labelling desk or `emofuse label` wrote, and other tables with a label for each post.
//!
//! The columns are found by their names (`docs/labels.md`): the caption, the image, and the label in `hand_emotion` or
//! `label`. Images are found as `emofuse label` finds them. Rows without a label are left out.
//!
//! If a table has no column `split`, four of five posts of each label are learnt from, and the fifth is for dev. Which
//! these are depends on a hash of the post's image and caption alone, not on its place in the table.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use emofuse_core::error::{Error, Result};
use emofuse_dataset::{Row, Table};
use emofuse_posts::{Found, ImageFinder, Mapping};
use sha2::{Digest, Sha256};

use super::{
    Annotation, Group, LabelColumn, Labelling, MalformedRows, Post, Rating, SourceSummary, Split, images,
    posts::{metadata_of, metadata_places},
};

/// Columns of second labels, in the order of preference.
const SECOND: [&str; 2] = ["hand_secondary", "second"];

/// Of so many posts of a label, one is for dev.
const DEV_SHARE: usize = 5;

/// How a table is read.
pub(super) struct DeskReader<'a> {
    /// The folder in which images are looked for; that of the table if none is named.
    pub images: Option<PathBuf>,
    /// The columns of labels, if the recipe names them.
    pub label: Option<LabelColumn<'a>>,
    pub metadata: &'a [String],
    pub labelling: &'a Labelling,
    pub malformed: MalformedRows,
}

impl DeskReader<'_> {
    /// Reads the labelled posts of a table.
    pub fn read(&self, path: &Path, summary: &mut SourceSummary) -> Result<Vec<Post>> {
        let table = Table::read(path)?;
        let mapping = Mapping::guess(table.columns());
        let labels = self.label_columns(&table, &mapping)?;
        let split = table.column("split");
        let metadata = metadata_places(&table, self.metadata)?;
        let files = Files::below(self.images.as_deref().unwrap_or_else(|| table.folder()))?;
        let rows = self.malformed.rows(&table, summary, |row, summary| {
            let Some(label) = self.label(row, labels)? else {
                summary.read += 1;
                summary.without_label += 1;
                return Ok(None);
            };
            let image = row.filled(mapping.image);
            let image = image.map(|name| files.find(row, name)).transpose()?;
            let part = row.filled(split).map(str::parse).transpose();
            let part: Option<Split> = part.map_err(|reason: String| row.error(reason))?;
            let caption = row.caption(mapping.caption).unwrap_or_default();
            let key = Sha256::digest(format!("{}\n{caption}", row.cell(mapping.image)));
            let post = Post {
                image: image.flatten().unwrap_or_default(),
                caption: caption.into(),
                split: part.unwrap_or(Split::Train),
                image_label: None,
                image_rating: Rating::default(),
                post_label: Some(label),
                metadata: metadata_of(row, &metadata)?,
                group: Group::default(),
            };
            Ok(Some((post, part.is_none().then(|| key.to_vec()))))
        })?;
        Ok(with_splits(rows.into_iter().flatten().collect()))
    }

    /// The places of the first and the second label.
    fn label_columns(&self, table: &Table, mapping: &Mapping) -> Result<[Option<usize>; 2]> {
        if let Some(columns) = self.label {
            return columns.places(table);
        }
        let first = mapping.manual_label.or_else(|| table.column("label"));
        if first.is_none() {
            return Err(Error::Row {
                path: table.path().into(),
                line: 1,
                reason:
                    "there is no column of labels; name it `label`, or name the column with `data.post_label` in the \
                         recipe"
                        .into(),
            });
        }
        Ok([first, SECOND.into_iter().find_map(|name| table.column(name))])
    }

    /// The labels of a row: those of the two columns, or joined in the first.
    fn label(&self, row: Row<'_>, [first, second]: [Option<usize>; 2]) -> Result<Option<Annotation>> {
        let joined = self.labelling.joined(row, first)?;
        let second = self.labelling.cell(row, second)?.or(joined.get(1).copied());
        Ok(joined.first().map(|first| Annotation {
            first: *first,
            second: second.filter(|second| second != first),
        }))
    }
}

/// The images that a table may name.
struct Files {
    paths: Vec<PathBuf>,
    finder: ImageFinder,
}

impl Files {
    fn below(folder: &Path) -> Result<Self> {
        let (names, paths): (Vec<String>, Vec<PathBuf>) = images::below(folder)?.into_iter().unzip();
        Ok(Self {
            paths,
            finder: ImageFinder::new(names),
        })
    }

    /// The file of a name; `None` if there is none.
    fn find(&self, row: Row<'_>, name: &str) -> Result<Option<PathBuf>> {
        match self.finder.find(name) {
            Found::One(index) => Ok(Some(self.paths[index].clone())),
            Found::None => Ok(None),
            Found::Several => Err(row.error(format!(
                "several images fit `{name}`; write more of its path, or name the images' folder with --images"
            ))),
        }
    }
}

/// Posts with their parts. A key stands beside each post whose part is not known.
fn with_splits(rows: Vec<(Post, Option<Vec<u8>>)>) -> Vec<Post> {
    let mut by_label: BTreeMap<Option<usize>, Vec<(Vec<u8>, usize)>> = BTreeMap::new();
    let mut posts = Vec::with_capacity(rows.len());
    for (index, (post, key)) in rows.into_iter().enumerate() {
        if let Some(key) = key {
            let label = post.post_label.map(|label| label.first);
            by_label.entry(label).or_default().push((key, index));
        }
        posts.push(post);
    }
    for mut keys in by_label.into_values() {
        keys.sort();
        // At least one for dev, if one is left to learn from.
        let of_dev = (keys.len() / DEV_SHARE).max(usize::from(keys.len() > 1));
        for (_, index) in keys.iter().take(of_dev) {
            posts[*index].split = Split::Dev;
        }
    }
    posts
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use emofuse_core::LabelSet;

    use super::{super::tests::write, *};

    fn read(folder: &tempfile::TempDir, table: &str) -> Result<Vec<Post>> {
        let labelling = Labelling::new(LabelSet::from_names(["Ruhe", "Sturm", "霧"], None).expect("labels"));
        let reader = DeskReader {
            images: None,
            label: None,
            metadata: &[],
            labelling: &labelling,
            malformed: MalformedRows::Fatal,
        };
        let path = write(folder, "labelled.csv", table);
        reader.read(&path, &mut SourceSummary::default())
    }

    #[test]
    fn an_export_is_read_by_the_names_of_its_columns_and_images_are_found_below_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let image = write(&folder, "deep/a.jpg", "");
        let table = "id,image,caption,emotion,hand_emotion,hand_secondary,model_sha256\n\
                     1,C:\\photos\\a.jpg,calm,joy,Ruhe,Sturm,x\n\
                     2,b.jpg,loud,joy,Sturm,,x\n\
                     3,,fog,joy,霧|Ruhe,,x\n\
                     4,a.jpg,nothing,joy,,,x\n";
        let posts = read(&folder, table).expect("reads");
        let label = |first, second| Some(Annotation { first, second });
        let found: Vec<_> = posts
            .iter()
            .map(|post| (post.image.clone(), post.caption.as_str(), post.post_label))
            .collect();
        assert_eq!(
            found,
            [
                (image, "calm", label(0, Some(1))),
                (PathBuf::new(), "loud", label(1, None)),
                (PathBuf::new(), "fog", label(2, Some(0))),
            ]
        );
    }

    #[test]
    fn without_a_split_every_label_has_posts_to_learn_from_and_one_of_five_for_dev() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows: Vec<String> = (0..30)
            .map(|row| format!("post {row},{}\n", ["Ruhe", "Sturm", "霧"][row % 3]))
            .collect();
        let parts = |rows: &[String]| {
            let posts = read(&folder, &format!("caption,label\n{}", rows.concat())).expect("reads");
            let parts = posts.into_iter().map(|post| (post.caption, post.split));
            parts.collect::<BTreeMap<String, Split>>()
        };
        let found = parts(&rows);
        for label in 0..3 {
            let of_label = (0..30).filter(|row| row % 3 == label);
            let dev = of_label.filter(|row| found[&format!("post {row}")] == Split::Dev);
            assert_eq!(dev.count(), 2);
        }
        let backwards: Vec<String> = rows.iter().rev().cloned().collect();
        assert_eq!(parts(&backwards), found, "the order of the rows does not matter");
    }

    #[test]
    fn a_split_of_the_table_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut table = "caption,label,split\n".to_owned();
        for split in ["train", "dev", "test"] {
            writeln!(table, "x,Ruhe,{split}").expect("text");
        }
        let posts = read(&folder, &table).expect("reads");
        let parts: Vec<Split> = posts.iter().map(|post| post.split).collect();
        assert_eq!(parts, Split::ALL);
    }

    #[test]
    fn what_a_table_lacks_and_a_label_that_the_set_lacks_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let message = |table: &str| read(&folder, table).expect_err("it cannot be used").to_string();
        assert!(message("caption,mood\nx,Ruhe\n").contains("line 1: there is no column of labels"));
        let unknown = message("caption,label\nx,Ruhe\ny,Regen\n");
        assert!(
            unknown.contains("line 3: `Regen` is not a label; the labels are Ruhe, Sturm, 霧"),
            "{unknown}"
        );
        for image in ["a/x.jpg", "b/x.jpg"] {
            write(&folder, image, "");
        }
        assert!(message("image,label\nx.jpg,Ruhe\n").contains("several images fit `x.jpg`"));
    }
}
