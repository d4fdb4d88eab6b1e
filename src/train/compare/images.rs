//! The convolutional networks that read the images.
//!
//! The comparison itself takes a list of [`ImageFeatures`] and knows nothing of networks.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use emofuse_core::error::Result;
use emofuse_engine::bundle::ImageArchitecture;

use crate::{features::FeatureCache, import::image_tower::PretrainedImageTower};

/// What a network says of each image.
#[derive(Clone, Debug)]
pub struct ImageFeatures {
    /// The network's name in tables.
    pub name: String,
    /// Feature vectors in the order of the posts; `None` for an image that cannot be read.
    pub rows: Vec<Option<Vec<f32>>>,
}

impl ImageFeatures {
    /// What a network says of images; features are kept in `cache` between runs.
    ///
    /// # Errors
    /// As [`FeatureCache::features`].
    pub fn new(tower: &PretrainedImageTower, images: &[PathBuf], cache: &Path, device: &Device) -> Result<Self> {
        let rows = FeatureCache::new(cache, tower)?.features(images, tower, device)?;
        Ok(Self {
            name: name(tower.architecture).into(),
            rows,
        })
    }
}

fn name(tower: ImageArchitecture) -> &'static str {
    match tower {
        ImageArchitecture::EfficientnetLite0 => "EfficientNet-Lite0",
        ImageArchitecture::Googlenet => "GoogLeNet",
    }
}
