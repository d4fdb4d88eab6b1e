//! Whole models with random weights: what a program does with a model can be tested without a trained one.

use std::collections::BTreeMap;

use burn::{
    module::{Module, ModuleMapper, Param},
    nn::LinearConfig,
    tensor::{Device, Distribution, Tensor},
};
use emofuse::{
    LabelSet,
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, FastTextArchitecture,
        FusionArchitecture, ImageArchitecture, Manifest, Precision, SelfTest, TextArchitecture,
        TransformerArchitecture, tensor_group,
    },
    classifier::Classifier,
    model::{
        fusion::{Modality, common_space::CommonSpaceConfig, early::EarlyConfig, joint::JointConfig, late::LateConfig},
        transformer_encoder::TransformerEncoderConfig,
        unimodal::{fasttext::FastTextConfig, linear::LinearBaselineConfig},
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
    pub labels: LabelSet,
    /// The system; the common space if it is left out, with classifiers of its own for what stands alone.
    pub system: Option<FusionArchitecture>,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            text: convolution(8, vec![1, 3], 4),
            d_common: 16,
            side: 224,
            labels: LabelSet::plutchik(),
            system: None,
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

/// The mean of the vectors of words and bigrams.
pub fn fasttext(d_word: usize) -> TextArchitecture {
    TextArchitecture::FastText(FastTextArchitecture {
        d_word,
        buckets: 50,
        max_tokens: 32,
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

/// Gives every parameter random numbers.
struct Random;

impl ModuleMapper for Random {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        Param::from_tensor(param.val().random_like(Distribution::Uniform(-0.03, 0.03)))
    }
}

fn random<M: Module>(module: M) -> M {
    module.map(&mut Random)
}

/// Means and deviations of features.
fn statistics(features: usize, device: &Device) -> [Tensor<1>; 2] {
    [Tensor::zeros([features], device), Tensor::ones([features], device)]
}

/// The bytes of a model file of some sizes.
pub fn model_of(image: ImageArchitecture, sizes: &Sizes) -> Vec<u8> {
    let device = Device::default();
    let manifest = manifest(image, sizes);
    let labels = sizes.labels.len();
    let mut bundle = Bundle::new(manifest.clone());
    let d_image = manifest.architecture.d_image().unwrap_or_default();
    let d_caption = manifest.architecture.d_caption().unwrap_or_default();
    if let Some(image) = manifest.architecture.image {
        bundle
            .insert_module(tensor_group::IMAGE, &image.init(&device), Precision::Int8)
            .unwrap();
    }
    if let Some(text) = &manifest.architecture.text {
        let rows = Vocabulary::new(manifest.vocabulary.clone()).unwrap().len() + text.more_rows();
        let d_word = text.d_word();
        let words: Vec<f32> = (0..rows * d_word).map(|index| (index as f32).sin()).collect();
        bundle
            .insert(tensor_group::WORDS, &[rows, d_word], &words, Precision::Int8)
            .unwrap();
        bundle
            .insert_module(tensor_group::CAPTION, &text.init(&device), Precision::Int8)
            .unwrap();
    }
    insert_system(&mut bundle, [d_image, d_caption, labels], &device);
    if sizes.system.is_none() {
        let own = |outputs: usize| LinearConfig::new(d_caption, outputs).init(&device);
        let several = own(manifest.caption_thresholds.len());
        bundle
            .insert_module(tensor_group::CAPTION_LABELS, &several, Precision::Int8)
            .unwrap();
        if let TextArchitecture::Transformer(_) = sizes.text {
            bundle
                .insert_module(tensor_group::CAPTION_EMOTION, &own(labels), Precision::Int8)
                .unwrap();
        }
        for (group, features) in [
            (tensor_group::STANDALONE_IMAGE, d_image),
            (tensor_group::STANDALONE_CAPTION, d_caption),
        ] {
            let linear = LinearConfig::new(features, labels).init(&device);
            let classifier = LinearBaselineConfig::new(features, labels).init(&device);
            bundle
                .insert_module(group, &classifier.with_linear(linear), Precision::F16)
                .unwrap();
        }
    }
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

fn insert_system(bundle: &mut Bundle, [d_image, d_caption, labels]: [usize; 3], device: &Device) {
    let architecture = bundle.manifest.architecture.clone();
    let mut insert = |inserted: &dyn Fn(&mut Bundle) -> emofuse::Result<()>| inserted(bundle).unwrap();
    let group = tensor_group::FUSION;
    let (image, caption) = (statistics(d_image, device), statistics(d_caption, device));
    match architecture.fusion {
        FusionArchitecture::CommonSpace { d_common, image_share } => {
            let fusion = CommonSpaceConfig::new(d_image, d_caption, labels)
                .with_d_common(d_common)
                .with_image_share(image_share)
                .init(device);
            insert(&|bundle| bundle.insert_module(group, &fusion, Precision::Int8));
        }
        FusionArchitecture::Joint { pooling } => {
            let fusion = random(JointConfig::new(d_image, d_caption, labels, pooling).init(device));
            let fusion = fusion.with_statistics(image, caption);
            insert(&|bundle| bundle.insert_module(group, &fusion, Precision::F16));
        }
        FusionArchitecture::Early => {
            let fusion = random(EarlyConfig::new(d_image, d_caption, labels).init(device));
            let fusion = fusion.with_statistics(image, caption);
            insert(&|bundle| bundle.insert_module(group, &fusion, Precision::F16));
        }
        FusionArchitecture::Late { weighting } => {
            let fusion = random(LateConfig::new(d_image, d_caption, labels, weighting).init(device));
            let fusion = fusion.with_statistics(image, caption);
            insert(&|bundle| bundle.insert_module(group, &fusion, Precision::F16));
        }
        FusionArchitecture::Caption if architecture.system() == "fasttext" => {
            let fusion = random(FastTextConfig::new(labels).with_d_word(d_caption).init(device));
            insert(&|bundle| bundle.insert_module(group, &fusion, Precision::F16));
        }
        FusionArchitecture::Image | FusionArchitecture::Caption => {
            let (features, statistics) = match architecture.fusion.reads() {
                Modality::Caption => (d_caption, caption),
                _ => (d_image, image),
            };
            let fusion = random(LinearBaselineConfig::new(features, labels).init(device));
            let fusion = fusion.with_statistics(statistics);
            insert(&|bundle| bundle.insert_module(group, &fusion, Precision::F16));
        }
    }
}

fn manifest(image: ImageArchitecture, sizes: &Sizes) -> Manifest {
    let fusion = sizes.system.unwrap_or(FusionArchitecture::CommonSpace {
        d_common: sizes.d_common,
        image_share: 0.5,
    });
    Manifest {
        id: "untrained".into(),
        labels: sizes.labels.clone(),
        architecture: Architecture {
            image: (fusion.reads() != Modality::Caption).then_some(image),
            text: (fusion.reads() != Modality::Image).then(|| sizes.text.clone()),
            fusion,
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
        companions: Vec::new(),
        caption_thresholds: match sizes.system {
            None => vec![0.5; sizes.labels.primary().count()],
            Some(_) => Vec::new(),
        },
        self_test: SelfTest {
            caption: "lovely".into(),
            test_card_side: 224,
            scores: vec![0.0; sizes.labels.len()],
            tolerance: 2e-3,
        },
        provenance: BTreeMap::new(),
    }
}
