//! Several posts through the networks in one go.

use emofuse_core::{
    Scores,
    error::{Error, Result},
};

use super::{
    Classifier, Prediction, PreparedPost, UncertainReason,
    attribution::PendingExplanation,
    prepared::{PendingPost, PreparedImage},
};
use crate::{
    explanation::{Explain, Wanted},
    heads::Head,
    model::fusion::{ByModality, Modality},
    request::{Answers, Request},
    text::Token,
};

impl Classifier {
    /// Predicts which emotion each of several posts conveys, in one go: whatever mixture of images and captions they are,
    /// each prediction is the one that [`Classifier::classify`] gives.
    ///
    /// # Errors
    /// [`Error::Backend`] where the device fails, [`Error::ModelIncomplete`] where only the beginning of the model file was
    /// read and a post, or what is wanted of it, needs more.
    pub async fn classify_all(&self, posts: Vec<PreparedPost>, wanted: Wanted) -> Result<Vec<Prediction>> {
        if wanted.systems && !self.is_whole {
            return Err(Error::ModelIncomplete);
        }
        let mut request = self.request();
        let pending: Vec<PendingPost> = posts.into_iter().map(|post| self.ask(post, &mut request)).collect();
        let mut explanations = Vec::new();
        if wanted.explain == Explain::Label {
            explanations.extend(pending.iter().map(|post| self.attribute(post, &mut request)));
        }
        let answers = self.answer(request).await?;
        let mut explanations = explanations.into_iter();
        let predict = |post| self.predict(post, explanations.next(), wanted.systems, &answers);
        pending.into_iter().map(predict).collect()
    }

    /// What the towers make of several posts: the features of each one's image and caption, those that it has and the model
    /// reads.
    ///
    /// # Errors
    /// As [`Classifier::classify_all`].
    pub async fn features_of_all(&self, posts: Vec<PreparedPost>) -> Result<Vec<Features>> {
        let mut request = self.request();
        let pending: Vec<PendingPost> = posts.into_iter().map(|post| self.ask(post, &mut request)).collect();
        let Answers {
            mut images,
            mut captions,
            ..
        } = self.answer(request).await?;
        for features in images.iter().chain(&captions) {
            self.finite(features)?;
        }
        let features = pending.into_iter().map(|post| {
            let post = post.as_ref();
            let take = |all: &mut Vec<Vec<f32>>, place: usize| std::mem::take(&mut all[place]);
            Features {
                image: post.image().map(|(place, _)| take(&mut images, *place)),
                caption: post.caption().map(|(place, _)| take(&mut captions, *place)),
            }
        });
        Ok(features.collect())
    }

    pub(super) fn request(&self) -> Request<'_> {
        Request {
            images: Vec::new(),
            captions: Vec::new(),
            words: self.captions.as_ref().map(|captions| &captions.words),
            cells: Vec::new(),
        }
    }

    pub(super) async fn answer(&self, request: Request<'_>) -> Result<Answers> {
        if !self.is_whole && !can_be_answered(&request) {
            return Err(Error::ModelIncomplete);
        }
        self.networks.answer(request).await
    }

    /// Adds a post to a request.
    fn ask(&self, post: PreparedPost, request: &mut Request<'_>) -> PendingPost {
        let (images, captions) = (&mut request.images, &mut request.captions);
        post.into_modalities().map(
            |PreparedImage { square, area }| {
                images.push(square);
                (images.len() - 1, area)
            },
            |caption| {
                captions.push(self.window_ids(&caption.tokens));
                (captions.len() - 1, caption)
            },
        )
    }

    /// The ids of a caption's tokens, in the windows that the caption tower reads.
    pub(super) fn window_ids(&self, tokens: &[Token]) -> Vec<Vec<u32>> {
        let (Some(captions), Some(text)) = (&self.captions, &self.manifest.architecture.text) else {
            return vec![Vec::new()];
        };
        let vocabulary = captions.tokenizer.vocabulary().len();
        windows(tokens, text.max_tokens())
            .map(|window| text.rows(captions.tokenizer.ids(window), vocabulary))
            .collect()
    }

    fn predict(
        &self,
        post: PendingPost,
        explanation: Option<PendingExplanation>,
        wants_systems: bool,
        answers: &Answers,
    ) -> Result<Prediction> {
        let kind = post.kind();
        let features = features(&post, answers);
        let tokens = post.as_ref().caption().map(|(_, caption)| caption.tokens.as_slice());
        let whole = |features: ByModality<&[f32]>| {
            let head = self.heads.of_whole(features.kind());
            self.head_scores(head, features, tokens)
        };
        let scores = whole(features)?;
        let (image, caption) = match kind {
            Modality::Both => (
                features.only(Modality::Image).map(whole).transpose()?,
                features.only(Modality::Caption).map(whole).transpose()?,
            ),
            Modality::Image => (Some(scores.clone()), None),
            Modality::Caption => (None, Some(scores.clone())),
        };
        let doubts = post
            .as_ref()
            .caption()
            .map_or_else(Vec::new, |(_, caption)| self.doubts(caption));
        let head = self.heads.of_whole(kind);
        let calibration = &self.manifest.calibration;
        let calibrated = head.calibrated(kind, calibration);
        let prediction = self.prediction(scores, calibrated).with_modalities(image, caption);
        let disagree = prediction
            .agreement
            .is_some_and(|agreement| agreement < calibration.modalities_disagree_below);
        let prediction = prediction
            .doubted(doubts)
            .doubted(disagree.then_some(UncertainReason::ModalitiesDisagree));
        let explanation = explanation.map(|pending| self.explain(pending, features, head, &prediction, answers));
        let systems = match wants_systems {
            true => Some(self.systems(features, tokens, &prediction.scores)?),
            false => None,
        };
        Ok(Prediction {
            explanation: explanation.transpose()?,
            systems,
            ..prediction
        })
    }

    /// The scores that a head gives the features of a post, whose caption has these tokens.
    pub(super) fn head_scores(
        &self,
        head: Head,
        features: ByModality<&[f32]>,
        tokens: Option<&[Token]>,
    ) -> Result<Scores> {
        let kind = features.kind();
        let n_grams = match head {
            Head::System => self.n_grams.as_ref(),
            Head::Standalone => self.standalone_n_grams.as_ref(),
        };
        let mut logits = self.heads.logits(head, features)?;
        if let (Some(n_grams), Some(tokens), true) = (n_grams, tokens, kind != Modality::Image) {
            n_grams.add(&mut logits, tokens);
        }
        self.scores(&logits, head.calibrated(kind, &self.manifest.calibration))
    }
}

/// The features of a post among those of a batch.
fn features<'a>(post: &PendingPost, answers: &'a Answers) -> ByModality<&'a [f32]> {
    post.as_ref().map(
        |(image, _)| answers.images[*image].as_slice(),
        |(caption, _)| answers.captions[*caption].as_slice(),
    )
}

/// What the towers make of a post.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Of its image: `[d_image]`.
    pub image: Option<Vec<f32>>,
    /// Of its caption: `[d_caption]`.
    pub caption: Option<Vec<f32>>,
}

/// Whether the beginning of a model file is enough: for captions alone, if their words have come.
fn can_be_answered(request: &Request<'_>) -> bool {
    let mut ids = request.windows().flatten();
    let has = |id: u32| request.words.is_some_and(|words| words.has(id as usize));
    request.images.is_empty() && ids.all(|id| has(*id))
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
