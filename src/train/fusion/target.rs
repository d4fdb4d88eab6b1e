//! What a system is to say of a post.

use crate::data::Annotation;

/// What a system is to say of a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The index of its label: what answers are measured against.
    pub label: usize,
    /// A second label, if there is one.
    pub second: Option<usize>,
    /// How its label is divided up between all labels, a sum of 1: what is learnt.
    pub distribution: Vec<f32>,
    /// How much the post counts, beside the weight of its label; 0 on dev if several labels hold equally, so that no
    /// single answer is right.
    pub weight: f32,
    /// How pleasant it is, −1…1, if that is known.
    pub valence: Option<f32>,
    /// How pleasant people found it, for measuring.
    pub human_valence: Option<f32>,
}

impl Target {
    /// A label's target among so many, `share` of it for the second label.
    #[must_use]
    pub fn new(annotation: Annotation, share: f32, labels: usize) -> Self {
        Self {
            label: annotation.first,
            second: annotation.second,
            distribution: annotation.distribution(share, labels),
            weight: 1.0,
            valence: None,
            human_valence: None,
        }
    }

    /// Gives a share of the distribution to that of another target.
    #[must_use]
    pub fn mixed_with(self, other: &Self, share: f32) -> Self {
        let pairs = self.distribution.iter().zip(&other.distribution);
        Self {
            distribution: pairs.map(|(own, other)| own * (1.0 - share) + other * share).collect(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_keeps_its_label_and_its_sum() {
        let own = Target::new(0.into(), 0.25, 3);
        let mixed = own.mixed_with(&Target::new(2.into(), 0.25, 3), 0.2);
        assert_eq!(mixed.label, 0);
        assert_eq!(mixed.distribution[2], 0.2);
        assert!((mixed.distribution.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
