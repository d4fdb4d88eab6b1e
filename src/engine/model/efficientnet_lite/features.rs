//! What the fusion reads of images through EfficientNet-Lite0.
//!
//! The features of the last layer say what is in the image; the means and deviations of all stages
//! and of the colours say how it looks.

use burn::tensor::{Device, Tensor, TensorData};

use super::{EfficientNetLite0, POOLED, STATISTICS};
use crate::model::{
    feature_maps::Statistic,
    image_features::{ImageFeatures, Layers},
};

/// Means and deviations of red, green and blue.
const COLOURS: usize = 6;

/// Length of an image's feature vector.
pub const FEATURES: usize = POOLED + STATISTICS + COLOURS;

impl EfficientNetLite0 {
    /// Features of a batch of images.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    #[must_use]
    pub fn features(&self, planes: Vec<f32>, side: u32, device: &Device, layers: Layers) -> ImageFeatures {
        let side = side as usize;
        let colours: Vec<f32> = planes
            .chunks_exact(3 * side * side)
            .flat_map(|image| colour_statistics(image, side * side))
            .collect();
        let batch = colours.len() / COLOURS;
        let colours = Tensor::<2>::from_data(TensorData::new(colours, [batch, COLOURS]), device);
        let planes = Tensor::<4>::from_data(TensorData::new(planes, [batch, 3, side, side]), device);
        let kept = (layers == Layers::Keep).then(|| planes.clone());
        let stages = self.forward(planes);
        let features = Tensor::cat(vec![stages.pooled(), stages.statistics(), colours], 1);
        let layers = kept.map(|planes| {
            // In the order of the features.
            let mut layers = vec![(stages.head, Statistic::Mean)];
            for group in [stages.stages, vec![planes]] {
                for statistic in [Statistic::Mean, Statistic::Deviation] {
                    layers.extend(group.iter().map(|planes| (planes.clone(), statistic)));
                }
            }
            layers
        });
        ImageFeatures { features, layers }
    }
}

/// The means of the three planes, then their standard deviations.
fn colour_statistics(planes: &[f32], pixels: usize) -> Vec<f32> {
    let means = planes
        .chunks_exact(pixels)
        .map(|plane| plane.iter().sum::<f32>() / pixels as f32);
    let deviations = planes.chunks_exact(pixels).zip(means.clone()).map(|(plane, mean)| {
        let squares = plane.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>();
        (squares / pixels as f32).sqrt()
    });
    means.clone().chain(deviations).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_statistics_are_means_then_deviations() {
        let planes = [1.0, 3.0, 5.0, 5.0, -1.0, 1.0];
        assert_eq!(colour_statistics(&planes, 2), [2.0, 5.0, 0.0, 1.0, 0.0, 1.0]);
    }
}
