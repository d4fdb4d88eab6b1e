//! What the tower for images makes of them.

use burn::tensor::Tensor;

use super::feature_maps::Statistic;

/// What a tower makes of a batch of images.
#[derive(Clone, Debug)]
pub struct ImageFeatures {
    /// The feature vectors: `[batch, d_image]`.
    pub features: Tensor<2>,
    /// What the features are statistics of, in their order: `[batch, channels, height, width]`, the last feature map
    /// first; `None` where they were dropped.
    pub layers: Option<Vec<(Tensor<4>, Statistic)>>,
}

/// What becomes of the layers that features are statistics of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layers {
    /// Their memory is used again at once, which is faster.
    Drop,
    /// They are kept for [`ImageFeatures::maps`].
    Keep,
}

impl ImageFeatures {
    /// The features of one of the images, each spread over the cells of the last feature map: its mean is the feature.
    /// `None` where the layers were dropped.
    ///
    /// # Shapes
    /// - output: `[1, d_image, height, width]`
    #[must_use]
    pub fn maps(&self, image: usize) -> Option<Tensor<4>> {
        let layers = self.layers.as_deref()?;
        let [_, _, height, width] = layers.first()?.0.dims();
        let maps = layers.iter().map(|(planes, statistic)| {
            let planes = planes.clone().narrow(0, image, 1);
            statistic.map(planes, [height, width])
        });
        Some(Tensor::cat(maps.collect(), 1))
    }
}
