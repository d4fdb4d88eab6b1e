//! The tables of posts and captions.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
};

/// Which part of a data set a row belongs to: choose on dev, report on test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose on.
    Dev,
    /// To report on.
    Test,
}

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

/// A row of posts.csv.
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

#[derive(Deserialize)]
struct PostRow {
    image: String,
    #[serde(default)]
    caption: String,
    split: Split,
    #[serde(default)]
    image_emotion: String,
    #[serde(default)]
    image_emotion_2: String,
    #[serde(default)]
    post_emotion: String,
    #[serde(default)]
    post_emotion_2: String,
}

/// A row of text.csv: a caption and which of Plutchik's eight emotions it conveys.
#[derive(Clone, Debug)]
pub struct LabelledCaption {
    /// The caption.
    pub caption: String,
    /// The set that it comes from.
    pub source: String,
    /// Which part the row belongs to.
    pub split: Split,
    /// Yes or no for each of [`Emotion::PRIMARY`].
    pub labels: [bool; 8],
}

#[derive(Deserialize)]
struct CaptionRow {
    source: String,
    split: Split,
    caption: String,
    labels: String,
}

/// Reads posts.csv; pictures are found relative to it.
///
/// # Errors
/// [`Error::Row`] with the line of the first malformed row, [`Error::Io`] where there is no such file.
pub fn read_posts(table: &Path) -> Result<Vec<Post>> {
    let folder = table.parent().unwrap_or_else(|| Path::new("."));
    read_rows(table, |row: PostRow| {
        Ok(Post {
            image: folder.join(row.image),
            caption: row.caption,
            split: row.split,
            image_label: label(&row.image_emotion, &row.image_emotion_2)?,
            post_label: label(&row.post_emotion, &row.post_emotion_2)?,
        })
    })
}

/// Reads text.csv.
///
/// # Errors
/// [`Error::Row`] with the line of the first malformed row, [`Error::Io`] where there is no such file.
pub fn read_captions(table: &Path) -> Result<Vec<LabelledCaption>> {
    read_rows(table, |row: CaptionRow| {
        let mut labels = [false; 8];
        for name in row.labels.split('|').filter(|name| !name.is_empty()) {
            if let Some(slot) = labels.get_mut(name.parse::<Emotion>()?.index()) {
                *slot = true;
            }
        }
        Ok(LabelledCaption {
            caption: row.caption,
            source: row.source,
            split: row.split,
            labels,
        })
    })
}

fn label(first: &str, second: &str) -> Result<Option<Label>> {
    let optional = |name: &str| {
        if name.is_empty() {
            Ok(None)
        } else {
            name.parse::<Emotion>().map(Some)
        }
    };
    let second = optional(second)?;
    Ok(optional(first)?.map(|first| Label { first, second }))
}

fn read_rows<R: for<'de> Deserialize<'de>, T>(table: &Path, convert: impl Fn(R) -> Result<T>) -> Result<Vec<T>> {
    let file = File::open(table).map_err(Error::io(table))?;
    let mut reader = csv::Reader::from_reader(file);
    let headers = reader.headers().map_err(|error| row_error(table, 1, &error))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| row_error(table, error.position().map_or(0, csv::Position::line), &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record
            .deserialize(Some(&headers))
            .map_err(|error| row_error(table, line, &error))?;
        rows.push(convert(row).map_err(|error| row_error(table, line, &error))?);
    }
    Ok(rows)
}

fn row_error(table: &Path, line: u64, reason: &dyn std::fmt::Display) -> Error {
    Error::Row {
        path: table.into(),
        line,
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn table(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(text.as_bytes()).expect("written");
        file
    }

    #[test]
    fn a_post_keeps_its_two_labels_and_its_picture_is_beside_the_table() {
        let file = table(
            "image,caption,split,image_emotion,image_emotion_2,post_emotion,post_emotion_2\na.jpg,Hi,dev,joy,trust,,\n",
        );
        let posts = read_posts(file.path()).expect("reads");
        let label = posts[0].image_label.expect("a label");
        assert_eq!(
            label,
            Label {
                first: Emotion::Joy,
                second: Some(Emotion::Trust)
            }
        );
        assert_eq!(posts[0].post_label, None);
        assert!(posts[0].image.ends_with("a.jpg") && posts[0].image.parent() == file.path().parent());
        let target = label.distribution(0.25);
        assert_eq!((target[0], target[1], target.iter().sum::<f32>()), (0.75, 0.25, 1.0));
    }

    #[test]
    fn a_malformed_row_is_named_by_its_line() {
        let file = table("source,split,caption,labels\na,train,x,joy|fear\na,train,y,bliss\n");
        let error = read_captions(file.path()).expect_err("bliss is no label");
        assert!(matches!(error, Error::Row { line: 3, .. }), "{error}");
    }

    #[test]
    fn neutral_captions_have_none_of_the_eight() {
        let file = table("source,split,caption,labels\na,dev,x,neutral\na,dev,y,joy|fear\n");
        let captions = read_captions(file.path()).expect("reads");
        assert_eq!(captions[0].labels, [false; 8]);
        assert_eq!(
            captions[1].labels,
            [true, false, true, false, false, false, false, false]
        );
    }
}
