//! The same for native callers, who wait.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use burn::tensor::Device;
use emofuse_core::error::Error;

use super::{Classifier, Features, Image, Prediction, PreparedPost, Result, Scores, SelfTestReport, Wanted};
use crate::explanation::Explain;

impl Classifier {
    /// Loads a model file onto the CPU and tests it on the post inside the file: what comes back can be trusted.
    ///
    /// # Errors
    /// As [`Classifier::load_untested`]; [`Error::Backend`] if the scores differ from those in the file.
    pub fn load(bytes: &[u8], device: &Device) -> Result<Self> {
        let classifier = Self::load_untested(bytes, device)?;
        let SelfTestReport {
            passed,
            max_difference,
            tolerance,
        } = classifier.self_test_blocking()?;
        if passed {
            return Ok(classifier);
        }
        Err(Error::Backend {
            backend: classifier.backend(),
            reason: format!(
                "it fails its self-test, with scores off by {max_difference:.2} where {tolerance} is allowed; use another model file"
            ),
        })
    }

    /// [`Classifier::classify`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub fn classify_blocking(&self, image: Option<&Image>, caption: Option<&str>) -> Result<Prediction> {
        block_on(self.classify(image, caption, Wanted::default()))
    }

    /// [`Classifier::classify`] with an explanation for native callers.
    ///
    /// # Errors
    /// As [`Classifier::classify`].
    pub fn explain_blocking(&self, image: Option<&Image>, caption: Option<&str>) -> Result<Prediction> {
        block_on(self.classify(image, caption, Explain::Label.into()))
    }

    /// [`Classifier::classify_all`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::classify_all`].
    pub fn classify_all_blocking(&self, posts: Vec<PreparedPost>, wanted: Wanted) -> Result<Vec<Prediction>> {
        block_on(self.classify_all(posts, wanted))
    }

    /// [`Classifier::features`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::features`].
    pub fn features_blocking(&self, image: Option<&Image>, caption: Option<&str>) -> Result<Features> {
        block_on(self.features(image, caption))
    }

    /// [`Classifier::features_of_all`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::features_of_all`].
    pub fn features_of_all_blocking(&self, posts: Vec<PreparedPost>) -> Result<Vec<Features>> {
        block_on(self.features_of_all(posts))
    }

    /// [`Classifier::classify_image_of_post`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::classify_image_of_post`].
    pub fn classify_image_of_post_blocking(&self, image: &Image) -> Result<Prediction> {
        block_on(self.classify_image_of_post(image))
    }

    /// [`Classifier::classify_caption_of_post`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::classify_caption_of_post`].
    pub fn classify_caption_of_post_blocking(&self, caption: &str) -> Result<Prediction> {
        block_on(self.classify_caption_of_post(caption))
    }

    /// [`Classifier::caption_labels`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::caption_labels`].
    pub fn caption_labels_blocking(&self, caption: &str) -> Result<Option<Scores>> {
        block_on(self.caption_labels(caption))
    }

    /// [`Classifier::caption_emotion`] for native callers.
    ///
    /// # Errors
    /// As [`Classifier::caption_emotion`].
    pub fn caption_emotion_blocking(&self, caption: &str) -> Result<Option<Scores>> {
        block_on(self.caption_emotion(caption))
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
