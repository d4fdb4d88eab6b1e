//! Standardised features, and linear maps.

use emofuse_core::error::Result;

use crate::{bundle::Bundle, model::projection::FARTHEST};

/// Features less their mean, over their standard deviation; see [`Standardiser`](crate::model::projection::Standardiser).
#[derive(Debug)]
pub(super) struct Standardiser {
    mean: Vec<f32>,
    deviation: Vec<f32>,
}

impl Standardiser {
    pub(super) fn load(bundle: &Bundle, prefix: &str, features: usize) -> Result<Self> {
        Ok(Self {
            mean: bundle.tensor(&[prefix, ".mean"].concat(), &[features])?,
            deviation: bundle.tensor(&[prefix, ".deviation"].concat(), &[features])?,
        })
    }

    /// How many deviations each feature is from its mean.
    fn distances(&self, features: &[f32]) -> impl Iterator<Item = f32> {
        let statistics = self.mean.iter().zip(&self.deviation);
        features
            .iter()
            .zip(statistics)
            .map(|(feature, (mean, deviation))| (feature - mean) / deviation)
    }

    /// Standardised features; none is more than six deviations from its mean.
    pub(super) fn forward(&self, features: &[f32]) -> Vec<f32> {
        let distances = self.distances(features);
        distances.map(|distance| distance.clamp(-FARTHEST, FARTHEST)).collect()
    }

    /// What each unit of a cell counts in the standardised features, where an image has `cells` of them: the cells add up
    /// to [`Standardiser::forward`], the limit of six deviations included.
    pub(super) fn reach(&self, features: &[f32], cells: usize) -> Vec<f32> {
        let reach = self.distances(features).zip(&self.deviation);
        reach
            .map(|(distance, deviation)| FARTHEST / distance.abs().max(FARTHEST) / deviation / cells as f32)
            .collect()
    }

    /// Means and deviations.
    pub(super) fn statistics(&self) -> [&[f32]; 2] {
        [&self.mean, &self.deviation]
    }

    /// The means.
    pub(super) fn mean(&self) -> &[f32] {
        &self.mean
    }
}

/// A linear map, with a bias where the file has one.
#[derive(Debug)]
pub(super) struct Matrix {
    outputs: usize,
    /// `[inputs, outputs]`
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Matrix {
    /// Reads `layer.weight` and `layer.bias`.
    pub(super) fn load(bundle: &Bundle, layer: &str, [inputs, outputs]: [usize; 2]) -> Result<Self> {
        Ok(Self {
            bias: bundle.tensor(&[layer, ".bias"].concat(), &[outputs])?,
            ..Self::without_bias(bundle, layer, [inputs, outputs])?
        })
    }

    /// Reads `layer.weight`.
    pub(super) fn without_bias(bundle: &Bundle, layer: &str, [inputs, outputs]: [usize; 2]) -> Result<Self> {
        Ok(Self {
            outputs,
            weights: bundle.tensor(&[layer, ".weight"].concat(), &[inputs, outputs])?,
            bias: vec![0.0; outputs],
        })
    }

    /// # Shapes
    /// - input: `[inputs]`
    /// - output: `[outputs]`
    pub(super) fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut sums = self.product(input, 0);
        add(&mut sums, &self.bias);
        sums
    }

    /// The product of an input with as many rows from `first` on, without the bias.
    pub(super) fn product(&self, input: &[f32], first: usize) -> Vec<f32> {
        let mut sums = vec![0.0; self.outputs];
        let rows = self.weights[first * self.outputs..].chunks_exact(self.outputs);
        for (value, row) in input.iter().zip(rows) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += value * weight;
            }
        }
        sums
    }

    /// How the product of the outputs with `contrast` changes with each of `count` inputs from `first` on.
    pub(super) fn back(&self, contrast: &[f32], first: usize, count: usize) -> Vec<f32> {
        let rows = self.weights[first * self.outputs..].chunks_exact(self.outputs);
        rows.take(count).map(|row| dot(row, contrast)).collect()
    }

    pub(super) fn bias(&self) -> &[f32] {
        &self.bias
    }

    pub(super) fn inputs(&self) -> usize {
        self.weights.len() / self.outputs
    }
}

pub(super) fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

pub(super) fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}
