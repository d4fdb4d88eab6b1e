//! The answer.

use crate::{
    emotion::{EMOTIONS, Emotion},
    explain::Explanation,
    metrics::most_likely,
};

/// What a post conveys.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The emotion with the highest score.
    pub emotion: Emotion,
    /// Its score.
    pub confidence: f32,
    /// Probabilities of all nine labels, in the order of [`Emotion::ALL`].
    pub scores: [f32; EMOTIONS],
    /// What the picture says on its own, where there is one.
    pub image: Option<[f32; EMOTIONS]>,
    /// What the caption says on its own, where there is one with a word in it.
    pub caption: Option<[f32; EMOTIONS]>,
    /// How far picture and caption agree, where there are both: 1 less the Jensen-Shannon divergence
    /// (base 2) of their scores, so 1 for the same scores and 0 for scores without overlap.
    pub agreement: Option<f32>,
    /// Whether the confidence is below `uncertain_below`.
    pub uncertain: bool,
    /// The confidence from which on answers of this kind were found on dev to be right often enough.
    pub uncertain_below: f32,
    /// What speaks for the emotion, where that was asked.
    pub explanation: Option<Explanation>,
}

impl Prediction {
    /// A prediction by scores alone.
    pub(super) fn new(scores: [f32; EMOTIONS], uncertain_below: f32) -> Self {
        let emotion = most_likely(&scores);
        let confidence = scores[emotion.index()];
        Self {
            emotion,
            confidence,
            scores,
            image: None,
            caption: None,
            agreement: None,
            uncertain: confidence < uncertain_below,
            uncertain_below,
            explanation: None,
        }
    }

    /// The same with what either side says on its own.
    pub(super) fn with_sides(self, image: Option<[f32; EMOTIONS]>, caption: Option<[f32; EMOTIONS]>) -> Self {
        Self {
            image,
            caption,
            agreement: image
                .zip(caption)
                .map(|(image, caption)| 1.0 - jensen_shannon(&image, &caption)),
            ..self
        }
    }

    /// The same with other scores of the post, of the picture and of the caption, which an explanation would not be of.
    #[must_use]
    pub fn map_scores(self, change: impl Fn([f32; EMOTIONS]) -> [f32; EMOTIONS]) -> Self {
        Self {
            image: self.image.map(&change),
            caption: self.caption.map(&change),
            agreement: self.agreement,
            ..Self::new(change(self.scores), self.uncertain_below)
        }
    }
}

/// Jensen-Shannon divergence in bits (Lin, *Divergence Measures Based on the Shannon Entropy*, 1991).
fn jensen_shannon(a: &[f32; EMOTIONS], b: &[f32; EMOTIONS]) -> f32 {
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

    #[test]
    fn divergence_is_zero_for_the_same_scores_and_one_without_overlap() {
        let mut joy = [0.0; EMOTIONS];
        joy[0] = 1.0;
        let mut fear = [0.0; EMOTIONS];
        fear[2] = 1.0;
        assert!(jensen_shannon(&joy, &joy) < 1e-6);
        assert!((jensen_shannon(&joy, &fear) - 1.0).abs() < 1e-6);
    }
}
