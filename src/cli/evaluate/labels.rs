//! Answers restricted to some of the labels, for tables that have only those.

use anyhow::{Result, bail};
use emofuse::{Emotion, classifier::Prediction, emotion::EMOTIONS};

/// The labels that are truths and answers: all, or those selected.
#[derive(Clone, Copy)]
pub struct Labels([bool; EMOTIONS]);

impl Labels {
    pub fn new(labels: Option<&[Emotion]>) -> Result<Self> {
        let labels = labels.unwrap_or(&Emotion::ALL);
        let chosen = Emotion::ALL.map(|emotion| labels.contains(&emotion));
        if chosen.iter().filter(|chosen| **chosen).count() < 2 {
            bail!("--labels must name at least two labels to choose between");
        }
        Ok(Self(chosen))
    }

    pub fn contain(self, emotion: Emotion) -> bool {
        self.0[emotion.index()]
    }

    /// The prediction with the scores of the other labels left out, scores and thresholds scaled by what is left.
    pub fn restrict(self, prediction: Prediction) -> Prediction {
        if self.0 == [true; EMOTIONS] {
            return prediction;
        }
        prediction.restricted(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use emofuse::{classifier::UncertainReason, metrics::most_likely};
    use proptest::prelude::*;

    use super::*;

    fn prediction(scores: [f32; EMOTIONS]) -> Prediction {
        let emotion = most_likely(&scores);
        Prediction {
            emotion,
            confidence: scores[emotion.index()],
            scores,
            image: None,
            caption: Some(scores),
            agreement: None,
            secondary: None,
            uncertain: true,
            uncertain_because: vec![UncertainReason::LowConfidence],
            uncertain_below: 0.6,
            secondary_from: 1.0,
            explanation: None,
        }
    }

    #[test]
    fn the_answer_is_the_likeliest_of_the_labels_selected() {
        let labels = Labels::new(Some(&[Emotion::Fear, Emotion::Anger])).expect("two labels");
        let scores = [0.5, 0.0, 0.3, 0.0, 0.0, 0.1, 0.1, 0.0, 0.0];
        let restricted = labels.restrict(prediction(scores));
        assert_eq!(restricted.emotion, Emotion::Fear);
        assert!((restricted.confidence - 0.75).abs() < 1e-6, "{restricted:?}");
        assert!(restricted.uncertain, "0.3 of 0.4 is no surer than 0.3 of 1");
        assert_eq!(restricted.caption, Some(restricted.scores));
        assert!(!labels.contain(Emotion::Joy));
    }

    #[test]
    fn one_label_is_no_choice() {
        assert!(Labels::new(Some(&[Emotion::Joy, Emotion::Joy])).is_err());
        assert!(Labels::new(None).is_ok());
    }

    proptest! {
        #[test]
        fn restricted_scores_are_probabilities_of_the_labels_in_their_old_order(
            scores in prop::array::uniform9(0.0f32..1.0),
            chosen in prop::sample::subsequence(Emotion::ALL.to_vec(), 2..=EMOTIONS),
        ) {
            let labels = Labels::new(Some(&chosen)).expect("two labels");
            let sum: f32 = scores.iter().sum();
            let before = prediction(scores.map(|score| score / sum.max(1e-9)));
            let after = labels.restrict(before.clone()).scores;
            prop_assert!((after.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            for a in Emotion::ALL {
                prop_assert!(labels.contain(a) || after[a.index()] == 0.0);
                for b in chosen.iter().filter(|_| labels.contain(a)) {
                    if before.scores[a.index()] < before.scores[b.index()] {
                        prop_assert!(after[a.index()] <= after[b.index()]);
                    }
                }
            }
        }
    }
}
