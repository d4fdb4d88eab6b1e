//! The image tower of a model file by the kernels of the CPU, against the layers of burn with the same weights.

use std::{fs, path::Path};

use burn::tensor::{Device, Distribution, Tensor};
use emofuse::{
    bundle::{Bundle, ImageArchitecture, Precision, tensor_group},
    classifier::Classifier,
    model::{
        efficientnet_lite::{EfficientNetLite0, EfficientNetLite0Config, POOLED, PackedEfficientNetLite0},
        image_features::Layers,
    },
    preprocessing::{Preprocessing, test_card},
};

use crate::untrained;

/// As much as the features may differ, by their length.
const TOLERANCE: f32 = 2e-3;

struct Towers {
    layers: EfficientNetLite0,
    packed: PackedEfficientNetLite0,
}

impl Towers {
    fn new(bundle: &Bundle) -> Self {
        let device = Device::flex();
        let network = EfficientNetLite0Config::new().init(&device);
        Self {
            layers: bundle.load_module(tensor_group::IMAGE, network, &device).unwrap(),
            packed: PackedEfficientNetLite0::load(bundle, tensor_group::IMAGE)
                .unwrap()
                .unwrap(),
        }
    }

    fn assert_agree(&self, planes: &[f32], side: usize, tolerance: f32) {
        let device = Device::flex();
        let expected = self
            .layers
            .features(planes.to_vec(), side as u32, &device, Layers::Keep);
        let found = self
            .packed
            .features(planes.to_vec(), side as u32, &device, Layers::Keep);
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
    let towers = Towers::new(&committed());
    for name in ["meadow_and_thanks", "storm_and_fear", "badge_and_loss"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/posts/{name}/picture.png"));
        let image = emofuse::decode::decode(&fs::read(file).unwrap()).unwrap();
        towers.assert_agree(&Preprocessing::efficientnet_lite().planes(&image), 224, TOLERANCE);
    }
}

#[test]
fn any_side_and_any_planes_will_do() {
    let device = Device::flex();
    device.seed(5);
    let towers = Towers::new(&committed());
    // Of a pixel or two nothing averages out.
    for (side, largest, tolerance) in [
        (1, 1.0, 0.05),
        (2, 1.0, 0.05),
        (33, 1.0, 2.0 * TOLERANCE),
        (97, 100.0, 2.0 * TOLERANCE),
        (160, 1e-6, 2.0 * TOLERANCE),
    ] {
        let planes = Tensor::<1>::random([3 * side * side], Distribution::Uniform(-largest, largest), &device);
        towers.assert_agree(&values(planes), side, tolerance);
    }
    towers.assert_agree(&[0.0; 3 * 48 * 48], 48, 2.0 * TOLERANCE);
}

#[test]
fn an_image_has_the_same_features_alone_among_others_and_with_its_layers_kept() {
    let device = Device::flex();
    let tower = Towers::new(&committed()).packed;
    let planes: Vec<f32> = [100, 224, 300]
        .into_iter()
        .flat_map(|side| Preprocessing::efficientnet_lite().planes(&test_card(side)))
        .collect();
    let together = tower.features(planes.clone(), 224, &device, Layers::Keep);
    let maps = together.layers.unwrap();
    for (index, planes) in planes.chunks_exact(3 * 224 * 224).enumerate() {
        let alone = tower.features(planes.to_vec(), 224, &device, Layers::Drop);
        assert!(alone.layers.is_none());
        assert_eq!(
            values(alone.features),
            values(together.features.clone().narrow(0, index, 1))
        );
        let alone = tower
            .features(planes.to_vec(), 224, &device, Layers::Keep)
            .layers
            .unwrap();
        for ((alone, _), (together, _)) in alone.into_iter().zip(&maps) {
            assert_eq!(values(alone), values(together.clone().narrow(0, index, 1)));
        }
    }
}

#[test]
fn a_tower_in_another_precision_takes_the_layers_of_burn() {
    for precision in [Precision::F16, Precision::F32] {
        let bundle = in_precision(precision);
        let packed = PackedEfficientNetLite0::load(&bundle, tensor_group::IMAGE).unwrap();
        assert!(packed.is_none(), "{precision:?}");
        let classifier = Classifier::load(&bundle.to_bytes(), &Device::flex()).unwrap();
        let found = classifier.classify_blocking(Some(&test_card(50)), None).unwrap();
        assert!((found.scores.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{precision:?}");
    }
}
