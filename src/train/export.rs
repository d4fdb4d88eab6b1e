//! From what was trained to a model file.

use std::collections::BTreeMap;

use burn::tensor::Device;

use super::{
    calibration,
    captions::{CaptionNetwork, CaptionTower},
    data::{Post, Split},
    fusion::{self, DevScore, FusionExample},
    import::{self, picture_tower::PictureTower},
    recipe::Recipe,
    word_vectors::WordVectors,
};
use crate::{
    bundle::{
        Architecture, Bundle, Calibration, FusionArchitecture, Manifest, PerKind, Precision, SelfTest, TextArchitecture,
    },
    classifier::{Classifier, part},
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
    image::Picture,
    metrics,
    model::fusion::{InputKind, common_space::CommonSpace},
    text::Tokenizer,
};

/// The caption of the golden post inside the model file; its picture is [`crate::image::test_card`].
const SELF_TEST_CAPTION: &str = "What a wonderful surprise, thank you all so much! #happy";
const SELF_TEST_SIDE: u32 = 224;
/// Back ends differ by rounding alone, far less than this.
const SELF_TEST_TOLERANCE: f32 = 2e-3;

/// A model file in the making: it holds the towers, and waits for a fusion.
pub struct Draft {
    bundle: Bundle,
}

impl Draft {
    /// Puts the towers into a file, rounded to 8 bits.
    pub fn new(recipe: &Recipe, tokenizer: &Tokenizer, tower: &PictureTower, captions: &CaptionTower) -> Result<Self> {
        let mut bundle = Bundle::new(manifest(recipe, tokenizer, tower, captions));
        let shape = [tokenizer.vocabulary().len(), captions.vectors.d_word()];
        bundle.insert(part::WORDS, &shape, captions.vectors.values(), Precision::Int8)?;
        bundle.insert_module(part::IMAGE, &tower.network, Precision::Int8)?;
        bundle.insert_module(part::CAPTION, &captions.network.encoder, Precision::Int8)?;
        bundle.insert_module(part::CAPTION_LABELS, &captions.network.labels, Precision::Int8)?;
        Ok(Self { bundle })
    }

    /// The towers as a reader of the file gets them. A fusion that learns from their features has the rounding in what
    /// it learns from, and loses nothing to it later.
    pub fn rounded(
        &self,
        tower: &PictureTower,
        captions: &CaptionTower,
        device: &Device,
    ) -> Result<(PictureTower, CaptionTower)> {
        let tower = PictureTower {
            network: self.bundle.load_module(part::IMAGE, tower.network.clone(), device)?,
            // Features are kept by this digest, and those of the rounded tower are others.
            sha256: format!("{}-int8", tower.sha256),
            ..tower.clone()
        };
        let CaptionNetwork { encoder, labels, .. } = captions.network.clone();
        let d_word = captions.vectors.d_word();
        let words = [captions.vectors.values().len() / d_word, d_word];
        let captions = CaptionTower {
            network: CaptionNetwork {
                encoder: self.bundle.load_module(part::CAPTION, encoder, device)?,
                labels: self.bundle.load_module(part::CAPTION_LABELS, labels, device)?,
                embedding: None,
            },
            vectors: WordVectors::new(self.bundle.tensor(part::WORDS, &words)?, d_word),
            ..*captions
        };
        Ok((tower, captions))
    }

    /// Adds the fusion and gives the file, calibrated on dev, with the scores of its golden post.
    pub fn finish(mut self, fusion: &CommonSpace, dev: &[FusionExample], device: &Device) -> Result<Vec<u8>> {
        self.bundle.insert_module(part::FUSION, fusion, Precision::F16)?;
        self.bundle.manifest.calibration = calibrate(fusion, dev, device);
        // The golden scores are those of the file itself, so they can be known only once it is written.
        let draft = Classifier::load(&self.bundle.to_bytes(), device)?;
        let card = crate::image::test_card(SELF_TEST_SIDE);
        self.bundle.manifest.self_test.scores = draft.classify_blocking(Some(&card), Some(SELF_TEST_CAPTION))?.scores;
        Ok(self.bundle.to_bytes())
    }
}

fn calibrate(fusion: &CommonSpace, dev: &[FusionExample], device: &Device) -> Calibration {
    let fit = |kind| -> (f32, f32) {
        let rows: Vec<([f32; EMOTIONS], Emotion)> = fusion::logits(fusion, dev, kind, device)
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

fn manifest(recipe: &Recipe, tokenizer: &Tokenizer, tower: &PictureTower, captions: &CaptionTower) -> Manifest {
    let uncalibrated = |value| PerKind {
        both: value,
        image: value,
        caption: value,
    };
    Manifest {
        id: recipe.id.clone(),
        labels: Emotion::ALL.to_vec(),
        architecture: Architecture {
            image: tower.architecture,
            text: TextArchitecture {
                d_word: captions.vectors.d_word(),
                kernels: recipe.caption.kernels.clone(),
                filters: recipe.caption.filters,
                max_tokens: recipe.vocabulary.max_tokens,
            },
            fusion: FusionArchitecture::CommonSpace {
                d_common: recipe.fusion.d_common,
                image_share: recipe.fusion.image_share,
            },
        },
        preprocessing: tower.preprocessing.clone(),
        vocabulary: tokenizer.vocabulary().words().to_vec(),
        calibration: Calibration {
            temperature: uncalibrated(1.0),
            uncertain_below: uncalibrated(0.0),
        },
        caption_thresholds: captions.thresholds,
        self_test: SelfTest {
            caption: SELF_TEST_CAPTION.into(),
            test_card_side: SELF_TEST_SIDE,
            scores: [0.0; EMOTIONS],
            tolerance: SELF_TEST_TOLERANCE,
        },
        provenance: provenance(recipe, tower),
    }
}

fn provenance(recipe: &Recipe, tower: &PictureTower) -> BTreeMap<String, String> {
    let known = [
        ("seed", recipe.seed.to_string()),
        ("image_weights", tower.origin.clone()),
        ("image_weights_sha256", tower.sha256.clone()),
        ("word_vectors", "GloVe 6B 100-d (PDDL), tuned".into()),
        ("word_vectors_sha256", import::glove::PACKAGE_SHA256.into()),
        ("emofuse", env!("CARGO_PKG_VERSION").into()),
    ]
    .map(|(key, value): (&str, String)| (key.to_owned(), value));
    let mut provenance = recipe.provenance.clone();
    provenance.extend(known);
    provenance
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
