//! Posts ready for the device: what of a classification no tensor takes part in.

use super::Classifier;
use crate::{
    emotion::EMOTIONS,
    error::{Error, Result},
    image::{Area, Picture},
    model::fusion::Sides,
    text::Token,
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
        let tokens = self.tokenizer.tokens(caption);
        (!tokens.is_empty()).then(|| PreparedCaption {
            text: caption.to_owned(),
            tokens,
        })
    }

    /// What the n-grams of a caption add to its logits.
    pub(super) fn n_gram_logits(&self, tokens: &[Token]) -> [f32; EMOTIONS] {
        let mut logits = [0.0; EMOTIONS];
        let Some((n_grams, table)) = &self.n_grams else {
            return logits;
        };
        let mut of_row = [0.0; EMOTIONS];
        for (row, weight) in n_grams.weighted_rows(tokens) {
            table.row_into(row as usize, &mut of_row);
            logits
                .iter_mut()
                .zip(of_row)
                .for_each(|(sum, value)| *sum += weight * value);
        }
        logits
    }
}
