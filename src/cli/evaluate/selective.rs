//! Predictions that are given without doubt, and second labels.

use std::collections::BTreeMap;

use emofuse::{bundle::Calibration, classifier::Prediction};
use serde::Serialize;

/// How good the answers are that were given without "not sure".
#[derive(Serialize)]
pub struct Selective {
    /// Their share of all answers.
    pub coverage: f64,
    /// `None` where there are none.
    pub accuracy: Option<f64>,
    /// The confidence that an answer needs, by what it rests on.
    pub uncertain_below: BTreeMap<&'static str, f32>,
}

impl Selective {
    pub fn new(truths: &[usize], predictions: &[Prediction], calibration: &Calibration) -> Self {
        let sure: Vec<bool> = truths
            .iter()
            .zip(predictions)
            .filter(|(_, prediction)| !prediction.uncertain)
            .map(|(truth, prediction)| prediction.label == *truth)
            .collect();
        let right = sure.iter().filter(|right| **right).count();
        Self {
            coverage: sure.len() as f64 / truths.len().max(1) as f64,
            accuracy: (!sure.is_empty()).then(|| right as f64 / sure.len() as f64),
            uncertain_below: BTreeMap::from(
                [
                    ("both", calibration.both),
                    ("image", calibration.image),
                    ("caption", calibration.caption),
                    ("standalone_image", calibration.standalone_image),
                    ("standalone_caption", calibration.standalone_caption),
                ]
                .map(|(kind, calibrated)| (kind, calibrated.uncertain_below)),
            ),
        }
    }

    pub fn for_people(&self) -> String {
        match self.accuracy {
            Some(accuracy) => format!("{accuracy:.3} accuracy of the {:.1} % answered", self.coverage * 100.0),
            None => "no post".into(),
        }
    }
}

/// How often a second label is given, and how often it is right.
#[derive(Serialize)]
pub struct Secondary {
    /// The share of answers with a second label.
    pub given: f64,
    /// The share of second labels that are among a row's labels; `None` where none is given.
    pub precision: Option<f64>,
}

impl Secondary {
    /// From the labels of each row and the second label of its answer.
    pub fn new(rows: impl Iterator<Item = (Vec<usize>, Option<usize>)>) -> Self {
        let rows: Vec<_> = rows.collect();
        let given: Vec<bool> = rows
            .iter()
            .filter_map(|(labels, secondary)| Some(labels.contains(&(*secondary)?)))
            .collect();
        let right = given.iter().filter(|right| **right).count();
        Self {
            given: given.len() as f64 / rows.len().max(1) as f64,
            precision: (!given.is_empty()).then(|| right as f64 / given.len() as f64),
        }
    }

    pub fn for_people(&self) -> String {
        match self.precision {
            Some(precision) => format!("{:.1} % of answers, {precision:.3} right", self.given * 100.0),
            None => "none".into(),
        }
    }
}
