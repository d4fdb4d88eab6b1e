//! The tower for pictures: one of several convolutional networks, with one way to ask it.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};

use super::{
    efficientnet_lite::EfficientNetLite0,
    googlenet::{self, GoogLeNet},
    picture_features::{self, PICTURE_FEATURES},
};

/// A convolutional network and what the fusion reads of a picture through it.
#[derive(Module, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a program holds one or two, and a box is no module"
)]
pub enum ImageTower {
    /// The default: features of the last layer, statistics of all stages and of the colours; see
    /// [`picture_features`].
    EfficientNetLite0(EfficientNetLite0),
    /// The paper's own: features of the last layer alone, as in the paper.
    GoogLeNet(GoogLeNet),
}

impl ImageTower {
    /// Length of a picture's feature vector.
    #[must_use]
    pub fn d_image(&self) -> usize {
        match self {
            Self::EfficientNetLite0(_) => PICTURE_FEATURES,
            Self::GoogLeNet(_) => googlenet::FEATURES,
        }
    }

    /// Features of one picture.
    ///
    /// # Shapes
    /// - planes: `[3, side, side]`, flat
    /// - output: `[1, d_image]`
    #[must_use]
    pub fn features(&self, planes: Vec<f32>, side: u32, device: &Device) -> Tensor<2> {
        match self {
            Self::EfficientNetLite0(network) => picture_features::extract(network, planes, side, device),
            Self::GoogLeNet(network) => {
                let side = side as usize;
                network.forward(Tensor::from_data(TensorData::new(planes, [1, 3, side, side]), device))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{efficientnet_lite::EfficientNetLite0Config, googlenet::GoogLeNetConfig};

    #[test]
    fn either_tower_gives_as_many_features_as_it_says() {
        let device = Device::flex();
        for tower in [
            ImageTower::EfficientNetLite0(EfficientNetLite0Config::new().init(&device)),
            ImageTower::GoogLeNet(GoogLeNetConfig::new().init(&device)),
        ] {
            let features = tower.features(vec![0.5; 3 * 64 * 64], 64, &device);
            assert_eq!(features.dims(), [1, tower.d_image()]);
        }
    }
}
