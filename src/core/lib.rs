//! What every part of emofuse knows: [`LabelSet`]s, [`Emotion`]s, [`Image`]s, the [`budget`] of inputs, what is a caption, [`Error`]s, metrics,
//! Unicode's forms.
//!
//! There is no input or output here, and nothing of networks.

pub mod budget;
pub mod caption;
pub mod emotion;
pub mod error;
pub mod image;
pub mod labels;
pub mod metrics;
pub mod unicode;

pub use self::{
    emotion::Emotion,
    error::{Error, Result},
    image::Image,
    labels::{Label, LabelSet, Scores},
};
