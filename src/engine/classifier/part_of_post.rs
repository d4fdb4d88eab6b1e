//! What is asked of the CPU alone: of posts of which only one modality is known, and of captions by themselves.

use emofuse_core::{
    emotion::EMOTIONS,
    error::{Error, Result},
    image::Image,
};

use super::{Classifier, Prediction, with_n_grams};
use crate::{
    bundle::Calibrated,
    model::fusion::Modality,
    networks::{Layers, Networks},
};

impl Classifier {
    /// Predicts which emotion a post conveys of which only the image is known: its caption may say something else.
    ///
    /// The scores are those of the common space with the caption taken away; `image` has what the image says on its
    /// own.
    ///
    /// # Errors
    /// [`Error::Backend`] where the device fails.
    pub async fn classify_image_of_post(&self, image: &Image) -> Result<Prediction> {
        let [of_post, alone] = self.layers()?.image_of_post(self.prepare_image(image).square).await?;
        let calibration = &self.manifest.calibration;
        let calibrated = calibration.of(Modality::Image);
        let scores = self.scores(&of_post, calibrated)?;
        let image = self.scores(&alone, calibration.standalone_image)?;
        Ok(Prediction::new(scores, calibrated).with_modalities(Some(image), None))
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
        let windows = self.window_ids(&caption.tokens);
        let [of_post, alone] = self.layers()?.caption_of_post(windows, &self.words).await?;
        let of_post = with_n_grams(of_post, self.n_grams.as_ref(), &caption.tokens);
        let alone = with_n_grams(alone, self.standalone_n_grams.as_ref(), &caption.tokens);
        let calibration = &self.manifest.calibration;
        let calibrated = calibration.of(Modality::Caption);
        let scores = self.scores(&of_post, calibrated)?;
        let alone = self.scores(&alone, calibration.standalone_caption)?;
        Ok(Prediction::new(scores, calibrated)
            .with_modalities(None, Some(alone))
            .doubted(self.doubts(&caption)))
    }

    /// Probabilities of [`Emotion::PRIMARY`](emofuse_core::Emotion::PRIMARY) for a caption, each on its own; the manifest's
    /// `caption_thresholds` say from where on a label holds.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_labels(&self, caption: &str) -> Result<[f32; 8]> {
        let caption = self.prepare_caption(caption).ok_or(Error::EmptyPost)?;
        let windows = self.window_ids(&caption.tokens);
        let labels = self.layers()?.caption_labels(windows, &self.words).await?;
        self.finite(&labels)?;
        Ok(labels)
    }

    /// Probabilities of the nine labels by the caption tower's own classifier, not calibrated; `None` for a tower that
    /// has none.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_emotion(&self, caption: &str) -> Result<Option<[f32; EMOTIONS]>> {
        let caption = self.prepare_caption(caption).ok_or(Error::EmptyPost)?;
        let windows = self.window_ids(&caption.tokens);
        let logits = self.layers()?.caption_emotion(windows, &self.words).await?;
        logits.map(|logits| self.scores(&logits, Calibrated::NONE)).transpose()
    }

    fn layers(&self) -> Result<&Layers> {
        match &self.networks {
            Networks::Layers(layers) => Ok(layers),
            #[cfg(feature = "webgpu")]
            Networks::WebGpu(_) => Err(Error::Backend {
                backend: self.backend(),
                reason: "only the CPU classifies one part of a post".into(),
            }),
        }
    }
}
