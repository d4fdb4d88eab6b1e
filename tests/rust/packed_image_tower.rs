//! The image tower of a model file by the kernels of the CPU, against the layers of burn with the same weights.

use std::{fs, path::Path};

use burn::tensor::{Device, Tensor};
use emofuse::{
    bundle::{Bundle, ImageArchitecture, Precision, tensor_group},
    classifier::Classifier,
    model::{
        efficientnet_lite::{EfficientNetLite0, EfficientNetLite0Config, POOLED, PackedEfficientNetLite0},
        image_features::Layers,
    },
    preprocessing::{Preprocessing, Square, test_card},
};

use crate::untrained;

/// As much as the features may differ, by their length.
const TOLERANCE: f32 = 2e-3;

struct Towers {
    layers: EfficientNetLite0,
    packed: PackedEfficientNetLite0,
    preprocessing: Preprocessing,
}

impl Towers {
    fn new(bundle: &Bundle, preprocessing: Preprocessing) -> Self {
        let device = Device::flex();
        let network = EfficientNetLite0Config::new().init(&device);
        Self {
            layers: bundle.load_module(tensor_group::IMAGE, network, &device).unwrap(),
            packed: PackedEfficientNetLite0::load(bundle, tensor_group::IMAGE, &preprocessing)
                .unwrap()
                .unwrap(),
            preprocessing,
        }
    }

    fn assert_agree(&self, image: &Square, tolerance: f32) {
        let device = Device::flex();
        let side = image.side;
        let planes = self.preprocessing.planes_of(image);
        let expected = self.layers.features(planes, side, &device, Layers::Keep);
        let found = self.packed.features(std::slice::from_ref(image), &device, Layers::Keep);
        let (found_features, expected_features) = (values(found.features), values(expected.features));
        assert_eq!(found_features.len(), expected_features.len());
        let (pooled, statistics) = found_features.split_at(POOLED);
        let (expected_pooled, expected_statistics) = expected_features.split_at(POOLED);
        for (found, expected) in [(pooled, expected_pooled), (statistics, expected_statistics)] {
            let distance = relative_distance(found, expected);
            println!("side {side}: {distance:e}");
            assert!(distance <= tolerance, "side {side}: {distance}");
        }
        let (found, expected) = (found.layers.unwrap(), expected.layers.unwrap());
        assert_eq!(found.len(), expected.len());
        for ((found, statistic), (expected, of)) in found.into_iter().zip(expected) {
            assert_eq!((found.dims(), statistic), (expected.dims(), of));
            let distance = relative_distance(&values(found), &values(expected));
            assert!(distance <= tolerance, "side {side}: a layer is off by {distance}");
        }
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn relative_distance(found: &[f32], expected: &[f32]) -> f32 {
    let squares = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
    let difference = squares(&mut found.iter().zip(expected).map(|(found, expected)| found - expected));
    // All are 0 in the deviations of a single pixel.
    (difference / squares(&mut expected.iter().copied()).max(1e-20)).sqrt()
}

fn committed() -> Bundle {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/model/emofuse-default.emofuse");
    Bundle::from_bytes(&fs::read(file).unwrap()).unwrap()
}

fn untrained() -> Bundle {
    Bundle::from_bytes(&untrained::model(ImageArchitecture::EfficientnetLite0)).unwrap()
}

/// The untrained model with its tower in another precision.
fn in_precision(precision: Precision) -> Bundle {
    let mut bundle = untrained();
    let tower = ImageArchitecture::EfficientnetLite0.init(&Device::flex());
    bundle.insert_module(tensor_group::IMAGE, &tower, precision).unwrap();
    bundle
}

#[test]
fn images_have_the_features_and_layers_that_burns_layers_give_them() {
    let towers = Towers::new(&committed(), Preprocessing::efficientnet_lite());
    for name in ["meadow_and_thanks", "storm_and_fear", "badge_and_loss"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/posts/{name}/picture.png"));
        let image = emofuse::decode::decode(&fs::read(file).unwrap()).unwrap();
        towers.assert_agree(&towers.preprocessing.square(&image), TOLERANCE);
    }
}

#[test]
fn any_side_any_pixels_and_any_preprocessing_will_do() {
    let committed = committed();
    for preprocessing in [Preprocessing::efficientnet_lite(), Preprocessing::googlenet()] {
        let towers = Towers::new(&committed, preprocessing);
        // Of a pixel or two nothing averages out.
        for (side, tolerance) in [
            (1, 0.1),
            (2, 0.1),
            (33, 2.0 * TOLERANCE),
            (97, 2.0 * TOLERANCE),
            (160, 2.0 * TOLERANCE),
        ] {
            towers.assert_agree(&noise(side), tolerance);
        }
    }
    let towers = Towers::new(&committed, Preprocessing::efficientnet_lite());
    for level in [0, 127, 255] {
        let pixels = vec![[level; 4]; 48 * 48];
        towers.assert_agree(&Square { side: 48, pixels }, 2.0 * TOLERANCE);
    }
}

/// Pixels that look like chance.
fn noise(side: u32) -> Square {
    let mut state = 5_u32;
    let pixels = (0..side * side).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, red, green, blue] = state.to_le_bytes();
        [red, green, blue, 255]
    });
    Square {
        side,
        pixels: pixels.collect(),
    }
}

#[test]
fn an_image_has_the_same_features_alone_among_others_and_with_its_layers_kept() {
    let device = Device::flex();
    let Towers {
        packed: tower,
        preprocessing,
        ..
    } = Towers::new(&committed(), Preprocessing::efficientnet_lite());
    let images = [100, 224, 300].map(|side| preprocessing.square(&test_card(side)));
    let together = tower.features(&images, &device, Layers::Keep);
    let maps = together.layers.unwrap();
    for (index, image) in images.iter().enumerate() {
        let image = std::slice::from_ref(image);
        let alone = tower.features(image, &device, Layers::Drop);
        assert!(alone.layers.is_none());
        assert_eq!(
            values(alone.features),
            values(together.features.clone().narrow(0, index, 1))
        );
        let alone = tower.features(image, &device, Layers::Keep).layers.unwrap();
        for ((alone, _), (together, _)) in alone.into_iter().zip(&maps) {
            assert_eq!(values(alone), values(together.clone().narrow(0, index, 1)));
        }
    }
}

#[test]
fn a_tower_in_another_precision_takes_the_layers_of_burn() {
    for precision in [Precision::F16, Precision::F32] {
        let bundle = in_precision(precision);
        let preprocessing = &bundle.manifest.preprocessing;
        let packed = PackedEfficientNetLite0::load(&bundle, tensor_group::IMAGE, preprocessing).unwrap();
        assert!(packed.is_none(), "{precision:?}");
        let classifier = Classifier::load_untested(&bundle.to_bytes(), &Device::flex()).unwrap();
        let found = classifier.classify_blocking(Some(&test_card(50)), None).unwrap();
        assert!((found.scores.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{precision:?}");
    }
}
