//! Companions in a manifest: further systems over the same towers, for comparison with the one that answers.

use emofuse_core::error::Result;
use serde::{Deserialize, Serialize};

use super::ranges::{temperatures, wrong};
use crate::model::fusion::Modality;

/// The most companions of a file.
const MOST: usize = 16;
/// The most characters of a companion's name.
const LONGEST_NAME: usize = 32;

/// A further system over the towers of a model file.
///
/// It reads the features that the answering system standardises, and is linear in them, so that it takes a few kilobytes:
/// `companions.NAME.image.weight` and `companions.NAME.caption.weight` are `[features, labels]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// Its name: 1 to 32 lower-case letters, digits and `_`; that of no other system of the file.
    pub name: String,
    /// What it reads, and how.
    pub reads: Reads,
    /// What its logits are divided by before softmax.
    pub temperatures: Temperatures,
}

/// What a companion reads of a post, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// The image alone. It has a bias, `companions.NAME.image.bias`.
    Image,
    /// The caption alone. It has a bias, `companions.NAME.caption.bias`.
    Caption,
    /// The sum of what image and caption add, and a prior for each kind of post: `companions.NAME.priors`, `[3, labels]`.
    Sum,
    /// The mean of the probabilities of two other companions, the first that reads images alone and the first that reads
    /// captions alone, each at temperature 1. It has no tensors.
    Decisions,
}

impl Reads {
    /// What it reads of a post: of [`Modality::Both`], whichever is there.
    #[must_use]
    pub const fn modality(self) -> Modality {
        match self {
            Self::Image => Modality::Image,
            Self::Caption => Modality::Caption,
            Self::Sum | Self::Decisions => Modality::Both,
        }
    }
}

/// Temperatures of a companion, 0.01 to 100, chosen on dev for each kind of input. One that reads a single side has its
/// own there, and the same in the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Temperatures {
    /// For an image with a caption.
    pub both: f32,
    /// Without the caption.
    pub image: f32,
    /// Without the image.
    pub caption: f32,
}

impl Temperatures {
    /// For one kind of input.
    #[must_use]
    pub const fn of(&self, kind: Modality) -> f32 {
        match kind {
            Modality::Both => self.both,
            Modality::Image => self.image,
            Modality::Caption => self.caption,
        }
    }
}

/// Refuses companions that no model has whose own system has this name and reads this.
pub(super) fn check(companions: &[Companion], system: &str, reads: Modality) -> Result<()> {
    if companions.is_empty() {
        return Ok(());
    }
    if reads != Modality::Both {
        return Err(wrong(
            "it has `companions`, and its system reads one side of a post alone".into(),
        ));
    }
    if companions.len() > MOST {
        return Err(wrong("it has more than 16 `companions`".into()));
    }
    for (place, companion) in companions.iter().enumerate() {
        let Companion {
            name,
            reads,
            temperatures: Temperatures { both, image, caption },
        } = companion;
        let is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_plain || name.is_empty() || name.len() > LONGEST_NAME {
            return Err(wrong(
                "the name of a companion is not 1 to 32 lower-case letters, digits and `_`".into(),
            ));
        }
        let is_taken = companions[..place].iter().any(|other| other.name == *name);
        if is_taken || name == system {
            return Err(wrong(["two of its systems have the name `", name, "`"].concat()));
        }
        temperatures(&[*both, *image, *caption])?;
        let has = |reads: Reads| companions.iter().any(|other| other.reads == reads);
        if *reads == Reads::Decisions && !(has(Reads::Image) && has(Reads::Caption)) {
            return Err(wrong(
                [
                    "its companion `",
                    name,
                    "` needs one that reads `image` and one that reads `caption`",
                ]
                .concat(),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn companion(name: &str, reads: Reads) -> Companion {
        Companion {
            name: name.into(),
            reads,
            temperatures: Temperatures {
                both: 1.0,
                image: 1.0,
                caption: 1.0,
            },
        }
    }

    fn refused(companions: &[Companion], system: &str, reads: Modality) -> String {
        check(companions, system, reads).expect_err("refused").to_string()
    }

    #[test]
    fn a_companion_is_written_and_read() {
        let json = r#"{"name":"early","reads":"sum","temperatures":{"both":1.5,"image":0.5,"caption":2.0}}"#;
        let companion: Companion = serde_json::from_str(json).expect("a companion");
        assert_eq!(
            (companion.reads, companion.temperatures.of(Modality::Caption)),
            (Reads::Sum, 2.0)
        );
        assert_eq!(serde_json::to_string(&companion).expect("JSON"), json);
        for json in [
            r#"{"name":"early","reads":"sum"}"#,
            r#"{"name":"early","reads":"product","temperatures":{"both":1,"image":1,"caption":1}}"#,
            r#"{"name":"early","reads":"sum","weights":1,"temperatures":{"both":1,"image":1,"caption":1}}"#,
        ] {
            assert!(serde_json::from_str::<Companion>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn companions_that_no_model_has_are_refused_with_the_reason() {
        let early = || companion("early", Reads::Sum);
        let late = || companion("late", Reads::Decisions);
        let image = || companion("image", Reads::Image);
        let of_joint = |companions: &[Companion]| refused(companions, "joint", Modality::Both);
        let all = [early(), image(), companion("caption", Reads::Caption), late()];
        assert!(check(&all, "joint", Modality::Both).is_ok());
        assert!(check(&[], "image", Modality::Image).is_ok());
        assert!(of_joint(&[early(), early()]).contains("two of its systems have the name `early`"));
        assert!(refused(&[early()], "early", Modality::Both).contains("two of its systems"));
        assert!(of_joint(&[late(), image()]).contains("needs one that reads `image`"));
        assert!(refused(&[image()], "caption", Modality::Caption).contains("one side of a post alone"));
        for name in ["", "Early", "a.b", &"a".repeat(33)] {
            assert!(
                of_joint(&[companion(name, Reads::Sum)]).contains("lower-case"),
                "{name}"
            );
        }
        let mut cold = early();
        cold.temperatures.image = 0.0;
        assert!(of_joint(&[cold]).contains("temperature"));
        let many: Vec<Companion> = (0..17)
            .map(|place| companion(&format!("a{place}"), Reads::Sum))
            .collect();
        assert!(of_joint(&many).contains("more than 16"));
    }
}
