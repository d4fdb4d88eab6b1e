//! The tower for captions: one of two networks over the vectors of words or word pieces.

use burn::{module::Module, tensor::Tensor};

use super::{text_encoder::TextEncoder, transformer_encoder::TransformerEncoder};

/// Features of a caption from the vectors of its words or word pieces.
#[derive(Module, Debug)]
pub enum CaptionEncoder {
    /// The default: a convolutional network over word vectors.
    Convolution(TextEncoder),
    /// The larger one: a transformer over word pieces.
    Transformer(TransformerEncoder),
}

impl CaptionEncoder {
    /// Number of features of a caption.
    #[must_use]
    pub fn features(&self) -> usize {
        match self {
            Self::Convolution(encoder) => encoder.features(),
            Self::Transformer(encoder) => encoder.features(),
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
        }
    }
}
