//! Posts ready for the device: what of a classification no tensor takes part in.

use super::{Classifier, UncertainReason};
use crate::{
    error::{Error, Result},
    image::{Area, Picture},
    model::fusion::Sides,
    text::{Encoded, Language, Token, language},
};

/// A post ready for the device, with a picture, a caption, or both.
#[derive(Clone, Debug)]
pub struct PreparedPost(Sides<PreparedPicture, PreparedCaption>);

impl PreparedPost {
    /// Puts the sides that there are together.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there are none.
    pub fn new(picture: Option<PreparedPicture>, caption: Option<PreparedCaption>) -> Result<Self> {
        Sides::new(picture, caption).map(Self).ok_or(Error::EmptyPost)
    }

    pub(super) fn sides(self) -> Sides<PreparedPicture, PreparedCaption> {
        self.0
    }
}

/// A picture ready for the device.
#[derive(Clone, Debug)]
pub struct PreparedPicture {
    /// `[3, side, side]`, flat.
    pub(super) planes: Vec<f32>,
    /// The part of the picture that the planes show.
    pub(super) area: Area,
}

/// A caption with a word in it, ready for the device.
#[derive(Clone, Debug)]
pub struct PreparedCaption {
    /// As it was given.
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    /// Share of the words that the model does not know.
    pub(super) unknown_share: f32,
    /// The language that it seems to be in.
    pub(super) language: Language,
}

impl Classifier {
    /// The part of [`Classifier::classify`] that no tensor takes part in: planes and tokens.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there is neither a picture nor a caption with a word in it.
    pub fn prepare(&self, picture: Option<&Picture>, caption: Option<&str>) -> Result<PreparedPost> {
        let picture = picture.map(|picture| self.prepare_picture(picture));
        PreparedPost::new(picture, caption.and_then(|caption| self.prepare_caption(caption)))
    }

    /// Resizes, crops and normalises a picture.
    #[must_use]
    pub fn prepare_picture(&self, picture: &Picture) -> PreparedPicture {
        let preprocessing = &self.manifest.preprocessing;
        PreparedPicture {
            planes: preprocessing.planes(picture),
            area: preprocessing.area(picture.width(), picture.height()),
        }
    }

    /// Reads a caption; `None` for one without a word in it, which counts as absent.
    #[must_use]
    pub fn prepare_caption(&self, caption: &str) -> Option<PreparedCaption> {
        let Encoded {
            tokens, unknown_share, ..
        } = self.tokenizer.read(caption);
        (!tokens.is_empty()).then(|| PreparedCaption {
            unknown_share,
            language: language(caption, unknown_share),
            text: caption.to_owned(),
            tokens,
        })
    }

    /// Reasons to doubt what any network makes of a caption.
    pub(super) fn doubts(&self, caption: &PreparedCaption) -> Vec<UncertainReason> {
        let is_foreign = caption.language == Language::Other;
        let most_unknown = caption.unknown_share > self.manifest.calibration.unknown_words_above;
        [
            is_foreign.then_some(UncertainReason::Language),
            most_unknown.then_some(UncertainReason::UnknownWords),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
