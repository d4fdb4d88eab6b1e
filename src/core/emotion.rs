//! Plutchik's eight primary emotions and `neutral`: the labels of [`LabelSet::plutchik`](crate::LabelSet::plutchik), in
//! their order.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How many of them there are: Plutchik's eight and `neutral`.
pub const EMOTIONS: usize = 9;

/// The emotion that a post conveys, never what a person feels.
///
/// The eight primaries of Plutchik's wheel (*A general psychoevolutionary theory of emotion*, 1980)
/// and `neutral` where none of them is conveyed. The discriminant is the index of the label in score
/// vectors of this set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    /// Joy.
    Joy,
    /// Trust.
    Trust,
    /// Fear.
    Fear,
    /// Surprise.
    Surprise,
    /// Sadness.
    Sadness,
    /// Disgust.
    Disgust,
    /// Anger.
    Anger,
    /// Anticipation.
    Anticipation,
    /// None of the eight.
    Neutral,
}

impl Emotion {
    /// All labels, in order.
    pub const ALL: [Self; EMOTIONS] = [
        Self::Joy,
        Self::Trust,
        Self::Fear,
        Self::Surprise,
        Self::Sadness,
        Self::Disgust,
        Self::Anger,
        Self::Anticipation,
        Self::Neutral,
    ];

    /// Plutchik's eight, without `neutral`.
    pub const PRIMARY: [Self; 8] = [
        Self::Joy,
        Self::Trust,
        Self::Fear,
        Self::Surprise,
        Self::Sadness,
        Self::Disgust,
        Self::Anger,
        Self::Anticipation,
    ];

    /// Index of the label in a score vector.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The label's name, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Joy => "joy",
            Self::Trust => "trust",
            Self::Fear => "fear",
            Self::Surprise => "surprise",
            Self::Sadness => "sadness",
            Self::Disgust => "disgust",
            Self::Anger => "anger",
            Self::Anticipation => "anticipation",
            Self::Neutral => "neutral",
        }
    }

    /// +1, −1 or 0: how the emotion counts towards the valence of a post.
    ///
    /// Pleasant: joy, trust, anticipation. Unpleasant: fear, sadness, disgust, anger. Surprise and
    /// neutral count for nothing.
    #[must_use]
    pub const fn valence(self) -> f32 {
        match self {
            Self::Joy | Self::Trust | Self::Anticipation => 1.0,
            Self::Fear | Self::Sadness | Self::Disgust | Self::Anger => -1.0,
            Self::Surprise | Self::Neutral => 0.0,
        }
    }
}

impl fmt::Display for Emotion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Emotion {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|emotion| emotion.name() == name)
            .ok_or_else(|| Error::UnknownLabel {
                name: name.into(),
                expected: Self::ALL.map(Self::name).join(", "),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_is_the_position_in_all() {
        for (position, emotion) in Emotion::ALL.into_iter().enumerate() {
            assert_eq!(emotion.index(), position);
        }
    }

    #[test]
    fn every_name_parses_back_to_its_emotion() {
        for emotion in Emotion::ALL {
            assert_eq!(emotion.name().parse::<Emotion>().ok(), Some(emotion));
        }
        assert!("ennui".parse::<Emotion>().is_err());
    }
}
