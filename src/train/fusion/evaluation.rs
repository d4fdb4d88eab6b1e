//! How good a system is.

use burn::tensor::{Device, Tensor, TensorData};
use emofuse_core::metrics;

use super::{FusionExample, Seen, Side, Sides, System, WithNGrams, batch::n_grams};

/// Rows that are scored at a time.
const BATCH: usize = 512;

/// Logits of rows, each with its index.
pub type Answers = Vec<(usize, Vec<f32>)>;

/// What early stopping watches on dev: the negative log-likelihood of the labels, the sum over some ways of seeing a post
/// with a weight each. It is steadier than accuracy or macro-F1, to which a few rare posts make all the difference.
#[derive(Clone, Debug)]
pub(crate) struct Objective(pub Vec<(Seen, f32)>);

impl Objective {
    /// That the system is good from one way of seeing a post.
    pub fn of(seen: Seen) -> Self {
        Self(vec![(seen, 1.0)])
    }

    /// The loss of a system.
    pub(super) fn loss<S: System>(&self, system: &WithNGrams<S>, dev: &[FusionExample], device: &Device) -> f64 {
        let of = |seen| mean_loss(&logits(system, dev, seen, device), |row| dev[row].label());
        self.0.iter().map(|(seen, weight)| f64::from(*weight) * of(*seen)).sum()
    }
}

/// Mean negative log-likelihood of the rows that have a label.
pub(crate) fn mean_loss(rows: &[(usize, Vec<f32>)], truth: impl Fn(usize) -> Option<usize>) -> f64 {
    let losses: Vec<f64> = rows
        .iter()
        .filter_map(|(index, logits)| {
            let likelihood = metrics::softmax(logits, 1.0)[truth(*index)?];
            Some(-f64::from(likelihood.max(1e-12)).ln())
        })
        .collect();
    losses.iter().sum::<f64>() / losses.len().max(1) as f64
}

/// Logits of every example that has these sides, with its index; none if the system reads none of them.
#[must_use]
pub fn logits<S: System>(system: &WithNGrams<S>, examples: &[FusionExample], seen: Seen, device: &Device) -> Answers {
    let usable: Vec<usize> = (0..examples.len())
        .filter(|index| examples[*index].sides.has(seen))
        .collect();
    let mut answers = Vec::with_capacity(usable.len());
    for part in usable.chunks(BATCH) {
        let rows: Vec<&FusionExample> = part.iter().map(|index| &examples[*index]).collect();
        let mut features = Sides::default();
        for side in Side::ALL.into_iter().filter(|side| seen.has(*side)) {
            let of_side: Vec<&[f32]> = rows
                .iter()
                .filter_map(|row| row.sides.get(side).map(Vec::as_slice))
                .collect();
            features = features.with(side, matrix(&of_side, device));
        }
        let Some(encoded) = system.system.encode(features) else {
            continue;
        };
        let logits = system.logits(encoded, &n_grams(&rows, device));
        answers.extend(part.iter().copied().zip(rows_of(logits)));
    }
    answers
}

/// The rows of a matrix.
pub(crate) fn rows_of(matrix: Tensor<2>) -> Vec<Vec<f32>> {
    let width = matrix.dims()[1].max(1);
    let values = matrix
        .into_data()
        .try_to_vec::<f32>()
        .expect("the numbers are 32-bit floats");
    values.chunks_exact(width).map(<[f32]>::to_vec).collect()
}

/// `[rows, features]`
fn matrix(rows: &[&[f32]], device: &Device) -> Tensor<2> {
    let width = rows.first().map_or(0, |row| row.len());
    let values = TensorData::new(rows.concat(), [rows.len(), width]);
    Tensor::from_data(values, device)
}

/// Accuracy and macro-F1 of the rows that have a label.
pub(crate) fn measure_rows(rows: &[(usize, Vec<f32>)], truth: impl Fn(usize) -> Option<usize>) -> [f64; 2] {
    let (truths, predictions): (Vec<usize>, Vec<usize>) = rows
        .iter()
        .filter_map(|(index, logits)| Some((truth(*index)?, metrics::most_likely(logits))))
        .unzip();
    measured(&truths, &predictions)
}

/// Accuracy and macro-F1; zeros without rows.
pub(crate) fn measured(truths: &[usize], predictions: &[usize]) -> [f64; 2] {
    if truths.is_empty() {
        return [0.0; 2];
    }
    [
        metrics::accuracy(truths, predictions),
        metrics::macro_f1(truths, predictions),
    ]
}
