//! What a system is to say of a post.

use emofuse_core::emotion::{EMOTIONS, Emotion};

use crate::data::Label;

/// What a system is to say of a post.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The emotion that it conveys: what answers are measured against.
    pub emotion: Emotion,
    /// A second emotion that it conveys, where there is one.
    pub second: Option<Emotion>,
    /// How its label is divided up between the emotions, a sum of 1: what is learnt.
    pub distribution: [f32; EMOTIONS],
    /// How much the post counts, beside the weight of its label; 0 on dev where several labels hold equally, so that no
    /// single answer is right.
    pub weight: f32,
    /// How pleasant it is, −1…1, where that is known.
    pub valence: Option<f32>,
    /// How pleasant people found it, for measuring.
    pub human_valence: Option<f32>,
}

impl Target {
    /// A label's target, `second` of it for the second emotion.
    #[must_use]
    pub fn new(label: Label, second: f32) -> Self {
        Self {
            emotion: label.first,
            second: label.second,
            distribution: label.distribution(second),
            weight: 1.0,
            valence: None,
            human_valence: None,
        }
    }

    /// Gives a share of the distribution to that of another target.
    #[must_use]
    pub fn mixed_with(self, other: &Self, share: f32) -> Self {
        let mixed = |emotion: usize| self.distribution[emotion] * (1.0 - share) + other.distribution[emotion] * share;
        Self {
            distribution: std::array::from_fn(mixed),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_keeps_its_emotion_and_its_sum() {
        let own = Target::new(Emotion::Joy.into(), 0.25);
        let mixed = own.mixed_with(&Target::new(Emotion::Fear.into(), 0.25), 0.2);
        assert_eq!(mixed.emotion, Emotion::Joy);
        assert_eq!(mixed.distribution[Emotion::Fear.index()], 0.2);
        assert!((mixed.distribution.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
