//! Matrix products on the CPU by 16-bit activations and 8-bit weights, which the towers for images and captions share.

pub(super) mod lanes;
pub(super) mod layout;
pub(super) mod pointwise;
mod source;
pub(super) mod weights;

pub use source::TensorSource;
