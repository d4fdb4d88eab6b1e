//! A whole model with random weights: what a program does with a model can be tested without a trained one.

use std::collections::BTreeMap;

use burn::{nn::LinearConfig, tensor::Device};
use emofuse::{
    Emotion,
    bundle::{
        Architecture, Bundle, Calibration, FusionArchitecture, ImageArchitecture, Manifest, PerKind, Precision,
        SelfTest, TextArchitecture,
    },
    classifier::part,
    image::Preprocessing,
    model::{
        efficientnet_lite::EfficientNetLite0Config,
        fusion::common_space::{Activation, CommonSpaceConfig},
        picture_features::PICTURE_FEATURES,
        text_encoder::TextEncoderConfig,
    },
    text::Vocabulary,
};

const D_WORD: usize = 8;
const FILTERS: usize = 4;
const D_COMMON: usize = 16;

/// The bytes of a model file.
pub fn model() -> Vec<u8> {
    let device = Device::default();
    let manifest = manifest();
    let rows = Vocabulary::new(manifest.vocabulary.clone()).unwrap().len();
    let encoder = TextEncoderConfig::new()
        .with_d_word(D_WORD)
        .with_kernels(manifest.architecture.text.kernels.clone())
        .with_filters(FILTERS)
        .init(&device);
    let labels = LinearConfig::new(encoder.features(), 8).init(&device);
    let fusion = CommonSpaceConfig::new(PICTURE_FEATURES, encoder.features())
        .with_d_common(D_COMMON)
        .init(&device);
    let words: Vec<f32> = (0..rows * D_WORD).map(|index| (index as f32).sin()).collect();

    let mut bundle = Bundle::new(manifest);
    bundle
        .insert(part::WORDS, &[rows, D_WORD], &words, Precision::Int8)
        .unwrap();
    let tower = EfficientNetLite0Config::new().init(&device);
    bundle.insert_module(part::IMAGE, &tower, Precision::Int8).unwrap();
    bundle.insert_module(part::CAPTION, &encoder, Precision::Int8).unwrap();
    bundle
        .insert_module(part::CAPTION_LABELS, &labels, Precision::Int8)
        .unwrap();
    bundle.insert_module(part::FUSION, &fusion, Precision::Int8).unwrap();
    bundle.to_bytes()
}

fn manifest() -> Manifest {
    let per_kind = |value| PerKind {
        both: value,
        image: value,
        caption: value,
    };
    Manifest {
        id: "untrained".into(),
        labels: Emotion::ALL.to_vec(),
        architecture: Architecture {
            image: ImageArchitecture::EfficientnetLite0,
            text: TextArchitecture {
                d_word: D_WORD,
                kernels: vec![1, 3],
                filters: FILTERS,
                max_tokens: 32,
            },
            fusion: FusionArchitecture::CommonSpace {
                d_common: D_COMMON,
                activation: Activation::Tanh,
            },
        },
        preprocessing: Preprocessing::efficientnet_lite(),
        vocabulary: ["what", "a", "lovely", "day", "nothing", "works", "today"]
            .map(String::from)
            .to_vec(),
        calibration: Calibration {
            temperature: per_kind(1.0),
            uncertain_below: per_kind(1.0),
        },
        caption_thresholds: [0.5; 8],
        self_test: SelfTest {
            caption: "lovely".into(),
            test_card_side: 224,
            scores: [0.0; 9],
            tolerance: 2e-3,
        },
        provenance: BTreeMap::new(),
    }
}
