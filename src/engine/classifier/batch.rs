//! Several posts through the networks in one go.

use std::ops::Range;

use burn::tensor::{Int, Tensor, TensorData};
use emofuse_core::{emotion::EMOTIONS, error::Result, metrics::softmax};

use super::{
    Classifier, NGramLogits, Prediction, PreparedPost, UncertainReason,
    attribution::PendingExplanation,
    encoded::{Batch, EncodedCaptions},
    prepared::PreparedImage,
    readback::Rows,
};
use crate::{
    bundle::Calibrated,
    explanation::Explain,
    model::{
        fusion::{ByModality, Modality},
        image_features::{ImageFeatures, Layers},
    },
    text::Token,
};

/// A post whose logits are still on the device, in these rows.
struct PendingPost {
    rows: ByModality<usize>,
    both: Option<usize>,
    doubts: Vec<UncertainReason>,
    explanation: Option<PendingExplanation>,
}

impl Classifier {
    /// Predicts which emotion each of several posts conveys, in one go: whatever mixture of images and captions they are,
    /// each prediction is the one that [`Classifier::classify`] gives.
    ///
    /// # Errors
    /// [`Error::Backend`](emofuse_core::Error::Backend) where the device fails.
    pub async fn classify_all(&self, posts: Vec<PreparedPost>, explain: Explain) -> Result<Vec<Prediction>> {
        let layers = match explain {
            Explain::Nothing => Layers::Drop,
            Explain::Emotion => Layers::Keep,
        };
        let batch = self.encode(posts, layers);
        let mut rows = Rows::default();
        let image = batch
            .image_features
            .as_ref()
            .map(|encoded| rows.add(self.standalone_image.forward(encoded.features.clone())));
        let caption = batch
            .captions
            .as_ref()
            .map(|captions| rows.add(captions.standalone.clone()));
        let mut both = self.both(&batch).map(|logits| rows.add(logits)).into_iter().flatten();
        let first = |rows: &Option<Range<usize>>| rows.as_ref().map_or(0, |rows| rows.start);
        let pending: Vec<PendingPost> = batch
            .posts
            .iter()
            .map(|post| PendingPost {
                both: (post.kind() == Modality::Both).then(|| both.next()).flatten(),
                doubts: post
                    .as_ref()
                    .caption()
                    .map_or_else(Vec::new, |(_, caption)| self.doubts(caption)),
                rows: post
                    .as_ref()
                    .map(|(row, _)| first(&image) + row, |(row, _)| first(&caption) + row),
                explanation: match explain {
                    Explain::Nothing => None,
                    Explain::Emotion => Some(self.attribute(&batch, post, &mut rows)),
                },
            })
            .collect();
        let logits = rows.readback().await?;
        Ok(pending.into_iter().map(|post| self.predict(post, &logits)).collect())
    }

    /// Runs the towers over a batch.
    fn encode(&self, posts: Vec<PreparedPost>, layers: Layers) -> Batch {
        let mut planes = Vec::new();
        let mut captions = 0;
        let posts: Vec<_> = posts
            .into_iter()
            .map(|post| {
                post.into_modalities().map(
                    |PreparedImage { planes: image, area }| {
                        planes.push(image);
                        (planes.len() - 1, area)
                    },
                    |caption| {
                        captions += 1;
                        (captions - 1, caption)
                    },
                )
            })
            .collect();
        let tokens: Vec<&[Token]> = posts
            .iter()
            .filter_map(|post| post.as_ref().caption())
            .map(|(_, caption)| caption.tokens.as_slice())
            .collect();
        let encoded = (!tokens.is_empty()).then(|| self.encode_captions(&tokens));
        let planes = match planes.len() {
            0 | 1 => planes.pop(),
            _ => Some(planes.concat()),
        };
        let image_features = planes.map(|planes| self.encode_images(planes, layers));
        let is_beside_a_caption = posts.iter().any(|post| post.kind() == Modality::Both);
        let image = image_features
            .as_ref()
            .filter(|_| is_beside_a_caption)
            .map(|encoded| self.fusion.image(encoded.features.clone()));
        Batch {
            posts,
            image_features,
            image,
            captions: encoded,
        }
    }

    /// Logits of the posts that have both an image and a caption, in their order.
    ///
    /// # Shapes
    /// - output: `[posts with both, emotions]`
    fn both(&self, batch: &Batch) -> Option<Tensor<2>> {
        let (image, encoded) = (batch.image.as_ref()?, batch.captions.as_ref()?);
        let (images, captions): (Vec<usize>, Vec<usize>) = batch
            .posts
            .iter()
            .filter_map(|post| match post {
                ByModality::Both { image, caption } => Some((image.0, caption.0)),
                _ => None,
            })
            .unzip();
        let vectors = self
            .fusion
            .both(select(image, &images), select(&encoded.vectors, &captions));
        Some(self.fusion.logits(vectors, Modality::Both) + select(&encoded.n_grams, &captions))
    }

    /// Runs the caption tower over captions, some of which may have no words.
    pub(super) fn encode_captions(&self, captions: &[&[Token]]) -> EncodedCaptions {
        let n_gram_logits = |n_grams: &Option<NGramLogits>| {
            let of_caption = |tokens: &&[Token]| n_grams.as_ref().map_or([0.0; EMOTIONS], |table| table.logits(tokens));
            let logits: Vec<f32> = captions.iter().flat_map(of_caption).collect();
            Tensor::<2>::from_data(TensorData::new(logits, [captions.len(), EMOTIONS]), &self.device)
        };
        let features = self.caption_features(captions);
        EncodedCaptions {
            vectors: self.fusion.caption(features.clone()),
            n_grams: n_gram_logits(&self.n_grams),
            standalone: self.standalone_caption.forward(features) + n_gram_logits(&self.standalone_n_grams),
        }
    }

    /// # Shapes
    /// - planes: `[batch, 3, side, side]`, flat
    pub(super) fn encode_images(&self, planes: Vec<f32>, layers: Layers) -> ImageFeatures {
        let side = self.manifest.preprocessing.crop;
        self.image.forward(planes, side, &self.device, layers)
    }

    /// Features of captions. A caption longer than the tower's window is read in windows, whose features count by
    /// their words.
    ///
    /// # Shapes
    /// - output: `[captions, d_caption]`
    pub(super) fn caption_features(&self, captions: &[&[Token]]) -> Tensor<2> {
        let width = self.manifest.architecture.text.max_tokens();
        let windows: Vec<&[Token]> = captions.iter().flat_map(|tokens| windows(tokens, width)).collect();
        let features = self.window_features(&windows);
        if windows.len() == captions.len() {
            return features;
        }
        let mut shares = vec![0.0; captions.len() * windows.len()];
        let mut column = 0;
        for (caption, tokens) in captions.iter().enumerate() {
            for window in self::windows(tokens, width) {
                shares[caption * windows.len() + column] = window.len() as f32 / tokens.len() as f32;
                column += 1;
            }
        }
        let shares = TensorData::new(shares, [captions.len(), windows.len()]);
        Tensor::<2>::from_data(shares, &self.device).matmul(features)
    }

    /// # Shapes
    /// - output: `[windows, d_caption]`
    fn window_features(&self, windows: &[&[Token]]) -> Tensor<2> {
        let d_word = self.manifest.architecture.text.d_word();
        let windows: Vec<Vec<u32>> = windows.iter().map(|tokens| self.tokenizer.ids(tokens)).collect();
        let longest = windows.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut vectors = vec![0.0; windows.len() * longest * d_word];
        let mut mask = vec![0.0; windows.len() * longest];
        for (window, ids) in windows.iter().enumerate() {
            let first = window * longest;
            mask[first..first + ids.len()].fill(1.0);
            for (id, row) in ids.iter().zip(vectors[first * d_word..].chunks_exact_mut(d_word)) {
                self.words.row_into(*id as usize, row);
            }
        }
        let vectors = TensorData::new(vectors, [windows.len(), longest, d_word]);
        let mask = TensorData::new(mask, [windows.len(), longest]);
        self.caption.forward(
            Tensor::from_data(vectors, &self.device),
            Tensor::from_data(mask, &self.device),
        )
    }

    fn predict(&self, post: PendingPost, logits: &[[f32; EMOTIONS]]) -> Prediction {
        let calibration = &self.manifest.calibration;
        let scores = |row: usize, calibrated: Calibrated| softmax(&logits[row], calibrated.temperature);
        let image = post.rows.image().map(|row| scores(row, calibration.standalone_image));
        let caption = post
            .rows
            .caption()
            .map(|row| scores(row, calibration.standalone_caption));
        let (row, calibrated) = match (post.both, post.rows) {
            (Some(row), _) => (row, calibration.both),
            (None, ByModality::Caption(row)) => (row, calibration.standalone_caption),
            (None, ByModality::Image(row) | ByModality::Both { image: row, .. }) => (row, calibration.standalone_image),
        };
        let prediction = Prediction::new(scores(row, calibrated), calibrated).with_modalities(image, caption);
        let disagree = prediction
            .agreement
            .is_some_and(|agreement| agreement < calibration.modalities_disagree_below);
        let prediction = prediction
            .doubted(post.doubts)
            .doubted(disagree.then_some(UncertainReason::ModalitiesDisagree));
        Prediction {
            explanation: post
                .explanation
                .map(|pending| pending.resolve(&prediction, calibrated.temperature, logits)),
            ..prediction
        }
    }
}

/// The tokens of a caption in windows of about the same length, none longer than `width`; one window for a caption
/// without words.
pub fn windows(tokens: &[Token], width: usize) -> impl Iterator<Item = &[Token]> {
    let count = tokens.len().div_ceil(width).max(1);
    let length = tokens.len().div_ceil(count);
    (0..count).map(move |window| {
        let end = ((window + 1) * length).min(tokens.len());
        &tokens[(window * length).min(end)..end]
    })
}

/// Some rows of a matrix.
///
/// # Shapes
/// - matrix: `[rows, columns]`
/// - output: `[indices, columns]`
fn select(matrix: &Tensor<2>, indices: &[usize]) -> Tensor<2> {
    if indices.iter().copied().eq(0..matrix.dims()[0]) {
        return matrix.clone();
    }
    let indices: Vec<i32> = indices.iter().map(|index| *index as i32).collect();
    let count = indices.len();
    let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [count]), &matrix.device());
    matrix.clone().select(0, indices)
}
