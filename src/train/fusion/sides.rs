//! The sides of a post: image, caption, and any further one.
//!
//! Systems are written for any sides. A new one is a variant of [`Side`] here, and whatever computes its features; no
//! system changes.

use std::fmt;

use emofuse_engine::model::fusion::Modality;

/// A side of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The image.
    Image,
    /// The caption.
    Caption,
    /// Numbers beside both, such as the hour; see [`metadata`](crate::metadata).
    Metadata,
}

impl Side {
    /// All sides.
    pub const ALL: [Self; 3] = [Self::Image, Self::Caption, Self::Metadata];

    /// The name in model files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Caption => "caption",
            Self::Metadata => "metadata",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Which sides of a post are seen; at least one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seen(u8);

impl Seen {
    /// Image and caption.
    pub const BOTH: Self = Self(Side::Image.bit() | Side::Caption.bit());
    /// The image alone.
    pub const IMAGE: Self = Self(Side::Image.bit());
    /// The caption alone.
    pub const CAPTION: Self = Self(Side::Caption.bit());

    /// The ways of seeing a post, in the order of their [rows](Self::row): those of image and caption first, in the order
    /// of [`Modality::ALL`].
    pub const ALL: [Self; 7] = [
        Self::BOTH,
        Self::IMAGE,
        Self::CAPTION,
        Self(Self::BOTH.0 | Side::Metadata.bit()),
        Self(Self::IMAGE.0 | Side::Metadata.bit()),
        Self(Self::CAPTION.0 | Side::Metadata.bit()),
        Self(Side::Metadata.bit()),
    ];

    /// The sides; `None` of none.
    pub fn of(sides: impl IntoIterator<Item = Side>) -> Option<Self> {
        let bits = sides.into_iter().fold(0, |bits, side| bits | side.bit());
        (bits != 0).then_some(Self(bits))
    }

    /// Whether a side is seen.
    #[must_use]
    pub const fn has(self, side: Side) -> bool {
        self.0 & side.bit() != 0
    }

    /// The same with another side.
    #[must_use]
    pub const fn with(self, side: Side) -> Self {
        Self(self.0 | side.bit())
    }

    /// What is seen of these sides; `None` for nothing.
    pub fn among(self, sides: &[Side]) -> Option<Self> {
        Self::of(sides.iter().copied().filter(|side| self.has(*side)))
    }

    /// The row in tensors with one for each way of seeing a post.
    #[must_use]
    pub fn row(self) -> usize {
        Self::ALL.iter().position(|seen| *seen == self).unwrap_or_default()
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides = Side::ALL.into_iter().filter(|side| self.has(*side));
        formatter.debug_set().entries(sides.map(Side::name)).finish()
    }
}

impl From<Modality> for Seen {
    fn from(modality: Modality) -> Self {
        match modality {
            Modality::Both => Self::BOTH,
            Modality::Image => Self::IMAGE,
            Modality::Caption => Self::CAPTION,
        }
    }
}

/// Something of each side that a post has. What is absent is absent, and never a row of zeros.
#[derive(Clone, Debug, PartialEq)]
pub struct Sides<T>([Option<T>; 3]);

impl<T> Default for Sides<T> {
    fn default() -> Self {
        Self([None, None, None])
    }
}

impl<T> Sides<T> {
    /// The same with something of a side.
    #[must_use]
    pub fn with(mut self, side: Side, value: T) -> Self {
        self.0[side as usize] = Some(value);
        self
    }

    /// What a side has.
    pub fn get(&self, side: Side) -> Option<&T> {
        self.0[side as usize].as_ref()
    }

    /// The sides that have something, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Side, &T)> {
        Side::ALL.into_iter().filter_map(|side| Some((side, self.get(side)?)))
    }

    /// Which sides have something; `None` if none has.
    pub fn seen(&self) -> Option<Seen> {
        Seen::of(self.iter().map(|(side, _)| side))
    }

    /// Whether all these sides have something.
    pub fn has(&self, seen: Seen) -> bool {
        Side::ALL
            .into_iter()
            .all(|side| !seen.has(side) || self.get(side).is_some())
    }

    /// Takes away the other sides; `None` if one of these has nothing.
    #[must_use]
    pub fn only(self, seen: Seen) -> Option<Self> {
        self.has(seen)
            .then(|| self.filter_map(|side, value| seen.has(side).then_some(value)))
    }

    /// Maps each side, or drops it.
    pub fn filter_map<U>(self, mut map: impl FnMut(Side, T) -> Option<U>) -> Sides<U> {
        let mut sides = Side::ALL.into_iter();
        Sides(self.0.map(|value| {
            let side = sides.next()?;
            map(side, value?)
        }))
    }

    /// What there is, in the order of the sides.
    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.0.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_image_and_caption_are_those_of_modalities() {
        for modality in Modality::ALL {
            assert_eq!(Seen::from(modality).row(), modality.index());
        }
        let rows: Vec<usize> = Seen::ALL.into_iter().map(Seen::row).collect();
        assert_eq!(rows, [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(Seen::of([]), None);
    }

    #[test]
    fn a_side_is_taken_away_only_if_the_others_are_there() {
        let sides = Sides::default().with(Side::Image, 1).with(Side::Metadata, 3);
        assert_eq!(
            sides.clone().only(Seen::IMAGE),
            Some(Sides::default().with(Side::Image, 1))
        );
        assert_eq!(sides.clone().only(Seen::BOTH), None);
        assert_eq!(sides.seen(), Some(Seen::IMAGE.with(Side::Metadata)));
        assert_eq!(sides.seen().and_then(|seen| seen.among(&[Side::Caption])), None);
        let doubled = sides.filter_map(|side, value| (side != Side::Image).then_some(2 * value));
        assert_eq!(doubled.into_values().collect::<Vec<_>>(), [6]);
    }
}
