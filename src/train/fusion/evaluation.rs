//! How good a system is.

use burn::tensor::{Device, Tensor, TensorData};
use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    metrics,
};
use emofuse_engine::model::fusion::{ByModality, Modality};

use super::{FusionExample, System, WithNGrams, batch::n_grams};
use crate::recipe::ModalityWeights;

/// Rows that are scored at a time.
const BATCH: usize = 512;

/// What early stopping watches on dev: the negative log-likelihood of the labels. It is steadier than accuracy or
/// macro-F1, to which a few rare posts make all the difference.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Objective {
    /// That the system is good whatever it is given: the sum over all inputs with these weights.
    EveryInput(ModalityWeights),
    /// That it is good from one kind of input.
    Input(Modality),
}

impl Objective {
    /// The loss of a system.
    pub(super) fn loss<S: System>(self, system: &WithNGrams<S>, dev: &[FusionExample], device: &Device) -> f64 {
        let of = |kind| mean_loss(&logits(system, dev, kind, device), |row| dev[row].emotion());
        match self {
            Self::EveryInput(weights) => Modality::ALL
                .into_iter()
                .map(|kind| f64::from(weights.of(kind)) * of(kind))
                .sum(),
            Self::Input(kind) => of(kind),
        }
    }
}

/// Mean negative log-likelihood of the rows that have a label.
pub(crate) fn mean_loss(rows: &[(usize, [f32; EMOTIONS])], truth: impl Fn(usize) -> Option<Emotion>) -> f64 {
    let losses: Vec<f64> = rows
        .iter()
        .filter_map(|(index, logits)| {
            let likelihood = metrics::softmax(logits, 1.0)[truth(*index)?.index()];
            Some(-f64::from(likelihood.max(1e-12)).ln())
        })
        .collect();
    losses.iter().sum::<f64>() / losses.len().max(1) as f64
}

/// Logits of every example that has what `kind` needs, with its index; none where the system does not read it.
#[must_use]
pub fn logits<S: System>(
    system: &WithNGrams<S>,
    examples: &[FusionExample],
    kind: Modality,
    device: &Device,
) -> Vec<(usize, [f32; EMOTIONS])> {
    let usable: Vec<usize> = (0..examples.len()).filter(|index| examples[*index].has(kind)).collect();
    let mut rows = Vec::with_capacity(usable.len());
    for part in usable.chunks(BATCH) {
        let part_rows: Vec<&FusionExample> = part.iter().map(|index| &examples[*index]).collect();
        let n_grams = n_grams(&part_rows, device);
        let inputs: Vec<ByModality<&[f32]>> = part.iter().filter_map(|index| input(&examples[*index], kind)).collect();
        let images: Vec<&[f32]> = inputs.iter().filter_map(|input| input.image()).collect();
        let captions: Vec<&[f32]> = inputs.iter().filter_map(|input| input.caption()).collect();
        let features = ByModality::new(matrix(&images, device), matrix(&captions, device));
        let Some(encoded) = features.and_then(|features| system.system.encode(features)) else {
            continue;
        };
        let values = system
            .logits(encoded, &n_grams)
            .into_data()
            .try_to_vec::<f32>()
            .expect("logits are 32-bit floats");
        let (scores, _) = values.as_chunks::<EMOTIONS>();
        rows.extend(part.iter().copied().zip(scores.iter().copied()));
    }
    rows
}

/// `[rows, features]`; `None` without rows.
fn matrix(rows: &[&[f32]], device: &Device) -> Option<Tensor<2>> {
    let width = rows.first()?.len();
    let values = TensorData::new(rows.concat(), [rows.len(), width]);
    Some(Tensor::from_data(values, device))
}

/// What an example has of a kind of input; `None` where something is absent.
fn input(example: &FusionExample, kind: Modality) -> Option<ByModality<&[f32]>> {
    ByModality::new(example.image.as_deref(), example.caption.as_deref())?.only(kind)
}

/// Accuracy and macro-F1 from a kind of input; zeros for one that the system does not read.
#[must_use]
pub fn measure<S: System>(
    system: &WithNGrams<S>,
    examples: &[FusionExample],
    kind: Modality,
    device: &Device,
) -> [f64; 2] {
    measure_rows(&logits(system, examples, kind, device), |row| examples[row].emotion())
}

/// Accuracy and macro-F1 of the rows that have a label.
pub(crate) fn measure_rows(rows: &[(usize, [f32; EMOTIONS])], truth: impl Fn(usize) -> Option<Emotion>) -> [f64; 2] {
    let (truths, predictions): (Vec<Emotion>, Vec<Emotion>) = rows
        .iter()
        .filter_map(|(index, logits)| Some((truth(*index)?, metrics::most_likely(logits))))
        .unzip();
    [
        metrics::accuracy(&truths, &predictions),
        metrics::macro_f1(&truths, &predictions),
    ]
}
