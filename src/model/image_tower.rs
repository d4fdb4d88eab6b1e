//! The tower for pictures: one of several convolutional networks, with one way to ask it.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};

use super::{
    channel_means,
    efficientnet_lite::EfficientNetLite0,
    feature_maps::Statistic,
    googlenet::{self, GoogLeNet},
    picture_features::{self, PICTURE_FEATURES},
};

/// What a tower makes of a batch of pictures.
#[derive(Clone, Debug)]
pub struct SeenPictures {
    /// The feature vectors: `[batch, d_image]`.
    pub features: Tensor<2>,
    /// What the features are statistics of, in their order: `[batch, channels, height, width]`, the last feature map
    /// first; `None` where they were dropped.
    pub layers: Option<Vec<(Tensor<4>, Statistic)>>,
}

/// What becomes of the layers that features are statistics of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layers {
    /// Their memory is used again at once, which is faster.
    Drop,
    /// They are kept for [`SeenPictures::maps`].
    Keep,
}

impl SeenPictures {
    /// The features of one of the pictures, each spread over the cells of the last feature map: its mean is the feature.
    /// `None` where the layers were dropped.
    ///
    /// # Shapes
    /// - output: `[1, d_image, height, width]`
    #[must_use]
    pub fn maps(&self, picture: usize) -> Option<Tensor<4>> {
        let layers = self.layers.as_deref()?;
        let [_, _, height, width] = layers.first()?.0.dims();
        let maps = layers.iter().map(|(planes, statistic)| {
            let planes = planes.clone().narrow(0, picture, 1);
            statistic.map(planes, [height, width])
        });
        Some(Tensor::cat(maps.collect(), 1))
    }
}

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

    /// Runs the network over a batch of pictures.
    ///
    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    #[must_use]
    pub fn forward(&self, planes: Vec<f32>, side: u32, device: &Device, layers: Layers) -> SeenPictures {
        match self {
            Self::EfficientNetLite0(network) => picture_features::extract(network, planes, side, device, layers),
            Self::GoogLeNet(network) => {
                let side = side as usize;
                let batch = planes.len() / (3 * side * side);
                let planes = Tensor::from_data(TensorData::new(planes, [batch, 3, side, side]), device);
                let map = network.feature_map(planes);
                SeenPictures {
                    features: channel_means(map.clone()),
                    layers: (layers == Layers::Keep).then(|| vec![(map, Statistic::Mean)]),
                }
            }
        }
    }

    /// Features of a batch of pictures.
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

    fn noise(pictures: usize, side: usize, device: &Device) -> Vec<f32> {
        Tensor::<1>::random([pictures * 3 * side * side], Distribution::Uniform(-1.0, 1.0), device)
            .into_data()
            .try_to_vec()
            .unwrap()
    }

    #[test]
    fn either_tower_gives_as_many_features_as_it_says_for_every_picture() {
        let device = Device::flex();
        for tower in towers(&device) {
            for pictures in [1, 3] {
                let features = tower.features(vec![0.5; pictures * 3 * SIDE * SIDE], SIDE as u32, &device);
                assert_eq!(features.dims(), [pictures, tower.d_image()]);
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
