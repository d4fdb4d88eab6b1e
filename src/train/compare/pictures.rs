//! The convolutional networks that read the pictures.
//!
//! The comparison itself takes a list of [`PictureFeatures`] and knows nothing of networks.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use crate::{
    bundle::ImageArchitecture,
    error::Result,
    train::{features::FeatureCache, import::picture_tower::PictureTower},
};

/// What a network says of each picture.
#[derive(Clone, Debug)]
pub struct PictureFeatures {
    /// The network's name in tables.
    pub name: String,
    /// Feature vectors in the order of the posts; `None` for a picture that cannot be read.
    pub rows: Vec<Option<Vec<f32>>>,
}

impl PictureFeatures {
    /// What a network says of pictures; features are kept in `cache` between runs.
    ///
    /// # Errors
    /// As [`FeatureCache::features`].
    pub fn new(tower: &PictureTower, pictures: &[PathBuf], cache: &Path, device: &Device) -> Result<Self> {
        let rows = FeatureCache::new(cache, tower)?.features(pictures, tower, device)?;
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
