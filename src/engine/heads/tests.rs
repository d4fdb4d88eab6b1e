//! Every head against burn's module of the same system, on random weights and for every modality.

use std::collections::BTreeMap;

use burn::{
    module::{Module, ModuleMapper, Param},
    nn::LinearConfig,
    tensor::{Device, Distribution, Tensor, TensorData},
};
use emofuse_core::{Error, LabelSet};
use proptest::prelude::*;

use super::{Head, Heads};
use crate::{
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, FastTextArchitecture,
        FusionArchitecture, ImageArchitecture, Manifest, Precision, SelfTest, TextArchitecture, tensor_group,
    },
    model::{
        fusion::{
            ByModality, Modality,
            common_space::CommonSpaceConfig,
            early::EarlyConfig,
            joint::JointConfig,
            late::{Combination, LateConfig},
        },
        googlenet::FEATURES as D_IMAGE,
        pooling::Pooling,
        unimodal::{fasttext::FastTextConfig, linear::LinearBaselineConfig},
    },
    preprocessing::Preprocessing,
    request::CellFeatures,
};

const D_CAPTION: usize = 5;
const D_COMMON: usize = 4;
const IMAGE_SHARE: f32 = 0.7;
const CELLS: usize = 6;

type Sides = ByModality<Tensor<2>>;

/// burn's module of a system: logits of features.
type Reference = Box<dyn Fn(Sides) -> Tensor<2>>;

fn systems() -> Vec<FusionArchitecture> {
    let mut systems = vec![
        FusionArchitecture::CommonSpace {
            d_common: D_COMMON,
            image_share: IMAGE_SHARE,
        },
        FusionArchitecture::Early,
        FusionArchitecture::Image,
        FusionArchitecture::Caption,
    ];
    systems.extend(Pooling::ALL.map(|pooling| FusionArchitecture::Joint { pooling }));
    systems.extend(Combination::ALL.map(|weighting| FusionArchitecture::Late { weighting }));
    systems
}

/// Whether the heat map is exact, of a post with both sides.
fn is_linear_in_the_image(fusion: FusionArchitecture) -> bool {
    !matches!(
        fusion,
        FusionArchitecture::Joint { pooling: Pooling::Max }
            | FusionArchitecture::Late {
                weighting: Combination::Mean
            }
    )
}

fn convolution() -> TextArchitecture {
    TextArchitecture::Convolution(ConvolutionArchitecture {
        d_word: 3,
        kernels: vec![1],
        filters: 2,
        max_tokens: 8,
        n_grams: None,
        standalone_n_grams: None,
    })
}

fn bundle(fusion: FusionArchitecture, text: TextArchitecture, labels: usize) -> Bundle {
    let names = (0..labels).map(|label| format!("label {label}"));
    let calibrated = Calibrated::NONE;
    Bundle::new(Manifest {
        id: "random".into(),
        labels: LabelSet::from_names(names, None).unwrap(),
        architecture: Architecture {
            image: Some(ImageArchitecture::Googlenet),
            text: Some(text),
            fusion,
        },
        preprocessing: Preprocessing::googlenet(),
        vocabulary: Vec::new(),
        calibration: Calibration::all(calibrated),
        companions: Vec::new(),
        caption_thresholds: Vec::new(),
        self_test: SelfTest {
            caption: String::new(),
            test_card_side: 1,
            scores: vec![0.0; labels],
            tolerance: 0.0,
        },
        provenance: BTreeMap::new(),
    })
}

/// Gives every parameter random numbers.
struct Random;

impl ModuleMapper for Random {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        Param::from_tensor(param.val().random_like(Distribution::Uniform(-0.5, 0.5)))
    }
}

fn random<M: Module>(module: M) -> M {
    module.map(&mut Random)
}

fn noise<const D: usize>(shape: [usize; D], low: f64, high: f64) -> Tensor<D> {
    Tensor::random(shape, Distribution::Uniform(low, high), &Device::flex())
}

/// Means and deviations so large that no feature is at the limit, or so small that many are.
fn statistics(features: usize, scale: f64) -> [Tensor<1>; 2] {
    [noise([features], -0.5, 0.5), noise([features], 0.5 * scale, scale)]
}

/// The heads of a system with random weights, and burn's module with the same.
fn system(fusion: FusionArchitecture, labels: usize, scale: f64) -> (Heads, Reference) {
    let device = Device::flex();
    let mut bundle = bundle(fusion, convolution(), labels);
    let both = || (statistics(D_IMAGE, scale), statistics(D_CAPTION, scale));
    let group = tensor_group::FUSION;
    let reference: Reference = match fusion {
        FusionArchitecture::CommonSpace { .. } => {
            let config = CommonSpaceConfig::new(D_IMAGE, D_CAPTION, labels);
            let module = config
                .with_d_common(D_COMMON)
                .with_image_share(IMAGE_SHARE)
                .init(&device);
            let (image, caption) = both();
            let module = random(module).with_statistics(image, caption);
            bundle.insert_module(group, &module, Precision::F32).unwrap();
            Box::new(move |sides| {
                let kind = sides.kind();
                let vectors = match sides.map(|image| module.image(image), |caption| module.caption(caption)) {
                    ByModality::Both { image, caption } => module.both(image, caption),
                    ByModality::Image(vectors) | ByModality::Caption(vectors) => vectors,
                };
                module.logits(vectors, kind)
            })
        }
        FusionArchitecture::Joint { pooling } => {
            let (image, caption) = both();
            let module = random(JointConfig::new(D_IMAGE, D_CAPTION, labels, pooling).init(&device));
            let module = module.with_statistics(image, caption);
            bundle.insert_module(group, &module, Precision::F32).unwrap();
            Box::new(move |sides| {
                module.logits(sides.map(|image| module.image(image), |caption| module.caption(caption)))
            })
        }
        FusionArchitecture::Early => {
            let (image, caption) = both();
            let module = random(EarlyConfig::new(D_IMAGE, D_CAPTION, labels).init(&device));
            let module = module.with_statistics(image, caption);
            bundle.insert_module(group, &module, Precision::F32).unwrap();
            Box::new(move |sides| {
                module.logits(sides.map(|image| module.image(image), |caption| module.caption(caption)))
            })
        }
        FusionArchitecture::Late { weighting } => {
            let (image, caption) = both();
            let module = random(LateConfig::new(D_IMAGE, D_CAPTION, labels, weighting).init(&device));
            let module = module.with_statistics(image, caption);
            bundle.insert_module(group, &module, Precision::F32).unwrap();
            Box::new(move |sides| {
                module.logits(sides.map(|image| module.image(image), |caption| module.caption(caption)))
            })
        }
        FusionArchitecture::Image | FusionArchitecture::Caption => {
            let is_of_images = fusion == FusionArchitecture::Image;
            let features = if is_of_images { D_IMAGE } else { D_CAPTION };
            let module = random(LinearBaselineConfig::new(features, labels).init(&device));
            let module = module.with_statistics(statistics(features, scale));
            bundle.insert_module(group, &module, Precision::F32).unwrap();
            Box::new(move |sides| {
                let side = if is_of_images { sides.image() } else { sides.caption() };
                module.forward(side.expect("the side that it reads"))
            })
        }
    };
    (Heads::load(&bundle).unwrap(), reference)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

fn row(values: &[f32]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [1, values.len()]), &Device::flex())
}

fn slices<'a>(image: &'a [f32], caption: &'a [f32]) -> ByModality<&'a [f32]> {
    ByModality::Both { image, caption }
}

fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= tolerance * largest,
            "{what}: {found}, expected {expected}"
        );
    }
}

/// Weights of labels that add up to 0.
fn contrast(labels: usize) -> Vec<f32> {
    let mut contrast = values(noise([labels], -1.0, 1.0));
    let mean = contrast.iter().sum::<f32>() / labels as f32;
    contrast.iter_mut().for_each(|value| *value -= mean);
    contrast
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn every_system_answers_as_its_module_of_burn_whatever_side_is_missing(
        labels in 2_usize..=64,
        scale in prop::sample::select(vec![0.05, 2.0]),
        seed in any::<u64>(),
    ) {
        Device::flex().seed(seed);
        for fusion in systems() {
            let (heads, reference) = system(fusion, labels, scale);
            let (image, caption) = (values(noise([D_IMAGE], -2.0, 2.0)), values(noise([D_CAPTION], -2.0, 2.0)));
            for kind in Modality::ALL {
                let features = slices(&image, &caption).only(kind).expect("both are there");
                let found = heads.logits(Head::System, features);
                if fusion.reads() != Modality::Both && features.only(fusion.reads()).is_none() {
                    prop_assert!(matches!(found, Err(Error::ModalityMissing { .. })), "{fusion:?} {kind:?}");
                    continue;
                }
                let expected = values(reference(features.map(row, row)));
                assert_close(&found.unwrap(), &expected, 2e-5, &format!("{fusion:?} {kind:?}"));
            }
        }
    }

    #[test]
    fn cells_have_what_is_lost_without_them_and_add_up_where_the_system_is_linear(
        labels in 2_usize..=12,
        seed in any::<u64>(),
    ) {
        Device::flex().seed(seed);
        for fusion in systems().into_iter().filter(|fusion| fusion.reads() != Modality::Caption) {
            // No feature is at the limit, so that a cell's part in a feature is its part in the mean.
            let (heads, reference) = system(fusion, labels, 8.0);
            let cells = CellFeatures {
                height: 2,
                width: CELLS / 2,
                features: values(noise([CELLS * D_IMAGE], -2.0, 2.0)),
            };
            let mut image = vec![0.0; D_IMAGE];
            for cell in cells.rows() {
                image.iter_mut().zip(cell).for_each(|(mean, value)| *mean += value / CELLS as f32);
            }
            let caption = values(noise([D_CAPTION], -2.0, 2.0));
            let contrast = contrast(labels);
            let means = heads.system.image_standardiser().expect("it reads images").mean().to_vec();
            for kind in [Modality::Both, Modality::Image] {
                let what = format!("{fusion:?} {kind:?}");
                let features = slices(&image, &caption).only(kind).expect("both are there");
                let found = heads.system().cells(features, &cells, &contrast).unwrap();
                let along = |image: &[f32]| {
                    let features = features.map(|_| image, |caption| caption).map(row, row);
                    dot(&values(reference(features)), &contrast)
                };
                let without = |cell: &[f32]| {
                    let parts = cell.iter().zip(&means).map(|(value, mean)| (value - mean) / CELLS as f32);
                    let rest: Vec<f32> = image.iter().zip(parts).map(|(all, part)| all - part).collect();
                    along(&image) - along(&rest)
                };
                let expected: Vec<f32> = cells.rows().map(without).collect();
                assert_close(&found, &expected, 1e-3, &what);
                if kind == Modality::Image || is_linear_in_the_image(fusion) {
                    let all = along(&image) - along(&means);
                    assert_close(&[found.iter().sum()], &[all], 1e-3, &what);
                }
            }
            let of_caption = heads.system().cells(ByModality::Caption(&caption), &cells, &contrast);
            match fusion.reads() {
                Modality::Both => prop_assert!(of_caption.unwrap().is_empty()),
                _ => prop_assert!(of_caption.is_err()),
            }
        }
    }

    #[test]
    fn cells_of_features_at_the_limit_add_up_to_what_the_limit_leaves(labels in 2_usize..=5, seed in any::<u64>()) {
        Device::flex().seed(seed);
        for fusion in systems().into_iter().filter(|fusion| fusion.reads() != Modality::Caption) {
            let (heads, reference) = system(fusion, labels, 0.02);
            let cells = CellFeatures {
                height: 1,
                width: 1,
                features: values(noise([D_IMAGE], -2.0, 2.0)),
            };
            let contrast = contrast(labels);
            let found = heads.system().cells(ByModality::Image(&cells.features), &cells, &contrast).unwrap();
            let along = |image: &[f32]| dot(&values(reference(ByModality::Image(row(image)))), &contrast);
            let means = heads.system.image_standardiser().expect("it reads images").mean();
            let expected = along(&cells.features) - along(means);
            assert_close(&found, &[expected], 1e-3, &format!("{fusion:?}"));
        }
    }
}

#[test]
fn fasttext_reads_the_mean_of_words_as_it_is() {
    let device = Device::flex();
    device.seed(3);
    let text = TextArchitecture::FastText(FastTextArchitecture {
        d_word: D_CAPTION,
        buckets: 7,
        max_tokens: 8,
    });
    let mut bundle = bundle(FusionArchitecture::Caption, text, 4);
    let module = random(FastTextConfig::new(4).with_d_word(D_CAPTION).init(&device));
    bundle
        .insert_module(tensor_group::FUSION, &module, Precision::F32)
        .unwrap();
    assert_eq!(bundle.manifest.architecture.system(), "fasttext");
    let heads = Heads::load(&bundle).unwrap();
    // Farther from zero than six: nothing is cut off.
    let caption = values(noise([D_CAPTION], -20.0, 20.0));
    let vectors = row(&caption).reshape([1, 1, D_CAPTION]);
    let expected = values(module.forward(vectors, Tensor::ones([1, 1], &device)));
    assert_close(
        &heads.logits(Head::System, ByModality::Caption(&caption)).unwrap(),
        &expected,
        1e-5,
        "fasttext",
    );
}

#[test]
fn what_stands_alone_has_its_own_classifier_where_the_file_has_one() {
    let device = Device::flex();
    device.seed(4);
    let mut bundle = bundle(FusionArchitecture::Early, convolution(), 3);
    let early = random(EarlyConfig::new(D_IMAGE, D_CAPTION, 3).init(&device));
    let early = early.with_statistics(statistics(D_IMAGE, 1.0), statistics(D_CAPTION, 1.0));
    bundle
        .insert_module(tensor_group::FUSION, &early, Precision::F32)
        .unwrap();
    let without = Heads::load(&bundle).unwrap();
    assert!(Modality::ALL.iter().all(|kind| without.of_whole(*kind) == Head::System));

    let alone = random(LinearBaselineConfig::new(D_CAPTION, 3).init(&device));
    let alone = alone.with_statistics(statistics(D_CAPTION, 1.0));
    let own = random(LinearConfig::new(D_CAPTION, 3).init(&device));
    bundle
        .insert_module(tensor_group::STANDALONE_CAPTION, &alone, Precision::F32)
        .unwrap();
    bundle.manifest.caption_thresholds = vec![0.5; 3];
    assert!(matches!(Heads::load(&bundle), Err(Error::TensorMissing { name }) if name == "caption_labels.bias"));
    bundle
        .insert_module(tensor_group::CAPTION_LABELS, &own, Precision::F32)
        .unwrap();
    let heads = Heads::load(&bundle).unwrap();
    bundle.check_all_used().unwrap();
    let found = Modality::ALL.map(|kind| heads.of_whole(kind));
    assert_eq!(found, [Head::System, Head::System, Head::Standalone]);
    let caption = values(noise([D_CAPTION], -2.0, 2.0));
    let sides = ByModality::Caption(caption.as_slice());
    let expected = values(alone.forward(row(&caption)));
    assert_close(
        &heads.logits(Head::Standalone, sides).unwrap(),
        &expected,
        1e-5,
        "alone",
    );
    let of_system = heads.logits(Head::System, sides).unwrap();
    assert_close(
        &of_system,
        &without.logits(Head::System, sides).unwrap(),
        1e-6,
        "the system",
    );

    let labels = heads.caption_labels(&caption).expect("the file has them");
    let expected = values(burn::tensor::activation::sigmoid(own.forward(row(&caption))));
    assert_close(&labels, &expected, 1e-5, "several labels");
    assert_eq!(
        (without.caption_labels(&caption), heads.caption_emotion(&caption)),
        (None, None)
    );
}
