//! A whole model with random weights: what a program does with a model can be tested without a trained one.

use std::collections::BTreeMap;

use burn::{nn::LinearConfig, tensor::Device};
use emofuse::{
    Emotion,
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, FusionArchitecture, ImageArchitecture,
        Manifest, Precision, SelfTest, TextArchitecture, TransformerArchitecture, tensor_group,
    },
    classifier::Classifier,
    emotion::EMOTIONS,
    model::{
        fusion::common_space::CommonSpaceConfig, transformer_encoder::TransformerEncoderConfig,
        unimodal::linear::LinearBaselineConfig,
    },
    preprocessing::{Preprocessing, test_card},
    text::Vocabulary,
};

/// The sizes of a model.
#[derive(Clone, Debug)]
pub struct Sizes {
    pub text: TextArchitecture,
    pub d_common: usize,
    /// Of the images, in pixels.
    pub side: u32,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            text: convolution(8, vec![1, 3], 4),
            d_common: 16,
            side: 224,
        }
    }
}

/// A convolutional caption tower.
pub fn convolution(d_word: usize, kernels: Vec<usize>, filters: usize) -> TextArchitecture {
    TextArchitecture::Convolution(ConvolutionArchitecture {
        d_word,
        kernels,
        filters,
        max_tokens: 32,
        n_grams: None,
        standalone_n_grams: None,
    })
}

/// A transformer for captions.
pub fn transformer(config: &TransformerEncoderConfig) -> TextArchitecture {
    let emoji_names = [('😂', "lovely day".to_owned())].into();
    TextArchitecture::Transformer(TransformerArchitecture::new(
        config,
        config.max_positions - 2,
        emoji_names,
    ))
}

/// The bytes of a model file with one image tower or another.
pub fn model(image: ImageArchitecture) -> Vec<u8> {
    model_of(image, &Sizes::default())
}

/// The bytes of a model file of some sizes.
pub fn model_of(image: ImageArchitecture, sizes: &Sizes) -> Vec<u8> {
    let device = Device::default();
    let manifest = manifest(image, sizes);
    let rows = Vocabulary::new(manifest.vocabulary.clone()).unwrap().len();
    let encoder = manifest.architecture.text.init(&device);
    let tower = image.init(&device);
    let labels = LinearConfig::new(encoder.features(), 8).init(&device);
    let fusion = CommonSpaceConfig::new(tower.d_image(), encoder.features())
        .with_d_common(sizes.d_common)
        .with_image_share(0.5)
        .init(&device);
    let classifier = |features: usize| {
        let linear = LinearConfig::new(features, EMOTIONS).init(&device);
        LinearBaselineConfig::new(features).init(&device).with_linear(linear)
    };
    let image = classifier(tower.d_image());
    let caption = classifier(encoder.features());
    let d_word = sizes.text.d_word();
    let words: Vec<f32> = (0..rows * d_word).map(|index| (index as f32).sin()).collect();

    let mut bundle = Bundle::new(manifest);
    bundle
        .insert(tensor_group::WORDS, &[rows, d_word], &words, Precision::Int8)
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
    if let TextArchitecture::Transformer(_) = sizes.text {
        let emotion = LinearConfig::new(encoder.features(), EMOTIONS).init(&device);
        bundle
            .insert_module(tensor_group::CAPTION_EMOTION, &emotion, Precision::Int8)
            .unwrap();
    }
    bundle
        .insert_module(tensor_group::FUSION, &fusion, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::STANDALONE_IMAGE, &image, Precision::F16)
        .unwrap();
    bundle
        .insert_module(tensor_group::STANDALONE_CAPTION, &caption, Precision::F16)
        .unwrap();
    // The scores are those of the file itself.
    let draft = Classifier::load_untested(&bundle.to_bytes(), &device).unwrap();
    let SelfTest {
        caption,
        test_card_side,
        ..
    } = bundle.manifest.self_test.clone();
    let found = draft.classify_blocking(Some(&test_card(test_card_side)), Some(&caption));
    bundle.manifest.self_test.scores = found.unwrap().scores;
    bundle.to_bytes()
}

fn manifest(image: ImageArchitecture, sizes: &Sizes) -> Manifest {
    Manifest {
        id: "untrained".into(),
        labels: Emotion::ALL.to_vec(),
        architecture: Architecture {
            image,
            text: sizes.text.clone(),
            fusion: FusionArchitecture::CommonSpace {
                d_common: sizes.d_common,
                image_share: 0.5,
            },
        },
        preprocessing: Preprocessing {
            resize: sizes.side.max(image.preprocessing().resize * sizes.side / 224),
            crop: sizes.side,
            ..image.preprocessing()
        },
        vocabulary: [
            "what", "a", "lovely", "day", "nothing", "works", "today", "[CLS]", "[SEP]",
        ]
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
