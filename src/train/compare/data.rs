//! What the systems are compared on.

use std::path::Path;

use burn::tensor::Device;

use crate::{
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
    model::fusion::InputKind,
    text::Tokenizer,
    train::{
        captions::CaptionTower,
        data::{Post, Split},
        fasttext::WordExample,
        fusion::{self, FusionExample},
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

    /// Accuracy plus macro-F1 of answers to some rows, against the post's label: what choices are made by.
    pub fn score(&self, logits: &[(usize, [f32; EMOTIONS])]) -> f64 {
        let truth = |row: usize| fusion::truth(&self.examples[row], InputKind::Both);
        fusion::measure(logits, truth).iter().sum()
    }

    /// The labels that occur, in their order.
    pub fn labels(&self) -> Vec<Emotion> {
        let truths = self.truths();
        Emotion::ALL
            .into_iter()
            .filter(|label| truths.contains(label))
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
    /// Posts as the systems see them. `pictures` has the features of each post's picture, and is `None` for a set without
    /// any.
    ///
    /// In dev and test, posts without a label as a whole, without a word in their caption or, in a set with pictures,
    /// without one are left out, so that every system answers the same rows.
    pub fn new(posts: &[Post], pictures: Option<&[Option<Vec<f32>>]>, reader: &CaptionReader, device: &Device) -> Self {
        let images: Vec<Option<Vec<f32>>> = pictures.map_or_else(|| vec![None; posts.len()], <[_]>::to_vec);
        let captions = posts.iter().map(|post| post.caption.as_str());
        let ids: Vec<Vec<u32>> = captions.map(|caption| reader.tower_words.encode(caption)).collect();
        let features = reader.tower.features(&ids, device);
        let mut set = Self {
            train: Part::default(),
            dev: Part::default(),
            test: Part::default(),
        };
        for (((post, image), features), ids) in posts.iter().zip(images).zip(features).zip(ids) {
            let example = FusionExample {
                image,
                caption: (!ids.is_empty()).then_some(features),
                image_label: post.image_label,
                post_label: post.post_label,
            };
            let words = reader.words.encode(&post.caption);
            let all_can_answer = example.post_label.is_some()
                && example.caption.is_some()
                && !words.is_empty()
                && (pictures.is_none() || example.image.is_some());
            let part = match post.split {
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
