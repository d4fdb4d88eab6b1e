//! The whole way from a post to a prediction: (image?, caption?) → scores.

mod attribution;
mod batch;
#[cfg(all(feature = "flex", not(target_arch = "wasm32")))]
mod blocking;
mod part_of_post;
mod prediction;
mod prepared;
mod systems;

#[cfg(feature = "flex")]
use burn::tensor::Device;
use serde::Serialize;

pub use self::{
    batch::{Features, windows},
    prediction::{Prediction, SystemAnswer, UncertainReason},
    prepared::{PreparedCaption, PreparedImage, PreparedPost},
};
use emofuse_core::{
    LabelSet, Scores,
    error::{Error, Result},
    image::Image,
    metrics::softmax,
};

#[cfg(feature = "flex")]
use crate::networks::Layers;
#[cfg(feature = "webgpu")]
use crate::webgpu::{Gpu, WebGpu};
use crate::{
    bundle::{Bundle, Calibrated, Digests, Manifest, RowTable, TextArchitecture, tensor_group},
    explanation::Wanted,
    heads::Heads,
    networks::Networks,
    preprocessing::test_card,
    text::{NGrams, Token, Tokenizer},
};

/// A loaded model.
#[derive(Debug)]
pub struct Classifier {
    manifest: Manifest,
    sha256: String,
    /// Whether the whole file was read, and not only its beginning.
    is_whole: bool,
    /// `None` for a model without a caption tower.
    captions: Option<Captions>,
    networks: Networks,
    heads: Heads,
    n_grams: Option<NGramLogits>,
    standalone_n_grams: Option<NGramLogits>,
}

/// What turns a caption into vectors.
#[derive(Debug)]
struct Captions {
    tokenizer: Tokenizer,
    words: RowTable,
}

impl Captions {
    fn load(bundle: &Bundle) -> Result<Option<Self>> {
        let Some(text) = &bundle.manifest.architecture.text else {
            return Ok(None);
        };
        let tokenizer = text.tokenizer(bundle.manifest.vocabulary.clone())?;
        let rows = tokenizer.vocabulary().len() + text.more_rows();
        let words = bundle.rows(tensor_group::WORDS, &[rows, text.d_word()])?;
        Ok(Some(Self { tokenizer, words }))
    }
}

/// Hashed n-grams with what each adds to the logits.
#[derive(Debug)]
struct NGramLogits {
    n_grams: NGrams,
    table: RowTable,
}

impl NGramLogits {
    fn load(bundle: &Bundle, name: &str, n_grams: Option<NGrams>) -> Result<Option<Self>> {
        let load = |n_grams: NGrams| {
            let table = bundle.rows(name, &[n_grams.rows(), bundle.manifest.labels.len()])?;
            Ok(Self { n_grams, table })
        };
        n_grams.map(load).transpose()
    }

    /// Adds what the n-grams of a caption add to its logits.
    fn add(&self, logits: &mut [f32], tokens: &[Token]) {
        let mut sums = vec![0.0; logits.len()];
        let mut of_row = vec![0.0; logits.len()];
        for (row, weight) in self.n_grams.weighted_rows(tokens) {
            self.table.row_into(row as usize, &mut of_row);
            for (sum, value) in sums.iter_mut().zip(&of_row) {
                *sum += weight * value;
            }
        }
        for (logit, added) in logits.iter_mut().zip(sums) {
            *logit += added;
        }
    }
}

/// How a back end did on the post inside the model file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SelfTestReport {
    /// Whether every score was within the tolerance.
    pub passed: bool,
    /// The largest difference of a score from the one in the file.
    pub max_difference: f32,
    /// The largest difference allowed.
    pub tolerance: f32,
}

impl Classifier {
    /// Loads a model file onto the CPU, without the self-test that says whether the scores can be trusted.
    ///
    /// # Errors
    /// One variant for each way in which the file can be wrong; see [`Bundle::from_bytes`].
    #[cfg(feature = "flex")]
    pub fn load_untested(bytes: &[u8], device: &Device) -> Result<Self> {
        Self::on_cpu(&Bundle::from_bytes(bytes)?, device)
    }

    /// Loads a model file whose digests are known onto the CPU, without the self-test.
    ///
    /// # Errors
    /// As [`Classifier::load_untested`].
    #[cfg(feature = "flex")]
    pub fn load_digested(bytes: &[u8], digests: Digests, device: &Device) -> Result<Self> {
        Self::on_cpu(&Bundle::from_digested_bytes(bytes, digests)?, device)
    }

    /// Loads the first bytes of a model file of `length` bytes onto the CPU, for captions alone, whose predictions are those
    /// of the whole file. The beginning's digest is not compared; see [`Bundle::from_beginning`].
    ///
    /// # Errors
    /// As [`Bundle::from_beginning`].
    #[cfg(feature = "flex")]
    pub fn load_beginning(bytes: Vec<u8>, length: usize, device: &Device) -> Result<Self> {
        Self::on_cpu(&Bundle::from_beginning(bytes, length)?, device)
    }

    #[cfg(feature = "flex")]
    fn on_cpu(bundle: &Bundle, device: &Device) -> Result<Self> {
        Self::with_networks(bundle, || Ok(Networks::Layers(Box::new(Layers::load(bundle, device)?))))
    }

    /// Loads a model file onto a graphics device. Digests that are known need not be computed.
    ///
    /// # Errors
    /// One variant for each way in which the file can be wrong, see [`Bundle::from_bytes`], and [`Error::Backend`] for a
    /// network that the device's kernels do not have.
    #[cfg(feature = "webgpu")]
    pub fn load_webgpu(bytes: &[u8], digests: Option<Digests>, gpu: Gpu) -> Result<Self> {
        let bundle = match digests {
            Some(digests) => Bundle::from_digested_bytes(bytes, digests),
            None => Bundle::from_bytes(bytes),
        }?;
        Self::with_networks(&bundle, || Ok(Networks::WebGpu(Box::new(WebGpu::load(&bundle, gpu)?))))
    }

    /// The networks on a graphics device, where they are on one.
    #[cfg(feature = "webgpu")]
    #[must_use]
    pub fn webgpu(&self) -> Option<&WebGpu> {
        match &self.networks {
            #[cfg(feature = "flex")]
            Networks::Layers(_) => None,
            Networks::WebGpu(networks) => Some(networks),
        }
    }

    fn with_networks(bundle: &Bundle, networks: impl FnOnce() -> Result<Networks>) -> Result<Self> {
        let manifest = bundle.manifest.clone();
        let text = manifest.architecture.text.as_ref();
        let n_grams = text.and_then(TextArchitecture::n_grams);
        let standalone_n_grams = text.and_then(TextArchitecture::standalone_n_grams);
        let classifier = Self {
            captions: Captions::load(bundle)?,
            networks: networks()?,
            heads: Heads::load(bundle)?,
            n_grams: NGramLogits::load(bundle, tensor_group::N_GRAMS, n_grams)?,
            standalone_n_grams: NGramLogits::load(bundle, tensor_group::STANDALONE_N_GRAMS, standalone_n_grams)?,
            is_whole: bundle.sha256().is_some(),
            sha256: bundle.sha256().unwrap_or_default().into(),
            manifest,
        };
        bundle.check_all_used()?;
        Ok(classifier)
    }

    /// The name of the back end that the networks run on: `cpu` or `webgpu`.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        self.networks.backend()
    }

    /// The manifest of the model file.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The labels, in the order of the scores.
    #[must_use]
    pub fn labels(&self) -> &LabelSet {
        &self.manifest.labels
    }

    /// What reads the features of the towers.
    #[must_use]
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    /// SHA-256 of the model file, in hexadecimal; empty where only its beginning was read.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Predicts what a post conveys.
    ///
    /// A caption without a word in it (white space, only a link) counts as absent. An image without a caption is the
    /// whole post, and so is a caption without an image. The default model has a classifier of its own for each; other
    /// models have what their system makes of it (see [`FusionArchitecture`](crate::bundle::FusionArchitecture)). See
    /// [`Classifier::classify_image_of_post`] and [`Classifier::classify_caption_of_post`] for posts of which the other
    /// modality is only not known.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there is neither an image nor a caption, [`Error::ModalityMissing`] if the model reads one
    /// of the two alone and the post lacks it, [`Error::Backend`] where the device fails, [`Error::ModelIncomplete`] where
    /// only the beginning of the model file was read and the post needs more.
    pub async fn classify(&self, image: Option<&Image>, caption: Option<&str>, wanted: Wanted) -> Result<Prediction> {
        let posts = vec![self.prepare(image, caption)?];
        let predictions = self.classify_all(posts, wanted).await?;
        predictions.into_iter().next().ok_or(Error::EmptyPost)
    }

    /// What the towers make of a post: the features of its image and of its caption, those that it has and the model reads.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub async fn features(&self, image: Option<&Image>, caption: Option<&str>) -> Result<Features> {
        let posts = vec![self.prepare(image, caption)?];
        let features = self.features_of_all(posts).await?;
        features.into_iter().next().ok_or(Error::EmptyPost)
    }

    fn prediction(&self, scores: Scores, calibrated: Calibrated) -> Prediction {
        Prediction::new(self.manifest.labels.clone(), scores, calibrated)
    }

    /// Scores from logits. Scores that are not numbers are an error: the first label would be the likeliest of them.
    fn scores(&self, logits: &[f32], calibrated: Calibrated) -> Result<Scores> {
        let scores = softmax(logits, calibrated.temperature);
        self.finite(logits)?;
        self.finite(&scores)?;
        Ok(scores)
    }

    /// Refuses what a back end computed where it is not finite.
    fn finite(&self, values: &[f32]) -> Result<()> {
        if values.iter().all(|value| value.is_finite()) {
            return Ok(());
        }
        Err(Error::Backend {
            backend: self.backend(),
            reason: "with this model it computes scores that are not numbers; use another model file".into(),
        })
    }

    /// Classifies the post inside the model file and compares the scores with those in it.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub async fn self_test(&self) -> Result<SelfTestReport> {
        let expected = &self.manifest.self_test;
        let found = self
            .classify(
                Some(&test_card(expected.test_card_side)),
                Some(&expected.caption),
                Wanted::default(),
            )
            .await?;
        let differences = found
            .scores
            .iter()
            .zip(&expected.scores)
            .map(|(found, expected)| (found - expected).abs());
        // A score that is not a number must fail, and `max` would pass over it.
        let max_difference = differences.fold(0.0, |max: f32, next| if next <= max { max } else { next });
        Ok(SelfTestReport {
            passed: max_difference <= expected.tolerance,
            max_difference,
            tolerance: expected.tolerance,
        })
    }
}
