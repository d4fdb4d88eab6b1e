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
        let images = planes.chunks_exact(3 * side * side);
        let colours: Vec<f32> = images.flat_map(|image| colour_statistics(image, side * side)).collect();
        let batch = colours.len() / COLOURS;
        let colours = Tensor::<2>::from_data(TensorData::new(colours, [batch, COLOURS]), device);
        let planes = Tensor::<4>::from_data(TensorData::new(planes, [batch, 3, side, side]), device);
        let kept = (layers == Layers::Keep).then(|| planes.clone());
        let stages = self.forward(planes);
        let features = Tensor::cat(vec![stages.pooled(), stages.statistics(), colours], 1);
        let layers = kept.map(|planes| in_order_of_features(stages.head, &stages.stages, planes));
        ImageFeatures { features, layers }
    }
}

#[cfg(feature = "flex")]
impl super::PackedEfficientNetLite0 {
    /// As [`EfficientNetLite0::features`].
    ///
    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    #[must_use]
    pub fn features(&self, planes: Vec<f32>, side: u32, device: &Device, layers: Layers) -> ImageFeatures {
        let side = side as usize;
        let batch = planes.len() / (3 * side * side);
        let mut features = Vec::with_capacity(batch * FEATURES);
        let mut kept: Vec<(Vec<f32>, usize)> = Vec::new();
        for image in planes.chunks_exact(3 * side * side) {
            let mut encoded = self.encode(image, side, layers == Layers::Keep);
            features.append(&mut encoded.features);
            features.extend(colour_statistics(image, side * side));
            if kept.is_empty() {
                kept = encoded.layers;
            } else {
                for ((all, _), (mut layer, _)) in kept.iter_mut().zip(encoded.layers) {
                    all.append(&mut layer);
                }
            }
        }
        let tensor = |(values, side): (Vec<f32>, usize)| {
            let channels = values.len() / (batch * side * side);
            Tensor::<4>::from_data(TensorData::new(values, [batch, channels, side, side]), device)
        };
        let mut kept = kept.into_iter().map(tensor);
        let layers = kept.next().map(|head| {
            let stages: Vec<Tensor<4>> = kept.collect();
            in_order_of_features(head, &stages, tensor((planes, side)))
        });
        ImageFeatures {
            features: Tensor::from_data(TensorData::new(features, [batch, FEATURES]), device),
            layers,
        }
    }
}

fn in_order_of_features(head: Tensor<4>, stages: &[Tensor<4>], planes: Tensor<4>) -> Vec<(Tensor<4>, Statistic)> {
    let mut layers = vec![(head, Statistic::Mean)];
    for group in [stages, &[planes]] {
        for statistic in [Statistic::Mean, Statistic::Deviation] {
            layers.extend(group.iter().map(|planes| (planes.clone(), statistic)));
        }
    }
    layers
}

/// The means of the three planes, then their standard deviations.
fn colour_statistics(planes: &[f32], pixels: usize) -> [f32; COLOURS] {
    let mut statistics = [0.0; COLOURS];
    let (means, deviations) = statistics.split_at_mut(COLOURS / 2);
    for ((plane, mean), deviation) in planes.chunks_exact(pixels).zip(means).zip(deviations) {
        (*mean, *deviation) = mean_and_deviation(plane);
    }
    statistics
}

/// Mean and standard deviation of a plane.
pub(super) fn mean_and_deviation(plane: &[f32]) -> (f32, f32) {
    let length = plane.len() as f32;
    let mean = sum(plane, |value| value) / length;
    let variance = sum(plane, |value| (value - mean) * (value - mean)) / length;
    (mean, variance.sqrt())
}

/// A sum in eight parts, which the compiler turns into vectors.
fn sum(plane: &[f32], change: impl Fn(f32) -> f32) -> f32 {
    let (blocks, rest) = plane.as_chunks::<8>();
    let mut parts = [0.0; 8];
    for block in blocks {
        for (part, value) in parts.iter_mut().zip(block) {
            *part += change(*value);
        }
    }
    parts.iter().sum::<f32>() + rest.iter().map(|value| change(*value)).sum::<f32>()
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
