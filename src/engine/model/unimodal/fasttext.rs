//! The baseline for captions: a linear classifier over the mean of the vectors of a caption's words and bigrams.
//!
//! After Joulin, Grave, Bojanowski and Mikolov, *Bag of Tricks for Efficient Text Classification* (2016, arXiv
//! 1607.01759), known as FastText: bigrams share a fixed number of vectors, distinguished by a hash. The vectors are a
//! table of the caller's, as for the caption tower: a row for each word, then one for each bucket of bigrams.

use burn::{
    config::Config,
    module::Module,
    nn::{Dropout, DropoutConfig, Linear},
    tensor::{Device, Tensor},
};

use crate::{model::parameters::classifier, text::fnv_1a};

/// Sizes of a [`FastText`].
#[derive(Config, Debug)]
pub struct FastTextConfig {
    /// How many labels there are.
    pub labels: usize,
    /// Numbers in a vector of a word or bigram.
    #[config(default = 100)]
    pub d_word: usize,
    /// Share of the mean's numbers that training drops.
    #[config(default = 0.3)]
    pub dropout: f64,
}

impl FastTextConfig {
    /// A classifier that does not prefer any label yet.
    #[must_use]
    pub fn init(&self, device: &Device) -> FastText {
        FastText {
            dropout: DropoutConfig::new(self.dropout).init(),
            output: classifier(self.d_word, self.labels, device),
        }
    }
}

/// The FastText-style classifier. A caption without words has no prediction of its own: its mean would be zeros.
#[derive(Module, Debug)]
pub struct FastText {
    dropout: Dropout,
    output: Linear,
}

impl FastText {
    /// Scores every label.
    ///
    /// Padding never changes the result.
    ///
    /// # Shapes
    /// - vectors: `[batch, tokens, d_word]`, of words and bigrams
    /// - mask: `[batch, tokens]`, 1 where there is one and 0 where there is padding
    /// - output: `[batch, labels]`, logits
    pub fn forward(&self, vectors: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        let mean = word_mean(vectors, mask); // [batch, d_word]
        self.output.forward(self.dropout.forward(mean)) // [batch, labels]
    }
}

/// The caption tower of a FastText-style model: the mean of the vectors of a caption's words and bigrams. It has nothing
/// to learn but these.
#[derive(Module, Debug)]
pub struct WordMean {
    /// Numbers in a vector of a word or bigram.
    pub d_word: usize,
}

impl WordMean {
    /// Describes a batch of captions.
    ///
    /// # Shapes
    /// - vectors: `[batch, tokens, d_word]`
    /// - mask: `[batch, tokens]`, 1 where there is one and 0 where there is padding
    /// - output: `[batch, d_word]`
    #[must_use]
    pub fn forward(&self, vectors: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        word_mean(vectors, mask)
    }
}

/// The mean of the vectors of a caption; zeros where there are none.
fn word_mean(vectors: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
    let mask = mask.unsqueeze_dim::<3>(2); // [batch, tokens, 1]
    let count = mask.clone().sum_dim(1).clamp_min(1.0); // [batch, 1, 1]
    ((vectors * mask).sum_dim(1) / count).squeeze_dim::<2>(1) // [batch, d_word]
}

/// The rows of a caption's words and then of its bigrams, in a table of `words` rows followed by `buckets`.
#[must_use]
pub fn with_bigrams(ids: &[u32], words: u32, buckets: u32) -> Vec<u32> {
    let bigrams = ids.windows(2).map(|pair| words + bucket(pair, buckets));
    ids.iter().copied().chain(bigrams).collect()
}

/// By the hash that FastText itself takes.
fn bucket(ids: &[u32], buckets: u32) -> u32 {
    fnv_1a(ids.iter().flat_map(|id| id.to_le_bytes())) % buckets
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::LinearConfig,
        tensor::{Distribution, Tolerance},
    };

    use super::*;

    const D_WORD: usize = 6;
    const LABELS: usize = 3;

    fn model() -> FastText {
        let device = Device::flex();
        FastText {
            output: LinearConfig::new(D_WORD, LABELS).init(&device),
            ..FastTextConfig::new(LABELS).with_d_word(D_WORD).init(&device)
        }
    }

    fn noise(shape: [usize; 3]) -> Tensor<3> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
    }

    fn assert_close(left: Tensor<2>, right: Tensor<2>) {
        left.into_data()
            .assert_approx_eq::<f32>(&right.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let (model, vectors) = (model(), noise([4, 5, D_WORD]));
        let mask = Tensor::ones([4, 5], &Device::flex());
        let many = model.forward(vectors.clone(), mask.clone());
        let one = model.forward(vectors.narrow(0, 2, 1), mask.narrow(0, 2, 1));
        assert_close(one, many.narrow(0, 2, 1));
    }

    #[test]
    fn padding_never_changes_the_logits() {
        let device = Device::flex();
        let (model, vectors) = (model(), noise([2, 4, D_WORD]));
        let bare = model.forward(vectors.clone(), Tensor::ones([2, 4], &device));
        let padded = Tensor::cat(vec![vectors, noise([2, 3, D_WORD])], 1);
        let mask = Tensor::cat(vec![Tensor::ones([2, 4], &device), Tensor::zeros([2, 3], &device)], 1);
        assert_close(bare, model.forward(padded, mask));
    }

    #[test]
    fn bigrams_follow_the_words_and_depend_on_their_order() {
        let rows = with_bigrams(&[3, 4, 3], 10, 1000);
        assert_eq!(rows[..3], [3, 4, 3]);
        assert_eq!(rows.len(), 5);
        assert!(rows[3..].iter().all(|row| (10..1010).contains(row)));
        assert_ne!(rows[3], rows[4]);
        assert_eq!(with_bigrams(&[7], 10, 1000), [7]);
        assert!(with_bigrams(&[], 10, 1000).is_empty());
    }
}
