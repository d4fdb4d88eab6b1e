//! How good a system is.

use burn::tensor::{Device, Tensor, TensorData};

use super::{FusionExample, System};
use crate::{
    emotion::{EMOTIONS, Emotion},
    metrics,
    model::fusion::{InputKind, Sides},
};

/// Rows that are scored at a time.
const BATCH: usize = 512;

/// A score for choosing on dev, with what it is made of.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct DevScore {
    /// Accuracy and macro-F1 of picture and caption together, against the post's label.
    pub both: [f64; 2],
    /// The same for the caption alone.
    pub caption: [f64; 2],
    /// The same for the picture alone, against the picture's own label.
    pub image: [f64; 2],
}

impl DevScore {
    /// The one number that early stopping watches.
    #[must_use]
    pub fn value(&self) -> f64 {
        (self.both[0] + self.both[1])
            + 0.5 * (self.caption[0] + self.caption[1])
            + 0.5 * (self.image[0] + self.image[1])
    }
}

/// What early stopping watches on dev.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objective {
    /// [`DevScore::value`]: that the system is good whatever it is given.
    EveryInput,
    /// Accuracy plus macro-F1 against the post's label, from one kind of input.
    Post(InputKind),
}

impl Objective {
    pub(super) fn score<S: System>(self, system: &S, dev: &[FusionExample], device: &Device) -> f64 {
        match self {
            Self::EveryInput => evaluate(system, dev, device).value(),
            Self::Post(kind) => {
                let label = |example: &FusionExample| example.post_label.map(|label| label.first);
                measure(&logits(system, dev, kind, device), dev, label).iter().sum()
            }
        }
    }
}

/// Logits of every example that has what `kind` needs, with its index; none where the system does not read it.
#[must_use]
pub fn logits<S: System>(
    system: &S,
    examples: &[FusionExample],
    kind: InputKind,
    device: &Device,
) -> Vec<(usize, [f32; EMOTIONS])> {
    let usable: Vec<usize> = (0..examples.len())
        .filter(|index| input(&examples[*index], kind).is_some())
        .collect();
    let mut rows = Vec::with_capacity(usable.len());
    for part in usable.chunks(BATCH) {
        let inputs: Vec<Sides<&[f32]>> = part.iter().filter_map(|index| input(&examples[*index], kind)).collect();
        let images: Vec<&[f32]> = inputs.iter().filter_map(|input| input.image()).collect();
        let captions: Vec<&[f32]> = inputs.iter().filter_map(|input| input.caption()).collect();
        let features = Sides::new(matrix(&images, device), matrix(&captions, device));
        let Some(encoded) = features.and_then(|features| system.encode(features)) else {
            continue;
        };
        let values = system
            .logits(encoded)
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
fn input(example: &FusionExample, kind: InputKind) -> Option<Sides<&[f32]>> {
    Sides::new(example.image.as_deref(), example.caption.as_deref())?.only(kind)
}

/// The label that a kind of input is measured against.
#[must_use]
pub fn truth(example: &FusionExample, kind: InputKind) -> Option<Emotion> {
    match kind {
        InputKind::Image => example.image_label,
        InputKind::Both | InputKind::Caption => example.post_label,
    }
    .map(|label| label.first)
}

/// Accuracy and macro-F1 on dev for all three kinds of input; zeros for one that the system does not read.
#[must_use]
pub fn evaluate<S: System>(system: &S, examples: &[FusionExample], device: &Device) -> DevScore {
    let of = |kind| {
        measure(&logits(system, examples, kind, device), examples, |example| {
            truth(example, kind)
        })
    };
    DevScore {
        both: of(InputKind::Both),
        caption: of(InputKind::Caption),
        image: of(InputKind::Image),
    }
}

/// Accuracy and macro-F1.
fn measure(
    rows: &[(usize, [f32; EMOTIONS])],
    examples: &[FusionExample],
    truth: impl Fn(&FusionExample) -> Option<Emotion>,
) -> [f64; 2] {
    let (truths, predictions): (Vec<Emotion>, Vec<Emotion>) = rows
        .iter()
        .filter_map(|(index, logits)| Some((truth(&examples[*index])?, metrics::most_likely(logits))))
        .unzip();
    [
        metrics::accuracy(&truths, &predictions),
        metrics::macro_f1(&truths, &predictions),
    ]
}
