//! The transformer for captions against PyTorch, and in a model file.
//!
//! `golden/transformer/make.py` writes a tiny tower with random weights and what PyTorch makes of captions with it.

use std::{collections::BTreeMap, fs, path::Path};

use burn::tensor::Device;
use emofuse::{
    Error, LabelSet,
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, FusionArchitecture, ImageArchitecture, Manifest, Precision,
        SelfTest, TextArchitecture, TransformerArchitecture, tensor_group,
    },
    classifier::{Classifier, PreparedPost},
    explanation::Explain,
    model::{
        caption_encoder::CaptionEncoder, fusion::common_space::CommonSpaceConfig,
        unimodal::linear::LinearBaselineConfig,
    },
    train::{
        caption_features::CaptionFeatureCache,
        captions::{CaptionExample, CaptionTower},
        import::transformer::FinetunedTransformer,
    },
};
use serde::Deserialize;

const MAX_TOKENS: usize = 38;

/// A caption with what PyTorch makes of it.
#[derive(Deserialize)]
struct Case {
    caption: String,
    ids: Vec<u32>,
    features: Vec<f32>,
    labels: Vec<f32>,
    emotion: Vec<f32>,
}

fn golden(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/transformer")
        .join(file)
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&fs::read_to_string(golden("expected.json")).unwrap()).unwrap()
}

fn tower() -> FinetunedTransformer {
    FinetunedTransformer::read(&golden("tower.safetensors"), MAX_TOKENS, &Device::flex()).unwrap()
}

fn assert_near(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= tolerance,
            "{what}: {found}, expected {expected}"
        );
    }
}

#[test]
fn captions_are_cut_into_the_word_pieces_of_the_reference() {
    for case in cases() {
        assert_eq!(tower().tokenizer.encode(&case.caption), case.ids, "{}", case.caption);
    }
}

#[test]
fn features_and_outputs_are_those_of_pytorch() {
    let device = Device::flex();
    let tower = CaptionTower::finetuned(tower(), [&[], &[]], &LabelSet::plutchik(), &device);
    let ids: Vec<Vec<u32>> = cases().into_iter().map(|case| case.ids).collect();
    let features = tower.features(&ids, &device);
    let labels = tower.probabilities(&ids, &device);
    for ((case, features), labels) in cases().iter().zip(features).zip(labels) {
        assert_near(&features, &case.features, 1e-4, &case.caption);
        let expected: Vec<f32> = case.labels.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect();
        assert_near(&labels, &expected, 1e-4, &case.caption);
    }
}

#[test]
fn a_tower_that_was_finetuned_for_other_labels_gets_outputs_of_its_own() {
    let device = Device::flex();
    let labels = LabelSet::from_names(["Ruhe", "Sturm", "sonst"], Some("sonst")).unwrap();
    let examples: Vec<CaptionExample> = cases()
        .into_iter()
        .enumerate()
        .map(|(row, case)| {
            let holds = |label: usize| if row % 3 == label { 1.0 } else { 0.0 };
            CaptionExample {
                ids: case.ids,
                each: Some([0, 1].map(holds).to_vec()),
                distribution: Some([0, 1, 2].map(holds).to_vec()),
                embedding: None,
                weight: 1.0,
                domain: "cases".into(),
            }
        })
        .collect();
    let untouched = CaptionTower::finetuned(tower(), [&[], &[]], &LabelSet::plutchik(), &device);
    let tower = CaptionTower::finetuned(tower(), [&examples, &examples], &labels, &device);
    assert_eq!(tower.thresholds.len(), 2);
    let ids: Vec<Vec<u32>> = examples.iter().map(|example| example.ids.clone()).collect();
    assert_eq!(tower.features(&ids, &device), untouched.features(&ids, &device));
    let right = tower
        .probabilities(&ids, &device)
        .into_iter()
        .zip(&examples)
        .filter(|(found, example)| {
            let expected = example.each.as_deref().unwrap();
            found
                .iter()
                .zip(expected)
                .all(|(found, expected)| (*found >= 0.5) == (*expected >= 0.5))
        });
    assert!(2 * right.count() > ids.len());
}

#[test]
fn features_that_are_kept_are_read_again_and_others_computed_and_added() {
    let device = Device::flex();
    let tower = CaptionTower::finetuned(tower(), [&[], &[]], &LabelSet::plutchik(), &device);
    let folder = tempfile::tempdir().unwrap();
    let cache = CaptionFeatureCache::new(folder.path(), &tower.pretrained.as_ref().unwrap().sha256);
    let mut ids: Vec<Vec<u32>> = cases().into_iter().map(|case| case.ids).collect();
    // The same caption twice, and one without a word.
    ids.extend([ids[0].clone(), Vec::new()]);
    let expected = tower.features(&ids, &device);
    let width = tower.network.encoder.features();
    let features = |ids: &[Vec<u32>]| cache.features(ids, width, |ids| tower.features(ids, &device)).unwrap();
    features(&ids[..2]);
    let kept = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    for round in 0..2 {
        for (found, expected) in features(&ids).iter().zip(&expected) {
            assert_near(found, expected, 1e-5, &format!("round {round}"));
        }
    }

    // A record is read, not computed; one that was cut short is computed again.
    let length = fs::metadata(&kept).unwrap().len();
    fs::write(&kept, vec![0; length as usize - 1]).unwrap();
    for (found, expected) in features(&ids).iter().zip(&expected) {
        assert_near(found, expected, 1e-5, "cut short");
    }
    let record = 32 + 4 * expected[0].len();
    let mut changed = fs::read(&kept).unwrap();
    changed.chunks_exact_mut(record).for_each(|record| record[32..].fill(0));
    fs::write(&kept, changed).unwrap();
    assert!(features(&ids).iter().flatten().all(|value| *value == 0.0));
}

/// A model file with the tiny tower, its image tower and fusion untrained.
fn bundle() -> Bundle {
    let device = Device::flex();
    let tower = tower();
    let image = ImageArchitecture::EfficientnetLite0;
    let network = image.init(&device);
    let encoder = CaptionEncoder::Transformer(tower.encoder);
    let d_caption = encoder.features();
    let fusion = CommonSpaceConfig::new(network.d_image(), d_caption, 9)
        .with_d_common(16)
        .with_image_share(0.5)
        .init(&device);
    let standalone_image = LinearBaselineConfig::new(network.d_image(), 9).init(&device);
    let standalone_caption = LinearBaselineConfig::new(d_caption, 9).init(&device);
    let words = tower.tokenizer.vocabulary().words().to_vec();
    let rows = tower.tokenizer.vocabulary().len();
    let mut bundle = Bundle::new(manifest(image, tower.architecture, words));
    bundle
        .insert(tensor_group::WORDS, &[rows, d_caption], &tower.words, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::IMAGE, &network, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::CAPTION, &encoder, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::CAPTION_LABELS, &tower.labels, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::CAPTION_EMOTION, &tower.emotion, Precision::Int8)
        .unwrap();
    bundle
        .insert_module(tensor_group::FUSION, &fusion, Precision::F16)
        .unwrap();
    bundle
        .insert_module(tensor_group::STANDALONE_IMAGE, &standalone_image, Precision::F16)
        .unwrap();
    bundle
        .insert_module(tensor_group::STANDALONE_CAPTION, &standalone_caption, Precision::F16)
        .unwrap();
    bundle
}

fn manifest(image: ImageArchitecture, text: TransformerArchitecture, vocabulary: Vec<String>) -> Manifest {
    Manifest {
        id: "untrained".into(),
        labels: LabelSet::plutchik(),
        architecture: Architecture {
            image: Some(image),
            text: Some(TextArchitecture::Transformer(text)),
            fusion: FusionArchitecture::CommonSpace {
                d_common: 16,
                image_share: 0.5,
            },
        },
        preprocessing: image.preprocessing(),
        vocabulary,
        calibration: Calibration::all(Calibrated {
            uncertain_below: 0.5,
            ..Calibrated::NONE
        }),
        companions: Vec::new(),
        caption_thresholds: vec![0.5; 8],
        self_test: SelfTest {
            caption: "what a happy day".into(),
            test_card_side: 224,
            scores: vec![0.0; 9],
            tolerance: 2e-3,
        },
        provenance: BTreeMap::new(),
    }
}

fn load(bundle: &Bundle) -> emofuse::Result<Classifier> {
    Classifier::load_untested(&bundle.to_bytes(), &Device::flex())
}

#[test]
fn a_model_file_answers_nearly_as_the_tower_in_32_bits() {
    let classifier = load(&bundle()).unwrap();
    for case in cases() {
        let largest = case.emotion.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = case.emotion.iter().map(|logit| (logit - largest).exp()).sum();
        let expected: Vec<f32> = case.emotion.iter().map(|logit| (logit - largest).exp() / sum).collect();
        let found = classifier.caption_emotion_blocking(&case.caption).unwrap().unwrap();
        assert_near(&found, &expected, 0.05, &case.caption);
    }
}

#[test]
fn captions_answered_together_are_answered_as_each_alone() {
    let classifier = load(&bundle()).unwrap();
    let captions: Vec<String> = cases().into_iter().map(|case| case.caption).collect();
    let posts: Vec<PreparedPost> = captions
        .iter()
        .map(|caption| classifier.prepare(None, Some(caption)).unwrap())
        .collect();
    let together = classifier
        .classify_all_blocking(posts, Explain::Nothing.into())
        .unwrap();
    for (caption, found) in captions.iter().zip(together) {
        let alone = classifier.classify_blocking(None, Some(caption)).unwrap();
        assert_near(&found.scores, &alone.scores, 1e-5, caption);
    }
}

#[test]
fn an_explanation_highlights_whole_words() {
    let classifier = load(&bundle()).unwrap();
    let prediction = classifier.explain_blocking(None, Some("Unbelievable cats 😂")).unwrap();
    let words: Vec<String> = prediction
        .explanation
        .unwrap()
        .words
        .into_iter()
        .map(|word| word.text)
        .collect();
    assert_eq!(words, ["Unbelievable", "cats", "😂"]);
}

#[test]
fn a_file_without_a_part_of_the_tower_is_refused() {
    let whole = bundle();
    let without = |name: &str| {
        let mut bundle = Bundle::new(whole.manifest.clone());
        let Some(TextArchitecture::Transformer(text)) = &mut bundle.manifest.architecture.text else {
            panic!("it is a transformer");
        };
        text.layers += usize::from(name == "a layer");
        bundle.manifest.vocabulary.retain(|word| word != name);
        load(&bundle)
    };
    assert!(matches!(without("[CLS]"), Err(Error::ModelManifest { .. })));
    assert!(matches!(without("a layer"), Err(Error::TensorMissing { .. })));
}

#[test]
fn a_tower_with_too_few_positions_or_another_file_is_refused() {
    let device = Device::flex();
    let error = FinetunedTransformer::read(&golden("tower.safetensors"), 1000, &device).unwrap_err();
    assert!(error.to_string().contains("`vocabulary.max_tokens`"), "{error}");
    let error = FinetunedTransformer::read(&golden("expected.json"), MAX_TOKENS, &device).unwrap_err();
    assert!(matches!(error, Error::Weights { .. }), "{error}");
    let absent = FinetunedTransformer::read(Path::new("absent"), MAX_TOKENS, &device);
    assert!(matches!(absent, Err(Error::Io { .. })));
}
