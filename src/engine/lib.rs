//! Classifies posts: which of a model's labels an image, a caption, or both convey, by default Plutchik's emotions.
//!
//! The models are those of Duong, Lebret and Aberer, *Multimodal Classification for Analysing Social Media* (2017,
//! arXiv 1708.02099), on [burn](https://burn.dev). The same code runs natively and in the browser.
//!
//! Imports point one way: [`classifier`] → [`networks`], [`heads`], [`explanation`] → [`request`] → [`bundle`] → [`model`] →
//! [`text`], [`preprocessing`].

#[cfg(not(any(feature = "flex", feature = "webgpu")))]
compile_error!("the engine needs a back end: the feature `flex`, or `webgpu`");

pub mod bundle;
pub mod classifier;
pub mod device_loss;
pub mod explanation;
pub mod heads;
pub mod model;
pub mod networks;
pub mod preprocessing;
pub mod request;
pub mod text;
#[cfg(feature = "webgpu")]
pub mod webgpu;
