//! Whole models by the kernels of graphics cards, against the layers of burn with the same weights. They run on whichever
//! adapter the system has; where there is no card, that is Mesa's lavapipe.

use std::{fs, path::Path};

use burn::tensor::Device;
use emofuse::{
    bundle::{Bundle, ImageArchitecture, Precision, tensor_group},
    classifier::{Classifier, Prediction},
    explanation::Explain,
    model::{efficientnet_lite::EfficientNetLite0Config, transformer_encoder::TransformerEncoderConfig},
    preprocessing::test_card,
    webgpu::{Gpu, kernel::Storage},
};

use proptest::prelude::*;

use crate::untrained::{self, Sizes};

/// Images alone, captions alone and both, of many lengths, one of them longer than the caption tower's window.
const POSTS: [(Option<u32>, Option<&str>); 8] = [
    (Some(301), Some("so happy today")),
    (Some(100), None),
    (None, Some("no")),
    (
        Some(64),
        Some("This is outrageous!!! I'm soooo angry, they lied to us again and again 😡 #outrage #liars"),
    ),
    (None, Some(LONG)),
    (Some(224), Some("https://example.org/only-a-link")),
    (Some(150), Some("wow")),
    (Some(90), Some(LONG)),
];

const LONG: &str = "We walked along the river for hours and nobody said a word, then the sun came out over the hills and \
    the children began to laugh and to run about in the wet grass, and my mother, who had not smiled since the winter, \
    laughed too and said that this was the best day of the whole long year, and I thought of all the days that would \
    still come and was not afraid of them any more, because whatever they were to bring, they would bring it to all of us, \
    and we would sit around the table in the evening and tell each other what had been and what had not, and somebody \
    would make tea, and somebody would sing, and the dog would sleep under the bench as he always did. What a lovely day!";

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A model file whose towers are in single precision: the CPU then has the layers of burn for them.
fn in_single_precision(file: &[u8]) -> Vec<u8> {
    let device = Device::flex();
    let mut bundle = Bundle::from_bytes(file).unwrap();
    let image = EfficientNetLite0Config::new().init(&device);
    let image = bundle.load_module(tensor_group::IMAGE, image, &device).unwrap();
    bundle
        .insert_module(tensor_group::IMAGE, &image, Precision::F32)
        .unwrap();
    let caption = bundle.manifest.architecture.text.as_ref().unwrap().init(&device);
    let caption = bundle.load_module(tensor_group::CAPTION, caption, &device).unwrap();
    bundle
        .insert_module(tensor_group::CAPTION, &caption, Precision::F32)
        .unwrap();
    bundle.to_bytes()
}

fn both(file: &[u8]) -> [Classifier; 2] {
    [
        Classifier::load_untested(file, &Device::flex()).unwrap(),
        Classifier::load_webgpu(file, None, Gpu::open()).unwrap(),
    ]
}

fn predictions(classifier: &Classifier, posts: &[(Option<u32>, Option<&str>)], explain: Explain) -> Vec<Prediction> {
    let prepare = |(side, caption): &(Option<u32>, Option<&str>)| {
        classifier.prepare(side.map(test_card).as_ref(), *caption).unwrap()
    };
    classifier
        .classify_all_blocking(posts.iter().map(prepare).collect(), explain.into())
        .unwrap()
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

fn assert_agree(found: &[Prediction], expected: &[Prediction], tolerance: f32) {
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_close(&found.scores, &expected.scores, tolerance, &format!("post {index}"));
        for (found, expected) in [(&found.image, &expected.image), (&found.caption, &expected.caption)] {
            assert_eq!(found.is_some(), expected.is_some());
            if let (Some(found), Some(expected)) = (found, expected) {
                assert_close(found, expected, tolerance, &format!("one modality of post {index}"));
            }
        }
        let (Some(found), Some(expected)) = (&found.explanation, &expected.explanation) else {
            assert_eq!(found.explanation.is_some(), expected.explanation.is_some());
            continue;
        };
        assert_eq!(found.words.len(), expected.words.len());
        for (found, expected) in found.words.iter().zip(&expected.words) {
            assert_eq!((&found.text, &found.source), (&expected.text, &expected.source));
            assert_close(&[found.contribution], &[expected.contribution], tolerance, &found.text);
        }
        assert_eq!(found.heat_map.is_some(), expected.heat_map.is_some());
        if let (Some(found), Some(expected)) = (&found.heat_map, &expected.heat_map) {
            assert_eq!((found.width, found.height), (expected.width, expected.height));
            let largest = expected
                .values
                .iter()
                .fold(0.0_f32, |largest, value| largest.max(value.abs()));
            assert_close(
                &found.values,
                &expected.values,
                10.0 * tolerance * largest.max(0.01),
                "the heat map",
            );
        }
    }
}

#[test]
fn the_default_model_answers_as_with_the_layers_of_burn() {
    let [layers, webgpu] = both(&in_single_precision(&file("pkg/model/emofuse-default.emofuse")));
    for posts in [
        &POSTS[..1],
        &POSTS[1..2],
        &POSTS[2..3],
        &POSTS[4..5],
        &POSTS[..3],
        &POSTS,
    ] {
        let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, posts, Explain::Nothing));
        assert_agree(&found, &expected, 1e-4);
    }
}

#[test]
fn the_default_model_explains_as_with_the_layers_of_burn() {
    let [layers, webgpu] = both(&in_single_precision(&file("pkg/model/emofuse-default.emofuse")));
    for posts in [&POSTS[..1], &POSTS[1..2], &POSTS[2..3], &POSTS[..4]] {
        let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, posts, Explain::Label));
        assert_agree(&found, &expected, 1e-4);
    }
}

#[test]
fn the_large_model_answers_as_with_the_layers_of_burn() {
    let [layers, webgpu] = both(&in_single_precision(&file("pkg/large/emofuse-large.emofuse")));
    for posts in [&POSTS[..1], &POSTS[4..5], &POSTS] {
        let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, posts, Explain::Nothing));
        assert_agree(&found, &expected, 1e-4);
    }
    let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, &POSTS[..1], Explain::Label));
    assert_agree(&found, &expected, 1e-4);
}

/// Captions of words that an untrained model knows, and one that it does not.
fn captions() -> impl Strategy<Value = Vec<String>> {
    let caption = "(what|a|lovely|day|nothing|works|today|unheard)( (what|a|lovely|day|nothing|works)){0,80}";
    prop_oneof![1_usize..2, 3_usize..4, 8_usize..9]
        .prop_flat_map(move |count| proptest::collection::vec(caption, count))
}

fn assert_captions_agree(sizes: &Sizes, captions: &[String]) {
    let [layers, webgpu] = both(&untrained::model_of(ImageArchitecture::EfficientnetLite0, sizes));
    let posts: Vec<_> = captions.iter().map(|caption| (None, Some(caption.as_str()))).collect();
    for (posts, explain) in [(&posts[..], Explain::Nothing), (&posts[..1], Explain::Label)] {
        let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, posts, explain));
        assert_agree(&found, &expected, 1e-4);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn convolutions_over_words_of_any_size_are_those_of_burn(
        d_word in 1_usize..40,
        filters in 1_usize..40,
        d_common in 1_usize..40,
        kernels in proptest::collection::vec(prop::sample::select(vec![1_usize, 3, 5, 7]), 1..4),
        captions in captions(),
    ) {
        let text = untrained::convolution(d_word, kernels, filters);
        assert_captions_agree(&Sizes { text, d_common, ..Sizes::default() }, &captions);
    }

    #[test]
    fn transformers_of_any_size_are_those_of_burn(
        heads in 1_usize..5,
        d_head in 1_usize..9,
        d_hidden in 1_usize..20,
        layers in 1_usize..4,
        captions in captions(),
    ) {
        let config = TransformerEncoderConfig::new()
            .with_d_model(4 * heads * d_head)
            .with_heads(heads)
            .with_d_hidden(4 * d_hidden)
            .with_layers(layers)
            .with_max_positions(40);
        let text = untrained::transformer(&config);
        assert_captions_agree(&Sizes { text, ..Sizes::default() }, &captions);
    }

    #[test]
    fn images_of_any_side_have_the_features_and_cells_of_the_layers_of_burn(
        side in 32_u32..130,
        count in prop::sample::select(vec![1_usize, 3, 8]),
        is_googlenet in any::<bool>(),
    ) {
        let sizes = Sizes { side, ..Sizes::default() };
        let file = if is_googlenet {
            untrained::model_of(ImageArchitecture::Googlenet, &sizes)
        } else {
            in_single_precision(&untrained::model_of(ImageArchitecture::EfficientnetLite0, &sizes))
        };
        let [layers, webgpu] = both(&file);
        let posts: Vec<_> = (0..count).map(|index| (Some(60 + 31 * index as u32), Some("what a lovely day"))).collect();
        let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, &posts, Explain::Label));
        assert_agree(&found, &expected, 1e-3);
    }
}

#[test]
fn a_transformer_of_widths_that_the_kernels_do_not_have_is_refused_with_what_they_take() {
    let config = TransformerEncoderConfig::new()
        .with_d_model(6)
        .with_heads(2)
        .with_d_hidden(8)
        .with_layers(1);
    let sizes = Sizes {
        text: untrained::transformer(&config),
        ..Sizes::default()
    };
    let file = untrained::model_of(ImageArchitecture::EfficientnetLite0, &sizes);
    let error = Classifier::load_webgpu(&file, None, Gpu::open()).unwrap_err();
    assert!(error.to_string().contains("multiples of 4"), "{error}");
    assert!(Classifier::load(&file, &Device::flex()).is_ok());
}

#[test]
fn a_model_with_googlenet_answers_as_with_the_layers_of_burn() {
    let [layers, webgpu] = both(&untrained::model(ImageArchitecture::Googlenet));
    for posts in [&POSTS[..1], &POSTS[..3]] {
        for explain in [Explain::Nothing, Explain::Label] {
            let [expected, found] = [&layers, &webgpu].map(|model| predictions(model, posts, explain));
            assert_agree(&found, &expected, 1e-3);
        }
    }
}

#[test]
fn the_self_test_passes_in_either_precision() {
    for path in ["pkg/model/emofuse-default.emofuse", "pkg/large/emofuse-large.emofuse"] {
        let classifier = Classifier::load_webgpu(&file(path), None, Gpu::open()).unwrap();
        let networks = classifier.webgpu().unwrap();
        assert!(networks.may_halve(), "the adapter has no 16-bit numbers");
        let single = classifier.self_test_blocking().unwrap();
        networks.store_in(Storage::Half);
        let half = classifier.self_test_blocking().unwrap();
        networks.store_in(Storage::Single);
        networks.settle();
        assert!(!networks.may_halve());
        let again = classifier.self_test_blocking().unwrap();
        println!("{path}: {} and {}", single.max_difference, half.max_difference);
        assert!(single.passed && half.passed, "{path}: {single:?}, {half:?}");
        assert!(
            half.max_difference > single.max_difference,
            "half precision changes nothing"
        );
        assert_eq!(again, single);
    }
}
