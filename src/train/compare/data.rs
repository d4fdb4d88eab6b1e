//! What the systems are compared on.

use std::path::Path;

use burn::tensor::Device;
use emofuse_core::error::{Error, Result};
use emofuse_engine::{
    model::unimodal::fasttext::with_bigrams,
    text::{Token, Tokenizer},
};

use crate::{
    captions::CaptionTower,
    data::{Post, Split},
    fusion::{self, FusionExample, Side, Target},
    n_grams,
    recipe::FusionRecipe,
};

/// How captions are read, by the two families of text systems.
pub struct CaptionReader<'a> {
    /// For the FastText-style baseline: ids of pretrained word vectors; `None` in a comparison without it.
    pub words: Option<&'a Tokenizer>,
    /// What the other systems read of a caption; `None` in a comparison without a caption tower.
    pub tower: Option<(&'a Tokenizer, &'a CaptionTower)>,
    /// Rows that the FastText-style baseline has for bigrams.
    pub buckets: u32,
    /// Which n-grams there are beside the caption tower, and how much second labels count.
    pub recipe: &'a FusionRecipe,
    /// How many labels there are.
    pub labels: usize,
}

impl CaptionReader<'_> {
    /// The rows of a caption's words and pairs of words.
    fn words(&self, caption: &str) -> Vec<u32> {
        let Some(tokenizer) = self.words else { return Vec::new() };
        let vocabulary = tokenizer.vocabulary().len() as u32;
        with_bigrams(&tokenizer.encode(caption), vocabulary, self.buckets)
    }

    /// The tokens and the features of captions; none for a caption without a word, or without a caption tower.
    fn features(&self, posts: &[Post], device: &Device) -> Result<Vec<(Vec<Token>, Option<Vec<f32>>)>> {
        let Some((tokenizer, tower)) = self.tower else {
            return Ok(posts.iter().map(|_| (Vec::new(), None)).collect());
        };
        let tokens: Vec<Vec<Token>> = posts.iter().map(|post| tokenizer.tokens(&post.caption)).collect();
        let features = tower.features_of(tokenizer, tokens.iter().map(Vec::as_slice), None, device)?;
        let of_words = |(tokens, features): (Vec<Token>, Vec<f32>)| {
            let features = (!tokens.is_empty()).then_some(features);
            (tokens, features)
        };
        Ok(tokens.into_iter().zip(features).map(of_words).collect())
    }

    /// Whether every text system can read a post.
    fn can_read(&self, example: &FusionExample) -> bool {
        (self.words.is_none() || !example.words.is_empty())
            && (self.tower.is_none() || example.sides.get(Side::Caption).is_some())
    }
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

/// Rows of a data set.
#[derive(Default)]
pub struct SplitData {
    /// What the systems see.
    pub examples: Vec<FusionExample>,
}

impl SplitData {
    /// The labels that the systems are measured against. Every row of dev and test has one; of train, those that are learnt from.
    pub fn truths(&self) -> Vec<usize> {
        self.examples.iter().filter_map(FusionExample::label).collect()
    }

    /// Accuracy plus macro-F1 of answers to some rows, against the post's label: what choices are made by.
    pub fn score(&self, logits: &[(usize, Vec<f32>)]) -> f64 {
        fusion::measure_rows(logits, |row| self.examples[row].label())
            .iter()
            .sum()
    }

    /// The labels that occur, in their order.
    pub fn labels(&self) -> Vec<usize> {
        let mut labels = self.truths();
        labels.sort_unstable();
        labels.dedup();
        labels
    }
}

impl DataSet {
    /// Posts as the systems see them. `images` has the features of each post's image, and is `None` for a set without
    /// any.
    ///
    /// In dev and test, posts without a label as a whole or without what any of the systems reads are left out, so that every system answers the same rows.
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
        let captions = reader.features(posts, device)?;
        let mut set = Self {
            train: SplitData::default(),
            dev: SplitData::default(),
            test: SplitData::default(),
        };
        for ((post, image), (tokens, caption)) in posts.iter().zip(images).zip(captions) {
            let has_image = image.is_some();
            let mut example = FusionExample {
                words: reader.words(&post.caption),
                n_grams: n_grams(reader.recipe.n_grams.as_ref(), &tokens),
                target: post
                    .post_label
                    .map(|label| Target::new(label, reader.recipe.second_label, reader.labels)),
                group: post.group.clone(),
                ..FusionExample::default()
            };
            for (side, features) in [(Side::Image, image), (Side::Caption, caption)] {
                if let Some(features) = features {
                    example = example.with(side, features);
                }
            }
            let all_can_answer = example.target.is_some() && reader.can_read(&example) && (has_no_images || has_image);
            let part = match post.split {
                Split::Train => &mut set.train,
                Split::Dev if all_can_answer => &mut set.dev,
                Split::Test if all_can_answer => &mut set.test,
                Split::Dev | Split::Test => continue,
            };
            part.examples.push(example);
        }
        Ok(set)
    }

    /// Refuses a set on which nothing can be learnt or measured.
    pub fn check(&self, table: &Path) -> Result<()> {
        for (part, name) in [(&self.train, "train"), (&self.dev, "dev"), (&self.test, "test")] {
            let mut rows = part.examples.iter();
            if !rows.any(|row| row.target.is_some() && (!row.words.is_empty() || row.sides.seen().is_some())) {
                return Err(Error::Data {
                    path: table.into(),
                    reason: format!(
                        "no post of `{name}` has a label and what the systems read, so that nothing can be compared"
                    ),
                });
            }
        }
        Ok(())
    }
}
