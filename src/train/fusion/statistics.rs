//! What a training set says about its features and labels.

use burn::tensor::{Device, Tensor};
use emofuse_core::emotion::EMOTIONS;

use super::{FusionExample, Target};
use crate::recipe::ClassWeightPower;

/// How much each label counts, so that rare ones are learnt too.
pub struct ClassWeights {
    /// Where the image is seen alone.
    pub image: [f32; EMOTIONS],
    /// Where the caption is seen.
    pub caption: [f32; EMOTIONS],
}

impl ClassWeights {
    pub fn new(examples: &[FusionExample], power: ClassWeightPower) -> Self {
        let targets = || examples.iter().filter_map(|example| example.target);
        Self {
            image: inverse_frequencies(targets(), power.image),
            caption: inverse_frequencies(targets(), power.caption),
        }
    }
}

/// The inverse of each emotion's frequency, to a power. A post counts as much as it does in learning, and for as much of
/// each emotion as its label has of it.
pub(crate) fn inverse_frequencies(targets: impl Iterator<Item = Target>, power: f32) -> [f32; EMOTIONS] {
    let mut counts = [0.0f32; EMOTIONS];
    for target in targets {
        for (count, share) in counts.iter_mut().zip(target.distribution) {
            *count += target.weight * share;
        }
    }
    let total: f32 = counts.iter().sum();
    counts.map(|count| (total / (EMOTIONS as f32 * count.max(1.0))).powf(power))
}

/// A feature that hardly varies in the data at hand would count a thousandfold in a post that is unlike them.
const LEAST_DEVIATION: f64 = 0.05;

/// Mean and standard deviation of every feature, the latter no less than [`LEAST_DEVIATION`].
pub fn statistics(rows: &[&[f32]], device: &Device) -> [Tensor<1>; 2] {
    let count = rows.len() as f64;
    let width = rows[0].len();
    let mut mean = vec![0.0f64; width];
    let mut square = vec![0.0f64; width];
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            mean[index] += f64::from(*value) / count;
            square[index] += f64::from(*value) * f64::from(*value) / count;
        }
    }
    let deviation = mean
        .iter()
        .zip(&square)
        .map(|(mean, square)| (square - mean * mean).max(0.0).sqrt().max(LEAST_DEVIATION) as f32);
    let deviation: Vec<f32> = deviation.collect();
    let mean: Vec<f32> = mean.iter().map(|mean| *mean as f32).collect();
    [
        Tensor::from_floats(mean.as_slice(), device),
        Tensor::from_floats(deviation.as_slice(), device),
    ]
}

#[cfg(test)]
mod tests {
    use emofuse_core::emotion::Emotion;

    use super::*;

    #[test]
    fn what_counts_half_as_much_is_as_rare_as_half_as_many() {
        let target = |emotion: Emotion, weight| Target {
            weight,
            ..Target::new(emotion.into(), 0.0)
        };
        let halves = [
            target(Emotion::Joy, 1.0),
            target(Emotion::Fear, 0.5),
            target(Emotion::Fear, 0.5),
        ];
        let weights = inverse_frequencies(halves.into_iter(), 1.0);
        assert_eq!(weights[Emotion::Joy.index()], weights[Emotion::Fear.index()]);
        let weights = inverse_frequencies(halves.into_iter(), 0.0);
        assert!(weights.iter().all(|weight| *weight == 1.0));
    }

    #[test]
    fn a_feature_that_hardly_varies_is_not_divided_by_next_to_nothing() {
        let device = Device::flex();
        let [mean, deviation] = statistics(&[&[1.0, 5.0], &[3.0, 5.0]], &device)
            .map(|tensor| tensor.into_data().try_to_vec::<f32>().unwrap());
        assert_eq!(mean, [2.0, 5.0]);
        assert_eq!(deviation, [1.0, LEAST_DEVIATION as f32]);
    }
}
