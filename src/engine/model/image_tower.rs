//! The tower for images: one of several convolutional networks, with one way to ask it.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};

use super::{
    channel_means,
    efficientnet_lite::{EfficientNetLite0, features},
    feature_maps::Statistic,
    googlenet::{self, GoogLeNet},
    image_features::{ImageFeatures, Layers},
};

/// A convolutional network and what the fusion reads of an image through it.
#[derive(Module, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a program holds one or two, and a box is no module"
)]
pub enum ImageTower {
    /// The default: features of the last layer, statistics of all stages and of the colours; see
    /// [`features`].
    EfficientNetLite0(EfficientNetLite0),
    /// The paper's own: features of the last layer alone, as in the paper.
    GoogLeNet(GoogLeNet),
}

impl ImageTower {
    /// Length of an image's feature vector.
    #[must_use]
    pub fn d_image(&self) -> usize {
        match self {
            Self::EfficientNetLite0(_) => features::FEATURES,
            Self::GoogLeNet(_) => googlenet::FEATURES,
        }
    }

    /// Runs the network over a batch of images.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    #[must_use]
    pub fn forward(&self, planes: Vec<f32>, side: u32, device: &Device, layers: Layers) -> ImageFeatures {
        match self {
            Self::EfficientNetLite0(network) => network.features(planes, side, device, layers),
            Self::GoogLeNet(network) => {
                let side = side as usize;
                let batch = planes.len() / (3 * side * side);
                let planes = Tensor::from_data(TensorData::new(planes, [batch, 3, side, side]), device);
                let map = network.feature_map(planes);
                ImageFeatures {
                    features: channel_means(map.clone()),
                    layers: (layers == Layers::Keep).then(|| vec![(map, Statistic::Mean)]),
                }
            }
        }
    }

    /// Features of a batch of images.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    /// - output: `[batch, d_image]`
    #[must_use]
    pub fn features(&self, planes: Vec<f32>, side: u32, device: &Device) -> Tensor<2> {
        self.forward(planes, side, device, Layers::Drop).features
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, Tolerance};

    use super::*;
    use crate::model::{efficientnet_lite::EfficientNetLite0Config, googlenet::GoogLeNetConfig};

    const SIDE: usize = 64;

    fn towers(device: &Device) -> [ImageTower; 2] {
        device.seed(7);
        [
            ImageTower::EfficientNetLite0(EfficientNetLite0Config::new().init(device)),
            ImageTower::GoogLeNet(GoogLeNetConfig::new().init(device)),
        ]
    }

    fn noise(images: usize, side: usize, device: &Device) -> Vec<f32> {
        Tensor::<1>::random([images * 3 * side * side], Distribution::Uniform(-1.0, 1.0), device)
            .into_data()
            .try_to_vec()
            .unwrap()
    }

    #[test]
    fn either_tower_gives_as_many_features_as_it_says_for_every_image() {
        let device = Device::flex();
        for tower in towers(&device) {
            for images in [1, 3] {
                let features = tower.features(vec![0.5; images * 3 * SIDE * SIDE], SIDE as u32, &device);
                assert_eq!(features.dims(), [images, tower.d_image()]);
            }
        }
    }

    #[test]
    fn a_feature_is_the_mean_of_its_map() {
        let device = Device::flex();
        for tower in towers(&device) {
            // Sides that are no multiples of each other, and such that are.
            for side in [SIDE, 97] {
                let seen = tower.forward(noise(2, side, &device), side as u32, &device, Layers::Keep);
                let maps = seen.maps(1).expect("they were kept");
                assert_eq!(maps.dims()[..2], [1, tower.d_image()]);
                let expected = seen.features.clone().narrow(0, 1, 1);
                channel_means(maps)
                    .into_data()
                    .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::relative(1e-3).set_absolute(1e-4));
            }
        }
    }

    #[test]
    fn a_batch_of_one_equals_its_row_of_many() {
        let device = Device::flex();
        for tower in towers(&device) {
            let planes = noise(3, SIDE, &device);
            let many = tower.features(planes.clone(), SIDE as u32, &device);
            let one = planes[3 * SIDE * SIDE..2 * 3 * SIDE * SIDE].to_vec();
            tower
                .features(one, SIDE as u32, &device)
                .into_data()
                .assert_approx_eq::<f32>(&many.narrow(0, 1, 1).into_data(), Tolerance::absolute(1e-5));
        }
    }
}
