//! What the systems are compared on.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use serde::Deserialize;

use super::pictures::PictureFeatures;
use crate::{
    emotion::Emotion,
    error::{Error, Result},
    text::Tokenizer,
    train::{
        captions::CaptionTower,
        data::{Label, Post, Split},
        fasttext::WordExample,
        fusion::FusionExample,
    },
};

/// How captions are read, by the two families of text systems.
pub struct CaptionReader<'a> {
    /// For the FastText-style baseline: ids of pretrained word vectors.
    pub words: &'a Tokenizer,
    /// For the caption tower.
    pub tower_words: &'a Tokenizer,
    /// What the other systems read of a caption.
    pub tower: &'a CaptionTower,
}

/// A data set, of which each part is seen by every system.
pub struct DataSet {
    /// To learn from: whatever a system can read.
    pub train: Part,
    /// To choose on: only rows that every system can answer.
    pub dev: Part,
    /// To report on: only rows that every system can answer.
    pub test: Part,
}

/// Rows of a data set, in the same order for both families of systems.
#[derive(Default)]
pub struct Part {
    /// What feature systems see.
    pub examples: Vec<FusionExample>,
    /// Word ids of each row's caption.
    pub words: Vec<Vec<u32>>,
}

impl Part {
    /// The labels that the systems are measured against. Every row of dev and test has one.
    pub fn truths(&self) -> Vec<Emotion> {
        self.examples
            .iter()
            .filter_map(|example| example.post_label)
            .map(|label| label.first)
            .collect()
    }

    /// The rows with a label and a caption, as the FastText-style baseline sees them.
    pub fn word_examples(&self) -> Vec<WordExample> {
        self.examples
            .iter()
            .zip(&self.words)
            .filter_map(|(example, ids)| {
                Some(WordExample {
                    ids: ids.clone(),
                    label: example.post_label.filter(|_| !ids.is_empty())?,
                })
            })
            .collect()
    }
}

impl DataSet {
    /// Posts with pictures and captions. In dev and test those without either, or without a label of the post, are
    /// left out, so that every system answers the same rows.
    pub fn of_posts(posts: &[Post], pictures: &PictureFeatures, reader: &CaptionReader, device: &Device) -> Self {
        let captions: Vec<&str> = posts.iter().map(|post| post.caption.as_str()).collect();
        let rows = posts.iter().zip(&pictures.rows).map(|(post, image)| Row {
            split: post.split,
            image: image.clone(),
            image_label: post.image_label,
            post_label: post.post_label,
        });
        let complete = |example: &FusionExample| example.image.is_some();
        Self::new(rows, &captions, complete, reader, device)
    }

    /// Titles without pictures.
    pub fn of_titles(titles: &[Title], reader: &CaptionReader, device: &Device) -> Self {
        let captions: Vec<&str> = titles.iter().map(|title| title.title.as_str()).collect();
        let rows = titles.iter().map(|title| Row {
            split: title.split,
            image: None,
            image_label: None,
            post_label: Some(Label {
                first: title.emotion,
                second: None,
            }),
        });
        Self::new(rows, &captions, |_| true, reader, device)
    }

    fn new(
        rows: impl Iterator<Item = Row>,
        captions: &[&str],
        complete: impl Fn(&FusionExample) -> bool,
        reader: &CaptionReader,
        device: &Device,
    ) -> Self {
        let ids: Vec<Vec<u32>> = captions
            .iter()
            .map(|caption| reader.tower_words.encode(caption))
            .collect();
        let features = reader.tower.features(&ids, device);
        let mut set = Self {
            train: Part::default(),
            dev: Part::default(),
            test: Part::default(),
        };
        for (((row, features), ids), caption) in rows.zip(features).zip(ids).zip(captions) {
            let example = FusionExample {
                image: row.image,
                caption: (!ids.is_empty()).then_some(features),
                image_label: row.image_label,
                post_label: row.post_label,
            };
            let words = reader.words.encode(caption);
            let all_can_answer =
                complete(&example) && example.caption.is_some() && example.post_label.is_some() && !words.is_empty();
            let part = match row.split {
                Split::Train => &mut set.train,
                Split::Dev if all_can_answer => &mut set.dev,
                Split::Test if all_can_answer => &mut set.test,
                Split::Dev | Split::Test => continue,
            };
            part.examples.push(example);
            part.words.push(words);
        }
        set
    }

    /// Refuses a set on which nothing can be learnt or measured.
    pub fn check(&self, table: &Path) -> Result<()> {
        for (part, name) in [(&self.train, "train"), (&self.dev, "dev"), (&self.test, "test")] {
            if part.word_examples().is_empty() {
                return Err(Error::Data {
                    path: table.into(),
                    reason: format!("no post of `{name}` has a caption and a label to compare systems on"),
                });
            }
        }
        Ok(())
    }
}

struct Row {
    split: Split,
    image: Option<Vec<f32>>,
    image_label: Option<Label>,
    post_label: Option<Label>,
}

/// A row of reddit.csv: the title of a post and the emotion that its subreddit stands for.
#[derive(Clone, Debug, Deserialize)]
pub struct Title {
    title: String,
    emotion: Emotion,
    split: Split,
}

impl Title {
    /// The emotions of the subreddits r/happy, r/creepy, r/gore and r/rage.
    pub const EMOTIONS: [Emotion; 4] = [Emotion::Joy, Emotion::Fear, Emotion::Disgust, Emotion::Anger];

    /// Reads reddit.csv; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::Row`] with the line of the first malformed row, [`Error::Io`] where it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Vec<Self>>> {
        let table: PathBuf = folder.join("reddit.csv");
        if !table.exists() {
            return Ok(None);
        }
        let row_error = |line: u64, reason: String| Error::Row {
            path: table.clone(),
            line,
            reason,
        };
        let malformed = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            row_error(line, error.to_string())
        };
        let file = std::fs::File::open(&table).map_err(Error::io(&table))?;
        let mut reader = csv::Reader::from_reader(file);
        let header = reader.headers().map_err(malformed)?.clone();
        let mut titles = Vec::new();
        for record in reader.records() {
            let record = record.map_err(malformed)?;
            let line = record.position().map_or(1, csv::Position::line);
            let row: Self = record.deserialize(Some(&header)).map_err(malformed)?;
            if !Self::EMOTIONS.contains(&row.emotion) {
                return Err(row_error(
                    line,
                    format!("`{}` is none of its four emotions", row.emotion),
                ));
            }
            titles.push(row);
        }
        Ok(Some(titles))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_have_one_of_four_emotions() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Title::read(folder.path()).unwrap().is_none());
        let write = |rows: &str| {
            std::fs::write(
                folder.path().join("reddit.csv"),
                format!("id,title,url,emotion,split\n{rows}"),
            )
            .unwrap();
            Title::read(folder.path())
        };
        let titles = write("a,\"Well, hello\",http://x,joy,train\nb,Boo,http://y,fear,test\n")
            .unwrap()
            .unwrap();
        assert_eq!(titles[0].title, "Well, hello");
        assert_eq!((titles[1].emotion, titles[1].split), (Emotion::Fear, Split::Test));
        assert!(matches!(write("a,Hi,u,bliss,train\n"), Err(Error::Row { line: 2, .. })));
        assert!(matches!(
            write("a,Hi,u,joy,train\nb,Hm,u,trust,dev\n"),
            Err(Error::Row { line: 3, .. })
        ));
    }
}
