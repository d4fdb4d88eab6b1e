//! Tells which of Plutchik's emotions a post conveys: its picture, its caption, or both.
//!
//! The models are those of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social
//! Media* (2017, arXiv 1708.02099), on [burn](https://burn.dev). The same crate trains them natively
//! and runs them in the browser; nothing is ever sent anywhere.
//!
//! Imports point one way: `cli`, `web`, `train` → `classifier` → `model`, `bundle` → `text`, `image`
//! → `emotion`, `error`.

pub mod bundle;
pub mod classifier;
pub mod emotion;
pub mod error;
pub mod image;
pub mod metrics;
pub mod model;
#[cfg(any(feature = "cli", feature = "train"))]
pub mod table;
pub mod text;
#[cfg(feature = "train")]
pub mod train;
#[cfg(target_arch = "wasm32")]
mod web;

pub use emotion::Emotion;
pub use error::{Error, Result};
