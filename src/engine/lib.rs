//! Classifies posts: which of Plutchik's emotions an image, a caption, or both convey.
//!
//! The models are those of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017,
//! arXiv 1708.02099), on [burn](https://burn.dev). The same code runs natively and in the browser.
//!
//! Imports point one way: [`classifier`] → [`explanation`], [`bundle`] → [`model`] → [`text`], [`preprocessing`].

pub mod bundle;
pub mod classifier;
pub mod device_loss;
pub mod explanation;
pub mod model;
pub mod preprocessing;
pub mod text;
