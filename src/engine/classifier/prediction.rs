//! The prediction.

use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    metrics::{most_likely, second_most_likely},
};
use serde::{Deserialize, Serialize};

use crate::{bundle::Calibrated, explanation::Explanation};

/// What a post conveys.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The emotion with the highest score.
    pub emotion: Emotion,
    /// Its score.
    pub confidence: f32,
    /// The second most likely label, if its score is at least `secondary_from`.
    pub secondary: Option<Emotion>,
    /// Probabilities of all nine labels, in the order of [`Emotion::ALL`].
    pub scores: [f32; EMOTIONS],
    /// Scores of the image on its own, if there is one.
    pub image: Option<[f32; EMOTIONS]>,
    /// Scores of the caption on its own, if there is one with a word in it.
    pub caption: Option<[f32; EMOTIONS]>,
    /// Agreement of image and caption, if there are both: 1 less the Jensen-Shannon divergence
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
    /// Image and caption convey different emotions.
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
    /// A prediction from scores alone.
    pub(super) fn new(scores: [f32; EMOTIONS], calibrated: Calibrated) -> Self {
        let Calibrated {
            uncertain_below,
            secondary_from,
            ..
        } = calibrated;
        let emotion = most_likely(&scores);
        let confidence = scores[emotion.index()];
        let prediction = Self {
            emotion,
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
        };
        prediction.doubted((confidence < uncertain_below).then_some(UncertainReason::LowConfidence))
    }

    /// The same with the scores of image and caption on their own.
    pub(super) fn with_modalities(self, image: Option<[f32; EMOTIONS]>, caption: Option<[f32; EMOTIONS]>) -> Self {
        Self {
            image,
            caption,
            agreement: image
                .zip(caption)
                .map(|(image, caption)| 1.0 - jensen_shannon(&image, &caption)),
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
    #[must_use]
    pub fn restricted(self, allowed: &[bool; EMOTIONS]) -> Self {
        let mass = |scores: &[f32; EMOTIONS]| -> f32 {
            let kept = scores.iter().zip(allowed).filter(|(_, allowed)| **allowed);
            kept.map(|(score, _)| score).sum()
        };
        let count = allowed.iter().filter(|allowed| **allowed).count() as f32;
        let restrict = |scores: [f32; EMOTIONS]| -> [f32; EMOTIONS] {
            let mass = mass(&scores);
            std::array::from_fn(|label| match allowed[label] {
                true if mass > 0.0 => scores[label] / mass,
                // All of the probability is elsewhere, to the last bit: no label is likelier than another.
                true => 1.0 / count,
                false => 0.0,
            })
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
            ..Self::new(restrict(self.scores), calibrated).doubted(others)
        }
    }
}

/// The second most likely label, if its score is high enough.
fn secondary(scores: &[f32; EMOTIONS], secondary_from: f32) -> Option<Emotion> {
    let second = second_most_likely(scores);
    (scores[second.index()] >= secondary_from).then_some(second)
}

/// Jensen-Shannon divergence in bits (Lin, *Divergence Measures Based on the Shannon Entropy*, 1991).
#[must_use]
pub fn jensen_shannon(a: &[f32; EMOTIONS], b: &[f32; EMOTIONS]) -> f32 {
    let towards_middle = |from: &[f32; EMOTIONS]| -> f32 {
        from.iter()
            .zip(a.iter().zip(b))
            .filter(|(value, _)| **value > 0.0)
            .map(|(value, (a, b))| value * (2.0 * value / (a + b)).log2())
            .sum()
    };
    (0.5 * (towards_middle(a) + towards_middle(b))).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALIBRATED: Calibrated = Calibrated {
        temperature: 1.0,
        uncertain_below: 0.5,
        secondary_from: 0.25,
    };

    #[test]
    fn divergence_is_zero_for_the_same_scores_and_one_without_overlap() {
        let mut joy = [0.0; EMOTIONS];
        joy[0] = 1.0;
        let mut fear = [0.0; EMOTIONS];
        fear[2] = 1.0;
        assert!(jensen_shannon(&joy, &joy) < 1e-6);
        assert!((jensen_shannon(&joy, &fear) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_second_label_is_given_from_its_threshold_on() {
        let with_second = |second: f32| {
            let mut scores = [0.0; EMOTIONS];
            (scores[0], scores[4], scores[8]) = (0.6, second, 0.4 - second);
            Prediction::new(scores, CALIBRATED).secondary
        };
        assert_eq!(with_second(0.3), Some(Emotion::Sadness));
        assert_eq!(with_second(0.2), None);
    }

    #[test]
    fn any_reason_makes_a_prediction_uncertain_and_reasons_stand_in_their_order() {
        let mut scores = [0.0; EMOTIONS];
        (scores[0], scores[1]) = (0.7, 0.3);
        let sure = Prediction::new(scores, CALIBRATED);
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
        let scores = [0.0, 0.0, 0.4, 0.1, 0.2, 0.0, 0.0, 0.0, 0.3];
        let mut allowed = [false; EMOTIONS];
        (allowed[2], allowed[4]) = (true, true);
        let restricted = Prediction::new(scores, CALIBRATED).restricted(&allowed);
        assert_eq!(restricted.emotion, Emotion::Fear);
        assert!((restricted.confidence - 0.4 / 0.6).abs() < 1e-6);
        assert_eq!(restricted.uncertain_because, [UncertainReason::LowConfidence]);
        let sure = [0.0, 0.0, 0.6, 0.1, 0.2, 0.0, 0.0, 0.0, 0.1];
        assert!(!Prediction::new(sure, CALIBRATED).restricted(&allowed).uncertain);
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
