//! Ways to fuse an image and a caption.

pub mod common_space;
pub mod early;
pub mod joint;
pub mod late;

use serde::{Deserialize, Serialize};

/// What a post consists of; each kind has its own prior, temperature and threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// An image and a caption.
    Both,
    /// An image alone.
    Image,
    /// A caption alone.
    Caption,
}

impl Modality {
    /// All kinds, in the order of the rows of per-kind tensors.
    pub const ALL: [Self; 3] = [Self::Both, Self::Image, Self::Caption];

    /// Those of a single side, in the order of the rows of tensors of either side alone.
    pub const ALONE: [Self; 2] = [Self::Image, Self::Caption];

    /// Row of the kind in per-kind tensors.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Row of a single side in tensors of either side alone; see [`Modality::ALONE`].
    #[must_use]
    pub const fn row_alone(self) -> usize {
        (self as usize).saturating_sub(1)
    }
}

/// Something of each modality that a post has.
///
/// There is no way to write an empty post, nor one whose absent modality is a row of zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByModality<I, C = I> {
    /// Of an image and of a caption.
    Both {
        /// Of the image.
        image: I,
        /// Of the caption.
        caption: C,
    },
    /// Of an image alone.
    Image(I),
    /// Of a caption alone.
    Caption(C),
}

impl<I, C> ByModality<I, C> {
    /// What there is; `None` of nothing.
    #[must_use]
    pub fn new(image: Option<I>, caption: Option<C>) -> Option<Self> {
        match (image, caption) {
            (Some(image), Some(caption)) => Some(Self::Both { image, caption }),
            (Some(image), None) => Some(Self::Image(image)),
            (None, Some(caption)) => Some(Self::Caption(caption)),
            (None, None) => None,
        }
    }

    /// The same, borrowed.
    #[must_use]
    pub fn as_ref(&self) -> ByModality<&I, &C> {
        match self {
            Self::Both { image, caption } => ByModality::Both { image, caption },
            Self::Image(image) => ByModality::Image(image),
            Self::Caption(caption) => ByModality::Caption(caption),
        }
    }

    /// Which modalities there are.
    #[must_use]
    pub fn kind(&self) -> Modality {
        match self {
            Self::Both { .. } => Modality::Both,
            Self::Image(_) => Modality::Image,
            Self::Caption(_) => Modality::Caption,
        }
    }

    /// The image's, where it is there.
    #[must_use]
    pub fn image(self) -> Option<I> {
        match self {
            Self::Both { image, .. } | Self::Image(image) => Some(image),
            Self::Caption(_) => None,
        }
    }

    /// The caption's, where it is there.
    #[must_use]
    pub fn caption(self) -> Option<C> {
        match self {
            Self::Both { caption, .. } | Self::Caption(caption) => Some(caption),
            Self::Image(_) => None,
        }
    }

    /// Takes away what `kind` does not have; `None` where something that it has is not there.
    #[must_use]
    pub fn only(self, kind: Modality) -> Option<Self> {
        match kind {
            Modality::Both if self.kind() != Modality::Both => None,
            Modality::Both => Some(self),
            Modality::Image => self.image().map(Self::Image),
            Modality::Caption => self.caption().map(Self::Caption),
        }
    }

    /// Maps each modality by its own function.
    #[must_use]
    pub fn map<U, V>(self, of_image: impl FnOnce(I) -> U, of_caption: impl FnOnce(C) -> V) -> ByModality<U, V> {
        match self {
            Self::Both { image, caption } => {
                let image = of_image(image);
                ByModality::Both {
                    image,
                    caption: of_caption(caption),
                }
            }
            Self::Image(image) => ByModality::Image(of_image(image)),
            Self::Caption(caption) => ByModality::Caption(of_caption(caption)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_taken_away_only_where_the_other_is_left() {
        let both = ByModality::Both { image: 1, caption: 2 };
        assert_eq!(both.only(Modality::Both), Some(both));
        assert_eq!(both.only(Modality::Image), Some(ByModality::Image(1)));
        assert_eq!(both.only(Modality::Caption), Some(ByModality::Caption(2)));
        assert_eq!(ByModality::<u8>::Image(1).only(Modality::Caption), None);
        assert_eq!(ByModality::<u8>::Caption(2).only(Modality::Both), None);
        assert_eq!(ByModality::<u8>::new(None, None), None);
    }
}
