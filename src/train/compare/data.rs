//! What the systems are compared on.

use std::path::Path;

use burn::tensor::Device;
use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
};
use emofuse_engine::{
    model::unimodal::fasttext::with_bigrams,
    text::{Token, Tokenizer},
};

use crate::{
    captions::CaptionTower,
    data::{Post, Split},
    fasttext::WordExample,
    fusion::{self, FusionExample, Target},
    n_grams,
    recipe::FusionRecipe,
};

/// How captions are read, by the two families of text systems.
pub struct CaptionReader<'a> {
    /// For the FastText-style baseline: ids of pretrained word vectors.
    pub words: &'a Tokenizer,
    /// For the caption tower.
    pub tower_words: &'a Tokenizer,
    /// What the other systems read of a caption.
    pub tower: &'a CaptionTower,
    /// Rows that the FastText-style baseline has for bigrams.
    pub buckets: u32,
    /// Which n-grams there are beside the caption tower, and how much second labels count.
    pub recipe: &'a FusionRecipe,
}

/// A data set, of which each part is seen by every system.
pub struct DataSet {
    /// To learn from: whatever a system can read.
    pub train: SplitData,
    /// To choose on: only rows that every system can answer.
    pub dev: SplitData,
    /// To report on: only rows that every system can answer.
    pub test: SplitData,
}

/// Rows of a data set, in the same order for both families of systems.
#[derive(Default)]
pub struct SplitData {
    /// What feature systems see.
    pub examples: Vec<FusionExample>,
    /// What the FastText-style systems see.
    pub words: Vec<WordExample>,
}

impl SplitData {
    /// The labels that the systems are measured against. Every row of dev and test has one; of train, those that are learnt from.
    pub fn truths(&self) -> Vec<Emotion> {
        self.examples.iter().filter_map(FusionExample::emotion).collect()
    }

    /// Accuracy plus macro-F1 of answers to some rows, against the post's label: what choices are made by.
    pub fn score(&self, logits: &[(usize, [f32; EMOTIONS])]) -> f64 {
        fusion::measure_rows(logits, |row| self.examples[row].emotion())
            .iter()
            .sum()
    }

    /// The labels that occur, in their order.
    pub fn labels(&self) -> Vec<Emotion> {
        let truths = self.truths();
        Emotion::ALL
            .into_iter()
            .filter(|label| truths.contains(label))
            .collect()
    }
}

impl DataSet {
    /// Posts as the systems see them. `images` has the features of each post's image, and is `None` for a set without
    /// any.
    ///
    /// In dev and test, posts without a label as a whole, without a word in their caption or, in a set with images,
    /// without one are left out, so that every system answers the same rows.
    ///
    /// # Errors
    /// As [`CaptionTower::features_of`].
    pub fn new(
        posts: &[Post],
        images: Option<&[Option<Vec<f32>>]>,
        reader: &CaptionReader,
        device: &Device,
    ) -> Result<Self> {
        let has_no_images = images.is_none();
        let images: Vec<Option<Vec<f32>>> = images.map_or_else(|| vec![None; posts.len()], <[_]>::to_vec);
        let tokens: Vec<Vec<Token>> = posts
            .iter()
            .map(|post| reader.tower_words.tokens(&post.caption))
            .collect();
        let features = reader
            .tower
            .features_of(reader.tower_words, tokens.iter().map(Vec::as_slice), None, device)?;
        let mut set = Self {
            train: SplitData::default(),
            dev: SplitData::default(),
            test: SplitData::default(),
        };
        for (((post, image), features), tokens) in posts.iter().zip(images).zip(features).zip(tokens) {
            let example = FusionExample {
                image,
                caption: (!tokens.is_empty()).then_some(features),
                n_grams: n_grams(reader.recipe.n_grams.as_ref(), &tokens),
                target: post
                    .post_label
                    .map(|label| Target::new(label, reader.recipe.second_label)),
                group: post.group.clone(),
            };
            let words = &reader.words;
            let ids = words.encode(&post.caption);
            let rows = with_bigrams(&ids, words.vocabulary().len() as u32, reader.buckets);
            let all_can_answer = example.target.is_some()
                && example.caption.is_some()
                && !rows.is_empty()
                && (has_no_images || example.image.is_some());
            let words = WordExample {
                rows,
                target: example.target,
            };
            let part = match post.split {
                Split::Train => &mut set.train,
                Split::Dev if all_can_answer => &mut set.dev,
                Split::Test if all_can_answer => &mut set.test,
                Split::Dev | Split::Test => continue,
            };
            part.examples.push(example);
            part.words.push(words);
        }
        Ok(set)
    }

    /// Refuses a set on which nothing can be learnt or measured.
    pub fn check(&self, table: &Path) -> Result<()> {
        for (part, name) in [(&self.train, "train"), (&self.dev, "dev"), (&self.test, "test")] {
            if !part
                .words
                .iter()
                .any(|row| row.target.is_some() && !row.rows.is_empty())
            {
                return Err(Error::Data {
                    path: table.into(),
                    reason: format!("no post of `{name}` has a caption and a label to compare systems on"),
                });
            }
        }
        Ok(())
    }
}
