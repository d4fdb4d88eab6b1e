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
    preprocessing::{Preprocessing, Square},
};

/// A tower that is ready to encode images.
#[derive(Debug)]
pub(super) enum ImageEncoder {
    /// Own kernels, for 8-bit weights on the CPU.
    Packed(Box<PackedEfficientNetLite0>),
    /// The layers of burn, for any weights on any device.
    Layers(Box<ImageTower>),
}

impl ImageEncoder {
    /// Loads the tensors below `prefix`, in the way that is fastest on the device.
    ///
    /// # Errors
    /// As [`Bundle::load_module`].
    pub(super) fn load(bundle: &Bundle, prefix: &str, tower: ImageTower, device: &Device) -> Result<Self> {
        if bundle.manifest.architecture.image == Some(ImageArchitecture::EfficientnetLite0)
            && is_plain_cpu(device)
            && let Some(packed) = PackedEfficientNetLite0::load(bundle, prefix, &bundle.manifest.preprocessing)?
        {
            return Ok(Self::Packed(Box::new(packed)));
        }
        let tower = bundle.load_module(prefix, tower, device)?;
        Ok(Self::Layers(Box::new(tower)))
    }

    /// Encodes a batch of images, which have been cut as `preprocessing` says.
    pub(super) fn forward(
        &self,
        images: &[Square],
        preprocessing: &Preprocessing,
        device: &Device,
        layers: Layers,
    ) -> ImageFeatures {
        match self {
            Self::Packed(tower) => tower.features(images, device, layers),
            Self::Layers(tower) => {
                let planes = images.iter().flat_map(|image| preprocessing.planes_of(image)).collect();
                tower.forward(planes, preprocessing.crop, device, layers)
            }
        }
    }
}
