//! GoogLeNet against its definition, which `golden/googlenet/make.py` computed, and its way into and out of files.

use crate::untrained;
use std::{collections::BTreeMap, env, fs, path::PathBuf, sync::LazyLock};

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::{Device, Tensor, TensorData},
};
use emofuse::{
    Error,
    bundle::{Bundle, ImageArchitecture},
    classifier::Classifier,
    error::WeightsProblem,
    model::googlenet::{FEATURES, GoogLeNet, GoogLeNetConfig},
    preprocessing::test_card,
    train::import::googlenet::googlenet,
};
use safetensors::{Dtype, serialize, tensor::TensorView};
use serde_json::Value;

const SIDE: usize = 224;

/// Numbers between `-bound` and `bound` that follow from a name; `make.py` has the same formula.
fn numbers(name: &str, count: usize, bound: f64) -> Vec<f32> {
    let seed = name.bytes().fold(0x811c_9dc5_u32, |seed, byte| {
        (seed ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let mix = |place: u32| {
        let mut mixed = seed.wrapping_add(place);
        mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x7feb_352d);
        mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x846c_a68b);
        mixed ^ (mixed >> 16)
    };
    (0..count as u32)
        .map(|place| ((f64::from(mix(place)) / f64::from(1_u32 << 31) - 1.0) * bound) as f32)
        .collect()
}

/// A safetensors file in the making: shapes and bytes by name.
type File = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

fn tensor(name: &str, shape: &[usize]) -> (Dtype, Vec<usize>, Vec<u8>) {
    // He et al. (2015): activations neither vanish nor explode.
    let bound = match shape {
        [_, inputs @ ..] if !inputs.is_empty() => (6.0 / inputs.iter().product::<usize>() as f64).sqrt(),
        _ => 0.1,
    };
    let numbers = numbers(name, shape.iter().product(), bound);
    let bytes = numbers.into_iter().flat_map(f32::to_le_bytes).collect();
    (Dtype::F32, shape.to_vec(), bytes)
}

/// Made-up weights for the whole network.
static WEIGHTS: LazyLock<File> = LazyLock::new(|| {
    struct Names(Vec<String>, File);
    impl ModuleVisitor for Names {
        fn enter_module(&mut self, name: &str, _container_type: &str) {
            self.0.push(name.into());
        }

        fn exit_module(&mut self, _name: &str, _container_type: &str) {
            self.0.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let name = self.0.join(".");
            let tensor = tensor(&name, param.lazy_shape().as_slice());
            self.1.insert(name, tensor);
        }
    }
    let mut names = Names(Vec::new(), File::new());
    GoogLeNetConfig::new().init(&Device::flex()).visit(&mut names);
    names.1
});

fn read(file: &File) -> Result<GoogLeNet, Error> {
    let views = file
        .iter()
        .map(|(name, (dtype, shape, bytes))| (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    read_bytes(&serialize(views, None).unwrap())
}

fn read_bytes(bytes: &[u8]) -> Result<GoogLeNet, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    fs::write(&path, bytes).unwrap();
    googlenet(&path, &Device::flex()).map(|(network, _)| network)
}

/// What is wrong with the weights after an edit.
fn problem(edit: impl FnOnce(&mut File)) -> WeightsProblem {
    let mut file = WEIGHTS.clone();
    edit(&mut file);
    problem_of(read(&file))
}

fn problem_of(result: Result<GoogLeNet, Error>) -> WeightsProblem {
    match result {
        Err(Error::Weights { problem, .. }) => problem,
        other => panic!("{:?}", other.map(drop)),
    }
}

fn features(network: &GoogLeNet, planes: Vec<f32>) -> Vec<f32> {
    let planes = Tensor::from_data(TensorData::new(planes, [1, 3, SIDE, SIDE]), &Device::flex());
    network.forward(planes).into_data().try_into_vec().unwrap()
}

fn norm(values: impl IntoIterator<Item = f32>) -> f32 {
    values.into_iter().map(|value| value * value).sum::<f32>().sqrt()
}

fn relative_distance(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let differences = found.iter().zip(expected).map(|(found, expected)| found - expected);
    norm(differences) / norm(expected.iter().copied())
}

#[test]
fn features_agree_with_the_definition() {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/googlenet/features.f32");
    let bytes = fs::read(golden).unwrap();
    let (singles, _) = bytes.as_chunks::<4>();
    let expected: Vec<f32> = singles.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    assert_eq!(expected.len(), FEATURES);
    let found = features(&read(&WEIGHTS).unwrap(), numbers("planes", 3 * SIDE * SIDE, 128.0));
    let distance = relative_distance(&found, &expected);
    println!("{distance:e}");
    assert!(distance <= 1e-3, "{distance}");
}

/// Caffe's own weights are not part of the repository. Where they lie at `$EMOFUSE_GOOGLENET`, or beside the repository,
/// a file `….golden.json` next to them says what Caffe's network makes of a synthetic image.
#[test]
fn features_agree_with_caffes_on_its_own_weights_where_they_are_present() {
    let weights = env::var_os("EMOFUSE_GOOGLENET").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/weights/googlenet-bvlc.safetensors"),
        PathBuf::from,
    );
    if !weights.exists() {
        println!(
            "{} is absent, nothing is compared; EMOFUSE_GOOGLENET names another file",
            weights.display()
        );
        return;
    }
    let golden: Value =
        serde_json::from_str(&fs::read_to_string(weights.with_extension("golden.json")).unwrap()).unwrap();
    let expected: Vec<f32> = serde_json::from_value(golden["features_first_16"].clone()).unwrap();
    let expected_norm = golden["features_l2"].as_f64().unwrap() as f32;

    let mut planes = Vec::with_capacity(3 * SIDE * SIDE);
    for channel in 1..=3 {
        for row in 0..SIDE {
            for column in 0..SIDE {
                let (channel, row, column) = (f64::from(channel), row as f64, column as f64);
                let waves = 80.0 * (0.05 * channel * row + 0.03 * column).sin();
                planes.push((waves + 20.0 * (0.11 * column * channel).cos()) as f32);
            }
        }
    }
    let (network, _) = googlenet(&weights, &Device::flex()).unwrap_or_else(|error| panic!("{error}"));
    let found = features(&network, planes);
    let distance = relative_distance(&found[..16], &expected);
    let difference = (norm(found.iter().copied()) - expected_norm).abs() / expected_norm;
    println!("first sixteen {distance:e}, length {difference:e}");
    assert!(distance <= 1e-3, "{distance}");
    assert!(difference <= 1e-3, "{difference}");
}

#[test]
fn a_classifier_in_the_file_is_left_out() {
    let mut file = WEIGHTS.clone();
    file.insert("classifier.bias".into(), tensor("classifier.bias", &[1000]));
    assert!(read(&file).is_ok());
}

#[test]
fn a_missing_tensor_is_named() {
    let name = "inception_4c.conv_5x5.bias";
    let problem = problem(|file| drop(file.remove(name)));
    assert_eq!(problem, WeightsProblem::Missing { name: name.into() });
}

#[test]
fn a_tensor_too_many_is_named() {
    let name = "inception_5c.conv_1x1.bias";
    let problem = problem(|file| drop(file.insert(name.into(), tensor(name, &[8]))));
    assert_eq!(problem, WeightsProblem::Unknown { name: name.into() });
}

#[test]
fn a_tensor_of_another_shape_is_named_with_both_shapes() {
    let name = "conv2.weight";
    let problem = problem(|file| drop(file.insert(name.into(), tensor(name, &[192, 3, 3, 64]))));
    let (expected, found) = (vec![192, 64, 3, 3], vec![192, 3, 3, 64]);
    let name = name.into();
    assert_eq!(problem, WeightsProblem::Shape { name, expected, found });
}

#[test]
fn numbers_of_another_type_and_numbers_that_are_not_finite_are_refused() {
    let name = "conv1.bias";
    let half = problem(|file| drop(file.insert(name.into(), (Dtype::F16, vec![64], vec![0; 128]))));
    assert!(matches!(half, WeightsProblem::NumberType { .. }), "{half}");
    let infinite = f32::INFINITY.to_le_bytes().repeat(64);
    let infinite = problem(|file| drop(file.insert(name.into(), (Dtype::F32, vec![64], infinite))));
    assert_eq!(infinite, WeightsProblem::NotFinite { name: name.into() });
}

#[test]
fn torchvisions_network_is_refused_with_the_reason_and_what_to_use_instead() {
    let file = [
        "conv1.conv.weight",
        "conv1.bn.running_mean",
        "inception3a.branch1.conv.weight",
    ]
    .map(|name| (name.to_owned(), tensor(name, &[2, 2])))
    .into();
    let error = read(&file).unwrap_err();
    assert!(matches!(
        &error,
        Error::Weights {
            problem: WeightsProblem::OtherNetwork { .. },
            ..
        }
    ));
    for part in ["torchvision", "normalises by batch", "bvlc_googlenet"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_file_that_is_no_safetensors_file_is_refused() {
    for bytes in [&b""[..], b"PK\x03\x04 a checkpoint of PyTorch", &[0; 64]] {
        let problem = problem_of(read_bytes(bytes));
        assert!(matches!(problem, WeightsProblem::Unreadable { .. }), "{problem}");
    }
}

#[test]
fn a_model_file_with_googlenet_loads_and_classifies() {
    let bytes = untrained::model(ImageArchitecture::Googlenet);
    let bundle = Bundle::from_bytes(&bytes).unwrap();
    assert!(bundle.names().any(|name| name == "image.inception_3a.conv_1x1.weight"));
    let classifier = Classifier::load(&bytes, &Device::flex()).unwrap();
    let prediction = classifier
        .classify_blocking(Some(&test_card(240)), Some("a lovely day"))
        .unwrap();
    assert!((prediction.scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert!(prediction.image.is_some());
}
