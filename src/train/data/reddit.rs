//! The Reddit set of Duong, Lebret and Aberer: titles whose subreddit says which emotion they convey.
//!
//! The authors published `processed_*.csv` with the columns id, url, title and subreddit. A table with the
//! column `emotion` in place of `subreddit`, and perhaps `split`, is read as well. Images are not in the
//! tables: they are looked for by id in a folder, and many links are dead.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use emofuse_core::{emotion::Emotion, error::Result};
use emofuse_dataset::{Row, Table};

use super::{
    Annotation, Group, Labelling, MalformedRows, Post, Rating, SourceSummary, images,
    rows::{required, split},
};

/// The paper's four subreddits and the emotions they stand for.
pub const SUBREDDITS: [(&str, Emotion); 4] = [
    ("happy", Emotion::Joy),
    ("creepy", Emotion::Fear),
    ("rage", Emotion::Anger),
    ("gore", Emotion::Disgust),
];

/// The emotion that a subreddit stands for, with or without `r/` before its name.
#[must_use]
pub fn subreddit_emotion(name: &str) -> Option<Emotion> {
    let name = name.trim().trim_start_matches('/');
    let name = name.strip_prefix("r/").unwrap_or(name);
    SUBREDDITS
        .into_iter()
        .find_map(|(subreddit, emotion)| subreddit.eq_ignore_ascii_case(name).then_some(emotion))
}

/// Reads a table of titles, without images.
///
/// # Errors
/// [`emofuse_core::Error::Row`] with the line of the first malformed row, [`emofuse_core::Error::Io`] where there is no such file.
pub fn read_titles(table: &Path, labelling: &Labelling) -> Result<Vec<Post>> {
    let mut summary = SourceSummary::default();
    read(table, None, labelling, MalformedRows::Fatal, &mut summary)
}

pub(super) fn read(
    path: &Path,
    folder: Option<&Path>,
    labelling: &Labelling,
    malformed: MalformedRows,
    summary: &mut SourceSummary,
) -> Result<Vec<Post>> {
    let table = Table::read(path)?;
    let images: HashMap<String, PathBuf> = folder.map(images::by_id).transpose()?.unwrap_or_default();
    let id = table.required_column("id")?;
    let title = table.required_column("title")?;
    let part = table.column("split");
    let emotion = table.column("emotion");
    let subreddit = match emotion {
        Some(_) => table.column("subreddit"),
        None => Some(table.required_column("subreddit")?),
    };
    malformed.rows(&table, summary, |row, _| {
        let id = required(row, id, "id")?;
        let label = match row.filled(emotion) {
            Some(_) => labelling.cell(row, emotion)?,
            None => label_of_subreddit(row, subreddit, labelling)?,
        }
        .map(Annotation::from);
        Ok(Post {
            image: images.get(id).cloned().unwrap_or_default(),
            caption: row.cell(Some(title)).trim().into(),
            split: split(row, part, id)?,
            // The subreddit is all that is known, of the image too; the paper measures images alone by it.
            image_label: label,
            image_rating: Rating::default(),
            post_label: label,
            metadata: Vec::new(),
            group: Group::default(),
        })
    })
}

fn label_of_subreddit(row: Row<'_>, column: Option<usize>, labelling: &Labelling) -> Result<Option<usize>> {
    let Some(name) = row.filled(column) else {
        return Ok(None);
    };
    match subreddit_emotion(name) {
        Some(emotion) => labelling.index(emotion.name()).map_err(|error| row.error(error)),
        None => {
            let known = SUBREDDITS.map(|(subreddit, _)| subreddit).join(", ");
            Err(row.error(format!("`{name}` stands for no emotion; the subreddits are {known}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::LabelSet;

    use super::{
        super::{Split, tests::write},
        *,
    };

    fn plutchik() -> Labelling {
        Labelling::new(LabelSet::plutchik())
    }

    #[test]
    fn the_authors_table_is_labelled_by_subreddit_and_split_by_id() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder, "a.jpg", "");
        let rows =
            "id,url,title,subreddit\na,http://x, So glad ,happy\nf,http://y,Who is there?,r/Creepy\n8,http://z,,gore\n";
        let table = write(&folder, "processed_happy.csv", rows);
        let mut summary = SourceSummary::default();
        let posts = read(
            &table,
            Some(folder.path()),
            &plutchik(),
            MalformedRows::Fatal,
            &mut summary,
        )
        .expect("reads");
        let found: Vec<(&str, Split, Option<usize>, bool)> = posts
            .iter()
            .map(|post| {
                assert_eq!(post.image_label, post.post_label);
                let label = post.post_label.map(|label| label.first);
                (post.caption.as_str(), post.split, label, post.image.is_file())
            })
            .collect();
        assert_eq!(
            found,
            [
                ("So glad", Split::Train, Some(Emotion::Joy.index()), true),
                ("Who is there?", Split::Dev, Some(Emotion::Fear.index()), false),
                ("", Split::Test, Some(Emotion::Disgust.index()), false),
            ]
        );
        summary.count_posts(&posts);
        assert_eq!((summary.read, summary.without_image, summary.without_label), (3, 2, 0));
    }

    #[test]
    fn a_table_with_emotions_and_splits_keeps_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = "id,title,url,emotion,split\na,Ugh,http://x,disgust,test\nb,Oh,http://y,,dev\n";
        let table = write(&folder, "reddit.csv", rows);
        let posts = read(
            &table,
            None,
            &plutchik(),
            MalformedRows::Fatal,
            &mut SourceSummary::default(),
        )
        .expect("reads");
        assert_eq!(posts[0].post_label, Some(Emotion::Disgust.index().into()));
        assert_eq!((posts[0].split, posts[1].split), (Split::Test, Split::Dev));
        assert_eq!(posts[1].post_label, None);
    }

    #[test]
    fn a_subreddit_of_no_emotion_is_named_with_those_that_have_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(
            &folder,
            "p.csv",
            "id,url,title,subreddit\na,,Hm,pics\nb,,Ha,happy\n,,Ha,happy\n",
        );
        let error = read(
            &table,
            None,
            &plutchik(),
            MalformedRows::Fatal,
            &mut SourceSummary::default(),
        )
        .expect_err("pics");
        let expected = "line 2: `pics` stands for no emotion; the subreddits are happy, creepy, rage, gore";
        assert!(error.to_string().ends_with(expected), "{error}");
        let mut summary = SourceSummary::default();
        let posts = read(&table, None, &plutchik(), MalformedRows::Skip, &mut summary).expect("reads");
        assert_eq!((posts.len(), summary.malformed), (1, 2));
    }

    #[test]
    fn a_folder_of_images_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = write(&folder, "p.csv", "id,url,title,subreddit\na,,Ha,happy\n");
        let absent = folder.path().join("absent");
        assert!(
            read(
                &table,
                Some(&absent),
                &plutchik(),
                MalformedRows::Skip,
                &mut SourceSummary::default()
            )
            .is_err()
        );
    }
}
