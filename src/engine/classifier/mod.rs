//! The whole way from a post to a prediction: (image?, caption?) → scores.

mod attribution;
mod batch;
#[cfg(not(target_arch = "wasm32"))]
mod blocking;
mod encoded;
mod image_encoder;
mod prediction;
mod prepared;
mod readback;

use burn::{
    nn::{Linear, LinearConfig},
    tensor::{Device, activation::sigmoid},
};
use serde::Serialize;

pub use self::{
    batch::windows,
    prediction::{Prediction, UncertainReason, jensen_shannon},
    prepared::{PreparedCaption, PreparedImage, PreparedPost},
};
use self::{image_encoder::ImageEncoder, readback::Rows};
use emofuse_core::{
    emotion::EMOTIONS,
    error::{Error, Result},
    image::Image,
    metrics::softmax,
};

use crate::{
    bundle::{Bundle, Digests, FusionArchitecture, Manifest, RowTable, TextArchitecture},
    explanation::Explain,
    model::{
        caption_encoder::CaptionEncoder,
        fusion::{
            Modality,
            common_space::{CommonSpace, CommonSpaceConfig},
        },
        image_features::Layers,
        unimodal::linear::{LinearBaseline, LinearBaselineConfig},
    },
    preprocessing::test_card,
    text::{NGrams, Token, Tokenizer},
};

/// Names of the groups of tensors in a model file.
pub mod tensor_group {
    /// The image tower.
    pub const IMAGE: &str = "image";
    /// The word vectors, one row a word.
    pub const WORDS: &str = "words";
    /// The caption tower.
    pub const CAPTION: &str = "caption";
    /// The eight outputs of the caption tower.
    pub const CAPTION_LABELS: &str = "caption_labels";
    /// The nine outputs of the caption tower, if it is a transformer.
    pub const CAPTION_EMOTION: &str = "caption_emotion";
    /// The common space.
    pub const FUSION: &str = "fusion";
    /// What n-grams of captions add to the logits of posts, one row of the table each.
    pub const N_GRAMS: &str = "n_grams";
    /// The classifier of images that stand alone.
    pub const STANDALONE_IMAGE: &str = "standalone_image";
    /// The classifier of captions that stand alone.
    pub const STANDALONE_CAPTION: &str = "standalone_caption";
    /// What n-grams of captions add to the logits of captions that stand alone.
    pub const STANDALONE_N_GRAMS: &str = "standalone_n_grams";
}

/// A loaded model.
#[derive(Debug)]
pub struct Classifier {
    manifest: Manifest,
    sha256: String,
    device: Device,
    tokenizer: Tokenizer,
    words: RowTable,
    image: ImageEncoder,
    caption: CaptionEncoder,
    caption_labels: Linear,
    caption_emotion: Option<Linear>,
    fusion: CommonSpace,
    n_grams: Option<NGramLogits>,
    standalone_image: LinearBaseline,
    standalone_caption: LinearBaseline,
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
    fn logits(&self, tokens: &[Token]) -> [f32; EMOTIONS] {
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
    /// Loads a model file onto a device.
    ///
    /// # Errors
    /// One variant for each way in which the file can be wrong; see [`Bundle::from_bytes`].
    pub fn load(bytes: &[u8], device: &Device) -> Result<Self> {
        Self::from_bundle(&Bundle::from_bytes(bytes)?, device)
    }

    /// Loads a model file whose digests are known.
    ///
    /// # Errors
    /// As [`Classifier::load`].
    pub fn load_digested(bytes: &[u8], digests: Digests, device: &Device) -> Result<Self> {
        Self::from_bundle(&Bundle::from_digested_bytes(bytes, digests)?, device)
    }

    fn from_bundle(bundle: &Bundle, device: &Device) -> Result<Self> {
        let manifest = bundle.manifest.clone();
        let text = &manifest.architecture.text;
        let FusionArchitecture::CommonSpace { d_common, image_share } = manifest.architecture.fusion;
        let tokenizer = text.tokenizer(manifest.vocabulary.clone())?;
        let caption = text.init(device);
        let features = caption.features();
        let emotion = match text {
            TextArchitecture::Convolution(_) => None,
            TextArchitecture::Transformer(_) => Some(LinearConfig::new(features, EMOTIONS).init(device)),
        };
        let labels = LinearConfig::new(features, 8).init(device);
        let image = manifest.architecture.image.init(device);
        let fusion = CommonSpaceConfig::new(image.d_image(), features)
            .with_d_common(d_common)
            .with_image_share(image_share)
            .init(device);
        let standalone_image = LinearBaselineConfig::new(image.d_image()).init(device);
        let standalone_caption = LinearBaselineConfig::new(features).init(device);
        let classifier = Self {
            words: bundle.rows(tensor_group::WORDS, &[tokenizer.vocabulary().len(), text.d_word()])?,
            image: ImageEncoder::load(bundle, tensor_group::IMAGE, image, device)?,
            caption: bundle.load_module(tensor_group::CAPTION, caption, device)?,
            caption_labels: bundle.load_module(tensor_group::CAPTION_LABELS, labels, device)?,
            caption_emotion: emotion
                .map(|emotion| bundle.load_module(tensor_group::CAPTION_EMOTION, emotion, device))
                .transpose()?,
            fusion: bundle.load_module(tensor_group::FUSION, fusion, device)?,
            n_grams: NGramLogits::load(bundle, tensor_group::N_GRAMS, text.n_grams())?,
            standalone_image: bundle.load_module(tensor_group::STANDALONE_IMAGE, standalone_image, device)?,
            standalone_caption: bundle.load_module(tensor_group::STANDALONE_CAPTION, standalone_caption, device)?,
            standalone_n_grams: NGramLogits::load(bundle, tensor_group::STANDALONE_N_GRAMS, text.standalone_n_grams())?,
            sha256: bundle.sha256(),
            device: device.clone(),
            tokenizer,
            manifest,
        };
        bundle.check_all_used()?;
        Ok(classifier)
    }

    /// The manifest of the model file.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of the model file, in hexadecimal.
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
    /// device fails.
    pub async fn classify(&self, image: Option<&Image>, caption: Option<&str>, explain: Explain) -> Result<Prediction> {
        let posts = vec![self.prepare(image, caption)?];
        let predictions = self.classify_all(posts, explain).await?;
        predictions.into_iter().next().ok_or(Error::EmptyPost)
    }

    /// Predicts which emotion a post conveys of which only the image is known: its caption may say something else.
    ///
    /// The scores are those of the common space with the caption taken away; `image` has what the image says on its
    /// own.
    ///
    /// # Errors
    /// [`Error::Backend`] where the device fails.
    pub async fn classify_image_of_post(&self, image: &Image) -> Result<Prediction> {
        let features = self
            .encode_images(self.prepare_image(image).planes, Layers::Drop)
            .features;
        let post = self.fusion.logits(self.fusion.image(features.clone()), Modality::Image);
        let mut rows = Rows::default();
        rows.add(post);
        rows.add(self.standalone_image.forward(features));
        let logits = rows.readback().await?;
        let calibration = &self.manifest.calibration;
        let of_post = calibration.of(Modality::Image);
        let scores = softmax(&logits[0], of_post.temperature);
        let image = softmax(&logits[1], calibration.standalone_image.temperature);
        Ok(Prediction::new(scores, of_post).with_modalities(Some(image), None))
    }

    /// Predicts which emotion a post conveys of which only the caption is known: its image may say something else.
    ///
    /// The scores are those of the common space with the image taken away; `caption` has what the caption says on its
    /// own.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn classify_caption_of_post(&self, caption: &str) -> Result<Prediction> {
        let caption = self.prepare_caption(caption).ok_or(Error::EmptyPost)?;
        let encoded = self.encode_captions(&[&caption.tokens]);
        let mut rows = Rows::default();
        rows.add(self.fusion.logits(encoded.vectors, Modality::Caption) + encoded.n_grams);
        rows.add(encoded.standalone);
        let logits = rows.readback().await?;
        let calibration = &self.manifest.calibration;
        let of_post = calibration.of(Modality::Caption);
        let scores = softmax(&logits[0], of_post.temperature);
        let alone = softmax(&logits[1], calibration.standalone_caption.temperature);
        Ok(Prediction::new(scores, of_post)
            .with_modalities(None, Some(alone))
            .doubted(self.doubts(&caption)))
    }

    /// Probabilities of [`Emotion::PRIMARY`](emofuse_core::Emotion::PRIMARY) for a caption, each on its own; the manifest's
    /// `caption_thresholds` say from where on a label holds.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_labels(&self, caption: &str) -> Result<[f32; 8]> {
        let Some(caption) = self.prepare_caption(caption) else {
            return Err(Error::EmptyPost);
        };
        let logits = self.caption_labels.forward(self.caption_features(&[&caption.tokens]));
        let values = readback::readback(sigmoid(logits)).await?;
        Ok(std::array::from_fn(|label| values[label]))
    }

    /// Probabilities of the nine labels by the caption tower's own classifier, not calibrated; `None` for a tower that
    /// has none.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_emotion(&self, caption: &str) -> Result<Option<[f32; EMOTIONS]>> {
        let Some(emotion) = &self.caption_emotion else {
            return Ok(None);
        };
        let Some(caption) = self.prepare_caption(caption) else {
            return Err(Error::EmptyPost);
        };
        let logits = emotion.forward(self.caption_features(&[&caption.tokens]));
        let mut rows = Rows::default();
        rows.add(logits);
        let logits = rows.readback().await?;
        Ok(logits.first().map(|logits| softmax(logits, 1.0)))
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

/// Name of the back end that this build runs on.
pub const BACKEND: &str = if cfg!(feature = "webgpu") { "webgpu" } else { "cpu" };
