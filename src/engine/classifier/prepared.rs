//! Posts ready for the device: what of a classification no tensor takes part in.

use emofuse_core::{
    error::{Error, Result},
    image::Image,
};

use super::{Classifier, UncertainReason};
use crate::{
    model::fusion::ByModality,
    preprocessing::{Area, Square},
    text::{Language, Token, Tokenized, language},
};

/// A post ready for the device, with an image, a caption, or both.
#[derive(Clone, Debug)]
pub struct PreparedPost(ByModality<PreparedImage, PreparedCaption>);

impl PreparedPost {
    /// Puts image and caption together.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there are none.
    pub fn new(image: Option<PreparedImage>, caption: Option<PreparedCaption>) -> Result<Self> {
        ByModality::new(image, caption).map(Self).ok_or(Error::EmptyPost)
    }

    pub(super) fn into_modalities(self) -> ByModality<PreparedImage, PreparedCaption> {
        self.0
    }
}

/// An image ready for the device.
#[derive(Clone, Debug)]
pub struct PreparedImage {
    /// What the networks see of it.
    pub(super) square: Square,
    /// The part of the image that it is.
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
    /// The part of [`Classifier::classify`] that no tensor takes part in: pixels and tokens.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there is neither an image nor a caption with a word in it.
    pub fn prepare(&self, image: Option<&Image>, caption: Option<&str>) -> Result<PreparedPost> {
        let image = image.map(|image| self.prepare_image(image));
        PreparedPost::new(image, caption.and_then(|caption| self.prepare_caption(caption)))
    }

    /// Resizes and crops an image.
    #[must_use]
    pub fn prepare_image(&self, image: &Image) -> PreparedImage {
        let preprocessing = &self.manifest.preprocessing;
        PreparedImage {
            square: preprocessing.square(image),
            area: preprocessing.area(image.width(), image.height()),
        }
    }

    /// Reads a caption; `None` for one without a word in it, which counts as absent.
    #[must_use]
    pub fn prepare_caption(&self, caption: &str) -> Option<PreparedCaption> {
        let Tokenized {
            tokens, unknown_share, ..
        } = self.tokenizer.tokenize(caption);
        (!tokens.is_empty()).then(|| PreparedCaption {
            unknown_share,
            language: language(caption, unknown_share),
            text: caption.to_owned(),
            tokens,
        })
    }

    /// Reasons to doubt any prediction from a caption.
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
