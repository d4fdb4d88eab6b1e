//! The whole way from a post to a prediction: (picture?, caption?) → scores.

use burn::{
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor, TensorData, activation::sigmoid},
};
use serde::Serialize;

use crate::{
    bundle::{Bundle, Calibrated, FusionArchitecture, Manifest, RowTable},
    emotion::{EMOTIONS, Emotion},
    error::{Error, Result},
    image::{Picture, test_card},
    metrics::{most_likely, softmax},
    model::{
        fusion::{
            InputKind,
            common_space::{CommonSpace, CommonSpaceConfig},
        },
        image_tower::ImageTower,
        text_encoder::{TextEncoder, TextEncoderConfig},
        unimodal::picture::{PictureBaseline, PictureBaselineConfig},
    },
    text::{NGrams, Token, Tokenizer, Vocabulary},
};

/// Names of the parts of the model within its file.
pub mod part {
    /// The picture tower.
    pub const IMAGE: &str = "image";
    /// The word vectors, one row a word.
    pub const WORDS: &str = "words";
    /// The caption tower.
    pub const CAPTION: &str = "caption";
    /// The eight outputs of the caption tower.
    pub const CAPTION_LABELS: &str = "caption_labels";
    /// The common space.
    pub const FUSION: &str = "fusion";
    /// What n-grams of captions add to the logits, one row of the table each.
    pub const N_GRAMS: &str = "n_grams";
    /// The classifier of pictures that stand alone.
    pub const PICTURE: &str = "picture";
}

/// A loaded model.
#[derive(Debug)]
pub struct Classifier {
    manifest: Manifest,
    sha256: String,
    device: Device,
    tokenizer: Tokenizer,
    words: RowTable,
    image: ImageTower,
    caption: TextEncoder,
    caption_labels: Linear,
    fusion: CommonSpace,
    picture: PictureBaseline,
    n_grams: Option<(NGrams, RowTable)>,
}

/// What a post conveys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prediction {
    /// The emotion with the highest score.
    pub emotion: Emotion,
    /// Its score.
    pub confidence: f32,
    /// Probabilities of all nine labels, in the order of [`Emotion::ALL`].
    pub scores: [f32; EMOTIONS],
    /// What the picture says on its own, where there is one.
    pub image: Option<[f32; EMOTIONS]>,
    /// What the caption says on its own, where there is one with a word in it.
    pub caption: Option<[f32; EMOTIONS]>,
    /// How far picture and caption agree, where there are both: 1 less the Jensen-Shannon divergence
    /// (base 2) of their scores, so 1 for the same scores and 0 for scores without overlap.
    pub agreement: Option<f32>,
    /// Whether the confidence is below `uncertain_below`.
    pub uncertain: bool,
    /// The confidence from which on answers of this kind were found on dev to be right often enough.
    pub uncertain_below: f32,
}

impl Prediction {
    /// A prediction by scores alone.
    fn new(scores: [f32; EMOTIONS], uncertain_below: f32) -> Self {
        let emotion = most_likely(&scores);
        let confidence = scores[emotion.index()];
        Self {
            emotion,
            confidence,
            scores,
            image: None,
            caption: None,
            agreement: None,
            uncertain: confidence < uncertain_below,
            uncertain_below,
        }
    }

    /// The same with other scores of the post, of the picture and of the caption.
    #[must_use]
    pub fn map_scores(self, change: impl Fn([f32; EMOTIONS]) -> [f32; EMOTIONS]) -> Self {
        Self {
            image: self.image.map(&change),
            caption: self.caption.map(&change),
            agreement: self.agreement,
            ..Self::new(change(self.scores), self.uncertain_below)
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
    /// Loads a model file onto a device.
    ///
    /// # Errors
    /// One variant for each way in which the file can be wrong; see [`Bundle::from_bytes`].
    pub fn load(bytes: &[u8], device: &Device) -> Result<Self> {
        let bundle = Bundle::from_bytes(bytes)?;
        let manifest = bundle.manifest.clone();
        let text = &manifest.architecture.text;
        let FusionArchitecture::CommonSpace { d_common, image_share } = manifest.architecture.fusion;
        let tokenizer = Tokenizer::new(Vocabulary::new(manifest.vocabulary.clone())?, text.max_tokens);
        let caption = TextEncoderConfig::new()
            .with_d_word(text.d_word)
            .with_kernels(text.kernels.clone())
            .with_filters(text.filters)
            .init(device);
        let features = caption.features();
        let labels = LinearConfig::new(features, 8).init(device);
        let image = manifest.architecture.image.init(device);
        let fusion = CommonSpaceConfig::new(image.d_image(), features)
            .with_d_common(d_common)
            .with_image_share(image_share)
            .init(device);
        let picture = PictureBaselineConfig::new(image.d_image()).init(device);
        let classifier = Self {
            words: bundle.rows(part::WORDS, &[tokenizer.vocabulary().len(), text.d_word])?,
            image: bundle.load_module(part::IMAGE, image, device)?,
            caption: bundle.load_module(part::CAPTION, caption, device)?,
            caption_labels: bundle.load_module(part::CAPTION_LABELS, labels, device)?,
            fusion: bundle.load_module(part::FUSION, fusion, device)?,
            picture: bundle.load_module(part::PICTURE, picture, device)?,
            n_grams: text
                .n_grams
                .map(|n_grams| {
                    let table = bundle.rows(part::N_GRAMS, &[n_grams.rows(), EMOTIONS])?;
                    Ok::<_, Error>((n_grams, table))
                })
                .transpose()?,
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

    /// Says which emotion a post conveys.
    ///
    /// A caption without a word in it (white space, only a link) counts as absent. A picture without a caption is the
    /// whole post; see [`Classifier::classify_picture_of_post`] for one whose caption is only not known.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] where there is neither a picture nor a caption, [`Error::Backend`] where the
    /// device fails.
    pub async fn classify(&self, picture: Option<&Picture>, caption: Option<&str>) -> Result<Prediction> {
        self.classify_prepared(self.prepare(picture, caption)).await
    }

    /// The part of [`Classifier::classify`] that no tensor takes part in: planes, word ids and n-grams.
    #[must_use]
    pub fn prepare(&self, picture: Option<&Picture>, caption: Option<&str>) -> PreparedPost {
        PreparedPost {
            planes: picture.map(|picture| self.manifest.preprocessing.planes(picture)),
            caption: caption
                .map(|caption| self.tokenizer.tokens(caption))
                .filter(|tokens| !tokens.is_empty())
                .map(|tokens| PreparedCaption {
                    words: tokens.iter().map(|token| token.id).collect(),
                    n_grams: self.n_gram_logits(&tokens),
                }),
        }
    }

    /// What the n-grams of a caption add to its logits.
    fn n_gram_logits(&self, tokens: &[Token]) -> [f32; EMOTIONS] {
        let mut logits = [0.0; EMOTIONS];
        let Some((n_grams, table)) = &self.n_grams else {
            return logits;
        };
        let mut of_row = [0.0; EMOTIONS];
        for (row, weight) in n_grams.weighted_rows(tokens) {
            table.row_into(row as usize, &mut of_row);
            logits
                .iter_mut()
                .zip(of_row)
                .for_each(|(sum, value)| *sum += weight * value);
        }
        logits
    }

    /// The part of [`Classifier::classify`] that runs on the device.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub async fn classify_prepared(&self, post: PreparedPost) -> Result<Prediction> {
        let image = post.planes.map(|planes| self.image_features(planes));
        let caption = post.caption.map(|caption| {
            let n_grams = Tensor::<2>::from_floats([caption.n_grams], &self.device);
            (self.fusion.caption(self.caption_features(&caption.words)), n_grams)
        });
        let calibration = &self.manifest.calibration;
        let kind = match (&image, &caption) {
            (None, None) => return Err(Error::EmptyPost),
            (Some(_), None) => calibration.picture,
            (None, Some(_)) => calibration.of(InputKind::Caption),
            (Some(_), Some(_)) => calibration.of(InputKind::Both),
        };
        let both = image.clone().zip(caption.clone()).map(|(image, (caption, n_grams))| {
            let vectors = self.fusion.both(self.fusion.image(image), caption);
            self.fusion.logits(vectors, InputKind::Both) + n_grams
        });
        let image = image.map(|features| self.picture.forward(features));
        let caption = caption.map(|(vectors, n_grams)| self.fusion.logits(vectors, InputKind::Caption) + n_grams);
        let [both, image, caption] = self
            .probabilities([
                (both, calibration.of(InputKind::Both)),
                (image, calibration.picture),
                (caption, calibration.of(InputKind::Caption)),
            ])
            .await?;
        let scores = both.or(image).or(caption).unwrap_or_default();
        Ok(Prediction {
            image,
            caption,
            agreement: image
                .zip(caption)
                .map(|(image, caption)| 1.0 - jensen_shannon(&image, &caption)),
            ..Prediction::new(scores, kind.uncertain_below)
        })
    }

    /// Says which emotion a post conveys of which only the picture is known: its caption may say something else.
    ///
    /// The scores are those of the common space with the caption taken away; `image` has what the picture says on its
    /// own.
    ///
    /// # Errors
    /// [`Error::Backend`] where the device fails.
    pub async fn classify_picture_of_post(&self, picture: &Picture) -> Result<Prediction> {
        let features = self.image_features(self.manifest.preprocessing.planes(picture));
        let calibration = &self.manifest.calibration;
        let post = self
            .fusion
            .logits(self.fusion.image(features.clone()), InputKind::Image);
        let [post, image] = self
            .probabilities([
                (Some(post), calibration.of(InputKind::Image)),
                (Some(self.picture.forward(features)), calibration.picture),
            ])
            .await?;
        Ok(Prediction {
            image,
            ..Prediction::new(
                post.unwrap_or_default(),
                calibration.of(InputKind::Image).uncertain_below,
            )
        })
    }

    /// Probabilities from logits, one read for all of them.
    async fn probabilities<const N: usize>(
        &self,
        rows: [(Option<Tensor<2>>, Calibrated); N],
    ) -> Result<[Option<[f32; EMOTIONS]>; N]> {
        let logits: Vec<Tensor<2>> = rows.iter().filter_map(|(logits, _)| logits.clone()).collect();
        let values = self.read(Tensor::cat(logits, 0)).await?; // [rows that there are, emotions]
        let mut values = values.as_chunks::<EMOTIONS>().0.iter();
        Ok(rows.map(|(logits, calibrated)| {
            logits
                .and_then(|_| values.next())
                .map(|logits| softmax(logits, calibrated.temperature))
        }))
    }

    fn image_features(&self, planes: Vec<f32>) -> Tensor<2> {
        let side = self.manifest.preprocessing.crop;
        self.image.features(planes, side, &self.device)
    }

    fn caption_features(&self, words: &[u32]) -> Tensor<2> {
        let d_word = self.manifest.architecture.text.d_word;
        let mut vectors = vec![0.0; words.len() * d_word];
        for (id, row) in words.iter().zip(vectors.chunks_exact_mut(d_word)) {
            self.words.row_into(*id as usize, row);
        }
        let vectors = TensorData::new(vectors, [1, words.len(), d_word]);
        let mask = Tensor::ones([1, words.len()], &self.device);
        self.caption.forward(Tensor::from_data(vectors, &self.device), mask)
    }

    /// Probabilities of [`Emotion::PRIMARY`] for a caption, each on its own; the manifest's
    /// `caption_thresholds` say from where on a label holds.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_labels(&self, caption: &str) -> Result<[f32; 8]> {
        let words = self.tokenizer.encode(caption);
        if words.is_empty() {
            return Err(Error::EmptyPost);
        }
        let logits = self.caption_labels.forward(self.caption_features(&words));
        let values = self.read(sigmoid(logits)).await?;
        Ok(std::array::from_fn(|label| values[label]))
    }

    /// Classifies the post inside the model file and compares the scores with those in it.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub async fn self_test(&self) -> Result<SelfTestReport> {
        let expected = &self.manifest.self_test;
        let found = self
            .classify(Some(&test_card(expected.test_card_side)), Some(&expected.caption))
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

    async fn read(&self, tensor: Tensor<2>) -> Result<Vec<f32>> {
        let failed = |reason: String| Error::Backend {
            backend: BACKEND,
            reason,
        };
        let data = tensor
            .into_data_async()
            .await
            .map_err(|error| failed(format!("{error:?}")))?;
        data.try_to_vec::<f32>().map_err(|error| failed(format!("{error:?}")))
    }
}

/// Name of the back end that this build runs on.
pub const BACKEND: &str = if cfg!(feature = "webgpu") { "webgpu" } else { "cpu" };

/// A post ready for the device.
#[derive(Clone, Debug)]
pub struct PreparedPost {
    pub(crate) planes: Option<Vec<f32>>,
    pub(crate) caption: Option<PreparedCaption>,
}

/// A caption ready for the device.
#[derive(Clone, Debug)]
pub(crate) struct PreparedCaption {
    words: Vec<u32>,
    n_grams: [f32; EMOTIONS],
}

/// Jensen-Shannon divergence in bits (Lin, *Divergence Measures Based on the Shannon Entropy*, 1991).
fn jensen_shannon(a: &[f32; EMOTIONS], b: &[f32; EMOTIONS]) -> f32 {
    let towards_middle = |from: &[f32; EMOTIONS]| -> f32 {
        from.iter()
            .zip(a.iter().zip(b))
            .filter(|(value, _)| **value > 0.0)
            .map(|(value, (a, b))| value * (2.0 * value / (a + b)).log2())
            .sum()
    };
    (0.5 * (towards_middle(a) + towards_middle(b))).clamp(0.0, 1.0)
}

#[cfg(not(target_arch = "wasm32"))]
mod blocking {
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::{Classifier, Picture, Prediction, Result, SelfTestReport};

    impl Classifier {
        /// [`Classifier::classify`] for native callers.
        ///
        /// # Errors
        /// As [`Classifier::classify`].
        pub fn classify_blocking(&self, picture: Option<&Picture>, caption: Option<&str>) -> Result<Prediction> {
            block_on(self.classify(picture, caption))
        }

        /// [`Classifier::classify_picture_of_post`] for native callers.
        ///
        /// # Errors
        /// As [`Classifier::classify_picture_of_post`].
        pub fn classify_picture_of_post_blocking(&self, picture: &Picture) -> Result<Prediction> {
            block_on(self.classify_picture_of_post(picture))
        }

        /// [`Classifier::caption_labels`] for native callers.
        ///
        /// # Errors
        /// As [`Classifier::caption_labels`].
        pub fn caption_labels_blocking(&self, caption: &str) -> Result<[f32; 8]> {
            block_on(self.caption_labels(caption))
        }

        /// [`Classifier::self_test`] for native callers.
        ///
        /// # Errors
        /// As [`Classifier::self_test`].
        pub fn self_test_blocking(&self) -> Result<SelfTestReport> {
            block_on(self.self_test())
        }
    }

    /// Natively every tensor can be read at once, so the first poll is the last.
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(value) => return value,
                Poll::Pending => std::thread::yield_now(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divergence_is_zero_for_the_same_scores_and_one_without_overlap() {
        let mut joy = [0.0; EMOTIONS];
        joy[0] = 1.0;
        let mut fear = [0.0; EMOTIONS];
        fear[2] = 1.0;
        assert!(jensen_shannon(&joy, &joy) < 1e-6);
        assert!((jensen_shannon(&joy, &fear) - 1.0).abs() < 1e-6);
    }
}
