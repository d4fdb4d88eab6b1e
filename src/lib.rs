//! Tells which of Plutchik's emotions a post conveys: its picture, its caption, or both.
//!
//! The models are those of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social
//! Media* (2017, arXiv 1708.02099), on [burn](https://burn.dev). The same crate trains them natively
//! and runs them in the browser; nothing is ever sent anywhere.
//!
//! Imports point one way: `cli`, `web`, `train` → `classifier` → `explain` → `model`, `bundle` → `text`,
//! `image` → `emotion`, `error`. Tables of posts are parsed by a crate of their own, `emofuse-posts` in `src/posts`.

#[cfg(feature = "engine")]
pub mod bundle;
#[cfg(feature = "engine")]
pub mod classifier;
#[cfg(any(test, all(target_arch = "wasm32", feature = "webgpu")))]
mod device_loss;
#[cfg(feature = "engine")]
pub mod emotion;
pub mod error;
#[cfg(feature = "engine")]
pub mod explain;
pub mod image;
#[cfg(feature = "engine")]
pub mod metrics;
#[cfg(feature = "engine")]
pub mod model;
#[cfg(any(feature = "cli", feature = "train"))]
pub mod table;
#[cfg(feature = "engine")]
pub mod text;
#[cfg(feature = "train")]
pub mod train;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(feature = "engine")]
pub use emotion::Emotion;
pub use error::{Error, Result};
