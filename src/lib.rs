//! Detects what a post conveys, its image, its caption, or both: Plutchik's emotions, or labels of your own.
//!
//! The models are those of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017,
//! arXiv 1708.02099), on [burn](https://burn.dev). The same code trains them natively and runs them in the browser;
//! nothing is ever sent anywhere.
//!
//! This crate gathers the crates of the workspace under one name; `docs/architecture.md` shows what imports what.

pub use emofuse_core::{
    Emotion, Error, Image, Label, LabelSet, Result, Scores, caption, emotion, error, image, labels, metrics,
};
#[cfg(feature = "cli")]
pub use emofuse_dataset as dataset;
pub use emofuse_decode as decode;
#[cfg(feature = "native-webgpu")]
pub use emofuse_engine::webgpu;
pub use emofuse_engine::{bundle, classifier, explanation, heads, model, preprocessing, request, text};
#[cfg(feature = "train")]
pub use emofuse_train as train;
