//! From what was trained to a model file.

use std::collections::BTreeMap;

use burn::tensor::Device;
use emofuse_core::{
    error::{Error, Result},
    labels::LabelSet,
    metrics,
};
use emofuse_engine::{
    bundle::{
        Architecture, Bundle, Calibrated, Calibration, ConvolutionArchitecture, FastTextArchitecture,
        ImageArchitecture, Manifest, Precision, SelfTest, TextArchitecture, TransformerArchitecture, tensor_group,
    },
    classifier::Classifier,
    model::n_gram_table::NGramTable,
};

use super::{
    Towers,
    captions::{CaptionNetwork, CaptionTower, Pretrained},
    data::{Annotation, Data, Post, Split},
    fusion::{Design, Seen, TrainedSystem, measured},
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

/// A model file in the making: it holds the towers, and waits for a system.
pub struct BundleBuilder {
    bundle: Bundle,
}

impl BundleBuilder {
    /// Puts the towers into a file, rounded to 8 bits.
    pub fn new(recipe: &Recipe, labels: &LabelSet, towers: &Towers) -> Result<Self> {
        let mut bundle = Bundle::new(manifest(recipe, labels, towers)?);
        if let Some(tower) = &towers.image {
            bundle.insert_module(tensor_group::IMAGE, &tower.network, Precision::Int8)?;
        }
        if let Some(captions) = &towers.caption {
            let d_word = captions.vectors.d_word();
            let shape = [captions.vectors.values().len() / d_word, d_word];
            bundle.insert(tensor_group::WORDS, &shape, captions.vectors.values(), Precision::Int8)?;
            bundle.insert_module(tensor_group::CAPTION, &captions.network.encoder, Precision::Int8)?;
            bundle.insert_module(tensor_group::CAPTION_LABELS, &captions.network.labels, Precision::Int8)?;
            if let (Some(emotion), Some(_)) = (&captions.network.emotion, &captions.pretrained) {
                bundle.insert_module(tensor_group::CAPTION_EMOTION, emotion, Precision::Int8)?;
            }
        }
        Ok(Self { bundle })
    }

    /// The towers as a reader of the file gets them. A system that learns from their features has the rounding in what
    /// it learns from, and loses nothing to it later.
    pub fn rounded(&self, towers: &Towers, device: &Device) -> Result<Towers> {
        let image = towers.image.as_ref().map(|tower| self.rounded_image(tower, device));
        let caption = towers
            .caption
            .as_ref()
            .map(|tower| self.rounded_captions(tower, device));
        Ok(Towers {
            image: image.transpose()?,
            caption: caption.transpose()?,
            tokenizer: towers.tokenizer.clone(),
            vectors: towers.vectors.clone(),
            captions: None,
        })
    }

    fn rounded_image(&self, tower: &PretrainedImageTower, device: &Device) -> Result<PretrainedImageTower> {
        Ok(PretrainedImageTower {
            network: self
                .bundle
                .load_module(tensor_group::IMAGE, tower.network.clone(), device)?,
            // Features are kept by this digest, and those of the rounded tower are others.
            sha256: format!("{}-int8", tower.sha256),
            ..tower.clone()
        })
    }

    fn rounded_captions(&self, captions: &CaptionTower, device: &Device) -> Result<CaptionTower> {
        let CaptionNetwork {
            encoder,
            labels,
            emotion,
            ..
        } = captions.network.clone();
        let d_word = captions.vectors.d_word();
        let words = [captions.vectors.values().len() / d_word, d_word];
        Ok(CaptionTower {
            network: CaptionNetwork {
                encoder: self.bundle.load_module(tensor_group::CAPTION, encoder, device)?,
                labels: self.bundle.load_module(tensor_group::CAPTION_LABELS, labels, device)?,
                // A tower that was trained here leaves the choice between all labels to the classifier of captions.
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
        })
    }

    /// Adds what reads the towers and gives the file, with the scores of its golden post.
    pub fn finish(mut self, heads: &Heads, calibration: Calibration, device: &Device) -> Result<Vec<u8>> {
        heads.system.write(&mut self.bundle)?;
        if let TrainedSystem::Features(system) = &heads.system {
            self.insert_n_grams(tensor_group::N_GRAMS, system.n_grams.as_ref())?;
        }
        if let Some(standalone) = &heads.standalone {
            standalone
                .image
                .write_as(&mut self.bundle, tensor_group::STANDALONE_IMAGE)?;
            let caption = &standalone.caption;
            caption
                .system
                .write_as(&mut self.bundle, tensor_group::STANDALONE_CAPTION)?;
            self.insert_n_grams(tensor_group::STANDALONE_N_GRAMS, caption.n_grams.as_ref())?;
        }
        self.bundle.manifest.calibration = calibration;
        // The golden scores are those of the file itself, so they can be known only once it is written.
        let draft = Classifier::load_untested(&self.bundle.to_bytes(), device)?;
        let card = emofuse_engine::preprocessing::test_card(SELF_TEST_SIDE);
        self.bundle.manifest.self_test.scores = draft.classify_blocking(Some(&card), Some(SELF_TEST_CAPTION))?.scores;
        Ok(self.bundle.to_bytes())
    }

    fn insert_n_grams(&mut self, name: &str, table: Option<&NGramTable>) -> Result<()> {
        let Some(table) = table else { return Ok(()) };
        let weights = table.weights();
        let shape = weights.dims();
        let weights = weights
            .into_data()
            .try_to_vec::<f32>()
            .expect("weights are 32-bit floats");
        self.bundle.insert(name, &shape, &weights, Precision::Int8)
    }
}

fn manifest(recipe: &Recipe, labels: &LabelSet, towers: &Towers) -> Result<Manifest> {
    let vocabulary = towers
        .tokenizer
        .as_ref()
        .map(|tokenizer| tokenizer.vocabulary().words().to_vec());
    let preprocessing = towers.image.as_ref().map(|tower| tower.preprocessing.clone());
    Ok(Manifest {
        id: recipe.id.clone(),
        labels: labels.clone(),
        architecture: Architecture {
            image: towers.image.as_ref().map(|tower| tower.architecture),
            text: text_architecture(recipe, towers)?,
            fusion: Design::of(&recipe.fusion).architecture(&recipe.fusion),
        },
        preprocessing: preprocessing.unwrap_or_else(|| ImageArchitecture::default().preprocessing()),
        vocabulary: vocabulary.unwrap_or_default(),
        calibration: Calibration::all(Calibrated::NONE),
        companions: Vec::new(),
        caption_thresholds: towers
            .caption
            .as_ref()
            .map_or_else(Vec::new, |tower| tower.thresholds.clone()),
        self_test: SelfTest {
            caption: SELF_TEST_CAPTION.into(),
            test_card_side: SELF_TEST_SIDE,
            scores: vec![0.0; labels.len()],
            tolerance: SELF_TEST_TOLERANCE,
        },
        provenance: provenance(recipe, towers),
    })
}

/// The caption tower of the file; `None` for a system that reads no captions.
fn text_architecture(recipe: &Recipe, towers: &Towers) -> Result<Option<TextArchitecture>> {
    let n_grams = recipe.fusion.n_grams.map(|n_grams| n_grams.table);
    let standalone_n_grams = recipe.standalone_caption.n_grams.map(|n_grams| n_grams.table);
    let pretrained = towers.caption.as_ref().and_then(|tower| tower.pretrained.as_ref());
    Ok(match (&recipe.caption, &towers.caption, pretrained) {
        (_, _, Some(pretrained)) => Some(TextArchitecture::Transformer(TransformerArchitecture {
            n_grams,
            standalone_n_grams,
            ..pretrained.architecture.clone()
        })),
        (CaptionRecipe::Trained(caption), Some(tower), None) => {
            Some(TextArchitecture::Convolution(ConvolutionArchitecture {
                d_word: tower.vectors.d_word(),
                kernels: caption.kernels.clone(),
                filters: caption.filters,
                max_tokens: recipe.vocabulary.max_tokens,
                n_grams,
                standalone_n_grams,
            }))
        }
        (CaptionRecipe::Pretrained(recipe), _, None) => {
            return Err(Error::Data {
                path: recipe.pretrained.file.clone(),
                reason: "the caption tower was not read from it".into(),
            });
        }
        _ => towers.vectors.as_ref().map(|vectors| {
            TextArchitecture::FastText(FastTextArchitecture {
                d_word: vectors.d_word(),
                buckets: recipe.fasttext.buckets,
                max_tokens: recipe.vocabulary.max_tokens,
            })
        }),
    })
}

fn provenance(recipe: &Recipe, towers: &Towers) -> BTreeMap<String, String> {
    let mut known = vec![
        ("seed", recipe.seed.to_string()),
        ("emofuse", env!("CARGO_PKG_VERSION").into()),
    ];
    if let Some(tower) = &towers.image {
        known.push(("image_weights", tower.origin.clone()));
        known.push(("image_weights_sha256", tower.sha256.clone()));
    }
    let pretrained = towers.caption.as_ref().and_then(|tower| tower.pretrained.as_ref());
    match pretrained {
        Some(pretrained) => known.extend([
            ("caption_weights", pretrained.origin.clone()),
            ("caption_weights_sha256", pretrained.sha256.clone()),
        ]),
        None if towers.tokenizer.is_some() => known.extend([
            ("word_vectors", "GloVe 6B 100-d (PDDL), tuned".into()),
            ("word_vectors_sha256", import::glove::PACKAGE_SHA256.into()),
        ]),
        None => {}
    }
    let mut provenance = recipe.provenance.clone();
    provenance.extend(known.into_iter().map(|(key, value)| (key.to_owned(), value)));
    provenance
}

/// Accuracy and macro-F1 on dev of a model file, from encoded images and captions to predictions.
pub fn evaluate(bytes: &[u8], recipe: &Recipe, data: &Data, device: &Device) -> Result<DevScore> {
    let classifier = Classifier::load(bytes, device)?;
    let sees = Design::of(&recipe.fusion).sees();
    let posts = data.all_posts().filter(|post| post.split == Split::Dev);
    let dev: Vec<&Post> = posts
        .filter(|post| sees == Seen::CAPTION || post.image.is_file())
        .collect();
    let progress = super::progress("the model file on dev", dev.len());
    let mut rows: [Vec<(usize, usize)>; 4] = Default::default();
    let [both, caption, image, standalone_image] = &mut rows;
    let label = |label: Option<Annotation>| label.map(|label| label.first);
    let add = |rows: &mut Vec<_>, truth: Option<usize>, scores: Option<Vec<f32>>| {
        rows.extend(truth.zip(scores.as_deref().map(metrics::most_likely)));
    };
    for post in dev {
        progress.inc(1);
        let truth = label(post.post_label);
        if sees == Seen::CAPTION {
            match classifier.classify_blocking(None, Some(&post.caption)) {
                Err(Error::EmptyPost) => {}
                prediction => add(caption, truth, Some(prediction?.scores)),
            }
            continue;
        }
        let encoded = std::fs::read(&post.image).map_err(Error::io(&post.image))?;
        let decoded = match emofuse_decode::decode(&encoded) {
            Err(Error::UnsupportedImage { .. } | Error::ImageTooLarge { .. }) => continue,
            decoded => decoded?,
        };
        if sees == Seen::IMAGE {
            let scores = classifier.classify_blocking(Some(&decoded), None)?.scores;
            add(image, label(post.post_label.or(post.image_label)), Some(scores.clone()));
            add(standalone_image, label(post.image_label()), Some(scores));
            continue;
        }
        let prediction = classifier.classify_blocking(Some(&decoded), Some(&post.caption))?;
        if prediction.caption.is_some() {
            add(both, truth, Some(prediction.scores));
            let without_image = classifier.classify_caption_of_post_blocking(&post.caption)?;
            add(caption, truth, Some(without_image.scores));
            let taken_away = classifier.classify_image_of_post_blocking(&decoded)?;
            add(image, truth, Some(taken_away.scores));
        }
        add(standalone_image, label(post.image_label()), prediction.image);
    }
    progress.finish_and_clear();
    let [both, caption, image, standalone_image] = rows.map(|rows| {
        let (truths, predictions): (Vec<usize>, Vec<usize>) = rows.into_iter().unzip();
        measured(&truths, &predictions)
    });
    Ok(DevScore {
        both,
        caption,
        image,
        with_metadata: None,
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
            prediction => answers.push((row.source.clone(), truth, metrics::most_likely(&prediction?.scores))),
        }
    }
    Ok(heads::by_set(answers.into_iter()))
}
