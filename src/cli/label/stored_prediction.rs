//! A prediction as a row stores it: from the model, or from the row of an earlier run.
//!
//! Its names are those of docs/json.md, flattened.

use emofuse::{
    LabelSet,
    classifier::{Prediction, UncertainReason},
    metrics::most_likely,
    request::CPU,
};

/// A label and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    pub index: usize,
    pub confidence: f32,
}

impl Label {
    fn highest(scores: &[f32]) -> Self {
        let index = most_likely(scores);
        let confidence = scores[index];
        Self { index, confidence }
    }
}

/// What a row stores of a prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPrediction {
    pub label: Label,
    pub secondary: Option<usize>,
    pub uncertain: bool,
    pub uncertain_because: Vec<UncertainReason>,
    pub scores: Vec<f32>,
    /// The strongest label of the image alone.
    pub image: Option<Label>,
    /// The strongest label of the caption alone.
    pub caption: Option<Label>,
    pub agreement: Option<f32>,
    /// With a person's own correction, which only the labelling desk has.
    pub corrected: Option<Label>,
    pub backend: &'static str,
}

impl StoredPrediction {
    pub fn new(prediction: &Prediction) -> Self {
        Self {
            label: Label {
                index: prediction.label,
                confidence: prediction.confidence,
            },
            secondary: prediction.secondary,
            uncertain: prediction.uncertain,
            uncertain_because: prediction.uncertain_because.clone(),
            scores: prediction.scores.clone(),
            image: prediction.image.as_deref().map(Label::highest),
            caption: prediction.caption.as_deref().map(Label::highest),
            agreement: prediction.agreement,
            corrected: None,
            backend: CPU,
        }
    }

    /// Parses the cells of a row, by the names of their columns, and those of the scores by their labels; `None` where it has
    /// no prediction, or not a whole one.
    pub fn parse<'a>(
        labels: &LabelSet,
        cell: impl Fn(&str) -> &'a str,
        score: impl Fn(usize) -> &'a str,
    ) -> Option<Self> {
        let finite = |cell: &str| cell.parse::<f32>().ok().filter(|number| number.is_finite());
        let number = |name: &str| finite(cell(name));
        // `None` where the cells are wrong, `Some(None)` where they are empty.
        let label = |of: &str| match cell(&format!("{of}emotion")) {
            "" => Some(None),
            name => Some(Some(Label {
                index: labels.index(name)?,
                confidence: number(&format!("{of}confidence"))?,
            })),
        };
        let scores = (0..labels.len()).map(|label| finite(score(label)));
        Some(Self {
            label: label("")??,
            secondary: match cell("secondary") {
                "" => None,
                name => Some(labels.index(name)?),
            },
            uncertain: cell("uncertain").parse().ok()?,
            uncertain_because: reasons(cell("uncertain_because"))?,
            scores: scores.collect::<Option<_>>()?,
            image: label("image_")?,
            caption: label("caption_")?,
            agreement: match cell("agreement") {
                "" => None,
                _ => Some(number("agreement")?),
            },
            corrected: label("corrected_")?,
            backend: ["cpu", "webgpu"]
                .into_iter()
                .find(|backend| *backend == cell("backend"))?,
        })
    }
}

/// The reasons in a cell, joined by `|`; `None` if one of them is unknown.
fn reasons(cell: &str) -> Option<Vec<UncertainReason>> {
    let names = cell.split('|').filter(|name| !name.is_empty());
    names
        .map(|name| UncertainReason::ALL.into_iter().find(|reason| reason.name() == name))
        .collect()
}
