//! The networks: towers for pictures and captions, and what fuses them, and what makes do with one.

pub mod efficientnet_lite;
pub mod fusion;
pub mod googlenet;
pub mod image_tower;
pub mod n_gram_table;
pub mod picture_features;
pub mod pooling;
pub mod projection;
pub mod text_encoder;
pub mod unimodal;

/// Whether a device is burn's CPU back end and does not record gradients, of which the kernels of this crate know
/// nothing.
#[cfg(feature = "flex")]
fn is_plain_cpu(device: &burn::tensor::Device) -> bool {
    *device == burn::tensor::Device::flex() && !device.is_autodiff()
}
