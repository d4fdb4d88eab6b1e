//! The caption tower of the large model in pkg/ against PyTorch on the same weights.
//!
//! `golden/large/make.py` widens the weights of the model file and writes what PyTorch makes of captions with them.

use std::{fs, path::Path};

use burn::tensor::Device;
use emofuse::{bundle::Bundle, classifier::Classifier};
use serde::Deserialize;

const TOLERANCE: f32 = 1e-3;

/// A caption with its word pieces and what PyTorch makes of it.
#[derive(Deserialize)]
struct Case {
    caption: String,
    ids: Vec<u32>,
    emotion: Vec<f32>,
}

fn read(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases() -> Vec<Case> {
    serde_json::from_slice(&read("tests/golden/large/expected.json")).expect("captions with their answers")
}

#[test]
fn captions_are_cut_into_the_word_pieces_of_the_reference() {
    let manifest = Bundle::from_bytes(&read("pkg/large/emofuse-large.emofuse"))
        .expect("the committed model")
        .manifest;
    let text = manifest.architecture.text.as_ref().unwrap();
    let tokenizer = text.tokenizer(manifest.vocabulary.clone()).expect("a tokenizer");
    for case in cases() {
        assert_eq!(tokenizer.encode(&case.caption), case.ids, "{}", case.caption);
    }
}

#[test]
fn the_network_answers_as_pytorch_does() {
    let bytes = read("pkg/large/emofuse-large.emofuse");
    let classifier = Classifier::load(&bytes, &Device::flex()).expect("the committed model");
    for case in cases() {
        let found = classifier.caption_emotion_blocking(&case.caption).expect("classifies");
        let found = found.expect("a transformer has nine outputs of its own");
        for (found, expected) in found.iter().zip(&case.emotion) {
            let difference = (found - expected).abs();
            assert!(
                difference <= TOLERANCE,
                "{}: {found}, expected {expected}",
                case.caption
            );
        }
    }
}
