//! From what was trained to a model file.

use std::collections::BTreeMap;

use burn::tensor::Device;
use emofuse_core::{
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
    metrics,
};
use emofuse_engine::{
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, FusionArchitecture, Manifest,
        Precision, SelfTest, TextArchitecture, TransformerArchitecture, tensor_group,
    },
    classifier::Classifier,
    text::Tokenizer,
};

use super::{
    captions::{CaptionNetwork, CaptionTower, Pretrained},
    data::{Data, Label, Post, Split},
    heads::{self, DevScore, Heads},
    import::{self, image_tower::PretrainedImageTower},
    recipe::{CaptionRecipe, Recipe},
    word_vectors::WordVectors,
};

/// The caption of the golden post inside the model file; its image is [`crate::image::test_card`].
const SELF_TEST_CAPTION: &str = "What a wonderful surprise, thank you all so much! #happy";
const SELF_TEST_SIDE: u32 = 224;
/// Back ends differ by rounding alone, far less than this.
const SELF_TEST_TOLERANCE: f32 = 2e-3;

/// A model file in the making: it holds the towers, and waits for a fusion.
pub struct BundleBuilder {
    bundle: Bundle,
}

impl BundleBuilder {
    /// Puts the towers into a file, rounded to 8 bits.
    pub fn new(
        recipe: &Recipe,
        tokenizer: &Tokenizer,
        tower: &PretrainedImageTower,
        captions: &CaptionTower,
    ) -> Result<Self> {
        let mut bundle = Bundle::new(manifest(recipe, tokenizer, tower, captions)?);
        let shape = [tokenizer.vocabulary().len(), captions.vectors.d_word()];
        bundle.insert(tensor_group::WORDS, &shape, captions.vectors.values(), Precision::Int8)?;
        bundle.insert_module(tensor_group::IMAGE, &tower.network, Precision::Int8)?;
        bundle.insert_module(tensor_group::CAPTION, &captions.network.encoder, Precision::Int8)?;
        bundle.insert_module(tensor_group::CAPTION_LABELS, &captions.network.labels, Precision::Int8)?;
        if let (Some(emotion), Some(_)) = (&captions.network.emotion, &captions.pretrained) {
            bundle.insert_module(tensor_group::CAPTION_EMOTION, emotion, Precision::Int8)?;
        }
        Ok(Self { bundle })
    }

    /// The towers as a reader of the file gets them. A fusion that learns from their features has the rounding in what
    /// it learns from, and loses nothing to it later.
    pub fn rounded(
        &self,
        tower: &PretrainedImageTower,
        captions: &CaptionTower,
        device: &Device,
    ) -> Result<(PretrainedImageTower, CaptionTower)> {
        let tower = PretrainedImageTower {
            network: self
                .bundle
                .load_module(tensor_group::IMAGE, tower.network.clone(), device)?,
            // Features are kept by this digest, and those of the rounded tower are others.
            sha256: format!("{}-int8", tower.sha256),
            ..tower.clone()
        };
        let CaptionNetwork {
            encoder,
            labels,
            emotion,
            ..
        } = captions.network.clone();
        let d_word = captions.vectors.d_word();
        let words = [captions.vectors.values().len() / d_word, d_word];
        let captions = CaptionTower {
            network: CaptionNetwork {
                encoder: self.bundle.load_module(tensor_group::CAPTION, encoder, device)?,
                labels: self.bundle.load_module(tensor_group::CAPTION_LABELS, labels, device)?,
                // A tower that was trained here leaves its nine outputs to the classifier of captions.
                emotion: emotion
                    .filter(|_| captions.pretrained.is_some())
                    .map(|emotion| self.bundle.load_module(tensor_group::CAPTION_EMOTION, emotion, device))
                    .transpose()?,
                embedding: None,
            },
            vectors: WordVectors::new(self.bundle.tensor(tensor_group::WORDS, &words)?, d_word),
            pretrained: captions.pretrained.clone().map(|pretrained| Pretrained {
                sha256: format!("{}-int8", pretrained.sha256),
                ..pretrained
            }),
            ..captions.clone()
        };
        Ok((tower, captions))
    }

    /// Adds what reads the towers and gives the file, with the scores of its golden post.
    pub fn finish(mut self, heads: &Heads, calibration: Calibration, device: &Device) -> Result<Vec<u8>> {
        self.bundle
            .insert_module(tensor_group::FUSION, &heads.fusion.system, Precision::F16)?;
        self.bundle.insert_module(
            tensor_group::STANDALONE_IMAGE,
            heads.standalone_image.system.classifier(),
            Precision::F16,
        )?;
        self.bundle.insert_module(
            tensor_group::STANDALONE_CAPTION,
            heads.caption.system.classifier(),
            Precision::F16,
        )?;
        for (name, n_grams) in [
            (tensor_group::N_GRAMS, &heads.fusion.n_grams),
            (tensor_group::STANDALONE_N_GRAMS, &heads.caption.n_grams),
        ] {
            let Some(n_grams) = n_grams else { continue };
            let weights = n_grams.weights().into_data();
            let shape = [weights.shape()[0], EMOTIONS];
            let weights = weights.try_to_vec::<f32>().expect("weights are 32-bit floats");
            self.bundle.insert(name, &shape, &weights, Precision::Int8)?;
        }
        self.bundle.manifest.calibration = calibration;
        // The golden scores are those of the file itself, so they can be known only once it is written.
        let draft = Classifier::load_untested(&self.bundle.to_bytes(), device)?;
        let card = emofuse_engine::preprocessing::test_card(SELF_TEST_SIDE);
        self.bundle.manifest.self_test.scores = draft.classify_blocking(Some(&card), Some(SELF_TEST_CAPTION))?.scores;
        Ok(self.bundle.to_bytes())
    }
}

fn manifest(
    recipe: &Recipe,
    tokenizer: &Tokenizer,
    tower: &PretrainedImageTower,
    captions: &CaptionTower,
) -> Result<Manifest> {
    Ok(Manifest {
        id: recipe.id.clone(),
        labels: Emotion::ALL.to_vec(),
        architecture: Architecture {
            image: tower.architecture,
            text: text_architecture(recipe, captions)?,
            fusion: FusionArchitecture::CommonSpace {
                d_common: recipe.fusion.d_common,
                image_share: recipe.fusion.image_share,
            },
        },
        preprocessing: tower.preprocessing.clone(),
        vocabulary: tokenizer.vocabulary().words().to_vec(),
        calibration: Calibration::all(Calibrated::NONE),
        caption_thresholds: captions.thresholds,
        self_test: SelfTest {
            caption: SELF_TEST_CAPTION.into(),
            test_card_side: SELF_TEST_SIDE,
            scores: [0.0; EMOTIONS],
            tolerance: SELF_TEST_TOLERANCE,
        },
        provenance: provenance(recipe, tower, captions),
    })
}

fn text_architecture(recipe: &Recipe, captions: &CaptionTower) -> Result<TextArchitecture> {
    let n_grams = recipe.fusion.n_grams.map(|n_grams| n_grams.table);
    let standalone_n_grams = recipe.standalone_caption.n_grams.map(|n_grams| n_grams.table);
    match (&recipe.caption, &captions.pretrained) {
        (_, Some(pretrained)) => Ok(TextArchitecture::Transformer(TransformerArchitecture {
            n_grams,
            standalone_n_grams,
            ..pretrained.architecture.clone()
        })),
        (CaptionRecipe::Trained(caption), None) => Ok(TextArchitecture::Convolution(ConvolutionArchitecture {
            d_word: captions.vectors.d_word(),
            kernels: caption.kernels.clone(),
            filters: caption.filters,
            max_tokens: recipe.vocabulary.max_tokens,
            n_grams,
            standalone_n_grams,
        })),
        (CaptionRecipe::Pretrained(recipe), None) => Err(Error::Data {
            path: recipe.pretrained.file.clone(),
            reason: "the caption tower was not read from it".into(),
        }),
    }
}

fn provenance(recipe: &Recipe, tower: &PretrainedImageTower, captions: &CaptionTower) -> BTreeMap<String, String> {
    let of_captions = match &captions.pretrained {
        None => [
            ("word_vectors", "GloVe 6B 100-d (PDDL), tuned".into()),
            ("word_vectors_sha256", import::glove::PACKAGE_SHA256.into()),
        ],
        Some(pretrained) => [
            ("caption_weights", pretrained.origin.clone()),
            ("caption_weights_sha256", pretrained.sha256.clone()),
        ],
    };
    let known = [
        ("seed", recipe.seed.to_string()),
        ("image_weights", tower.origin.clone()),
        ("image_weights_sha256", tower.sha256.clone()),
        ("emofuse", env!("CARGO_PKG_VERSION").into()),
    ]
    .into_iter()
    .chain(of_captions)
    .map(|(key, value): (&str, String)| (key.to_owned(), value));
    let mut provenance = recipe.provenance.clone();
    provenance.extend(known);
    provenance
}

/// Accuracy and macro-F1 on dev of a model file, from encoded images and captions to predictions.
pub fn evaluate(bytes: &[u8], data: &Data, device: &Device) -> Result<DevScore> {
    let classifier = Classifier::load(bytes, device)?;
    let dev: Vec<&Post> = data.posts.iter().filter(|post| post.split == Split::Dev).collect();
    let progress = super::progress("the model file on dev", dev.len());
    let mut rows: [Vec<(Emotion, Emotion)>; 4] = Default::default();
    let [both, caption, image, standalone_image] = &mut rows;
    for post in dev {
        progress.inc(1);
        let encoded = std::fs::read(&post.image).map_err(Error::io(&post.image))?;
        let decoded = match emofuse_decode::decode(&encoded) {
            Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => continue,
            decoded => decoded?,
        };
        let prediction = classifier.classify_blocking(Some(&decoded), Some(&post.caption))?;
        let emotion = |label: Option<Label>| label.map(|label| label.first);
        let add = |rows: &mut Vec<_>, truth: Option<Emotion>, scores: Option<[f32; EMOTIONS]>| {
            rows.extend(truth.zip(scores.as_ref().map(metrics::most_likely)));
        };
        if prediction.caption.is_some() {
            add(both, emotion(post.post_label), Some(prediction.scores));
            let without_image = classifier.classify_caption_of_post_blocking(&post.caption)?;
            add(caption, emotion(post.post_label), Some(without_image.scores));
            let taken_away = classifier.classify_image_of_post_blocking(&decoded)?;
            add(image, emotion(post.post_label), Some(taken_away.scores));
        }
        add(standalone_image, emotion(post.image_label()), prediction.image);
    }
    progress.finish_and_clear();
    let [both, caption, image, standalone_image] = rows.map(|rows| {
        let (truths, predictions): (Vec<Emotion>, Vec<Emotion>) = rows.into_iter().unzip();
        [
            metrics::accuracy(&truths, &predictions),
            metrics::macro_f1(&truths, &predictions),
        ]
    });
    Ok(DevScore {
        both,
        caption,
        image,
        standalone_image,
        captions: evaluate_captions(&classifier, data)?,
    })
}

/// Accuracy and macro-F1 on the captions of dev that have one label, by the set that they come from.
fn evaluate_captions(classifier: &Classifier, data: &Data) -> Result<BTreeMap<String, [f64; 2]>> {
    let mut answers = Vec::new();
    for row in data.captions.iter().filter(|row| row.split == Split::Dev) {
        let Some(truth) = row.labels.single() else { continue };
        match classifier.classify_blocking(None, Some(&row.caption)) {
            Err(Error::EmptyPost) => {}
            prediction => answers.push((row.source.clone(), truth, prediction?.emotion)),
        }
    }
    Ok(heads::by_set(answers.into_iter()))
}
