//! The networks: towers for images and captions, and what fuses them, and what makes do with one.

pub mod caption_encoder;
pub mod efficientnet_lite;
pub mod feature_maps;
pub mod fusion;
pub mod googlenet;
pub mod image_features;
pub mod image_tower;
#[cfg(feature = "flex")]
mod int16;
pub mod n_gram_table;
pub(crate) mod parameters;
pub mod pooling;
pub mod projection;
pub mod text_encoder;
pub mod transformer_encoder;
pub mod unimodal;

use burn::tensor::Tensor;
#[cfg(feature = "flex")]
pub use int16::TensorSource;

/// Each channel, averaged over the image.
///
/// # Shapes
/// - planes: `[batch, channels, height, width]`
/// - output: `[batch, channels]`
fn channel_means(planes: Tensor<4>) -> Tensor<2> {
    let [batch, channels, height, width] = planes.dims();
    planes
        .reshape([batch, channels, height * width])
        .mean_dim(2)
        .reshape([batch, channels])
}

/// Whether a device is burn's CPU back end and does not record gradients, of which the kernels of this crate know
/// nothing.
#[cfg(feature = "flex")]
pub(crate) fn is_plain_cpu(device: &burn::tensor::Device) -> bool {
    *device == burn::tensor::Device::flex() && !device.is_autodiff()
}
