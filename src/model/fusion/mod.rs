//! Ways to fuse a picture and a caption.

pub mod common_space;
pub mod early;
pub mod joint;
pub mod late;

use serde::{Deserialize, Serialize};

/// What a post consists of; each kind has its own prior, temperature and threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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

/// Something of each side of a post that is there.
///
/// There is no way to write an empty post, nor one whose absent side is a row of zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides<I, C = I> {
    /// Of a picture and of a caption.
    Both {
        /// Of the picture.
        image: I,
        /// Of the caption.
        caption: C,
    },
    /// Of a picture alone.
    Image(I),
    /// Of a caption alone.
    Caption(C),
}

impl<I, C> Sides<I, C> {
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
    pub fn as_ref(&self) -> Sides<&I, &C> {
        match self {
            Self::Both { image, caption } => Sides::Both { image, caption },
            Self::Image(image) => Sides::Image(image),
            Self::Caption(caption) => Sides::Caption(caption),
        }
    }

    /// Which sides there are.
    #[must_use]
    pub fn kind(&self) -> InputKind {
        match self {
            Self::Both { .. } => InputKind::Both,
            Self::Image(_) => InputKind::Image,
            Self::Caption(_) => InputKind::Caption,
        }
    }

    /// The picture's, where it is there.
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
    pub fn only(self, kind: InputKind) -> Option<Self> {
        match kind {
            InputKind::Both if self.kind() != InputKind::Both => None,
            InputKind::Both => Some(self),
            InputKind::Image => self.image().map(Self::Image),
            InputKind::Caption => self.caption().map(Self::Caption),
        }
    }

    /// Changes each side in its own way.
    #[must_use]
    pub fn map<U, V>(self, of_image: impl FnOnce(I) -> U, of_caption: impl FnOnce(C) -> V) -> Sides<U, V> {
        match self {
            Self::Both { image, caption } => {
                let image = of_image(image);
                Sides::Both {
                    image,
                    caption: of_caption(caption),
                }
            }
            Self::Image(image) => Sides::Image(of_image(image)),
            Self::Caption(caption) => Sides::Caption(of_caption(caption)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_taken_away_only_where_the_other_is_left() {
        let both = Sides::Both { image: 1, caption: 2 };
        assert_eq!(both.only(InputKind::Both), Some(both));
        assert_eq!(both.only(InputKind::Image), Some(Sides::Image(1)));
        assert_eq!(both.only(InputKind::Caption), Some(Sides::Caption(2)));
        assert_eq!(Sides::<u8>::Image(1).only(InputKind::Caption), None);
        assert_eq!(Sides::<u8>::Caption(2).only(InputKind::Both), None);
        assert_eq!(Sides::<u8>::new(None, None), None);
    }
}
