//! What every system promises, whatever sides there are.

use burn::tensor::{Device, Distribution, activation::softmax};
use emofuse_core::LabelSet;
use emofuse_engine::{
    bundle::{
        Architecture, Calibrated, Calibration, ConvolutionArchitecture, ImageArchitecture, Manifest, SelfTest,
        TextArchitecture,
    },
    heads::Heads,
    model::{
        fusion::{ByModality, Modality},
        pooling::Pooling,
    },
};

use super::*;
use crate::{
    fusion::{Design, FusionExample, Side, TrainingContext, Weighting},
    recipe::FusionRecipe,
};

const LABELS: usize = 4;

/// Features of each side: as many as its place and four.
const WIDTHS: [usize; 3] = [4, 5, 6];

fn noise(shape: [usize; 2]) -> Tensor<2> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
}

fn fusions() -> Vec<Design> {
    let joint = Pooling::ALL.map(Design::Joint);
    let late = Weighting::ALL.map(Design::Late);
    [Design::CommonSpace, Design::Early]
        .into_iter()
        .chain(joint)
        .chain(late)
        .collect()
}

/// A system with random weights over all three sides, or over image and caption.
fn system(design: Design, sides: &[Side]) -> AnySystem {
    system_of(design, sides, WIDTHS)
}

fn system_of(design: Design, sides: &[Side], widths: [usize; 3]) -> AnySystem {
    let device = Device::flex();
    device.seed(3);
    let examples: Vec<FusionExample> = (0..8)
        .map(|row| {
            sides.iter().fold(FusionExample::default(), |example, side| {
                let width = widths[*side as usize];
                let features = (0..width).map(|feature| ((row * 7 + feature * 3) as f32).sin());
                example.with(*side, features.collect())
            })
        })
        .collect();
    let recipe = FusionRecipe::default();
    let system = design.untrained(&TrainingContext::new(&recipe, LABELS, &examples, &device));
    // What begins with zeros would hide mistakes.
    random(system)
}

/// Gives every parameter random numbers, but for the statistics of features.
#[derive(Default)]
struct Random(Vec<String>);

impl burn::module::ModuleMapper for Random {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.0.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.0.last().is_some_and(|name| name == "mean" || name == "deviation") {
            return param;
        }
        let (id, tensor, mapper) = param.consume();
        let tensor = tensor.random_like(Distribution::Normal(0.0, 0.7));
        Param::from_mapped_value(id, tensor, mapper)
    }
}

fn random(system: AnySystem) -> AnySystem {
    system.map(&mut Random::default())
}

fn features(seen: Seen, rows: usize) -> Sides<Tensor<2>> {
    Side::ALL
        .into_iter()
        .filter(|side| seen.has(*side))
        .fold(Sides::default(), |sides, side| {
            sides.with(side, noise([rows, WIDTHS[side as usize]]))
        })
}

fn logits(system: &AnySystem, features: Sides<Tensor<2>>) -> Tensor<2> {
    System::logits(system, system.encode(features).expect("it reads a side"))
}

fn assert_close(left: Tensor<2>, right: Tensor<2>, what: &str) {
    let (left, right) = (left.into_data(), right.into_data());
    let found = left.iter::<f32>().zip(right.iter::<f32>());
    assert_eq!(left.shape(), right.shape(), "{what}");
    assert!(found.into_iter().all(|(a, b)| (a - b).abs() < 1e-4), "{what}");
}

#[test]
fn every_fusion_answers_from_any_of_three_sides_and_a_batch_of_one_equals_its_row() {
    for design in fusions() {
        let system = system(design, &Side::ALL);
        for seen in Seen::ALL {
            let all = features(seen, 6);
            let many = logits(&system, all.clone());
            assert_eq!(many.dims(), [6, LABELS], "{design:?} {seen:?}");
            let sums = softmax(many.clone(), 1).sum_dim(1);
            assert_close(sums.clone(), sums.ones_like(), "scores that are not numbers");
            let one = logits(&system, all.filter_map(|_, rows| Some(rows.narrow(0, 2, 1))));
            assert_close(one, many.narrow(0, 2, 1), &format!("{design:?} {seen:?}"));
        }
    }
}

#[test]
fn a_side_that_is_not_there_is_not_one_of_zeros() {
    for design in fusions() {
        let system = system(design, &Side::ALL);
        let all = Seen::BOTH.with(Side::Metadata);
        let whole = features(all, 3);
        for side in Side::ALL {
            let without = whole.clone().filter_map(|other, rows| (other != side).then_some(rows));
            let zeros = whole
                .clone()
                .filter_map(|other, rows| Some(if other == side { rows.zeros_like() } else { rows }));
            let difference = (logits(&system, without) - logits(&system, zeros))
                .abs()
                .max()
                .into_scalar::<f32>();
            assert!(difference > 1e-3, "{design:?} without {side:?}");
        }
    }
}

#[test]
fn a_system_of_two_sides_leaves_the_third_out() {
    for design in fusions() {
        let system = system(design, &Side::ALL[..2]);
        let all = features(Seen::BOTH.with(Side::Metadata), 3);
        let two = all.clone().only(Seen::BOTH).expect("both are there");
        assert_close(logits(&system, all), logits(&system, two), &format!("{design:?}"));
        assert!(system.encode(features(Seen::ALL[6], 3)).is_none(), "{design:?}");
    }
}

#[test]
fn systems_of_one_side_read_that_side_alone() {
    for (design, seen) in [(Design::Image, Seen::IMAGE), (Design::Caption, Seen::CAPTION)] {
        let system = system(design, &Side::ALL);
        let all = features(Seen::BOTH, 3);
        let own = all.clone().only(seen).expect("it is there");
        assert_close(logits(&system, all), logits(&system, own), &format!("{design:?}"));
        let other = if seen == Seen::IMAGE {
            Seen::CAPTION
        } else {
            Seen::IMAGE
        };
        assert!(system.encode(features(other, 3)).is_none());
    }
}

#[test]
fn a_decision_of_late_fusion_stands_alone_and_mean_and_product_are_those_of_the_probabilities() {
    let encoded = |system: &AnySystem, all: &Sides<Tensor<2>>, seen: Seen| {
        softmax(logits(system, all.clone().only(seen).expect("it is there")), 1)
    };
    for weighting in [Weighting::Mean, Weighting::Product] {
        let system = system(Design::Late(weighting), &Side::ALL[..2]);
        let all = features(Seen::BOTH, 3);
        let [both, image, caption] = [Seen::BOTH, Seen::IMAGE, Seen::CAPTION].map(|seen| encoded(&system, &all, seen));
        let expected = match weighting {
            Weighting::Mean => (image + caption) / 2.0,
            _ => {
                let product = image * caption;
                product.clone() / product.sum_dim(1)
            }
        };
        assert_close(both, expected, weighting.name());
    }
}

#[test]
fn standardised_weights_are_what_a_deviation_adds_where_the_system_is_linear() {
    let linear = [
        Design::CommonSpace,
        Design::Early,
        Design::Joint(Pooling::Concatenation),
        Design::Joint(Pooling::Sum),
    ];
    for design in linear {
        let system = system(design, &Side::ALL);
        for side in Side::ALL {
            let weights = system.standardised_weights();
            let weights = weights.get(side).expect("it knows the side").clone();
            // Six deviations are the most that count.
            let mut far = vec![0.0; WIDTHS[side as usize]];
            far[0] = 1000.0;
            let row = Tensor::<1>::from_floats(far.as_slice(), &Device::flex()).unsqueeze();
            let moved = Sides::default().with(side, row.clone());
            let back = Sides::default().with(side, row.neg());
            let difference = logits(&system, moved) - logits(&system, back);
            let expected = weights.narrow(0, 0, 1) * 12.0;
            assert_close(difference, expected, &format!("{design:?} {side:?}"));
        }
    }
}

/// A model file without towers or calibration, for a system.
fn bundle(design: Design) -> Bundle {
    let text = TextArchitecture::Convolution(ConvolutionArchitecture {
        d_word: 3,
        kernels: vec![1],
        filters: 2,
        max_tokens: 8,
        n_grams: None,
        standalone_n_grams: None,
    });
    let image = ImageArchitecture::Googlenet;
    Bundle::new(Manifest {
        id: "random".into(),
        labels: LabelSet::from_names((0..LABELS).map(|label| format!("label {label}")), None).expect("labels"),
        architecture: Architecture {
            image: Some(image),
            text: Some(text),
            fusion: design.architecture(&FusionRecipe::default()),
        },
        preprocessing: image.preprocessing(),
        vocabulary: Vec::new(),
        calibration: Calibration::all(Calibrated::NONE),
        companions: Vec::new(),
        caption_thresholds: Vec::new(),
        self_test: SelfTest {
            caption: String::new(),
            test_card_side: 8,
            scores: vec![0.0; LABELS],
            tolerance: 0.0,
        },
        provenance: std::collections::BTreeMap::new(),
    })
}

#[test]
fn a_model_file_scores_as_the_system_that_was_written_from_any_side_that_it_reads() {
    let alone = [Design::Image, Design::Caption];
    for design in fusions().into_iter().chain(alone) {
        // One side more than a file has: it is left out of the file, and the others stay what they are.
        for sides in [&Side::ALL[..2], &Side::ALL] {
            let mut bundle = bundle(design);
            let [d_image, d_caption] = [
                bundle.manifest.architecture.d_image(),
                bundle.manifest.architecture.d_caption(),
            ];
            let widths = [d_image.expect("an image tower"), d_caption.expect("a caption tower"), 3];
            let system = system_of(design, sides, widths);
            system.write(&mut bundle).expect("it is written");
            let bundle = Bundle::from_bytes(&bundle.to_bytes()).expect("a model file");
            let heads = Heads::load(&bundle).expect("heads");
            bundle.check_all_used().expect("no tensor is left over");
            for modality in Modality::ALL {
                let seen = Seen::from(modality);
                let all = [Side::Image, Side::Caption].into_iter().filter(|side| seen.has(*side));
                let all = all.fold(Sides::default(), |all, side| {
                    all.with(side, noise([1, widths[side as usize]]))
                });
                let values = |side: Side| {
                    let features = all.get(side)?.clone().into_data();
                    Some(features.try_to_vec::<f32>().expect("floats"))
                };
                let (image, caption) = (values(Side::Image), values(Side::Caption));
                let post = ByModality::new(image.as_deref(), caption.as_deref()).expect("a side");
                let Some(encoded) = system.encode(all.clone()) else {
                    assert!(heads.system().logits(post).is_err(), "{design:?} {seen:?}");
                    continue;
                };
                let scores = |logits: &[f32]| emofuse_core::metrics::softmax(logits, 30.0);
                let expected = System::logits(&system, encoded).into_data();
                let expected = scores(&expected.try_to_vec::<f32>().expect("floats"));
                let found = scores(&heads.system().logits(post).expect("it reads the side"));
                let difference = expected
                    .iter()
                    .zip(&found)
                    .map(|(a, b)| (a - b).abs())
                    .fold(0.0, f32::max);
                assert!(difference < 2e-3, "{design:?} {seen:?}: {expected:?} {found:?}");
            }
        }
    }
}
