//! The convolutional networks that read the pictures.
//!
//! The comparison itself takes a list of [`PictureFeatures`] and knows nothing of networks.

use std::path::{Path, PathBuf};

use burn::tensor::Device;

use crate::{
    bundle::ImageArchitecture,
    error::Result,
    train::{features::FeatureCache, import::picture_tower::PictureTower, recipe::ImageRecipe},
};

/// What a network says of each picture.
#[derive(Clone, Debug)]
pub struct PictureFeatures {
    /// The network's name in tables.
    pub name: String,
    /// Feature vectors in the order of the posts; `None` for a picture that cannot be read.
    pub rows: Vec<Option<Vec<f32>>>,
}

/// Where pretrained networks and the features of pictures are.
pub struct Places<'a> {
    /// The folder that weights named by a recipe are relative to.
    pub data: &'a Path,
    /// The folder of fetched parts.
    pub parts: &'a Path,
    /// Where features are kept between runs.
    pub cache: &'a Path,
}

impl PictureFeatures {
    /// What the recipe's network says of pictures.
    ///
    /// # Errors
    /// As [`PictureTower::read`] and [`FeatureCache::features`].
    pub fn new(recipe: &ImageRecipe, pictures: &[PathBuf], places: &Places, device: &Device) -> Result<Self> {
        let tower = PictureTower::read(recipe, places.data, places.parts, device)?;
        let rows = FeatureCache::new(places.cache, &tower)?.features(pictures, &tower, device)?;
        Ok(Self {
            name: name(recipe.tower).into(),
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
