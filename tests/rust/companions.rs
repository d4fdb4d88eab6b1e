//! Companions in a model file: what each system says of a post, whole and with either side taken away.

use burn::tensor::Device;
use emofuse::{
    Error, LabelSet,
    bundle::{Bundle, Companion, FusionArchitecture, ImageArchitecture, Precision, Reads, Temperatures},
    classifier::{Classifier, Prediction, SystemAnswer},
    explanation::{Explain, Wanted},
    image::Image,
    metrics::softmax,
    preprocessing::test_card,
};

use crate::untrained::{self, Sizes};

const CAPTION: &str = "what a lovely day";
const LABELS: usize = 3;

/// Of the early fusion, which divides what it has learnt otherwise.
const TEMPERATURES: Temperatures = Temperatures {
    both: 2.0,
    image: 0.5,
    caption: 3.0,
};

fn model(system: Option<FusionArchitecture>) -> Vec<u8> {
    let sizes = Sizes {
        side: 64,
        labels: LabelSet::from_names(["calm", "tense", "neither"], Some("neither")).unwrap(),
        system,
        ..Sizes::default()
    };
    untrained::model_of(ImageArchitecture::EfficientnetLite0, &sizes)
}

/// Numbers between −0.1 and 0.1 that follow no pattern.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    let number = |place: usize| ((place * 7919 + seed * 104_729 + 13) % 1009) as f32 / 5045.0 - 0.1;
    (0..count).map(number).collect()
}

fn companion(name: &str, reads: Reads) -> Companion {
    let one = Temperatures {
        both: 1.0,
        image: 1.0,
        caption: 1.0,
    };
    Companion {
        name: name.into(),
        reads,
        temperatures: if name == "early" { TEMPERATURES } else { one },
    }
}

/// A model with the companions `early`, `late`, `image` and `caption`.
fn with_companions(file: &[u8]) -> Bundle {
    let mut bundle = Bundle::from_bytes(file).unwrap();
    let architecture = &bundle.manifest.architecture;
    let [d_image, d_caption] = [architecture.d_image(), architecture.d_caption()].map(Option::unwrap);
    let mut insert = |name: &str, shape: &[usize], seed: usize| {
        let values = numbers(shape.iter().product(), seed);
        let precision = match shape.len() {
            2 if shape[0] > LABELS => Precision::Int8LastAxis,
            _ => Precision::F32,
        };
        bundle
            .insert(&format!("companions.{name}"), shape, &values, precision)
            .unwrap();
    };
    insert("early.image.weight", &[d_image, LABELS], 1);
    insert("early.caption.weight", &[d_caption, LABELS], 2);
    insert("early.priors", &[3, LABELS], 3);
    insert("image.image.weight", &[d_image, LABELS], 4);
    insert("image.image.bias", &[LABELS], 5);
    insert("caption.caption.weight", &[d_caption, LABELS], 6);
    insert("caption.caption.bias", &[LABELS], 7);
    bundle.manifest.companions = vec![
        companion("early", Reads::Sum),
        companion("late", Reads::Decisions),
        companion("image", Reads::Image),
        companion("caption", Reads::Caption),
    ];
    bundle
}

fn load(file: &[u8]) -> Classifier {
    Classifier::load(file, &Device::flex()).unwrap()
}

fn predicted(classifier: &Classifier, image: Option<&Image>, caption: Option<&str>, wanted: Wanted) -> Prediction {
    let posts = vec![classifier.prepare(image, caption).unwrap()];
    classifier.classify_all_blocking(posts, wanted).unwrap().remove(0)
}

fn asked(classifier: &Classifier, image: Option<&Image>, caption: Option<&str>) -> Vec<SystemAnswer> {
    let wanted = Wanted {
        systems: true,
        ..Wanted::default()
    };
    predicted(classifier, image, caption, wanted).systems.unwrap()
}

fn names(systems: &[SystemAnswer]) -> Vec<&str> {
    systems.iter().map(|system| system.name.as_str()).collect()
}

fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 2e-5, "{what}: {found}, expected {expected}");
    }
}

#[test]
fn a_file_without_companions_answers_with_its_own_system_alone_and_only_if_it_is_asked() {
    let classifier = load(&model(None));
    let card = test_card(80);
    assert_eq!(
        classifier
            .classify_blocking(Some(&card), Some(CAPTION))
            .unwrap()
            .systems,
        None
    );
    let systems = asked(&classifier, Some(&card), Some(CAPTION));
    assert_eq!(names(&systems), ["common_space"]);
    // With a side taken away, it is the system that answers, and not the classifier of what stands alone.
    let taken_away = classifier.classify_image_of_post_blocking(&card).unwrap();
    assert_eq!(systems[0].image.as_ref(), Some(&taken_away.scores));
    let taken_away = classifier.classify_caption_of_post_blocking(CAPTION).unwrap();
    assert_eq!(systems[0].caption.as_ref(), Some(&taken_away.scores));
}

#[test]
fn companions_change_no_prediction_and_the_system_that_answers_comes_first() {
    let file = model(None);
    let [before, after] = [load(&file), load(&with_companions(&file).to_bytes())];
    let card = test_card(80);
    let wanted = Wanted {
        explain: Explain::Label,
        systems: true,
    };
    for (image, caption) in [(Some(&card), Some(CAPTION)), (Some(&card), None), (None, Some(CAPTION))] {
        let expected = predicted(&before, image, caption, wanted);
        let found = predicted(&after, image, caption, wanted);
        let systems = found.systems.clone().unwrap();
        assert_eq!(systems[0], expected.systems.clone().unwrap()[0]);
        assert_eq!(systems[0].scores, found.scores);
        assert!(found.explanation.is_some());
        let without_systems = |prediction: Prediction| Prediction {
            systems: None,
            ..prediction
        };
        assert_eq!(without_systems(found), without_systems(expected));
    }
}

#[test]
fn each_companion_says_what_its_tensors_say_calibrated_and_without_a_side_what_it_knows() {
    let bundle = with_companions(&model(None));
    let classifier = load(&bundle.to_bytes());
    let card = test_card(80);
    let features = classifier.features_blocking(Some(&card), Some(CAPTION)).unwrap();
    let standard = |side: &str, features: &[f32]| -> Vec<f32> {
        let statistic = |name: &str| bundle.tensor(&format!("fusion.{side}.standard.{name}"), &[features.len()]);
        let statistics = statistic("mean")
            .unwrap()
            .into_iter()
            .zip(statistic("deviation").unwrap());
        let pairs = features.iter().zip(statistics);
        pairs
            .map(|(feature, (mean, deviation))| ((feature - mean) / deviation).clamp(-6.0, 6.0))
            .collect()
    };
    let image = standard("image", &features.image.unwrap());
    let caption = standard("caption", &features.caption.unwrap());
    let tensor = |name: &str, shape: &[usize]| bundle.tensor(&format!("companions.{name}"), shape).unwrap();
    let product = |name: &str, side: &[f32]| -> Vec<f32> {
        let weights = tensor(&format!("{name}.weight"), &[side.len(), LABELS]);
        let sum = |label: usize| {
            side.iter()
                .enumerate()
                .map(|(row, value)| value * weights[row * LABELS + label])
                .sum()
        };
        (0..LABELS).map(sum).collect()
    };
    let sum = |parts: &[&[f32]]| -> Vec<f32> {
        (0..LABELS)
            .map(|label| parts.iter().map(|part| part[label]).sum())
            .collect()
    };
    let (of_image, of_caption) = (product("early.image", &image), product("early.caption", &caption));
    let priors = tensor("early.priors", &[3, LABELS]);
    let prior = |kind: usize| &priors[kind * LABELS..][..LABELS];

    let systems = asked(&classifier, Some(&card), Some(CAPTION));
    assert_eq!(names(&systems), ["common_space", "early", "late", "image", "caption"]);
    let [_, early, late, of_images, of_captions] = systems.as_slice() else {
        panic!("five systems");
    };
    let expected = softmax(&sum(&[&of_image, &of_caption, prior(0)]), TEMPERATURES.both);
    assert_close(&early.scores, &expected, "early");
    let expected = softmax(&sum(&[&of_image, prior(1)]), TEMPERATURES.image);
    assert_close(early.image.as_ref().unwrap(), &expected, "early, image");
    let expected = softmax(&sum(&[&of_caption, prior(2)]), TEMPERATURES.caption);
    assert_close(early.caption.as_ref().unwrap(), &expected, "early, caption");

    let decision = |name: &str, side: &[f32]| {
        softmax(
            &sum(&[&product(name, side), &tensor(&format!("{name}.bias"), &[LABELS])]),
            1.0,
        )
    };
    let (decided_image, decided_caption) = (decision("image.image", &image), decision("caption.caption", &caption));
    assert_close(&of_images.scores, &decided_image, "image");
    assert_eq!(
        (of_images.image.as_ref(), &of_images.caption),
        (Some(&of_images.scores), &None)
    );
    assert_close(&of_captions.scores, &decided_caption, "caption");
    assert_eq!(
        (&of_captions.image, of_captions.caption.as_ref()),
        (&None, Some(&of_captions.scores))
    );
    let mean: Vec<f32> = decided_image
        .iter()
        .zip(&decided_caption)
        .map(|(a, b)| (a + b) / 2.0)
        .collect();
    assert_close(&late.scores, &mean, "late");
    assert_eq!((&late.image, &late.caption), (&of_images.image, &of_captions.caption));

    // Of a post with a single side, nothing is taken away, and who reads the other is not asked.
    let alone = asked(&classifier, Some(&card), None);
    assert_eq!(names(&alone), ["common_space", "early", "late", "image"]);
    for (found, whole) in alone.iter().skip(1).zip(systems.iter().skip(1)) {
        assert_close(&found.scores, whole.image.as_ref().unwrap(), &found.name);
        assert_eq!((found.image.as_ref(), &found.caption), (Some(&found.scores), &None));
    }
    assert_eq!(alone[0].image.as_ref(), Some(&alone[0].scores));
    let alone = asked(&classifier, None, Some(CAPTION));
    assert_eq!(names(&alone), ["common_space", "early", "late", "caption"]);
    assert!(alone.iter().all(|system| system.image.is_none()));
}

#[test]
fn a_file_that_lacks_a_tensor_of_a_companion_or_has_one_of_none_is_refused() {
    let file = model(Some(FusionArchitecture::Early));
    let mut named = Bundle::from_bytes(&file).unwrap();
    named.manifest.companions = vec![companion("image", Reads::Image)];
    let error = Classifier::load_untested(&named.to_bytes(), &Device::flex()).unwrap_err();
    assert!(
        matches!(&error, Error::TensorMissing { name } if name.starts_with("companions.image")),
        "{error}"
    );

    let mut own = Bundle::from_bytes(&file).unwrap();
    own.insert("companions.image.image.bias", &[LABELS], &[0.0; LABELS], Precision::F32)
        .unwrap();
    let error = Classifier::load_untested(&own.to_bytes(), &Device::flex()).unwrap_err();
    assert!(matches!(error, Error::TensorUnknown { .. }), "{error}");
    own.remove_group("companions");
    load(&own.to_bytes());
}
