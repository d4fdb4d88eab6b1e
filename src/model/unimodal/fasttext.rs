//! The baseline for captions: a linear classifier over the mean of the vectors of a caption's words and n-grams.
//!
//! After Joulin, Grave, Bojanowski and Mikolov, *Bag of Tricks for Efficient Text Classification* (2016, arXiv
//! 1607.01759), known as FastText: bigrams of words share a fixed number of vectors, told apart by a hash; so may n-grams
//! of characters, after Bojanowski, Grave, Joulin and Mikolov, *Enriching Word Vectors with Subword Information* (2017,
//! arXiv 1607.04606). The vectors are a table of the caller's, as for the caption tower: a row for each word, then one
//! for each bucket of n-grams.

use std::ops::RangeInclusive;

use burn::{
    config::Config,
    module::Module,
    nn::{Dropout, DropoutConfig, Linear},
    tensor::{Device, Tensor},
};

use crate::{
    emotion::EMOTIONS,
    model::projection::{Projection, classifier},
    text::Token,
};

/// Sizes of a [`FastText`].
#[derive(Config, Debug)]
pub struct FastTextConfig {
    /// Numbers in a vector of a word or n-gram.
    #[config(default = 100)]
    pub d_word: usize,
    /// Numbers in another description of the caption that is read beside the vectors; `None` for the baseline itself.
    pub d_beside: Option<usize>,
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
            output: classifier(self.d_word, EMOTIONS, device),
            beside: self
                .d_beside
                .map(|d_beside| Projection::classifier(d_beside, EMOTIONS, device)),
        }
    }
}

/// The FastText-style classifier. A caption without words has no answer of its own: its mean would be zeros.
#[derive(Module, Debug)]
pub struct FastText {
    dropout: Dropout,
    output: Linear,
    beside: Option<Projection>,
}

impl FastText {
    /// Sets the means and deviations by which what is read beside the vectors is standardised.
    #[must_use]
    pub fn with_statistics(mut self, statistics: [Tensor<1>; 2]) -> Self {
        self.beside = self.beside.map(|beside| beside.with_statistics(statistics));
        self
    }

    /// Scores every emotion.
    ///
    /// Padding never changes the result.
    ///
    /// # Shapes
    /// - vectors: `[batch, tokens, d_word]`, of words and n-grams
    /// - mask: `[batch, tokens]`, 1 where there is one and 0 where there is padding
    /// - beside: `[batch, d_beside]`, where the classifier has a `d_beside`
    /// - output: `[batch, emotions]`, logits
    pub fn forward(&self, vectors: Tensor<3>, mask: Tensor<2>, beside: Option<Tensor<2>>) -> Tensor<2> {
        let mask = mask.unsqueeze_dim::<3>(2); // [batch, tokens, 1]
        let count = mask.clone().sum_dim(1).clamp_min(1.0); // [batch, 1, 1]
        let mean = ((vectors * mask).sum_dim(1) / count).squeeze_dim::<2>(1); // [batch, d_word]
        let logits = self.output.forward(self.dropout.forward(mean)); // [batch, emotions]
        match self.beside.as_ref().zip(beside) {
            Some((classifier, beside)) => logits + classifier.forward(beside),
            None => logits,
        }
    }

    /// How much a deviation of each number beside the vectors counts for each emotion.
    ///
    /// # Shapes
    /// - output: `[d_beside, emotions]`
    #[must_use]
    pub fn evidence_beside(&self) -> Option<Tensor<2>> {
        self.beside.as_ref().map(Projection::weights)
    }
}

/// Which rows of the table of vectors a caption stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NGrams {
    /// Rows of words, before those of the buckets.
    pub words: u32,
    /// Rows that n-grams share.
    pub buckets: u32,
    /// Lengths of the n-grams of characters; none where it is empty.
    pub characters: RangeInclusive<usize>,
}

impl NGrams {
    /// The rows of a caption's words, then of its bigrams, then of its words' n-grams of characters.
    #[must_use]
    pub fn rows(&self, tokens: &[Token]) -> Vec<u32> {
        let words = tokens.iter().map(|token| token.id);
        let bigrams = tokens
            .windows(2)
            .map(|pair| self.bucket(pair.iter().flat_map(|token| token.id.to_le_bytes())));
        let characters = tokens.iter().flat_map(|token| self.of_characters(&token.text));
        words.chain(bigrams).chain(characters).collect()
    }

    /// The n-grams of a word between `<` and `>`, which tell its beginning and end, as FastText has them.
    fn of_characters(&self, word: &str) -> Vec<u32> {
        let marked: Vec<char> = std::iter::once('<').chain(word.chars()).chain(['>']).collect();
        let n_grams = self.characters.clone().flat_map(|length| marked.windows(length));
        n_grams
            .map(|n_gram| self.bucket(n_gram.iter().collect::<String>().bytes()))
            .collect()
    }

    /// FNV-1a, 32 bits (Fowler, Noll and Vo): the hash that FastText itself takes.
    fn bucket(&self, bytes: impl Iterator<Item = u8>) -> u32 {
        let hash = bytes.fold(2_166_136_261_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
        });
        self.words + hash % self.buckets
    }
}

#[cfg(test)]
mod tests {
    use burn::{
        nn::LinearConfig,
        tensor::{Distribution, Tolerance},
    };

    use super::*;

    const D_WORD: usize = 6;

    fn model() -> FastText {
        let device = Device::flex();
        FastText {
            output: LinearConfig::new(D_WORD, EMOTIONS).init(&device),
            ..FastTextConfig::new().with_d_word(D_WORD).init(&device)
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
        let many = model.forward(vectors.clone(), mask.clone(), None);
        let one = model.forward(vectors.narrow(0, 2, 1), mask.narrow(0, 2, 1), None);
        assert_close(one, many.narrow(0, 2, 1));
    }

    #[test]
    fn padding_never_changes_the_logits() {
        let device = Device::flex();
        let (model, vectors) = (model(), noise([2, 4, D_WORD]));
        let bare = model.forward(vectors.clone(), Tensor::ones([2, 4], &device), None);
        let padded = Tensor::cat(vec![vectors, noise([2, 3, D_WORD])], 1);
        let mask = Tensor::cat(vec![Tensor::ones([2, 4], &device), Tensor::zeros([2, 3], &device)], 1);
        assert_close(bare, model.forward(padded, mask, None));
    }

    #[test]
    fn what_stands_beside_adds_its_own_evidence() {
        let device = Device::flex();
        let mut model = FastTextConfig::new()
            .with_d_word(D_WORD)
            .with_d_beside(Some(2))
            .init(&device);
        model.beside = Some(Projection::new(2, EMOTIONS, &device));
        let (vectors, mask) = (noise([2, 4, D_WORD]), Tensor::ones([2, 4], &device));
        let beside = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, -1.0]], &device);
        let alone = model.forward(vectors.clone(), mask.clone(), None);
        let both = model.forward(vectors, mask, Some(beside.clone()));
        assert_close(both - alone, beside.matmul(model.evidence_beside().unwrap()));
    }

    fn tokens(words: &[(u32, &str)]) -> Vec<Token> {
        let token = |(id, text): &(u32, &str)| Token {
            text: (*text).into(),
            id: *id,
            source: 0..0,
        };
        words.iter().map(token).collect()
    }

    #[test]
    fn bigrams_follow_the_words_and_depend_on_their_order() {
        let n_grams = NGrams {
            words: 10,
            buckets: 1000,
            characters: 1..=0,
        };
        let rows = n_grams.rows(&tokens(&[(3, "so"), (4, "sad"), (3, "so")]));
        assert_eq!(rows[..3], [3, 4, 3]);
        assert_eq!(rows.len(), 5);
        assert!(rows[3..].iter().all(|row| (10..1010).contains(row)));
        assert_ne!(rows[3], rows[4]);
        assert_eq!(n_grams.rows(&tokens(&[(7, "hm")])), [7]);
        assert!(n_grams.rows(&[]).is_empty());
    }

    #[test]
    fn words_that_share_a_stem_share_n_grams_of_characters_and_ends_are_told_apart() {
        let n_grams = NGrams {
            words: 10,
            buckets: 100_000,
            characters: 3..=4,
        };
        let of = |word| n_grams.rows(&tokens(&[(1, word)]))[1..].to_vec();
        // <sa sad ad> <sad sad>
        assert_eq!(of("sad").len(), 5);
        let shared = |word| of("sad").iter().filter(|row| of(word).contains(row)).count();
        assert_eq!(shared("sadly"), 3, "<sa sad <sad");
        assert_eq!(shared("mad"), 1, "ad>");
        assert!(of("").is_empty());
    }
}
