//! From what was trained to a model file.

use std::collections::BTreeMap;

use burn::tensor::Device;

use super::{
    Trained, calibration,
    data::{Post, Split},
    fusion::{self, DevScore, FusionExample},
    import,
};
use crate::{
    bundle::{
        Architecture, Bundle, Calibration, FusionArchitecture, ImageArchitecture, Manifest, PerKind, Precision,
        SelfTest, TextArchitecture,
    },
    classifier::{Classifier, part},
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
    image::Picture,
    metrics,
    model::fusion::InputKind,
};

/// The caption of the golden post inside the model file; its picture is [`crate::image::test_card`].
const SELF_TEST_CAPTION: &str = "What a wonderful surprise, thank you all so much! #happy";
const SELF_TEST_SIDE: u32 = 224;
/// Back ends differ by rounding alone, far less than this.
const SELF_TEST_TOLERANCE: f32 = 2e-3;

/// Writes the model, calibrated on dev, with the scores of its golden post.
pub fn to_bytes(trained: &Trained, dev: &[FusionExample], device: &Device) -> Result<Vec<u8>> {
    let mut bundle = Bundle::new(manifest(trained, calibrate(trained, dev, device)));
    let vectors = &trained.caption_tower.vectors;
    let rows = trained.tokenizer.vocabulary().len();
    bundle.insert(
        part::WORDS,
        &[rows, vectors.d_word()],
        vectors.values(),
        Precision::Int8,
    )?;
    bundle.insert_module(part::IMAGE, &trained.tower, Precision::Int8)?;
    bundle.insert_module(part::CAPTION, &trained.caption_tower.network.encoder, Precision::Int8)?;
    bundle.insert_module(
        part::CAPTION_LABELS,
        &trained.caption_tower.network.labels,
        Precision::Int8,
    )?;
    bundle.insert_module(part::FUSION, &trained.fusion, Precision::Int8)?;
    // The golden scores are those of the file itself, so they can be known only once it is written.
    let draft = Classifier::load(&bundle.to_bytes(), device)?;
    let card = crate::image::test_card(SELF_TEST_SIDE);
    bundle.manifest.self_test.scores = draft.classify_blocking(Some(&card), Some(SELF_TEST_CAPTION))?.scores;
    Ok(bundle.to_bytes())
}

fn calibrate(trained: &Trained, dev: &[FusionExample], device: &Device) -> Calibration {
    let fit = |kind| -> (f32, f32) {
        let rows: Vec<([f32; EMOTIONS], Emotion)> = fusion::logits(&trained.fusion, dev, kind, device)
            .into_iter()
            .filter_map(|(index, logits)| Some((logits, fusion::truth(&dev[index], kind)?)))
            .collect();
        let temperature = calibration::temperature(&rows);
        (temperature, calibration::uncertain_below(&rows, temperature))
    };
    let [both, image, caption] = InputKind::ALL.map(fit);
    Calibration {
        temperature: PerKind {
            both: both.0,
            image: image.0,
            caption: caption.0,
        },
        uncertain_below: PerKind {
            both: both.1,
            image: image.1,
            caption: caption.1,
        },
    }
}

fn manifest(trained: &Trained, calibration: Calibration) -> Manifest {
    let recipe = &trained.recipe;
    Manifest {
        id: recipe.id.clone(),
        labels: Emotion::ALL.to_vec(),
        architecture: Architecture {
            image: ImageArchitecture::EfficientnetLite0,
            text: TextArchitecture {
                d_word: trained.caption_tower.vectors.d_word(),
                kernels: recipe.caption.kernels.clone(),
                filters: recipe.caption.filters,
                max_tokens: recipe.vocabulary.max_tokens,
            },
            fusion: FusionArchitecture::CommonSpace {
                d_common: recipe.fusion.d_common,
                activation: recipe.fusion.activation,
            },
        },
        preprocessing: trained.preprocessing.clone(),
        vocabulary: trained.tokenizer.vocabulary().words().to_vec(),
        calibration,
        caption_thresholds: trained.caption_tower.thresholds,
        self_test: SelfTest {
            caption: SELF_TEST_CAPTION.into(),
            test_card_side: SELF_TEST_SIDE,
            scores: [0.0; EMOTIONS],
            tolerance: SELF_TEST_TOLERANCE,
        },
        provenance: provenance(trained),
    }
}

fn provenance(trained: &Trained) -> BTreeMap<String, String> {
    [
        ("seed", trained.recipe.seed.to_string()),
        ("image_weights", "EfficientNet-Lite0, ImageNet (Apache-2.0)".into()),
        ("image_weights_sha256", import::efficientnet::WHEEL_SHA256.into()),
        ("word_vectors", "GloVe 6B 100-d (PDDL), tuned".into()),
        ("word_vectors_sha256", import::glove::PACKAGE_SHA256.into()),
        ("labels", "posts: machine-annotated; captions: human".into()),
        ("emofuse", env!("CARGO_PKG_VERSION").into()),
    ]
    .map(|(key, value): (&str, String)| (key.to_owned(), value))
    .into()
}

/// Accuracy and macro-F1 on dev of a model file, from encoded pictures and captions to predictions.
pub fn evaluate(bytes: &[u8], posts: &[Post], device: &Device) -> Result<DevScore> {
    let classifier = Classifier::load(bytes, device)?;
    let dev: Vec<&Post> = posts.iter().filter(|post| post.split == Split::Dev).collect();
    let progress = super::progress("the model file on dev", dev.len());
    let mut rows: [Vec<(Emotion, Emotion)>; 3] = Default::default();
    for post in dev {
        progress.inc(1);
        let encoded = std::fs::read(&post.image).map_err(Error::io(&post.image))?;
        let picture = match Picture::decode(&encoded) {
            Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => continue,
            picture => picture?,
        };
        let prediction = classifier.classify_blocking(Some(&picture), Some(&post.caption))?;
        let mut add = |kind: InputKind, truth: Option<Emotion>, scores: Option<[f32; EMOTIONS]>| {
            if let Some((truth, scores)) = truth.zip(scores) {
                rows[kind.index()].push((truth, metrics::most_likely(&scores)));
            }
        };
        let post_label = post.post_label.map(|label| label.first);
        add(
            InputKind::Both,
            post_label,
            prediction.caption.and(Some(prediction.scores)),
        );
        add(
            InputKind::Image,
            post.image_label.map(|label| label.first),
            prediction.image.or(Some(prediction.scores)),
        );
        add(InputKind::Caption, post_label, prediction.caption);
    }
    progress.finish_and_clear();
    let [both, image, caption] = rows.map(|rows| {
        let (truths, predictions): (Vec<Emotion>, Vec<Emotion>) = rows.into_iter().unzip();
        [
            metrics::accuracy(&truths, &predictions),
            metrics::macro_f1(&truths, &predictions),
        ]
    });
    Ok(DevScore { both, image, caption })
}
