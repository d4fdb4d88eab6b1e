//! What is asked of posts of which only one modality is known, and of captions by themselves.

use emofuse_core::{
    Scores,
    error::{Error, Result},
    image::Image,
};

use super::{Classifier, Prediction, prepared::PreparedCaption};
use crate::{bundle::Calibrated, heads::Head, model::fusion::ByModality};

impl Classifier {
    /// Predicts what a post conveys of which only the image is known: its caption may say something else.
    ///
    /// The scores are those of the system with the caption taken away; `image` has what the image says on its own.
    ///
    /// # Errors
    /// [`Error::ModalityMissing`] if the system reads captions alone, [`Error::Backend`] where the device fails.
    pub async fn classify_image_of_post(&self, image: &Image) -> Result<Prediction> {
        self.heads.system().known(ByModality::<(), ()>::Image(()))?;
        let mut request = self.request();
        request.images.push(self.prepare_image(image).square);
        let answers = self.answer(request).await?;
        let image = answers.images.first().ok_or(Error::EmptyPost)?;
        let (prediction, alone) = self.of_post(ByModality::Image(image), None)?;
        Ok(prediction.with_modalities(Some(alone), None))
    }

    /// Predicts what a post conveys of which only the caption is known: its image may say something else.
    ///
    /// The scores are those of the system with the image taken away; `caption` has what the caption says on its own.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::ModalityMissing`] if the system reads images alone,
    /// [`Error::Backend`] where the device fails.
    pub async fn classify_caption_of_post(&self, caption: &str) -> Result<Prediction> {
        self.heads.system().known(ByModality::<(), ()>::Caption(()))?;
        let (caption, features) = self.caption_features(caption).await?;
        let (prediction, alone) = self.of_post(ByModality::Caption(&features), Some(&caption))?;
        Ok(prediction
            .with_modalities(None, Some(alone))
            .doubted(self.doubts(&caption)))
    }

    /// What the system makes of one side of a post, and the scores of that side on its own.
    fn of_post(&self, features: ByModality<&[f32]>, caption: Option<&PreparedCaption>) -> Result<(Prediction, Scores)> {
        let kind = features.kind();
        let tokens = caption.map(|caption| caption.tokens.as_slice());
        let scores = self.head_scores(Head::System, features, tokens)?;
        let alone = self.head_scores(self.heads.of_whole(kind), features, tokens)?;
        let calibrated = Head::System.calibrated(kind, &self.manifest.calibration);
        Ok((self.prediction(scores, calibrated), alone))
    }

    /// Probabilities of each of [`LabelSet::primary`](emofuse_core::LabelSet::primary) for a caption, each on its own; the
    /// manifest's `caption_thresholds` say from where on a label holds. `None` for a model without a classifier for that.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_labels(&self, caption: &str) -> Result<Option<Scores>> {
        let (_, features) = self.caption_features(caption).await?;
        let labels = self.heads.caption_labels(&features);
        if let Some(labels) = &labels {
            self.finite(labels)?;
        }
        Ok(labels)
    }

    /// Probabilities of the labels by the caption tower's own classifier, not calibrated; `None` for a tower that has none.
    ///
    /// # Errors
    /// [`Error::EmptyPost`] for a caption without a word, [`Error::Backend`] where the device fails.
    pub async fn caption_emotion(&self, caption: &str) -> Result<Option<Scores>> {
        let (_, features) = self.caption_features(caption).await?;
        let logits = self.heads.caption_emotion(&features);
        logits.map(|logits| self.scores(&logits, Calibrated::NONE)).transpose()
    }

    async fn caption_features(&self, caption: &str) -> Result<(PreparedCaption, Vec<f32>)> {
        let caption = self.prepare_caption(caption).ok_or(Error::EmptyPost)?;
        let mut request = self.request();
        request.captions.push(self.window_ids(&caption.tokens));
        let features = self.answer(request).await?.captions.into_iter().next();
        let features = features.ok_or(Error::ModalityMissing { needed: "images" })?;
        Ok((caption, features))
    }
}
