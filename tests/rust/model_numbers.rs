//! The numbers of a model file: whatever they are, loading it ends in a model whose scores are numbers, or in an error
//! that says what is wrong. Never in a panic, and never in much memory.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    process::Command,
    sync::LazyLock,
};

use burn::tensor::Device;
use emofuse::{
    Error,
    bundle::{Bundle, ImageArchitecture, Precision, tensor_group},
    classifier::Classifier,
    emotion::EMOTIONS,
    model::transformer_encoder::TransformerEncoderConfig,
    preprocessing::test_card,
    text::NGrams,
};
use serde_json::Value;

use crate::{
    model_file::{edited, sealed},
    untrained::{self, Sizes},
};

/// What no model has as a number, and some that it may have.
const VALUES: [&str; 14] = [
    "0",
    "-0.0",
    "-1",
    "0.5",
    "2",
    "33",
    "100000",
    "4294967295",
    "18446744073709551615",
    "1e-45",
    "1e39",
    "1e400",
    "null",
    "\"NaN\"",
];

static MODEL: LazyLock<Vec<u8>> =
    LazyLock::new(|| with_n_grams(&untrained::model(ImageArchitecture::EfficientnetLite0)));

static TRANSFORMER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let config = TransformerEncoderConfig::new()
        .with_d_model(8)
        .with_heads(2)
        .with_d_hidden(16)
        .with_layers(2)
        .with_max_positions(40);
    let text = untrained::transformer(&config);
    untrained::model_of(
        ImageArchitecture::EfficientnetLite0,
        &Sizes {
            text,
            ..Sizes::default()
        },
    )
});

/// The same model with n-grams that add nothing.
fn with_n_grams(model: &[u8]) -> Vec<u8> {
    let n_grams = NGrams {
        word_rows: 8,
        character_rows: 4,
        characters: [3, 5],
    };
    let json = serde_json::to_string(&n_grams).unwrap();
    let with_names = edited(model, |document| {
        let n_grams = format!("\"max_tokens\":32,\"n_grams\":{json},\"standalone_n_grams\":{json}");
        let document = document.replacen("\"max_tokens\":32", &n_grams, 1);
        assert!(document.contains("word_rows"));
        document
    });
    let mut bundle = Bundle::from_bytes(&with_names).unwrap();
    for name in [tensor_group::N_GRAMS, tensor_group::STANDALONE_N_GRAMS] {
        let zeros = vec![0.0; n_grams.rows() * EMOTIONS];
        bundle
            .insert(name, &[n_grams.rows(), EMOTIONS], &zeros, Precision::Int8)
            .unwrap();
    }
    bundle.to_bytes()
}

/// Pointers to all numbers of a manifest.
fn numbers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(pointer.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                numbers(item, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                numbers(field, &format!("{pointer}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// The file with something else at a place of its document.
fn with_value(model: &[u8], pointer: &str, value: &str) -> Vec<u8> {
    edited(model, |document| {
        let mut document: Value = serde_json::from_str(document).unwrap();
        *document.pointer_mut(pointer).expect(pointer) = "HERE".into();
        document.to_string().replacen("\"HERE\"", value, 1)
    })
}

/// Refused with an error that a person can read, or a model whose scores are numbers.
fn is_safe(bytes: &[u8], what: &str) -> bool {
    let load = panic::catch_unwind(|| Classifier::load(bytes, &Device::flex()));
    let classifier = match load.unwrap_or_else(|_| panic!("{what}: loading panicked")) {
        Err(error) => {
            assert!(
                matches!(error.name(), "ModelFormatError" | "BackendError"),
                "{what}: {error}"
            );
            return false;
        }
        Ok(classifier) => classifier,
    };
    let card = test_card(50);
    for (image, caption) in [
        (Some(&card), None),
        (None, Some("what a lovely day")),
        (Some(&card), Some("nothing works today")),
    ] {
        let answer = panic::catch_unwind(AssertUnwindSafe(|| classifier.explain_blocking(image, caption)));
        match answer.unwrap_or_else(|_| panic!("{what}: classifying panicked")) {
            Err(error) => assert!(matches!(error, Error::Backend { .. }), "{what}: {error}"),
            Ok(prediction) => {
                let sum: f32 = prediction.scores.iter().sum();
                assert!((sum - 1.0).abs() < 1e-3, "{what}: {:?}", prediction.scores);
                let explanation = prediction.explanation.expect("asked for");
                let map = explanation.heat_map.map_or_else(Vec::new, |map| map.values);
                let words = explanation.words.iter().map(|word| word.contribution);
                assert!(map.into_iter().chain(words).all(f32::is_finite), "{what}");
            }
        }
    }
    true
}

fn document_of(model: &[u8]) -> Value {
    let length = u32::from_le_bytes(model[12..16].try_into().unwrap()) as usize;
    serde_json::from_slice(&model[24..24 + length]).unwrap()
}

fn try_all(model: &[u8], below: &str, at_least: usize) {
    assert!(is_safe(model, "the model itself"));
    let mut places = Vec::new();
    numbers(document_of(model).pointer(below).expect(below), below, &mut places);
    assert!(places.len() >= at_least, "{} numbers", places.len());
    for place in places {
        for value in VALUES {
            is_safe(&with_value(model, &place, value), &format!("{place} = {value}"));
        }
    }
}

#[test]
fn whatever_a_number_of_the_manifest_is_the_scores_are_numbers_or_the_file_is_refused() {
    try_all(&MODEL, "/manifest", 50);
}

#[test]
fn the_same_holds_for_the_numbers_of_a_transformer() {
    try_all(&TRANSFORMER, "/manifest/architecture", 8);
}

#[test]
fn sizes_that_no_model_has_are_refused_by_their_name() {
    let absurd = |model: &[u8], place: &str, value: &str, what: &str| {
        let bytes = with_value(model, &format!("/manifest/{place}"), value);
        let error = Classifier::load(&bytes, &Device::flex()).expect_err(place);
        assert!(
            matches!(error, Error::ModelManifest { .. }),
            "{place} = {value}: {error}"
        );
        assert!(error.to_string().contains(what), "{place} = {value}: {error}");
    };
    for (place, values, what) in [
        (
            "preprocessing/crop",
            &["0", "31", "100000", "4294967295"][..],
            "`crop` is",
        ),
        ("preprocessing/resize", &["0", "100", "4294967295"], "`resize` is"),
        ("preprocessing/mean/0", &["1e39", "-1e30"], "`mean` is"),
        (
            "preprocessing/standard_deviation/2",
            &["0", "-1", "1e-30", "1e39"],
            "`standard_deviation` is",
        ),
        (
            "architecture/text/kernels",
            &["[]", "[0]", "[99]", "[18446744073709551615]"],
            "`kernels` is",
        ),
        ("architecture/text/kernels", &["[2]"], "`kernels` hold 2"),
        (
            "architecture/text/d_word",
            &["0", "18446744073709551615"],
            "`d_word` is",
        ),
        ("architecture/text/filters", &["0", "1000000000"], "`filters` is"),
        (
            "architecture/text/max_tokens",
            &["0", "18446744073709551615"],
            "`max_tokens` is",
        ),
        (
            "architecture/text/n_grams/word_rows",
            &["0", "4294967295"],
            "`word_rows` is",
        ),
        (
            "architecture/text/n_grams/characters",
            &["[0, 5]", "[4, 3]", "[1, 18446744073709551615]"],
            "`characters` is",
        ),
        ("architecture/fusion/d_common", &["0", "100000"], "`d_common` is"),
        ("architecture/fusion/image_share", &["-1", "1e39"], "`image_share` is"),
        (
            "calibration/standalone_image/temperature",
            &["0", "1e-30", "1e39"],
            "`temperature` is",
        ),
        ("self_test/test_card_side", &["0", "100000"], "`test_card_side` is"),
        ("self_test/tolerance", &["1", "-1"], "`tolerance` is"),
        ("caption_thresholds/7", &["1e39"], "`caption_thresholds` is"),
        ("calibration/image/temperature", &["1e400"], "number out of range"),
    ] {
        for value in values {
            absurd(&MODEL, place, value, what);
        }
    }
    for (place, values, what) in [
        ("layers", &["0", "18446744073709551615"][..], "`layers` is"),
        ("d_model", &["0", "100000"], "`d_model` is"),
        ("d_hidden", &["0", "1000000000"], "`d_hidden` is"),
        ("heads", &["0", "3"], "`heads`"),
        ("max_positions", &["0", "2", "100000"], "`max_positions` is"),
        ("layer_norm_epsilon", &["0", "1e300"], "`layer_norm_epsilon` is"),
    ] {
        for value in values {
            absurd(&TRANSFORMER, &format!("architecture/text/{place}"), value, what);
        }
    }
}

#[test]
fn images_of_every_side_that_is_allowed_are_classified() {
    for image in [ImageArchitecture::EfficientnetLite0, ImageArchitecture::Googlenet] {
        let model = untrained::model(image);
        for side in [32, 33, 47, 64, 223, 225, 512] {
            let place = |name: &str| format!("/manifest/preprocessing/{name}");
            let bytes = with_value(&model, &place("resize"), &side.to_string());
            let bytes = with_value(&bytes, &place("crop"), &side.to_string());
            let loaded = panic::catch_unwind(|| {
                let classifier = Classifier::load_untested(&bytes, &Device::flex()).unwrap();
                classifier
                    .explain_blocking(Some(&test_card(100)), Some("a lovely day"))
                    .unwrap()
            });
            let prediction = loaded.unwrap_or_else(|_| panic!("{image:?} with a side of {side}"));
            assert!(
                prediction.scores.iter().all(|score| score.is_finite()),
                "{image:?}, {side}"
            );
        }
    }
}

#[test]
fn a_file_whose_scores_are_others_than_it_says_fails_the_self_test() {
    let bytes = with_value(&MODEL, "/manifest/self_test/caption", "\"nothing works\"");
    let bytes = with_value(&bytes, "/manifest/self_test/tolerance", "0");
    let error = Classifier::load(&bytes, &Device::flex())
        .expect_err("other scores")
        .to_string();
    assert!(error.contains("it fails its self-test, with scores off by"), "{error}");
    assert!(Classifier::load_untested(&bytes, &Device::flex()).is_ok());
}

/// Where each tensor's numbers begin, with its name, its encoding and how many scales stand before them.
fn tensors(model: &[u8]) -> Vec<(usize, String, String)> {
    let length = u32::from_le_bytes(model[12..16].try_into().unwrap()) as usize;
    let mut place = (24 + length).next_multiple_of(8);
    let document = document_of(model);
    let table = document["tensors"].as_array().unwrap();
    let mut found = Vec::new();
    for tensor in table {
        let text = |name: &str| tensor[name].as_str().unwrap().to_owned();
        let shape: Vec<usize> = tensor["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|length| length.as_u64().unwrap() as usize)
            .collect();
        let numbers: usize = shape.iter().product();
        let bytes = match text("encoding").as_str() {
            "int8" => 4 * shape[0] + numbers,
            "int8_last_axis" => 4 * shape[shape.len() - 1] + numbers,
            "f16" => 2 * numbers,
            _ => 4 * numbers,
        };
        found.push((place, text("name"), text("encoding")));
        place = (place + bytes).next_multiple_of(8);
    }
    found
}

#[test]
fn whatever_the_first_number_of_a_tensor_is_the_scores_are_numbers_or_the_file_is_refused() {
    let body = &MODEL[..MODEL.len() - 32];
    let mut refused = 0;
    for (place, name, encoding) in tensors(&MODEL) {
        let singles = [f32::NAN, f32::INFINITY, f32::MAX, -1e30, 0.0];
        let values: Vec<Vec<u8>> = if encoding == "f16" {
            [0x7e00_u16, 0x7c00, 0x7bff, 0]
                .map(|half| half.to_le_bytes().to_vec())
                .to_vec()
        } else {
            singles.map(|single| single.to_le_bytes().to_vec()).to_vec()
        };
        for (index, value) in values.iter().enumerate() {
            let mut body = body.to_vec();
            body[place..place + value.len()].copy_from_slice(value);
            let bytes = sealed(body);
            let what = format!("{name} begins with {value:?}");
            if index < 2 {
                let error = Bundle::from_bytes(&bytes).expect_err(&what);
                assert!(matches!(error, Error::TensorNotFinite { .. }), "{what}: {error}");
                refused += 1;
            } else {
                is_safe(&bytes, &what);
            }
        }
    }
    assert!(refused > 200, "{refused}");
}

/// The program, with an address space that no mistake fits into.
#[cfg(target_os = "linux")]
#[test]
fn the_program_refuses_absurd_files_in_little_memory_and_answers_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absurd.emofuse");
    let program = assert_cmd::cargo::cargo_bin("emofuse");
    let run = |model: &[u8]| {
        fs::write(&path, model).unwrap();
        let limited = "ulimit -v 3000000; exec \"$0\" classify --caption 'so happy' --json --model \"$1\"";
        let output = Command::new("sh")
            .args(["-c", limited])
            .args([Path::new(&program), &path])
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, answer, _) = run(&MODEL);
    assert_eq!(code, Some(0));
    assert!(answer.contains("\"emotion\""));
    for (model, place, value) in [
        (&*MODEL, "preprocessing/crop", "0"),
        (&*MODEL, "preprocessing/crop", "100000"),
        (&*MODEL, "preprocessing/standard_deviation/0", "0"),
        (&*MODEL, "architecture/text/kernels", "[0]"),
        (&*MODEL, "architecture/text/kernels", "[]"),
        (&*MODEL, "architecture/text/max_tokens", "0"),
        (&*MODEL, "architecture/text/n_grams/characters", "[0, 3]"),
        (&*MODEL, "architecture/fusion/d_common", "1000000000"),
        (&*MODEL, "self_test/test_card_side", "0"),
        (&*MODEL, "self_test/test_card_side", "10000"),
        (&*MODEL, "self_test/scores/0", "0.9"),
        (&*MODEL, "calibration/both/temperature", "1e-40"),
        (&*TRANSFORMER, "architecture/text/layers", "1000000000"),
        (&*TRANSFORMER, "architecture/text/heads", "0"),
    ] {
        let (code, answer, error) = run(&with_value(model, &format!("/manifest/{place}"), value));
        assert_eq!((code, answer.as_str()), (Some(2), ""), "{place} = {value}: {error}");
        assert!(
            error.starts_with("error: ") && !error.contains("panicked"),
            "{place} = {value}: {error}"
        );
    }
}
