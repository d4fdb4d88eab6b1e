//! The parts of a data set.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Which part of a data set a row belongs to: choose on dev, report on test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose on.
    Dev,
    /// To report on.
    Test,
}

impl Split {
    /// All parts, in order.
    pub const ALL: [Self; 3] = [Self::Train, Self::Dev, Self::Test];

    /// The part that an id falls into where a data set names none: 80 % train, 10 % dev, 10 % test.
    ///
    /// It depends on the id alone (the first eight bytes of its SHA-256, modulo 100), so a post stays in
    /// its part whatever table it comes in.
    #[must_use]
    pub fn of_id(id: &str) -> Self {
        let digest = Sha256::digest(id.as_bytes());
        let (eights, _) = digest.as_chunks::<8>();
        match u64::from_be_bytes(eights[0]) % 100 {
            0..80 => Self::Train,
            80..90 => Self::Dev,
            _ => Self::Test,
        }
    }

    /// The part's name, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Split {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|split| split.name() == name)
            .ok_or_else(|| format!("`{name}` is not a split; the splits are train, dev, test"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_fall_into_the_parts_by_the_shares_that_are_documented() {
        let mut counts = [0; 3];
        for id in 0..10_000 {
            counts[Split::of_id(&format!("{id:x}")) as usize] += 1;
        }
        for (count, expected) in counts.into_iter().zip([8000i32, 1000, 1000]) {
            assert!((count - expected).abs() < 150, "{counts:?}");
        }
    }

    #[test]
    fn an_id_stays_in_its_part() {
        // Fixed for ever: a model that was trained on a row must not be measured on it later.
        assert_eq!(["a", "f", "8"].map(Split::of_id), Split::ALL);
    }

    proptest! {
        #[test]
        fn a_name_that_parses_is_the_name_of_its_part(name in "train|dev|test|[a-z]{0,6}") {
            if let Ok(split) = name.parse::<Split>() {
                prop_assert_eq!(split.name(), name);
            }
        }
    }
}
