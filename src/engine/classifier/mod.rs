//! The whole way from a post to a prediction: (image?, caption?) → scores.

mod attribution;
mod batch;
#[cfg(all(feature = "flex", not(target_arch = "wasm32")))]
mod blocking;
#[cfg(feature = "flex")]
mod part_of_post;
mod prediction;
mod prepared;

#[cfg(feature = "flex")]
use burn::tensor::Device;
use serde::Serialize;

pub use self::{
    batch::windows,
    prediction::{Prediction, UncertainReason, jensen_shannon},
    prepared::{PreparedCaption, PreparedImage, PreparedPost},
};
use emofuse_core::{
    emotion::EMOTIONS,
    error::{Error, Result},
    image::Image,
    metrics::softmax,
};

#[cfg(feature = "flex")]
use crate::networks::Layers;
#[cfg(feature = "webgpu")]
use crate::webgpu::{Gpu, WebGpu};
use crate::{
    bundle::{Bundle, Calibrated, Digests, Manifest, RowTable, tensor_group},
    explanation::Explain,
    networks::Networks,
    preprocessing::test_card,
    request::Logits,
    text::{NGrams, Token, Tokenizer},
};

/// A loaded model.
#[derive(Debug)]
pub struct Classifier {
    manifest: Manifest,
    sha256: String,
    /// Whether the whole file was read, and not only its beginning.
    is_whole: bool,
    tokenizer: Tokenizer,
    words: RowTable,
    networks: Networks,
    n_grams: Option<NGramLogits>,
    standalone_n_grams: Option<NGramLogits>,
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
            let table = bundle.rows(name, &[n_grams.rows(), EMOTIONS])?;
            Ok(Self { n_grams, table })
        };
        n_grams.map(load).transpose()
    }

    /// What the n-grams of a caption add to its logits.
    fn logits(&self, tokens: &[Token]) -> Logits {
        let mut logits = [0.0; EMOTIONS];
        let mut of_row = [0.0; EMOTIONS];
        for (row, weight) in self.n_grams.weighted_rows(tokens) {
            self.table.row_into(row as usize, &mut of_row);
            logits
                .iter_mut()
                .zip(of_row)
                .for_each(|(sum, value)| *sum += weight * value);
        }
        logits
    }
}

/// Logits of a caption with what its n-grams add.
fn with_n_grams(mut logits: Logits, n_grams: Option<&NGramLogits>, tokens: &[Token]) -> Logits {
    if let Some(n_grams) = n_grams {
        let added = n_grams.logits(tokens);
        logits.iter_mut().zip(added).for_each(|(logit, added)| *logit += added);
    }
    logits
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
        let text = &manifest.architecture.text;
        let tokenizer = text.tokenizer(manifest.vocabulary.clone())?;
        let classifier = Self {
            words: bundle.rows(tensor_group::WORDS, &[tokenizer.vocabulary().len(), text.d_word()])?,
            networks: networks()?,
            n_grams: NGramLogits::load(bundle, tensor_group::N_GRAMS, text.n_grams())?,
            standalone_n_grams: NGramLogits::load(bundle, tensor_group::STANDALONE_N_GRAMS, text.standalone_n_grams())?,
            is_whole: bundle.sha256().is_some(),
            sha256: bundle.sha256().unwrap_or_default().into(),
            tokenizer,
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

    /// SHA-256 of the model file, in hexadecimal; empty where only its beginning was read.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Predicts which emotion a post conveys.
    ///
    /// A caption without a word in it (white space, only a link) counts as absent. An image without a caption is the
    /// whole post, and so is a caption without an image, each with a classifier of its own; see
    /// [`Classifier::classify_image_of_post`] and [`Classifier::classify_caption_of_post`] for posts of which the
    /// other modality is only not known.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there is neither an image nor a caption, [`Error::Backend`] where the
    /// device fails, [`Error::ModelIncomplete`] where only the beginning of the model file was read and the post needs more.
    pub async fn classify(&self, image: Option<&Image>, caption: Option<&str>, explain: Explain) -> Result<Prediction> {
        let posts = vec![self.prepare(image, caption)?];
        let predictions = self.classify_all(posts, explain).await?;
        predictions.into_iter().next().ok_or(Error::EmptyPost)
    }

    /// Scores from logits. Scores that are not numbers are an error: the first label would be the likeliest of them.
    fn scores(&self, logits: &Logits, calibrated: Calibrated) -> Result<[f32; EMOTIONS]> {
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
                Explain::Nothing,
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
