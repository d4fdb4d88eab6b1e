//! The image towers as steps of a plan.

mod convolution;
mod efficientnet_lite;
mod googlenet;
mod images;
mod statistics;

use emofuse_core::error::Result;

use super::{plan::Plan, weights::Weights};
use crate::bundle::{Bundle, ImageArchitecture};
use efficientnet_lite::EfficientNetLite0;
use googlenet::GoogLeNet;
pub use images::Images;

/// A loaded image tower: where its weights are.
#[derive(Debug)]
pub enum ImageTower {
    /// EfficientNet-Lite0 with the statistics of all stages.
    EfficientNetLite0(EfficientNetLite0),
    /// GoogLeNet.
    GoogLeNet(GoogLeNet),
}

impl ImageTower {
    /// Lays out the tensors below `prefix`.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub fn load(bundle: &Bundle, prefix: &str, image: ImageArchitecture, weights: &mut Weights) -> Result<Self> {
        let preprocessing = &bundle.manifest.preprocessing;
        Ok(match image {
            ImageArchitecture::EfficientnetLite0 => {
                Self::EfficientNetLite0(EfficientNetLite0::load(bundle, prefix, preprocessing, weights)?)
            }
            ImageArchitecture::Googlenet => Self::GoogLeNet(GoogLeNet::load(bundle, prefix, preprocessing, weights)?),
        })
    }

    /// Vectors of four features that the steps make of an image.
    #[must_use]
    pub fn features4(&self) -> u32 {
        match self {
            Self::EfficientNetLite0(_) => efficientnet_lite::FEATURES4,
            Self::GoogLeNet(_) => googlenet::FEATURES4,
        }
    }

    /// Whether means and deviations of the colours follow the features.
    #[must_use]
    pub fn has_colours(&self) -> bool {
        matches!(self, Self::EfficientNetLite0(_))
    }

    /// Rows and columns of cells of the last map of images of a side.
    #[must_use]
    pub fn cells(&self, side: u32) -> u32 {
        match self {
            Self::EfficientNetLite0(_) => efficientnet_lite::cells(side),
            Self::GoogLeNet(_) => googlenet::cells(side),
        }
    }

    /// Adds the steps from pixels to features.
    pub fn plan(&self, plan: &mut Plan, images: Images) {
        match self {
            Self::EfficientNetLite0(tower) => tower.plan(plan, images),
            Self::GoogLeNet(tower) => tower.plan(plan, images),
        }
    }
}
