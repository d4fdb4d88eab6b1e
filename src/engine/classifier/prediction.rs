//! The prediction.

use emofuse_core::{
    LabelSet, Scores,
    metrics::{jensen_shannon, most_likely, second_most_likely},
};
use serde::{Deserialize, Serialize};

use crate::{bundle::Calibrated, explanation::Explanation};

/// What a post conveys.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The model's labels.
    pub labels: LabelSet,
    /// The index of the label with the highest score.
    pub label: usize,
    /// Its score.
    pub confidence: f32,
    /// The index of the second most likely label, if its score is at least `secondary_from`.
    pub secondary: Option<usize>,
    /// Probabilities of all labels, in their order.
    pub scores: Scores,
    /// Scores of the image on its own, if there is one and the model reads images.
    pub image: Option<Scores>,
    /// Scores of the caption on its own, if there is one with a word in it and the model reads captions.
    pub caption: Option<Scores>,
    /// Agreement of image and caption, if there are scores of both: 1 less the Jensen-Shannon divergence
    /// (base 2) of their scores, so 1 for the same scores and 0 for scores without overlap.
    pub agreement: Option<f32>,
    /// Whether there is a reason to doubt the prediction.
    pub uncertain: bool,
    /// The reasons, in the order of [`UncertainReason`]'s variants; none if the prediction is certain.
    pub uncertain_because: Vec<UncertainReason>,
    /// The confidence from which on predictions of this kind were right often enough on dev.
    pub uncertain_below: f32,
    /// The score from which on a second label was right often enough on dev.
    pub secondary_from: f32,
    /// Attribution of the score to words and image regions, if it was asked for.
    pub explanation: Option<Explanation>,
    /// What each system of the model file says of the post, if that was asked for: the one that answers first, then the
    /// file's companions. A companion that reads none of the post's sides is left out.
    pub systems: Option<Vec<SystemAnswer>>,
}

/// What a system says of a post.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemAnswer {
    /// The system's name.
    pub name: String,
    /// Probabilities of all labels, in their order.
    pub scores: Scores,
    /// The same with the caption taken away; `None` if the post has no image, or the system does not read images.
    pub image: Option<Scores>,
    /// The same with the image taken away; `None` if the post has no caption with a word in it, or the system does not
    /// read captions.
    pub caption: Option<Scores>,
}

/// A reason to doubt a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UncertainReason {
    /// The caption does not seem to be English.
    Language,
    /// The model does not know most of the caption's words.
    UnknownWords,
    /// The confidence is below `uncertain_below`.
    LowConfidence,
    /// Image and caption have different scores.
    #[serde(rename = "sides_disagree")]
    ModalitiesDisagree,
}

impl UncertainReason {
    /// All reasons, in order.
    pub const ALL: [Self; 4] = [
        Self::Language,
        Self::UnknownWords,
        Self::LowConfidence,
        Self::ModalitiesDisagree,
    ];

    /// The reason's name: `language`, `unknown_words`, `low_confidence` or `sides_disagree`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::UnknownWords => "unknown_words",
            Self::LowConfidence => "low_confidence",
            Self::ModalitiesDisagree => "sides_disagree",
        }
    }
}

impl Prediction {
    /// The name of the label with the highest score.
    #[must_use]
    pub fn name(&self) -> &str {
        self.labels.name(self.label)
    }

    /// A prediction from scores alone.
    pub(super) fn new(labels: LabelSet, scores: Scores, calibrated: Calibrated) -> Self {
        let Calibrated {
            uncertain_below,
            secondary_from,
            ..
        } = calibrated;
        let label = most_likely(&scores);
        let confidence = scores[label];
        let prediction = Self {
            labels,
            label,
            confidence,
            secondary: secondary(&scores, secondary_from),
            scores,
            image: None,
            caption: None,
            agreement: None,
            uncertain: false,
            uncertain_because: Vec::new(),
            uncertain_below,
            secondary_from,
            explanation: None,
            systems: None,
        };
        prediction.doubted((confidence < uncertain_below).then_some(UncertainReason::LowConfidence))
    }

    /// The same with the scores of image and caption on their own.
    pub(super) fn with_modalities(self, image: Option<Scores>, caption: Option<Scores>) -> Self {
        let agreement = image
            .as_deref()
            .zip(caption.as_deref())
            .map(|(image, caption)| 1.0 - jensen_shannon(image, caption));
        Self {
            image,
            caption,
            agreement,
            ..self
        }
    }

    /// The same with more reasons to doubt it.
    pub(super) fn doubted(mut self, reasons: impl IntoIterator<Item = UncertainReason>) -> Self {
        self.uncertain_because.extend(reasons);
        self.uncertain_because.sort_unstable();
        self.uncertain_because.dedup();
        self.uncertain = !self.uncertain_because.is_empty();
        self
    }

    /// The same with the choice restricted to some labels: their scores are brought to a sum of 1, and so are the
    /// thresholds, since a score that grows only because other labels are left out says no more than before.
    ///
    /// `allowed` says for each label whether it may be chosen.
    #[must_use]
    pub fn restricted(self, allowed: &[bool]) -> Self {
        let mass = |scores: &[f32]| -> f32 {
            let kept = scores.iter().zip(allowed).filter(|(_, allowed)| **allowed);
            kept.map(|(score, _)| score).sum()
        };
        let count = allowed.iter().filter(|allowed| **allowed).count() as f32;
        let restrict = |scores: Scores| -> Scores {
            let mass = mass(&scores);
            let restricted = scores.into_iter().zip(allowed).map(|(score, allowed)| match allowed {
                true if mass > 0.0 => score / mass,
                // All of the probability is elsewhere, to the last bit: no label is likelier than another.
                true => 1.0 / count,
                false => 0.0,
            });
            restricted.collect()
        };
        let mass = mass(&self.scores).max(f32::MIN_POSITIVE);
        let calibrated = Calibrated {
            temperature: 1.0,
            uncertain_below: self.uncertain_below / mass,
            secondary_from: self.secondary_from / mass,
        };
        let others = self
            .uncertain_because
            .into_iter()
            .filter(|reason| *reason != UncertainReason::LowConfidence);
        Self {
            image: self.image.map(restrict),
            caption: self.caption.map(restrict),
            agreement: self.agreement,
            ..Self::new(self.labels, restrict(self.scores), calibrated).doubted(others)
        }
    }
}

/// The second most likely label, if its score is high enough.
fn secondary(scores: &[f32], secondary_from: f32) -> Option<usize> {
    let second = second_most_likely(scores);
    (scores[second] >= secondary_from).then_some(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALIBRATED: Calibrated = Calibrated {
        temperature: 1.0,
        uncertain_below: 0.5,
        secondary_from: 0.25,
    };

    fn prediction(scores: &[f32]) -> Prediction {
        let labels = ["a", "b", "c", "d"];
        let labels = LabelSet::from_names(&labels[..scores.len()], None).expect("labels");
        Prediction::new(labels, scores.to_vec(), CALIBRATED)
    }

    #[test]
    fn a_second_label_is_given_from_its_threshold_on() {
        let with_second = |second: f32| prediction(&[0.6, 0.0, second, 0.4 - second]).secondary;
        assert_eq!(with_second(0.3), Some(2));
        assert_eq!(with_second(0.2), None);
    }

    #[test]
    fn any_reason_makes_a_prediction_uncertain_and_reasons_stand_in_their_order() {
        let sure = prediction(&[0.7, 0.3]);
        assert_eq!(sure.name(), "a");
        assert!(!sure.uncertain && sure.uncertain_because.is_empty());
        let doubted = sure.doubted([UncertainReason::ModalitiesDisagree, UncertainReason::Language]);
        assert!(doubted.uncertain);
        assert_eq!(
            doubted.uncertain_because,
            [UncertainReason::Language, UncertainReason::ModalitiesDisagree]
        );
    }

    #[test]
    fn restricting_labels_makes_no_prediction_surer_than_it_was() {
        let allowed = [true, false, true, false];
        let restricted = prediction(&[0.4, 0.1, 0.2, 0.3]).restricted(&allowed);
        assert_eq!(restricted.label, 0);
        assert!((restricted.confidence - 0.4 / 0.6).abs() < 1e-6);
        assert_eq!(restricted.uncertain_because, [UncertainReason::LowConfidence]);
        assert!(!prediction(&[0.6, 0.1, 0.2, 0.1]).restricted(&allowed).uncertain);
    }

    #[test]
    fn every_reason_has_the_name_that_it_is_written_with() {
        for reason in UncertainReason::ALL {
            assert_eq!(
                serde_json::to_string(&reason).expect("JSON"),
                format!("\"{}\"", reason.name())
            );
        }
    }
}
