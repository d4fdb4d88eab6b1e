//! The Flickr set of You, Luo, Jin and Yang (*Building a Large Scale Dataset for Image Emotion Recognition*,
//! 2016): a folder for each of Mikels' eight emotions (*Emotional category data on images from the International Affective
//! Image System*, 2005), with the images that people gave it to. Any other folder is read in the same way if it has a
//! folder for each label.
//!
//! Titles and descriptions come in a table by the image's id, which is its file's name without the ending.

use std::{collections::HashMap, path::Path};

use emofuse_core::error::{Error, Result};
use emofuse_dataset::Table;

use super::{Annotation, Group, Labelling, MalformedRows, Post, Rating, SourceSummary, Split, images, rows::required};

/// Reads the folders, with captions from `table` where there is one.
pub(super) fn read(
    folder: &Path,
    table: Option<&Path>,
    labelling: &Labelling,
    malformed: MalformedRows,
    summary: &mut SourceSummary,
) -> Result<Vec<Post>> {
    let mut captions = match table {
        Some(table) => captions(table, malformed, summary)?,
        None => HashMap::new(),
    };
    let mut posts = Vec::new();
    for label_folder in images::sorted_entries(folder)? {
        if !label_folder.is_dir() {
            continue;
        }
        let name = label_folder.file_name().unwrap_or_default().to_string_lossy();
        let label = match labelling.index(&name) {
            Ok(label) => label.map(Annotation::from),
            Err(error) => {
                malformed.meet(not_a_label(&label_folder, &error), summary)?;
                continue;
            }
        };
        for (id, image) in images::in_folder(&label_folder)? {
            let caption = captions.get_mut(&id).map(|caption| {
                caption.used = true;
                caption.text.clone()
            });
            let caption = caption.unwrap_or_default();
            posts.push(Post {
                image,
                split: Split::of_id(&id),
                image_label: label,
                image_rating: Rating::default(),
                // As in the paper, the label given to the image stands for the post with its words, too.
                post_label: label.filter(|_| !caption.is_empty()),
                metadata: Vec::new(),
                group: Group::default(),
                caption,
            });
        }
    }
    // Without its image a title has no label: that is the image's folder.
    let unused = captions.values().filter(|caption| !caption.used).count();
    summary.read += unused;
    summary.without_image += unused;
    summary.without_label += unused;
    Ok(posts)
}

struct Caption {
    text: String,
    used: bool,
}

fn captions(path: &Path, malformed: MalformedRows, summary: &mut SourceSummary) -> Result<HashMap<String, Caption>> {
    let table = Table::read(path)?;
    let id = table.required_column("id")?;
    let title = table.required_column("title")?;
    let description = table.column("description");
    let rows = malformed.rows(&table, summary, |row, _| {
        let words = [Some(title), description].map(|column| row.cell(column).trim());
        let text = words.join("\n").trim().to_owned();
        Ok((required(row, id, "id")?.to_owned(), Caption { text, used: false }))
    })?;
    Ok(rows.into_iter().collect())
}

fn not_a_label(folder: &Path, error: &Error) -> Error {
    Error::Data {
        path: folder.into(),
        reason: format!("the folder's name: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::{Emotion, LabelSet};

    use super::{super::tests::write, *};

    fn plutchik() -> Labelling {
        Labelling::new(LabelSet::plutchik())
    }

    fn flickr() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for image in [
            "awe/a.jpg",
            "awe/f.png",
            "Contentment/8.jpg",
            "fear/notes.txt",
            "titles.csv",
        ] {
            write(&folder, image, "");
        }
        folder
    }

    #[test]
    fn images_take_the_emotion_of_their_folder_and_words_from_the_table() {
        let folder = flickr();
        let titles = "id,title,description\na,Above the clouds,We walked all night.\n8, ,\nx,Gone,\n";
        let table = write(&folder, "titles.csv", titles);
        let mut summary = SourceSummary::default();
        let posts = read(
            folder.path(),
            Some(&table),
            &plutchik(),
            MalformedRows::Fatal,
            &mut summary,
        )
        .expect("reads");
        let found: Vec<(&str, Split, Option<usize>, Option<usize>)> = posts
            .iter()
            .map(|post| {
                let [image, whole] = [post.image_label, post.post_label].map(|label| label.map(|label| label.first));
                (post.caption.as_str(), post.split, image, whole)
            })
            .collect();
        let [joy, surprise] = [Emotion::Joy, Emotion::Surprise].map(|emotion| Some(emotion.index()));
        assert_eq!(
            found,
            [
                ("", Split::Test, joy, None),
                (
                    "Above the clouds\nWe walked all night.",
                    Split::Train,
                    surprise,
                    surprise
                ),
                ("", Split::Dev, surprise, None),
            ]
        );
        summary.count_posts(&posts);
        assert_eq!((summary.read, summary.without_image, summary.without_label), (4, 1, 1));
    }

    #[test]
    fn a_folder_of_no_label_is_named_or_counted() {
        let folder = flickr();
        write(&folder, "aww/a.jpg", "");
        let read = |malformed, summary: &mut SourceSummary| read(folder.path(), None, &plutchik(), malformed, summary);
        let error = read(MalformedRows::Fatal, &mut SourceSummary::default()).expect_err("aww");
        assert!(
            error
                .to_string()
                .contains("aww: the folder's name: `aww` is not a label; the labels are joy"),
            "{error}"
        );
        let mut summary = SourceSummary::default();
        assert_eq!(read(MalformedRows::Skip, &mut summary).expect("reads").len(), 3);
        assert_eq!(summary.malformed, 1);
    }

    #[test]
    fn folders_named_by_other_labels_are_read_too() {
        let folder = flickr();
        let labels = LabelSet::from_names(["awe", "Contentment", "fear"], None).expect("labels");
        let mut summary = SourceSummary::default();
        let posts = read(
            folder.path(),
            None,
            &Labelling::new(labels),
            MalformedRows::Fatal,
            &mut summary,
        );
        let labels: Vec<_> = posts.expect("reads").iter().map(|post| post.image_label).collect();
        assert_eq!(labels, [Some(1.into()), Some(0.into()), Some(0.into())]);
    }
}
