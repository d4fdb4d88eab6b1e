//! Answers restricted to some of the labels, for tables that have only those.

use anyhow::{Result, bail};
use emofuse::{LabelSet, classifier::Prediction};

/// The labels that are truths and answers: all of the model's, or those selected.
#[derive(Clone)]
pub struct Labels {
    set: LabelSet,
    /// Of each label whether it is among them.
    chosen: Vec<bool>,
}

impl Labels {
    /// Of a model's labels those with these names, or all.
    pub fn new(set: &LabelSet, names: Option<&[String]>) -> Result<Self> {
        let mut chosen = vec![names.is_none(); set.len()];
        for name in names.unwrap_or_default() {
            chosen[set.find(name)?] = true;
        }
        if chosen.iter().filter(|chosen| **chosen).count() < 2 {
            bail!("--labels must name at least two labels to choose between");
        }
        Ok(Self {
            set: set.clone(),
            chosen,
        })
    }

    /// All of the model's labels.
    pub fn set(&self) -> &LabelSet {
        &self.set
    }

    pub fn contain(&self, label: usize) -> bool {
        self.chosen[label]
    }

    /// The prediction with the scores of the other labels left out, scores and thresholds scaled by what is left.
    pub fn restrict(&self, prediction: Prediction) -> Prediction {
        if self.chosen.iter().all(|chosen| *chosen) {
            return prediction;
        }
        prediction.restricted(&self.chosen)
    }
}

#[cfg(test)]
mod tests {
    use emofuse::{classifier::UncertainReason, metrics::most_likely};
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn labels(names: &[&str]) -> Result<Labels> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let set = LabelSet::from_names(NAMES, None).expect("labels");
        Labels::new(&set, Some(&names))
    }

    fn prediction(scores: Vec<f32>) -> Prediction {
        let label = most_likely(&scores);
        Prediction {
            labels: LabelSet::from_names(NAMES, None).expect("labels"),
            label,
            confidence: scores[label],
            image: None,
            caption: Some(scores.clone()),
            scores,
            agreement: None,
            secondary: None,
            uncertain: true,
            uncertain_because: vec![UncertainReason::LowConfidence],
            uncertain_below: 0.6,
            secondary_from: 1.0,
            explanation: None,
            systems: None,
        }
    }

    #[test]
    fn the_answer_is_the_likeliest_of_the_labels_selected() {
        let labels = labels(&["c", "e"]).expect("two labels");
        let restricted = labels.restrict(prediction(vec![0.5, 0.1, 0.3, 0.0, 0.1]));
        assert_eq!(restricted.name(), "c");
        assert!((restricted.confidence - 0.75).abs() < 1e-6, "{restricted:?}");
        assert!(restricted.uncertain, "0.3 of 0.4 is no surer than 0.3 of 1");
        assert_eq!(restricted.caption.as_ref(), Some(&restricted.scores));
        assert!(!labels.contain(0) && labels.contain(2));
    }

    #[test]
    fn one_label_is_no_choice_and_another_model_s_label_is_none() {
        assert!(labels(&["a", "a"]).is_err());
        let error = labels(&["a", "joy"]).err().expect("no label of the model").to_string();
        assert_eq!(error, "`joy` is not a label; the labels are a, b, c, d, e");
        assert!(Labels::new(&LabelSet::plutchik(), None).is_ok());
    }

    proptest! {
        #[test]
        fn restricted_scores_are_probabilities_of_the_labels_in_their_old_order(
            scores in prop::collection::vec(0.0f32..1.0, NAMES.len()),
            chosen in prop::sample::subsequence(NAMES.to_vec(), 2..=NAMES.len()),
        ) {
            let labels = labels(&chosen).expect("two labels");
            let sum: f32 = scores.iter().sum();
            let before = prediction(scores.into_iter().map(|score| score / sum.max(1e-9)).collect());
            let after = labels.restrict(before.clone()).scores;
            prop_assert!((after.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            for a in 0..NAMES.len() {
                prop_assert!(labels.contain(a) || after[a] == 0.0);
                for b in (0..NAMES.len()).filter(|b| labels.contain(*b) && labels.contain(a)) {
                    if before.scores[a] < before.scores[b] {
                        prop_assert!(after[a] <= after[b]);
                    }
                }
            }
        }
    }
}
