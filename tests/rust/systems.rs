//! Every system with labels of its own: what it makes of whole posts and of posts without a side, on every back end.

use std::sync::LazyLock;

use burn::tensor::Device;
use emofuse::{
    Error, LabelSet,
    bundle::{Bundle, FusionArchitecture, ImageArchitecture},
    classifier::Classifier,
    heads::Head,
    model::{
        fusion::{ByModality, Modality, late::Combination},
        pooling::Pooling,
    },
    preprocessing::test_card,
};

use crate::untrained::{self, Sizes};

const CAPTION: &str = "what a lovely day";

fn labels() -> LabelSet {
    LabelSet::from_names(["calm", "tense", "naïve", "neither"], Some("neither")).unwrap()
}

/// The names of all systems, with a model each.
static MODELS: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(models);

fn models() -> Vec<(&'static str, Vec<u8>)> {
    let mut systems = vec![
        FusionArchitecture::CommonSpace {
            d_common: 8,
            image_share: 0.5,
        },
        FusionArchitecture::Early,
        FusionArchitecture::Image,
        FusionArchitecture::Caption,
    ];
    systems.extend(Pooling::ALL.map(|pooling| FusionArchitecture::Joint { pooling }));
    systems.extend(Combination::ALL.map(|weighting| FusionArchitecture::Late { weighting }));
    let sizes = |system| Sizes {
        side: 64,
        labels: labels(),
        system: Some(system),
        ..Sizes::default()
    };
    let model = |sizes: &Sizes| untrained::model_of(ImageArchitecture::EfficientnetLite0, sizes);
    let mut models: Vec<(&str, Vec<u8>)> = systems
        .into_iter()
        .map(|system| (system.name(), model(&sizes(system))))
        .collect();
    let fasttext = Sizes {
        text: untrained::fasttext(6),
        ..sizes(FusionArchitecture::Caption)
    };
    models.push(("fasttext", model(&fasttext)));
    models
}

fn load(file: &[u8]) -> Classifier {
    Classifier::load(file, &Device::flex()).unwrap()
}

fn reads(classifier: &Classifier) -> Modality {
    classifier.manifest().architecture.fusion.reads()
}

fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{what}: {found}, expected {expected}"
        );
    }
}

#[test]
fn a_model_of_any_system_has_its_labels_and_answers_whole_posts_and_those_without_a_side() {
    let card = test_card(80);
    for (name, file) in MODELS.iter() {
        let classifier = load(file);
        assert_eq!(classifier.manifest().architecture.system(), *name);
        assert_eq!(classifier.labels(), &labels());
        let reads = reads(&classifier);
        for (image, caption) in [(true, true), (true, false), (false, true)] {
            let has = match reads {
                Modality::Both => true,
                Modality::Image => image,
                Modality::Caption => caption,
            };
            let found = classifier.classify_blocking(image.then_some(&card), caption.then_some(CAPTION));
            if !has {
                let error = found.unwrap_err();
                assert!(matches!(error, Error::ModalityMissing { .. }), "{name}: {error}");
                assert_eq!(error.name(), "ModalityError");
                continue;
            }
            let found = found.unwrap();
            assert_eq!(found.scores.len(), 4, "{name}");
            assert!((found.scores.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{name}");
            assert_eq!(found.name(), labels().name(found.label));
            assert_eq!(found.image.is_some(), image && reads != Modality::Caption, "{name}");
            assert_eq!(found.caption.is_some(), caption && reads != Modality::Image, "{name}");
        }
        assert!(matches!(
            classifier.classify_blocking(None, Some(" ")),
            Err(Error::EmptyPost)
        ));
    }
}

#[test]
fn a_post_without_a_side_is_answered_by_the_other_alone_and_each_side_of_a_whole_post_as_if_it_stood_alone() {
    let card = test_card(80);
    for (name, file) in MODELS.iter() {
        let classifier = load(file);
        if reads(&classifier) != Modality::Both {
            continue;
        }
        let both = classifier.classify_blocking(Some(&card), Some(CAPTION)).unwrap();
        let image = classifier.classify_blocking(Some(&card), None).unwrap();
        let caption = classifier.classify_blocking(None, Some(CAPTION)).unwrap();
        assert_close(both.image.as_deref().unwrap(), &image.scores, 1e-5, name);
        assert_close(both.caption.as_deref().unwrap(), &caption.scores, 1e-5, name);
        let taken_away = classifier.classify_image_of_post_blocking(&card).unwrap();
        assert_close(&taken_away.scores, &image.scores, 1e-5, name);
        let taken_away = classifier.classify_caption_of_post_blocking(CAPTION).unwrap();
        assert_close(&taken_away.scores, &caption.scores, 1e-5, name);
    }
}

#[test]
fn the_heads_make_the_scores_of_the_features() {
    let card = test_card(80);
    for (name, file) in MODELS.iter() {
        let classifier = load(file);
        let architecture = &classifier.manifest().architecture;
        let features = classifier.features_blocking(Some(&card), Some(CAPTION)).unwrap();
        assert_eq!(features.image.as_ref().map(Vec::len), architecture.d_image(), "{name}");
        assert_eq!(
            features.caption.as_ref().map(Vec::len),
            architecture.d_caption(),
            "{name}"
        );
        let sides = ByModality::new(features.image.as_deref(), features.caption.as_deref()).unwrap();
        let logits = classifier.heads().logits(Head::System, sides).unwrap();
        let found = classifier.classify_blocking(Some(&card), Some(CAPTION)).unwrap();
        assert_close(&emofuse::metrics::softmax(&logits, 1.0), &found.scores, 1e-5, name);
    }
}

#[test]
fn explanations_have_the_sides_that_the_system_reads_and_words_what_is_lost_without_them() {
    let card = test_card(80);
    for (name, file) in MODELS.iter() {
        let classifier = load(file);
        let prediction = classifier.explain_blocking(Some(&card), Some(CAPTION)).unwrap();
        let explanation = prediction.explanation.as_ref().unwrap();
        assert_eq!(explanation.label, prediction.label);
        let reads = reads(&classifier);
        assert_eq!(explanation.heat_map.is_some(), reads != Modality::Caption, "{name}");
        assert_eq!(
            explanation.words.len(),
            if reads == Modality::Image { 0 } else { 4 },
            "{name}"
        );
        for word in &explanation.words {
            let rest = [&CAPTION[..word.source.start], &CAPTION[word.source.end..]].concat();
            let without = classifier.classify_blocking(Some(&card), Some(&rest)).unwrap();
            let expected = prediction.confidence - without.scores[prediction.label];
            assert_close(&[word.contribution], &[expected], 1e-5, name);
        }
        if let Some(map) = &explanation.heat_map {
            assert_eq!(map.values.len(), map.width * map.height, "{name}");
            assert!(
                map.values.iter().any(|value| value.abs() > 1e-6),
                "{name}: {:?}",
                map.values
            );
        }
    }
}

#[test]
fn a_model_file_without_a_part_of_its_system_is_refused_by_the_name_of_the_tensor() {
    for (name, file) in MODELS.iter() {
        let bundle = Bundle::from_bytes(file).unwrap();
        let mut other = Bundle::new(bundle.manifest.clone());
        for tensor in bundle.names().filter(|tensor| !tensor.starts_with("fusion.")) {
            let Err(Error::TensorShape { found, .. }) = bundle.tensor(tensor, &[usize::MAX, 7, 7]) else {
                panic!("no tensor has this shape");
            };
            let values = bundle.tensor(tensor, &found).unwrap();
            other
                .insert(tensor, &found, &values, emofuse::bundle::Precision::F32)
                .unwrap();
        }
        let error = Classifier::load_untested(&other.to_bytes(), &Device::flex()).unwrap_err();
        assert!(
            matches!(&error, Error::TensorMissing { name } if name.starts_with("fusion.")),
            "{name}: {error}"
        );
    }
}

#[cfg(feature = "native-webgpu")]
#[test]
fn systems_answer_and_explain_the_same_on_a_graphics_card() {
    use emofuse::{classifier::Prediction, explanation::Explain, webgpu::Gpu};

    // The heads are the same code there; these three have all kinds of towers.
    const SYSTEMS: [&str; 3] = ["early", "image", "fasttext"];

    let posts = [
        (Some(80), Some(CAPTION)),
        (Some(50), None),
        (None, Some("nothing works today")),
    ];
    for (name, file) in MODELS.iter().filter(|(name, _)| SYSTEMS.contains(name)) {
        let layers = load(file);
        let webgpu = Classifier::load_webgpu(file, None, Gpu::open()).unwrap();
        let predictions = |classifier: &Classifier| -> Vec<Prediction> {
            let prepare = |(side, caption): &(Option<u32>, Option<&str>)| {
                classifier.prepare(side.map(test_card).as_ref(), *caption).ok()
            };
            let posts = posts.iter().filter_map(prepare).collect();
            classifier.classify_all_blocking(posts, Explain::Label.into()).unwrap()
        };
        for (found, expected) in predictions(&webgpu).iter().zip(&predictions(&layers)) {
            assert_close(&found.scores, &expected.scores, 2e-3, name);
            let words = |prediction: &Prediction| -> Vec<f32> {
                let words = &prediction.explanation.as_ref().unwrap().words;
                words.iter().map(|word| word.contribution).collect()
            };
            assert_close(&words(found), &words(expected), 4e-3, name);
        }
        let features = |classifier: &Classifier| {
            classifier
                .features_blocking(Some(&test_card(80)), Some(CAPTION))
                .unwrap()
        };
        let (found, expected) = (features(&webgpu), features(&layers));
        assert_eq!(found.image.is_some(), expected.image.is_some());
        if let (Some(found), Some(expected)) = (&found.caption, &expected.caption) {
            assert_close(found, expected, 1e-4, name);
        }
    }
}
