//! The labels that something was given.

/// The labels that something was given: the indices of a first and, if there is one, a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The label.
    pub first: usize,
    /// A second label, if there is one.
    pub second: Option<usize>,
}

impl Annotation {
    /// The annotation as a distribution over so many labels, with `share` for the second.
    #[must_use]
    pub fn distribution(self, share: f32, labels: usize) -> Vec<f32> {
        let mut target = vec![0.0; labels];
        match self.second {
            Some(second) if second != self.first => {
                target[self.first] = 1.0 - share;
                target[second] = share;
            }
            _ => target[self.first] = 1.0,
        }
        target
    }
}

impl From<usize> for Annotation {
    fn from(first: usize) -> Self {
        Self { first, second: None }
    }
}
