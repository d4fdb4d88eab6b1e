//! What a training set says about its features and labels.

use burn::tensor::{Device, Tensor};

use super::{FusionExample, Seen, Side, Target};
use crate::recipe::ClassWeightPower;

/// How much each label counts, so that rare ones are learnt too.
pub struct ClassWeights {
    /// Where the caption is not seen.
    without_caption: Vec<f32>,
    /// Where the caption is seen.
    with_caption: Vec<f32>,
}

impl ClassWeights {
    /// From the labels of examples, of which there are so many.
    pub fn new(examples: &[FusionExample], power: ClassWeightPower, labels: usize) -> Self {
        let targets = || examples.iter().filter_map(|example| example.target.as_ref());
        Self {
            without_caption: inverse_frequencies(targets(), power.image, labels),
            with_caption: inverse_frequencies(targets(), power.caption, labels),
        }
    }

    /// How much each label counts, by what is seen.
    pub fn of(&self, seen: Seen) -> &[f32] {
        if seen.has(Side::Caption) {
            &self.with_caption
        } else {
            &self.without_caption
        }
    }

    /// The same for every label.
    #[cfg(test)]
    pub fn even(labels: usize) -> Self {
        Self {
            without_caption: vec![1.0; labels],
            with_caption: vec![1.0; labels],
        }
    }
}

/// The inverse of each label's frequency, to a power. A post counts as much as it does in learning, and for as much of
/// each label as its target has of it.
pub(crate) fn inverse_frequencies<'a>(
    targets: impl Iterator<Item = &'a Target>,
    power: f32,
    labels: usize,
) -> Vec<f32> {
    let mut counts = vec![0.0f32; labels];
    for target in targets {
        for (count, share) in counts.iter_mut().zip(&target.distribution) {
            *count += target.weight * share;
        }
    }
    let total: f32 = counts.iter().sum();
    let weights = counts
        .iter()
        .map(|count| (total / (labels as f32 * count.max(1.0))).powf(power));
    weights.collect()
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
    use super::*;

    #[test]
    fn what_counts_half_as_much_is_as_rare_as_half_as_many() {
        let target = |label: usize, weight| Target {
            weight,
            ..Target::new(label.into(), 0.0, 4)
        };
        let halves = [target(0, 1.0), target(2, 0.5), target(2, 0.5)];
        let weights = inverse_frequencies(halves.iter(), 1.0, 4);
        assert_eq!(weights[0], weights[2]);
        assert_eq!(inverse_frequencies(halves.iter(), 0.0, 4), [1.0; 4]);
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
