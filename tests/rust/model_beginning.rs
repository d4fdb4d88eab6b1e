//! The beginning of a model file classifies captions, as the whole file does, before the rest has come.

use std::{fs, path::Path};

use burn::tensor::Device;
use emofuse::{
    Error, Image,
    bundle::Bundle,
    classifier::{Classifier, Prediction},
    explanation::Explain,
};

fn file() -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/model/emofuse-default.emofuse");
    fs::read(file).expect("the committed model")
}

/// Where the rows of `words` begin in a file and how long one is, from its own table of tensors.
fn words(file: &[u8]) -> (usize, usize) {
    let length = u32::from_le_bytes(file[12..16].try_into().unwrap()) as usize;
    let document: serde_json::Value = serde_json::from_slice(&file[24..24 + length]).unwrap();
    let mut end = (24 + length).next_multiple_of(8);
    for tensor in document["tensors"].as_array().unwrap() {
        let shape = tensor["shape"].as_array().unwrap();
        let shape: Vec<usize> = shape.iter().map(|length| length.as_u64().unwrap() as usize).collect();
        let numbers: usize = shape.iter().product();
        let scales = |channels: Option<&usize>| 4 * channels.copied().unwrap_or(1);
        let (before, bytes) = match tensor["encoding"].as_str().unwrap() {
            "int8" => (scales(shape.first()), numbers),
            "int8_last_axis" => (scales(shape.last()), numbers),
            "f16" => (0, 2 * numbers),
            _ => (0, 4 * numbers),
        };
        if tensor["name"] == "words" {
            return (end + before, shape[1]);
        }
        end = (end + before + bytes).next_multiple_of(8);
    }
    panic!("the model has no words");
}

fn beginning(file: &[u8], bytes: usize) -> Result<Classifier, Error> {
    Classifier::load_beginning(file[..bytes].to_vec(), file.len(), &Device::flex())
}

fn classify(classifier: &Classifier, image: Option<&Image>, caption: Option<&str>) -> Result<Prediction, Error> {
    let posts = vec![classifier.prepare(image, caption)?];
    let predictions = classifier.classify_all_blocking(posts, Explain::Label.into())?;
    Ok(predictions.into_iter().next().expect("one prediction"))
}

fn caption(classifier: &Classifier, caption: &str) -> Result<Prediction, Error> {
    classify(classifier, None, Some(caption))
}

#[test]
fn captions_of_words_that_have_come_are_answered_as_by_the_whole_file() {
    let file = file();
    let (first, row) = words(&file);
    let part = beginning(&file, first + 12_000 * row).unwrap();
    let whole = Classifier::load(&file, &Device::flex()).unwrap();
    for text in [
        "What a wonderful day, I am so happy!",
        "so sad 😢 #sad",
        "we lost the game again",
        "zxqvk", // no word that the model knows
    ] {
        let (found, expected) = (caption(&part, text).unwrap(), caption(&whole, text).unwrap());
        assert_eq!(found, expected, "{text}");
    }
    assert_eq!(part.sha256(), "");
}

#[test]
fn what_needs_more_of_the_file_is_told_apart() {
    let file = file();
    let (first, row) = words(&file);
    let is_incomplete = |result: Result<_, Error>| matches!(result, Err(Error::ModelIncomplete));
    let part = beginning(&file, first + 100 * row).unwrap();
    assert!(caption(&part, "it was the state").is_ok());
    assert!(is_incomplete(caption(&part, "it was the smth")), "a rare word");
    let image = Image::from_rgba(1, 1, vec![255; 4]).unwrap();
    assert!(is_incomplete(classify(&part, Some(&image), None)), "an image");

    // A row counts once its last byte is there.
    let last = "smth"; // the last word of the vocabulary
    let rows = Bundle::from_bytes(&file).unwrap().manifest.vocabulary.len() + 2;
    assert!(is_incomplete(caption(
        &beginning(&file, first + rows * row - 1).unwrap(),
        last
    )));
    assert!(caption(&beginning(&file, first + rows * row).unwrap(), last).is_ok());
}

#[test]
fn too_little_and_too_much_of_a_file_are_refused() {
    let file = file();
    let (first, row) = words(&file);
    for bytes in [24, 1000, first - 4 * 28_002 - 1, first] {
        let refused = beginning(&file, bytes);
        assert!(matches!(refused, Err(Error::ModelIncomplete)), "{bytes} bytes");
    }
    assert!(matches!(beginning(&file, file.len()), Err(Error::ModelIncomplete)));
    assert!(matches!(
        beginning(b"GIF89a and so on", 16),
        Err(Error::ModelNotRecognised)
    ));
    let wrong_length = Classifier::load_beginning(file[..first + row].to_vec(), file.len() + 8, &Device::flex());
    assert!(matches!(wrong_length, Err(Error::ModelLength { .. })));
}
