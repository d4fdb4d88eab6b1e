//! The models in pkg/ answer the golden posts as they did when these were made.
//!
//! The same folders are read by the browser tests, on both back ends: native, wasm on the CPU and wasm
//! on WebGPU give the same scores.

use std::{fs, path::Path};

use burn::tensor::Device;
use emofuse::{Emotion, classifier::Classifier};
use serde_json::Value;

/// As much as a probability may differ between back ends.
const TOLERANCE: f64 = 2e-3;

fn classifier() -> Classifier {
    load("pkg/model/emofuse-default.emofuse")
}

fn large_classifier() -> Classifier {
    load("pkg/large/emofuse-large.emofuse")
}

fn load(file: &str) -> Classifier {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    Classifier::load(&bytes, &Device::flex()).expect("the committed model loads")
}

fn assert_near(case: &str, what: &str, found: Option<Vec<f32>>, expected: &Value) {
    let Some(found) = found else {
        assert!(expected.is_null(), "{case}: {what} is absent");
        return;
    };
    for emotion in Emotion::ALL {
        let expected = expected[emotion.name()]
            .as_f64()
            .unwrap_or_else(|| panic!("{case}: {what} has no {emotion}"));
        let found = f64::from(found[emotion.index()]);
        assert!(
            (found - expected).abs() <= TOLERANCE,
            "{case}, {what}, {emotion}: {found}, expected {expected}"
        );
    }
}

#[test]
fn golden_posts_are_answered_as_when_they_were_made() {
    assert_golden(&classifier(), "expected.json");
}

#[test]
fn golden_posts_are_answered_by_the_large_model_as_when_they_were_made() {
    assert_golden(&large_classifier(), "expected-large.json");
}

fn assert_golden(classifier: &Classifier, expected_in: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/posts");
    let mut cases = 0;
    for entry in fs::read_dir(&folder).expect("the folder of golden posts") {
        let folder = entry.expect("an entry").path();
        if !folder.is_dir() {
            continue;
        }
        let case = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let image = fs::read(folder.join("picture.png")).ok();
        let image = image.map(|encoded| emofuse::decode::decode(&encoded).expect("a golden image decodes"));
        let caption = fs::read_to_string(folder.join("caption.txt")).ok();
        let expected = fs::read_to_string(folder.join(expected_in)).expect("an expected answer");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        let found = classifier
            .classify_blocking(image.as_ref(), caption.as_deref())
            .expect("classifies");
        assert_eq!(found.name(), expected["emotion"], "{case}");
        assert_eq!(found.uncertain, expected["uncertain"], "{case}");
        assert_near(&case, "scores", Some(found.scores), &expected["scores"]);
        assert_near(&case, "image", found.image, &expected["image"]);
        assert_near(&case, "caption", found.caption, &expected["caption"]);
        cases += 1;
    }
    assert!(cases >= 6, "only {cases} golden posts");
}

#[test]
fn the_post_inside_the_model_file_is_answered_as_when_it_was_written() {
    for classifier in [classifier(), large_classifier()] {
        let report = classifier.self_test_blocking().expect("runs");
        // The scores in the file are those of 32-bit activations.
        assert!(report.passed && report.max_difference < 5e-4, "{report:?}");
    }
}

#[test]
fn a_caption_without_words_counts_as_absent() {
    let classifier = classifier();
    let card = emofuse::preprocessing::test_card(100);
    let absent = classifier.classify_blocking(Some(&card), None).expect("classifies");
    for caption in ["", "  \n", "https://example.org/image"] {
        assert_eq!(
            classifier
                .classify_blocking(Some(&card), Some(caption))
                .expect("classifies"),
            absent,
            "{caption:?}"
        );
        assert!(
            classifier.classify_blocking(None, Some(caption)).is_err(),
            "{caption:?}"
        );
    }
}

#[test]
fn a_modality_says_the_same_alone_and_beside_the_other() {
    let classifier = classifier();
    let card = emofuse::preprocessing::test_card(100);
    let caption = "so happy today";
    let both = classifier
        .classify_blocking(Some(&card), Some(caption))
        .expect("classifies");
    let image = classifier.classify_blocking(Some(&card), None).expect("classifies");
    let words = classifier.classify_blocking(None, Some(caption)).expect("classifies");
    assert_eq!(both.image, Some(image.scores));
    assert_eq!(both.caption, Some(words.scores));
    assert_eq!((image.caption, words.image, image.agreement), (None, None, None));
    assert!(both.agreement.is_some_and(|agreement| (0.0..=1.0).contains(&agreement)));
    assert!((both.scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn an_image_whose_caption_is_taken_away_is_asked_another_question() {
    let classifier = classifier();
    let card = emofuse::preprocessing::test_card(100);
    let alone = classifier.classify_blocking(Some(&card), None).expect("classifies");
    let of_post = classifier.classify_image_of_post_blocking(&card).expect("classifies");
    assert_eq!(
        of_post.image.as_ref(),
        Some(&alone.scores),
        "what the image says on its own"
    );
    assert_ne!(of_post.scores, alone.scores);
    assert_eq!((of_post.caption, of_post.agreement), (None, None));
    assert!((of_post.scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn captions_longer_than_a_window_are_read_to_the_end() {
    for classifier in [classifier(), large_classifier()] {
        assert_read_to_the_end(&classifier);
    }
}

fn assert_read_to_the_end(classifier: &Classifier) {
    let window = classifier.manifest().architecture.max_tokens();
    let facts = "The meeting is at ten in the small room on the second floor. ".repeat(window / 12);
    let sad = "My dog died today and I cannot stop crying. ".repeat(window / 8);
    let sadness = |caption: &str| {
        let found = classifier.classify_blocking(None, Some(caption)).expect("classifies");
        found.scores[Emotion::Sadness.index()]
    };
    assert!(sadness(&format!("{facts}{sad}")) > 2.0 * sadness(&facts));
}
