//! The model file: what is written comes back, and each way of being wrong has its own error.

use std::collections::BTreeMap;

use burn::{
    module::Module,
    nn::{
        Embedding, EmbeddingConfig, Linear, LinearConfig,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};
use emofuse::{
    Error, LabelSet,
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, Digests, FusionArchitecture,
        ImageArchitecture, Manifest, Precision, SelfTest, TextArchitecture, VERSION,
    },
    preprocessing::{ChannelOrder, Preprocessing},
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const HEADER_BYTES: usize = 24;
const DIGEST_BYTES: usize = 32;

fn manifest() -> Manifest {
    let scores = vec![0.6, 0.1, 0.05, 0.05, 0.05, 0.05, 0.04, 0.03, 0.03];
    Manifest {
        id: "test".into(),
        labels: LabelSet::plutchik(),
        architecture: Architecture {
            image: Some(ImageArchitecture::EfficientnetLite0),
            text: Some(TextArchitecture::Convolution(ConvolutionArchitecture {
                d_word: 4,
                kernels: vec![1, 3],
                filters: 2,
                max_tokens: 16,
                n_grams: None,
                standalone_n_grams: None,
            })),
            fusion: FusionArchitecture::CommonSpace {
                d_common: 8,
                image_share: 0.5,
            },
        },
        preprocessing: Preprocessing {
            resize: 256,
            crop: 224,
            channels: ChannelOrder::Rgb,
            mean: [0.498; 3],
            standard_deviation: [0.502; 3],
        },
        vocabulary: ["<unknown>", "happy", "naïve", "\"quoted\"", "😀"]
            .map(String::from)
            .to_vec(),
        calibration: Calibration {
            both: Calibrated {
                temperature: 1.1,
                uncertain_below: 0.4,
                secondary_from: 0.3,
            },
            ..Calibration::all(Calibrated {
                temperature: 0.9,
                uncertain_below: 0.5,
                secondary_from: 1.0,
            })
        },
        companions: Vec::new(),
        caption_thresholds: vec![0.3; 8],
        self_test: SelfTest {
            caption: "hello".into(),
            test_card_side: 224,
            scores,
            tolerance: 2e-3,
        },
        provenance: BTreeMap::from([("seed".into(), "7".into())]),
    }
}

fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|index| (index as f32 * 0.7).sin() * 3.0).collect()
}

fn bundle() -> Bundle {
    let mut bundle = Bundle::new(manifest());
    for (name, shape, precision) in [
        ("words", vec![5, 4], Precision::Int8),
        ("matrix", vec![4, 3], Precision::Int8LastAxis),
        ("kernel", vec![3, 1, 2, 2], Precision::F16),
        ("bias", vec![3], Precision::F32),
    ] {
        bundle
            .insert(name, &shape, &numbers(shape.iter().product()), precision)
            .unwrap();
    }
    bundle
}

fn with_document(edit: impl FnOnce(&str) -> String) -> Vec<u8> {
    edited(&bundle().to_bytes(), edit)
}

/// A file with another document, everything around it made to fit.
pub fn edited(bytes: &[u8], edit: impl FnOnce(&str) -> String) -> Vec<u8> {
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let document = edit(std::str::from_utf8(&bytes[HEADER_BYTES..HEADER_BYTES + length]).unwrap());
    let tensors = &bytes[(HEADER_BYTES + length).next_multiple_of(8)..bytes.len() - DIGEST_BYTES];
    let mut edited = bytes[..12].to_vec();
    edited.extend((document.len() as u32).to_le_bytes());
    edited.extend([0; 8]);
    edited.extend(document.as_bytes());
    edited.resize(edited.len().next_multiple_of(8), 0);
    edited.extend(tensors);
    sealed(edited)
}

/// Writes length and digest around an edited body.
pub fn sealed(mut body: Vec<u8>) -> Vec<u8> {
    let length = (body.len() + DIGEST_BYTES) as u64;
    body[16..24].copy_from_slice(&length.to_le_bytes());
    let digest = Sha256::digest(&body);
    body.extend(digest);
    body
}

fn error_of(bytes: &[u8]) -> Error {
    Bundle::from_bytes(bytes).expect_err("a broken file")
}

#[test]
fn what_is_written_comes_back() {
    let written = bundle();
    let bytes = written.to_bytes();
    let read = Bundle::from_bytes(&bytes).unwrap();
    assert_eq!(read.manifest, written.manifest);
    assert_eq!(read.names().collect::<Vec<_>>(), ["bias", "kernel", "matrix", "words"]);
    for (name, shape) in [
        ("words", vec![5, 4]),
        ("matrix", vec![4, 3]),
        ("kernel", vec![3, 1, 2, 2]),
        ("bias", vec![3]),
    ] {
        assert_eq!(
            read.tensor(name, &shape).unwrap(),
            written.tensor(name, &shape).unwrap()
        );
    }
    assert_eq!(read.tensor("bias", &[3]).unwrap(), numbers(3));
    assert_eq!(read.to_bytes(), bytes, "writing again gives the same file");
}

/// The document of a file up to its table of tensors.
fn manifest_of(bytes: &[u8]) -> &str {
    let length = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let document = std::str::from_utf8(&bytes[HEADER_BYTES..HEADER_BYTES + length]).unwrap();
    &document[..document.rfind("\"tensors\":").unwrap()]
}

#[test]
fn the_committed_models_are_written_as_they_are_read() {
    // The tensors of the large one are in an order from before captions came first.
    for file in ["pkg/model/emofuse-default.emofuse", "pkg/large/emofuse-large.emofuse"] {
        let bytes = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let bundle = Bundle::from_bytes(&bytes).unwrap();
        assert_eq!(bundle.manifest.labels, LabelSet::plutchik());
        assert_eq!(bundle.manifest.architecture.system(), "common_space");
        assert!(manifest_of(&bundle.to_bytes()) == manifest_of(&bytes), "{file}");
    }
}

#[test]
fn the_digest_is_that_of_the_whole_file() {
    let bytes = bundle().to_bytes();
    let digest: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(Bundle::from_bytes(&bytes).unwrap().sha256(), Some(digest.as_str()));
    assert_eq!(bundle().sha256(), None, "no file was read");
}

#[test]
fn a_row_of_a_table_is_that_of_the_tensor() {
    let mut bundle = bundle();
    bundle.insert("halves", &[5, 4], &numbers(20), Precision::F16).unwrap();
    bundle
        .insert("columns", &[5, 4], &numbers(20), Precision::Int8LastAxis)
        .unwrap();
    for name in ["words", "halves", "columns"] {
        let whole = bundle.tensor(name, &[5, 4]).unwrap();
        let table = bundle.rows(name, &[5, 4]).unwrap();
        assert_eq!((table.rows(), table.columns()), (5, 4));
        let mut row = [0.0; 4];
        for (index, expected) in whole.chunks(4).enumerate() {
            table.row_into(index, &mut row);
            assert_eq!(row, expected);
        }
    }
}

#[test]
fn another_file_is_not_recognised() {
    for bytes in [&b""[..], b"EMOFUSE", b"GIF89a and so on", b"{\"manifest\": {}}"] {
        assert!(matches!(error_of(bytes), Error::ModelNotRecognised));
    }
}

#[test]
fn a_newer_version_is_named() {
    let mut bytes = bundle().to_bytes();
    bytes[8..12].copy_from_slice(&(VERSION + 1).to_le_bytes());
    let error = error_of(&bytes);
    assert!(matches!(error, Error::ModelVersion { found, supported } if (found, supported) == (VERSION + 1, VERSION)));
    assert!(error.to_string().contains("update emofuse"), "{error}");
}

#[test]
fn a_file_of_an_earlier_version_is_to_be_trained_again() {
    let mut bytes = bundle().to_bytes();
    bytes[8..12].copy_from_slice(&(VERSION - 1).to_le_bytes());
    let error = error_of(&bytes);
    assert!(matches!(error, Error::ModelVersion { found, supported } if (found, supported) == (VERSION - 1, VERSION)));
    assert!(error.to_string().contains("train the model again"), "{error}");
}

#[test]
fn a_truncated_file_says_how_long_it_should_be() {
    let bytes = bundle().to_bytes();
    for length in 8..bytes.len() {
        let error = error_of(&bytes[..length]);
        let Error::ModelLength { expected, found } = error else {
            panic!("{length} bytes: {error}");
        };
        assert_eq!(found, length as u64);
        if length >= HEADER_BYTES {
            assert_eq!(expected, bytes.len() as u64);
        }
    }
}

#[test]
fn a_file_that_goes_on_is_too_long() {
    let mut bytes = bundle().to_bytes();
    bytes.push(0);
    assert!(matches!(error_of(&bytes), Error::ModelLength { .. }));
}

#[test]
fn a_header_that_announces_less_than_a_header_is_refused() {
    let mut bytes = bundle().to_bytes();
    bytes.truncate(HEADER_BYTES);
    bytes[16..24].copy_from_slice(&(HEADER_BYTES as u64).to_le_bytes());
    assert!(matches!(error_of(&bytes), Error::ModelLength { .. }));
}

#[test]
fn any_altered_byte_after_the_header_breaks_the_digest() {
    let bytes = bundle().to_bytes();
    for position in HEADER_BYTES..bytes.len() {
        let mut altered = bytes.clone();
        altered[position] ^= 1;
        assert!(
            matches!(error_of(&altered), Error::ModelIntegrity { .. }),
            "byte {position}"
        );
    }
}

#[test]
fn digests_that_are_known_already_are_compared_all_the_same() {
    let bytes = bundle().to_bytes();
    let digests = Digests {
        body: Sha256::digest(&bytes[..bytes.len() - DIGEST_BYTES]).into(),
        file: Sha256::digest(&bytes).into(),
    };
    let found = Bundle::from_digested_bytes(&bytes, digests).unwrap();
    assert_eq!(found.sha256(), Bundle::from_bytes(&bytes).unwrap().sha256());
    let other = Digests {
        body: [7; 32],
        ..digests
    };
    assert!(matches!(
        Bundle::from_digested_bytes(&bytes, other),
        Err(Error::ModelIntegrity { found, .. }) if found == "07".repeat(32)
    ));
    let mut altered = bytes;
    *altered.last_mut().unwrap() ^= 1;
    assert!(matches!(
        Bundle::from_digested_bytes(&altered, digests),
        Err(Error::ModelIntegrity { .. })
    ));
    // A file that is too short for a digest has the same error as ever.
    assert!(matches!(
        Bundle::from_digested_bytes(b"EMOFUSE", digests),
        Err(Error::ModelNotRecognised)
    ));
}

#[test]
fn a_wrong_manifest_says_what_is_wrong() {
    for (what, from, to) in [
        ("expected", "{\"manifest\"", "[\"manifest\""),
        ("unknown field", "\"id\":", "\"surprise\":1,\"id\":"),
        ("unknown field", "\"d_word\":", "\"surprise\":1,\"d_word\":"),
        ("unknown field", "\"d_common\":", "\"surprise\":1,\"d_common\":"),
        ("missing field", "\"id\":\"test\",", ""),
        ("`joy` occurs twice", "\"joy\",\"trust\"", "\"joy\",\"joy\""),
        (
            "as many as its labels",
            "\"joy\",\"trust\"",
            "\"joy\",\"trust\",\"hope\"",
        ),
        ("as many as its labels", "\"scores\":[0.6,", "\"scores\":["),
        (
            "as many as its labels",
            "\"caption_thresholds\":[0.3,",
            "\"caption_thresholds\":[",
        ),
        ("no image tower", "\"image\":\"efficientnet_lite0\",", ""),
        ("`kind` alone", "\"kind\":\"common_space\"", "\"kind\":\"early\""),
        ("unknown variant", "\"common_space\"", "\"crystal_ball\""),
        ("unknown variant", "\"int8\"", "\"int3\""),
        ("temperature", "\"temperature\":1.1", "\"temperature\":0.0"),
        ("uncertain_below", "\"uncertain_below\":0.4", "\"uncertain_below\":1.4"),
        (
            "caption_thresholds",
            "\"caption_thresholds\":[0.3",
            "\"caption_thresholds\":[-0.3",
        ),
        ("tolerance", "\"tolerance\":0.002", "\"tolerance\":2.0"),
        ("twice", "\"name\":\"kernel\"", "\"name\":\"bias\""),
    ] {
        let bytes = with_document(|document| {
            assert!(document.contains(from), "{from} in {document}");
            document.replacen(from, to, 1)
        });
        let error = error_of(&bytes);
        assert!(matches!(error, Error::ModelManifest { .. }), "{from} → {to}: {error}");
        assert!(error.to_string().contains(what), "{error} does not say {what}");
    }
}

#[test]
fn a_table_of_tensors_that_does_not_fit_the_file_is_refused() {
    let shape = "\"name\":\"words\",\"shape\":[5,4]";
    for to in [
        "\"name\":\"words\",\"shape\":[5,400]",
        "\"name\":\"words\",\"shape\":[18446744073709551615,18446744073709551615]",
        "\"name\":\"words\",\"shape\":[9223372036854775807,2]",
        "\"name\":\"words\",\"shape\":[9223372036854775807,0]",
        "\"name\":\"words\",\"shape\":[-5,4]",
        "\"name\":\"words\",\"shape\":[1,4]",
        "\"name\":\"words\",\"shape\":[]",
    ] {
        let error = error_of(&with_document(|document| document.replacen(shape, to, 1)));
        assert!(matches!(error, Error::ModelManifest { .. }), "{to}: {error}");
    }
}

#[test]
fn a_document_longer_than_the_file_is_refused() {
    let mut bytes = bundle().to_bytes();
    bytes.truncate(bytes.len() - DIGEST_BYTES);
    bytes[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(error_of(&sealed(bytes)), Error::ModelManifest { .. }));
}

#[test]
fn a_number_that_is_not_finite_is_refused_on_writing_and_on_reading() {
    let refused = bundle().insert("bad", &[2], &[1.0, f32::NAN], Precision::Int8);
    assert!(matches!(refused, Err(Error::TensorNotFinite { name }) if name == "bad"));

    let mut bytes = bundle().to_bytes();
    bytes.truncate(bytes.len() - DIGEST_BYTES);
    let document = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let first_tensor = (HEADER_BYTES + document).next_multiple_of(8);
    bytes[first_tensor..first_tensor + 4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    assert!(matches!(error_of(&sealed(bytes)), Error::TensorNotFinite { name } if name == "words"));
}

#[test]
fn a_missing_a_misshapen_and_an_unknown_tensor_have_their_own_errors() {
    let bundle = bundle();
    assert!(matches!(bundle.tensor("absent", &[3]), Err(Error::TensorMissing { name }) if name == "absent"));
    let misshapen = bundle.tensor("bias", &[1, 3]);
    assert!(matches!(misshapen, Err(Error::TensorShape { expected, found, .. }) if expected == [1, 3] && found == [3]));
    assert!(matches!(bundle.rows("words", &[4, 5]), Err(Error::TensorShape { .. })));

    for (name, shape) in [("bias", vec![3]), ("kernel", vec![3, 1, 2, 2]), ("matrix", vec![4, 3])] {
        bundle.tensor(name, &shape).unwrap();
    }
    assert!(matches!(bundle.check_all_used(), Err(Error::TensorUnknown { name }) if name == "words"));
    bundle.rows("words", &[5, 4]).unwrap();
    bundle.check_all_used().unwrap();
}

#[test]
fn values_must_be_as_many_as_the_shape_says() {
    let refused = bundle().insert("bad", &[2, 2], &[1.0], Precision::F32);
    assert!(matches!(refused, Err(Error::TensorShape { .. })));
}

#[derive(Module, Debug)]
struct Network {
    convolutions: Vec<Conv2d>,
    embedding: Embedding,
    output: Linear,
}

fn network(outputs: usize) -> Network {
    let device = Device::default();
    Network {
        convolutions: (0..2)
            .map(|_| Conv2dConfig::new([32, 64], [3, 3]).with_groups(2).init(&device))
            .collect(),
        embedding: EmbeddingConfig::new(600, 4).init(&device),
        output: LinearConfig::new(800, outputs).init(&device),
    }
}

fn weights(network: &Network) -> Vec<Vec<f32>> {
    let mut weights = vec![
        values(network.embedding.weight.val()),
        values(network.output.weight.val()),
    ];
    weights.push(values(network.output.bias.as_ref().unwrap().val()));
    for convolution in &network.convolutions {
        weights.push(values(convolution.weight.val()));
        weights.push(values(convolution.bias.as_ref().unwrap().val()));
    }
    weights
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.to_data().try_to_vec::<f32>().unwrap()
}

#[test]
fn a_module_comes_back_with_its_weights() {
    let device = Device::default();
    let original = network(3);
    let mut written = Bundle::new(manifest());
    written.insert_module("network", &original, Precision::F32).unwrap();
    let bundle = Bundle::from_bytes(&written.to_bytes()).unwrap();
    assert_eq!(
        bundle.names().collect::<Vec<_>>(),
        [
            "network.convolutions.0.bias",
            "network.convolutions.0.weight",
            "network.convolutions.1.bias",
            "network.convolutions.1.weight",
            "network.embedding.weight",
            "network.output.bias",
            "network.output.weight",
        ]
    );
    let loaded = bundle.load_module("network", network(3), &device).unwrap();
    bundle.check_all_used().unwrap();
    assert_eq!(weights(&loaded), weights(&original));
}

#[test]
fn a_module_in_int8_keeps_its_biases_and_has_one_scale_an_output_channel() {
    let device = Device::default();
    let mut original = network(3);
    // Output channels of very different size: with scales for anything else the small ones would be lost.
    let sizes = Tensor::<1>::from_data([1.0, 1e-3, 1e3], &device);
    original.output.weight = original.output.weight.map(|weight| weight * sizes.reshape([1, 3]));
    let sizes: [f32; 64] = std::array::from_fn(|channel| 10f32.powi(channel as i32 % 7 - 3));
    let sizes = Tensor::<1>::from_data(sizes, &device);
    original.convolutions[0].weight = original.convolutions[0]
        .weight
        .clone()
        .map(|weight| weight * sizes.reshape([64, 1, 1, 1]));

    let mut bundle = Bundle::new(manifest());
    bundle.insert_module("network", &original, Precision::Int8).unwrap();
    let loaded = bundle.load_module("network", network(3), &device).unwrap();

    assert_eq!(
        values(loaded.output.bias.as_ref().unwrap().val()),
        values(original.output.bias.as_ref().unwrap().val())
    );
    let columns = |tensor: Tensor<2>| {
        values(tensor.transpose())
            .chunks(800)
            .map(<[f32]>::to_vec)
            .collect::<Vec<_>>()
    };
    let pairs = columns(original.output.weight.val())
        .into_iter()
        .zip(columns(loaded.output.weight.val()));
    let kernels = |tensor: Tensor<4>| values(tensor).chunks(16 * 9).map(<[f32]>::to_vec).collect::<Vec<_>>();
    let [original, loaded] = [original, loaded].map(|network| kernels(network.convolutions[0].weight.val()));
    for (original, loaded) in pairs.chain(original.into_iter().zip(loaded)) {
        let scale = original.iter().fold(0f32, |largest, value| largest.max(value.abs())) / 127.0;
        for (original, loaded) in original.iter().zip(&loaded) {
            assert!(
                (original - loaded).abs() <= scale * 0.5001,
                "{original} became {loaded}"
            );
        }
    }
}

#[test]
fn a_module_with_more_or_other_parameters_is_refused() {
    let device = Device::default();
    let mut bundle = Bundle::new(manifest());
    bundle.insert_module("network", &network(3), Precision::Int8).unwrap();
    let misshapen = bundle.load_module("network", network(4), &device);
    assert!(matches!(misshapen, Err(Error::TensorShape { name, .. }) if name.starts_with("network.output.")));
    let missing = bundle.load_module("elsewhere", network(3), &device);
    assert!(matches!(missing, Err(Error::TensorMissing { name }) if name == "elsewhere.convolutions.0.weight"));
}

proptest! {
    #[test]
    fn random_bytes_are_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..400), magic in any::<bool>()) {
        if magic {
            let mut header = b"EMOFUSE\0\x01\0\0\0".to_vec();
            header.append(&mut bytes);
            bytes = header;
        }
        prop_assert!(Bundle::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_flipped_bit_is_an_error(position in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = bundle().to_bytes();
        let position = position.index(bytes.len());
        bytes[position] ^= 1u8 << bit;
        prop_assert!(Bundle::from_bytes(&bytes).is_err());
    }

    /// The digest keeps accidents out, but not a file that was made wrong.
    #[test]
    fn sealed_nonsense_never_panics(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut body = bundle().to_bytes();
        body.truncate(body.len() - DIGEST_BYTES);
        for (position, byte) in edits {
            let length = body.len();
            body[position.index(length - 12) + 12] = byte;
        }
        if let Some(cut) = cut {
            body.truncate(HEADER_BYTES + cut.index(body.len() - HEADER_BYTES));
        }
        if let Ok(bundle) = Bundle::from_bytes(&sealed(body)) {
            let bytes = bundle.to_bytes();
            prop_assert_eq!(Bundle::from_bytes(&bytes).unwrap().to_bytes(), bytes);
        }
    }
}
