//! The image tower on the CPU.

use burn::tensor::Device;
use emofuse_core::error::Result;

use crate::{
    bundle::{Bundle, ImageArchitecture},
    model::{
        efficientnet_lite::PackedEfficientNetLite0,
        image_features::{ImageFeatures, Layers},
        image_tower::ImageTower,
        is_plain_cpu,
    },
};

/// A tower that is ready to encode images.
#[derive(Debug)]
pub(super) enum ImageEncoder {
    /// Own kernels, for 8-bit weights on the CPU.
    Packed(PackedEfficientNetLite0),
    /// The layers of burn, for any weights on any device.
    Layers(Box<ImageTower>),
}

impl ImageEncoder {
    /// Loads the tensors below `prefix`, in the way that is fastest on the device.
    ///
    /// # Errors
    /// As [`Bundle::load_module`].
    pub(super) fn load(bundle: &Bundle, prefix: &str, tower: ImageTower, device: &Device) -> Result<Self> {
        if bundle.manifest.architecture.image == ImageArchitecture::EfficientnetLite0
            && is_plain_cpu(device)
            && let Some(packed) = PackedEfficientNetLite0::load(bundle, prefix)?
        {
            return Ok(Self::Packed(packed));
        }
        let tower = bundle.load_module(prefix, tower, device)?;
        Ok(Self::Layers(Box::new(tower)))
    }

    /// Encodes a batch of images.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    pub(super) fn forward(&self, planes: Vec<f32>, side: u32, device: &Device, layers: Layers) -> ImageFeatures {
        match self {
            Self::Packed(tower) => tower.features(planes, side, device, layers),
            Self::Layers(tower) => tower.forward(planes, side, device, layers),
        }
    }
}
