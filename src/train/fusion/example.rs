//! A post as the systems see it.

use super::{Seen, Side, Sides, Target};
use crate::data::Group;

/// A post as the systems see it.
#[derive(Clone, Debug, Default)]
pub struct FusionExample {
    /// Features of each side that it has; a caption without a word has none.
    pub sides: Sides<Vec<f32>>,
    /// Rows of the caption's words and pairs of words; none for systems that do without.
    pub words: Vec<u32>,
    /// Weighted rows of the caption's n-grams; none for systems that do without.
    pub n_grams: Vec<(u32, f32)>,
    /// What every system is to say of it, whatever it sees of it; `None` if that is not known.
    pub target: Option<Target>,
    /// What it belongs together with.
    pub group: Group,
}

impl FusionExample {
    /// An example with one side.
    #[must_use]
    pub fn of(side: Side, features: Vec<f32>) -> Self {
        Self {
            sides: Sides::default().with(side, features),
            ..Self::default()
        }
    }

    /// The same with another side.
    #[must_use]
    pub fn with(mut self, side: Side, features: Vec<f32>) -> Self {
        self.sides = self.sides.with(side, features);
        self
    }

    /// The index of its label.
    #[must_use]
    pub fn label(&self) -> Option<usize> {
        self.target.as_ref().map(|target| target.label)
    }

    /// Its target, if it has these sides.
    pub(super) fn target_of(&self, seen: Seen) -> Option<&Target> {
        self.target.as_ref().filter(|_| self.sides.has(seen))
    }
}
