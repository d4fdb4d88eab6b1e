//! Posts are answered the same alone and in a batch, whatever stands beside them.

use std::{fs, path::Path, sync::LazyLock};

use burn::tensor::Device;
use emofuse::{
    Error,
    classifier::{Classifier, Prediction, PreparedPost},
    explanation::Explain,
    preprocessing::test_card,
};
use proptest::prelude::*;

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/model/emofuse-default.emofuse");
    Classifier::load(&fs::read(file).unwrap(), &Device::flex()).unwrap()
});

/// Images alone, captions alone and both, with short and with long captions.
const POSTS: [(Option<u32>, Option<&str>); 7] = [
    (Some(100), None),
    (Some(301), Some("so happy today")),
    (None, Some("no")),
    (
        Some(64),
        Some("This is outrageous!!! I'm soooo angry, they lied to us again and again 😡 #outrage #liars"),
    ),
    (
        None,
        Some("The meeting is on Tuesday at ten, in the room beside the stairs."),
    ),
    (Some(224), Some("https://example.org/only-a-link")),
    (Some(150), Some("wow")),
];

static PREPARED: LazyLock<Vec<PreparedPost>> = LazyLock::new(|| {
    let prepare = |(side, caption): (Option<u32>, Option<&str>)| {
        CLASSIFIER.prepare(side.map(test_card).as_ref(), caption).unwrap()
    };
    POSTS.into_iter().map(prepare).collect()
});

static ALONE: LazyLock<Vec<Prediction>> = LazyLock::new(|| {
    let classify =
        |(side, caption): (Option<u32>, _)| CLASSIFIER.classify_blocking(side.map(test_card).as_ref(), caption);
    POSTS.into_iter().map(|post| classify(post).unwrap()).collect()
});

fn distance(found: Option<&Vec<f32>>, expected: Option<&Vec<f32>>) -> f32 {
    match (found, expected) {
        (None, None) => 0.0,
        (Some(found), Some(expected)) => {
            let differences = found
                .iter()
                .zip(expected)
                .map(|(found, expected)| (found - expected).abs());
            differences.fold(0.0, f32::max)
        }
        _ => f32::INFINITY,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_batch_of_one_equals_its_row_of_many(rows in prop::collection::vec(0..POSTS.len(), 0..6)) {
        let posts = rows.iter().map(|row| PREPARED[*row].clone()).collect();
        let found = CLASSIFIER.classify_all_blocking(posts, Explain::Nothing.into()).unwrap();
        prop_assert_eq!(found.len(), rows.len());
        for (row, found) in rows.into_iter().zip(found) {
            let expected = &ALONE[row];
            prop_assert_eq!(found.label, expected.label);
            prop_assert_eq!(found.uncertain_below, expected.uncertain_below);
            prop_assert!(distance(Some(&found.scores), Some(&expected.scores)) < 1e-5);
            prop_assert!(distance(found.image.as_ref(), expected.image.as_ref()) < 1e-5);
            prop_assert!(distance(found.caption.as_ref(), expected.caption.as_ref()) < 1e-5);
            prop_assert_eq!(found.agreement.is_some(), expected.agreement.is_some());
        }
    }
}

#[test]
fn an_empty_post_cannot_be_prepared() {
    for caption in [None, Some(""), Some("https://example.org")] {
        assert!(
            matches!(CLASSIFIER.prepare(None, caption), Err(Error::EmptyPost)),
            "{caption:?}"
        );
    }
    assert!(matches!(CLASSIFIER.post(None, None), Err(Error::EmptyPost)));
}
