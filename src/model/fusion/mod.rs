//! Ways to fuse a picture and a caption.

pub mod common_space;

use serde::{Deserialize, Serialize};

/// What a post consists of; each kind has its own prior, temperature and threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// A picture and a caption.
    Both,
    /// A picture alone.
    Image,
    /// A caption alone.
    Caption,
}

impl InputKind {
    /// All kinds, in the order of the rows of per-kind tensors.
    pub const ALL: [Self; 3] = [Self::Both, Self::Image, Self::Caption];

    /// Row of the kind in per-kind tensors.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}
