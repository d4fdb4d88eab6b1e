//! The Flickr set of You, Luo, Jin and Yang (*Building a Large Scale Dataset for Image Emotion Recognition*,
//! 2016): a folder for each of Mikels' eight emotions, with the images that people gave it to.
//!
//! Titles and descriptions come in a table by the image's id, which is its file's name without the ending.

use std::{collections::HashMap, path::Path};

use emofuse_core::{
    emotion::Emotion,
    error::{Error, Result},
};
use emofuse_dataset::Table;

use super::{Group, MalformedRows, Post, Rating, SourceSummary, Split, images, rows::required};

/// Mikels' eight emotions (*Emotional category data on images from the International Affective Image
/// System*, 2005) as emotions of Plutchik's wheel.
///
/// Anger, disgust, fear and sadness stand on the wheel under their own names. The others:
/// - amusement is a joy at something; the wheel has no nearer primary;
/// - contentment is the wheel's serenity, which is mild joy. Trust would be the other choice, but its mild
///   form is acceptance, of somebody or something, which a quiet lake does not show;
/// - excitement looks forward to something, as anticipation does;
/// - awe lies on the wheel between surprise and fear. Images of it show what is vast and grand, far more
///   often than what threatens, so it counts as surprise.
pub const MIKELS: [(&str, Emotion); 8] = [
    ("amusement", Emotion::Joy),
    ("awe", Emotion::Surprise),
    ("contentment", Emotion::Joy),
    ("excitement", Emotion::Anticipation),
    ("anger", Emotion::Anger),
    ("disgust", Emotion::Disgust),
    ("fear", Emotion::Fear),
    ("sadness", Emotion::Sadness),
];

/// The emotion of Plutchik's that stands for one of Mikels'.
#[must_use]
pub fn from_mikels(name: &str) -> Option<Emotion> {
    MIKELS
        .into_iter()
        .find_map(|(mikels, emotion)| mikels.eq_ignore_ascii_case(name).then_some(emotion))
}

/// Reads the folders, with captions from `table` where there is one.
pub(super) fn read(
    folder: &Path,
    table: Option<&Path>,
    malformed: MalformedRows,
    summary: &mut SourceSummary,
) -> Result<Vec<Post>> {
    let mut captions = match table {
        Some(table) => captions(table, malformed, summary)?,
        None => HashMap::new(),
    };
    let mut posts = Vec::new();
    for emotion_folder in images::sorted_entries(folder)? {
        if !emotion_folder.is_dir() {
            continue;
        }
        let Some(emotion) = emotion_folder.file_name().and_then(|name| from_mikels(name.to_str()?)) else {
            malformed.meet(not_an_emotion(&emotion_folder), summary)?;
            continue;
        };
        for (id, image) in images::in_folder(&emotion_folder)? {
            let caption = captions.get_mut(&id).map(|caption| {
                caption.used = true;
                caption.text.clone()
            });
            let caption = caption.unwrap_or_default();
            posts.push(Post {
                image,
                split: Split::of_id(&id),
                image_label: Some(emotion.into()),
                image_rating: Rating::default(),
                // As in the paper, the label given to the image stands for the post with its words, too.
                post_label: (!caption.is_empty()).then_some(emotion.into()),
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

fn not_an_emotion(folder: &Path) -> Error {
    Error::Data {
        path: folder.into(),
        reason: format!(
            "the folder's name is none of Mikels' emotions: {}",
            MIKELS.map(|(name, _)| name).join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::write, *};

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
        let posts = read(folder.path(), Some(&table), MalformedRows::Fatal, &mut summary).expect("reads");
        let found: Vec<(&str, Split, Option<Emotion>, Option<Emotion>)> = posts
            .iter()
            .map(|post| {
                let [image, whole] = [post.image_label, post.post_label].map(|label| label.map(|label| label.first));
                (post.caption.as_str(), post.split, image, whole)
            })
            .collect();
        let surprise = Some(Emotion::Surprise);
        assert_eq!(
            found,
            [
                ("", Split::Test, Some(Emotion::Joy), None),
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
    fn a_folder_of_no_emotion_is_named_or_counted() {
        let folder = flickr();
        write(&folder, "aww/a.jpg", "");
        let read = |malformed, summary: &mut SourceSummary| read(folder.path(), None, malformed, summary);
        let error = read(MalformedRows::Fatal, &mut SourceSummary::default()).expect_err("aww");
        assert!(
            error
                .to_string()
                .contains("aww: the folder's name is none of Mikels' emotions"),
            "{error}"
        );
        let mut summary = SourceSummary::default();
        assert_eq!(read(MalformedRows::Skip, &mut summary).expect("reads").len(), 3);
        assert_eq!(summary.malformed, 1);
    }

    #[test]
    fn each_of_mikels_emotions_has_one_of_plutchiks() {
        assert_eq!(from_mikels("Awe"), Some(Emotion::Surprise));
        assert_eq!(from_mikels("joy"), None);
        assert!(
            MIKELS
                .into_iter()
                .all(|(name, emotion)| from_mikels(name) == Some(emotion))
        );
    }
}
