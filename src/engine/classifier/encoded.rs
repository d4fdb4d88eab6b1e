//! What the networks make of a batch of posts.

use burn::tensor::Tensor;

use super::prepared::PreparedCaption;
use crate::{
    model::{fusion::ByModality, image_features::ImageFeatures},
    preprocessing::Area,
};

/// A batch as far as the networks have come with it: images and captions, each in rows of their own.
pub(super) struct Batch {
    /// Row of the image and its area; row of the caption and the caption itself.
    pub(super) posts: Vec<ByModality<(usize, Area), (usize, PreparedCaption)>>,
    /// The images, where there is one.
    pub(super) image_features: Option<ImageFeatures>,
    /// The images in the common space, where one has a caption: `[images, d_common]`.
    pub(super) image: Option<Tensor<2>>,
    /// The captions, where there is one.
    pub(super) captions: Option<EncodedCaptions>,
}

/// What the networks make of captions.
pub(super) struct EncodedCaptions {
    /// In the common space: `[captions, d_common]`.
    pub(super) vectors: Tensor<2>,
    /// What their n-grams add to the logits of posts: `[captions, emotions]`.
    pub(super) n_grams: Tensor<2>,
    /// Logits of the captions standing alone: `[captions, emotions]`.
    pub(super) standalone: Tensor<2>,
}
