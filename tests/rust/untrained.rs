//! A whole model with random weights: what a program does with a model can be tested without a trained one.

use std::collections::BTreeMap;

use burn::{nn::LinearConfig, tensor::Device};
use emofuse::{
    Emotion,
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, FusionArchitecture, ImageArchitecture,
        Manifest, Precision, SelfTest, TextArchitecture,
    },
    classifier::tensor_group,
    model::{fusion::common_space::CommonSpaceConfig, unimodal::linear::LinearBaselineConfig},
    text::Vocabulary,
};

const D_WORD: usize = 8;
const FILTERS: usize = 4;
const D_COMMON: usize = 16;

/// The bytes of a model file with one image tower or another.
pub fn model(image: ImageArchitecture) -> Vec<u8> {
    let device = Device::default();
    let manifest = manifest(image);
    let rows = Vocabulary::new(manifest.vocabulary.clone()).unwrap().len();
    let encoder = manifest.architecture.text.init(&device);
    let tower = image.init(&device);
    let labels = LinearConfig::new(encoder.features(), 8).init(&device);
    let fusion = CommonSpaceConfig::new(tower.d_image(), encoder.features())
        .with_d_common(D_COMMON)
        .with_image_share(0.5)
        .init(&device);
    let image = LinearBaselineConfig::new(tower.d_image()).init(&device);
    let caption = LinearBaselineConfig::new(encoder.features()).init(&device);
    let words: Vec<f32> = (0..rows * D_WORD).map(|index| (index as f32).sin()).collect();

    let mut bundle = Bundle::new(manifest);
    bundle
        .insert(tensor_group::WORDS, &[rows, D_WORD], &words, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::IMAGE, &tower, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::CAPTION, &encoder, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::CAPTION_LABELS, &labels, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::FUSION, &fusion, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::STANDALONE_IMAGE, &image, Precision::F16)
        .unwrap();
    bundle
        .insert_module(tensor_group::STANDALONE_CAPTION, &caption, Precision::F16)
        .unwrap();
    bundle.to_bytes()
}

fn manifest(image: ImageArchitecture) -> Manifest {
    Manifest {
        id: "untrained".into(),
        labels: Emotion::ALL.to_vec(),
        architecture: Architecture {
            image,
            text: TextArchitecture::Convolution(ConvolutionArchitecture {
                d_word: D_WORD,
                kernels: vec![1, 3],
                filters: FILTERS,
                max_tokens: 32,
                n_grams: None,
                standalone_n_grams: None,
            }),
            fusion: FusionArchitecture::CommonSpace {
                d_common: D_COMMON,
                image_share: 0.5,
            },
        },
        preprocessing: image.preprocessing(),
        vocabulary: ["what", "a", "lovely", "day", "nothing", "works", "today"]
            .map(String::from)
            .to_vec(),
        calibration: Calibration::all(Calibrated {
            temperature: 1.0,
            uncertain_below: 1.0,
            secondary_from: 1.0,
        }),
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
