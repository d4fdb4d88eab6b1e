//! Posts ready for the device: what of a classification no tensor takes part in.

use emofuse_core::{
    caption::written_caption,
    error::{Error, Result},
    image::Image,
};

use super::{Classifier, UncertainReason};
use crate::{
    model::fusion::ByModality,
    preprocessing::{Area, Square},
    text::{Language, Token, Tokenized, language},
};

/// A post ready for the device, with those of its sides that the model reads; see [`Classifier::post`].
#[derive(Clone, Debug)]
pub struct PreparedPost(ByModality<PreparedImage, PreparedCaption>);

impl PreparedPost {
    pub(super) fn into_modalities(self) -> ByModality<PreparedImage, PreparedCaption> {
        self.0
    }
}

/// A post whose features are asked for: the places of its image and its caption in the request, and what is told of them in
/// the end.
pub(super) type PendingPost = ByModality<(usize, Area), (usize, PreparedCaption)>;

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
    /// As [`Classifier::post`].
    pub fn prepare(&self, image: Option<&Image>, caption: Option<&str>) -> Result<PreparedPost> {
        let image = image.map(|image| self.prepare_image(image));
        self.post(image, caption.and_then(|caption| self.prepare_caption(caption)))
    }

    /// Puts image and caption together, as far as the system reads them.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there are none, [`Error::ModalityMissing`] if the system reads one side alone, and the
    /// post lacks it.
    pub fn post(&self, image: Option<PreparedImage>, caption: Option<PreparedCaption>) -> Result<PreparedPost> {
        let sides = ByModality::new(image, caption).ok_or(Error::EmptyPost)?;
        self.heads.system().known(sides).map(PreparedPost)
    }

    /// Resizes and crops an image. A model without an image tower has no use for it, and nothing of it is kept.
    #[must_use]
    pub fn prepare_image(&self, image: &Image) -> PreparedImage {
        let preprocessing = &self.manifest.preprocessing;
        PreparedImage {
            square: if self.manifest.architecture.image.is_some() {
                preprocessing.square(image)
            } else {
                Square {
                    side: 0,
                    pixels: Vec::new(),
                }
            },
            area: preprocessing.area(image.width(), image.height()),
        }
    }

    /// Reads a caption; `None` for one without a word in it, which counts as absent. A model without a caption tower has no
    /// use for it, and nothing of it is kept.
    #[must_use]
    pub fn prepare_caption(&self, caption: &str) -> Option<PreparedCaption> {
        let Some(captions) = &self.captions else {
            return written_caption(caption).map(|_| PreparedCaption {
                text: String::new(),
                tokens: Vec::new(),
                unknown_share: 0.0,
                language: Language::default(),
            });
        };
        let Tokenized {
            tokens, unknown_share, ..
        } = captions.tokenizer.tokenize(caption);
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
