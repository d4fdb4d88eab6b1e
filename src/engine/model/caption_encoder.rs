//! The tower for captions: one of three networks over the vectors of words or word pieces.

use burn::{module::Module, tensor::Tensor};

use super::{text_encoder::TextEncoder, transformer_encoder::TransformerEncoder, unimodal::fasttext::WordMean};

/// Features of a caption from the vectors of its words or word pieces.
#[derive(Module, Debug)]
pub enum CaptionEncoder {
    /// The default: a convolutional network over word vectors.
    Convolution(TextEncoder),
    /// The larger one: a transformer over word pieces.
    Transformer(TransformerEncoder),
    /// The mean of the vectors of words and bigrams.
    Mean(WordMean),
}

impl CaptionEncoder {
    /// Number of features of a caption.
    #[must_use]
    pub fn features(&self) -> usize {
        match self {
            Self::Convolution(encoder) => encoder.features(),
            Self::Transformer(encoder) => encoder.features(),
            Self::Mean(encoder) => encoder.d_word,
        }
    }

    /// Describes a batch of captions.
    ///
    /// # Shapes
    /// - words: `[batch, tokens, d_word]`
    /// - mask: `[batch, tokens]`, 1 for a token and 0 for padding
    /// - output: `[batch, features]`
    #[must_use]
    pub fn forward(&self, words: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Convolution(encoder) => encoder.forward(words, mask),
            Self::Transformer(encoder) => encoder.forward(words, mask),
            Self::Mean(encoder) => encoder.forward(words, mask),
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Distribution, TensorData};
    use proptest::prelude::*;

    use super::{
        super::{text_encoder::TextEncoderConfig, transformer_encoder::TransformerEncoderConfig},
        *,
    };

    const D_WORD: usize = 8;

    fn encoders() -> [CaptionEncoder; 3] {
        let device = Device::flex();
        let convolution = TextEncoderConfig::new().with_d_word(D_WORD).with_filters(4);
        let transformer = TransformerEncoderConfig::new()
            .with_d_model(D_WORD)
            .with_layers(2)
            .with_heads(2)
            .with_d_hidden(12)
            .with_max_positions(24);
        [
            CaptionEncoder::Convolution(convolution.init(&device)),
            CaptionEncoder::Transformer(transformer.init(&device)),
            CaptionEncoder::Mean(WordMean { d_word: D_WORD }),
        ]
    }

    fn noise(shape: [usize; 3]) -> Tensor<3> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
    }

    /// `[batch, tokens]` with as many ones as each caption has tokens.
    fn mask(lengths: &[usize], tokens: usize) -> Tensor<2> {
        let ones = lengths
            .iter()
            .flat_map(|&length| (0..tokens).map(move |token| if token < length { 1.0 } else { 0.0 }));
        let data = TensorData::new(ones.collect::<Vec<f32>>(), [lengths.len(), tokens]);
        Tensor::from_data(data, &Device::flex())
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    fn close(left: &[f32], right: &[f32]) -> bool {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| (left - right).abs() < 1e-5)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn padding_never_changes_the_features(length in 1_usize..9, padding in 1_usize..12) {
            for encoder in encoders() {
                let words = noise([1, length, D_WORD]);
                let bare = values(encoder.forward(words.clone(), mask(&[length], length)));
                // The contents of padded rows must not matter either.
                let padded = Tensor::cat(vec![words, noise([1, padding, D_WORD]) * 9.0], 1);
                let padded = values(encoder.forward(padded, mask(&[length], length + padding)));
                prop_assert!(close(&bare, &padded), "{bare:?} {padded:?}");
            }
        }

        #[test]
        fn a_batch_of_one_equals_its_row_of_many(lengths in prop::collection::vec(0_usize..8, 2..6)) {
            for encoder in encoders() {
                let words = noise([lengths.len(), 8, D_WORD]);
                let many = values(encoder.forward(words.clone(), mask(&lengths, 8)));
                let width = encoder.features();
                for (row, &length) in lengths.iter().enumerate() {
                    let one = values(encoder.forward(words.clone().narrow(0, row, 1), mask(&[length], 8)));
                    prop_assert!(close(&one, &many[row * width..(row + 1) * width]));
                }
            }
        }
    }

    #[test]
    fn a_caption_without_tokens_gives_zeros() {
        for encoder in encoders() {
            let features = values(encoder.forward(noise([1, 4, D_WORD]), mask(&[0], 4)));
            assert!(features.iter().all(|&feature| feature == 0.0), "{features:?}");
        }
    }

    #[test]
    fn features_are_as_many_as_announced() {
        for encoder in encoders() {
            let features = encoder.forward(noise([3, 5, D_WORD]), mask(&[5, 1, 0], 5));
            assert_eq!(features.dims(), [3, encoder.features()]);
        }
    }
}
