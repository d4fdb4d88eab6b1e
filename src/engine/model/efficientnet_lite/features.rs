//! What the fusion reads of images through EfficientNet-Lite0.
//!
//! The features of the last layer say what is in the image; the means and deviations of all stages
//! and of the colours say how it looks.

use burn::tensor::{Device, Tensor, TensorData};
#[cfg(feature = "flex")]
use wide::{i16x8, i32x4, u8x16};

use super::{EfficientNetLite0, POOLED, STATISTICS};
use crate::model::{
    feature_maps::Statistic,
    image_features::{ImageFeatures, Layers},
};
#[cfg(feature = "flex")]
use crate::preprocessing::{Preprocessing, Square};

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
    /// As [`EfficientNetLite0::features`], of images in the size that the network sees.
    #[must_use]
    pub fn features(&self, images: &[Square], device: &Device, layers: Layers) -> ImageFeatures {
        let batch = images.len();
        let mut features = Vec::with_capacity(batch * FEATURES);
        let mut kept: Vec<(Vec<f32>, usize)> = Vec::new();
        for image in images {
            let mut encoded = self.encode(image, layers == Layers::Keep);
            features.append(&mut encoded.features);
            features.extend(level_statistics(image, &self.preprocessing));
            if layers == Layers::Keep {
                let planes = self.preprocessing.planes_of(image);
                encoded.layers.push((planes, image.side as usize));
            }
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
        let planes = kept.pop().map(tensor);
        let mut kept = kept.into_iter().map(tensor);
        let layers = planes.zip(kept.next()).map(|(planes, head)| {
            let stages: Vec<Tensor<4>> = kept.collect();
            in_order_of_features(head, &stages, planes)
        });
        ImageFeatures {
            features: Tensor::from_data(TensorData::new(features, [batch, FEATURES]), device),
            layers,
        }
    }
}

/// As [`colour_statistics`] of the image's planes.
#[cfg(feature = "flex")]
fn level_statistics(image: &Square, preprocessing: &Preprocessing) -> [f32; COLOURS] {
    let [sums, squares] = sums_and_squares(&image.pixels);
    let pixels = image.pixels.len() as f64;
    let mut statistics = [0.0; COLOURS];
    for (plane, colour) in preprocessing.channels.colours().into_iter().enumerate() {
        let [factor, offset] = preprocessing.normalisation(plane).map(f64::from);
        let [mean, square] = [sums, squares].map(|sums| sums[colour] as f64 / pixels);
        statistics[plane] = (mean * factor - offset) as f32;
        statistics[COLOURS / 2 + plane] = ((square - mean * mean).max(0.0).sqrt() * factor) as f32;
    }
    statistics
}

/// The sums of each colour's levels, and of their squares.
#[cfg(feature = "flex")]
fn sums_and_squares(pixels: &[[u8; 4]]) -> [[u64; 4]; 2] {
    /// Pixels whose sums fit 32 bits.
    const TOGETHER: usize = 1 << 14;
    let mut totals = [[0; 4]; 2];
    let mut add = |at: usize, colours: [usize; 2], sums: i32x4| {
        for (lane, sum) in sums.to_array().into_iter().enumerate() {
            totals[at][colours[lane % 2]] += u64::from(sum.unsigned_abs());
        }
    };
    // Of two pixels, side by side in 16 bits: red and blue, or green and alpha.
    let (even, odd) = (
        i16x8::new([1, 0, 1, 0, 1, 0, 1, 0]),
        i16x8::new([0, 1, 0, 1, 0, 1, 0, 1]),
    );
    for pixels in pixels.chunks(TOGETHER) {
        let (fours, rest) = pixels.as_chunks::<4>();
        let mut last = [[0; 4]; 4];
        last[..rest.len()].copy_from_slice(rest);
        let mut sums = [[i32x4::ZERO; 2]; 2];
        for four in fours.iter().chain([&last]) {
            let levels: u8x16 = bytemuck::cast(*four);
            for levels in [i16x8::from_u8x16_low(levels), i16x8::from_u8x16_high(levels)] {
                for (place, some) in [even, odd].into_iter().enumerate() {
                    sums[0][place] += levels.dot(some);
                    sums[1][place] += levels.dot(levels * some);
                }
            }
        }
        for (at, [of_even, of_odd]) in sums.into_iter().enumerate() {
            add(at, [0, 2], of_even);
            add(at, [1, 3], of_odd);
        }
    }
    totals
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

    #[cfg(feature = "flex")]
    #[test]
    fn statistics_of_levels_are_those_of_the_planes() {
        for preprocessing in [Preprocessing::efficientnet_lite(), Preprocessing::googlenet()] {
            let image = preprocessing.square(&crate::preprocessing::test_card(300));
            let planes = preprocessing.planes_of(&image);
            let expected = colour_statistics(&planes, image.pixels.len());
            for (found, expected) in level_statistics(&image, &preprocessing).into_iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 1e-4 * expected.abs().max(1.0),
                    "{found}, {expected}"
                );
            }
        }
    }
}
