//! Several posts through the networks in one go.

use emofuse_core::error::{Error, Result};

use super::{
    Classifier, Prediction, PreparedPost, UncertainReason,
    attribution::PendingExplanation,
    prepared::{PreparedCaption, PreparedImage},
    with_n_grams,
};
use crate::{
    bundle::Calibrated,
    explanation::Explain,
    model::fusion::ByModality,
    preprocessing::Area,
    request::{Answers, Logits, Pair, Request},
    text::Token,
};

/// A post whose logits are asked for.
struct PendingPost {
    /// Places of its image and its caption in the request, and what is told of them in the end.
    post: ByModality<(usize, Area), (usize, PreparedCaption)>,
    /// Its place among the pairs, where it has both.
    pair: Option<usize>,
    explanation: Option<PendingExplanation>,
}

impl Classifier {
    /// Predicts which emotion each of several posts conveys, in one go: whatever mixture of images and captions they are,
    /// each prediction is the one that [`Classifier::classify`] gives.
    ///
    /// # Errors
    /// [`Error::Backend`] where the device fails, [`Error::ModelIncomplete`] where only the beginning of the model file was
    /// read and a post needs more.
    pub async fn classify_all(&self, posts: Vec<PreparedPost>, explain: Explain) -> Result<Vec<Prediction>> {
        let mut request = Request {
            images: Vec::new(),
            captions: Vec::new(),
            words: &self.words,
            pairs: Vec::new(),
            maps: Vec::new(),
        };
        let mut pending: Vec<PendingPost> = posts.into_iter().map(|post| self.ask(post, &mut request)).collect();
        if explain == Explain::Emotion {
            for post in &mut pending {
                post.explanation = Some(self.attribute(&post.post, &mut request));
            }
        }
        if !self.is_whole && !can_be_answered(&request) {
            return Err(Error::ModelIncomplete);
        }
        let answers = self.networks.answer(request).await?;
        pending.into_iter().map(|post| self.predict(post, &answers)).collect()
    }

    /// Adds a post to a request.
    fn ask(&self, post: PreparedPost, request: &mut Request<'_>) -> PendingPost {
        let (images, captions) = (&mut request.images, &mut request.captions);
        let post = post.into_modalities().map(
            |PreparedImage { square, area }| {
                images.push(square);
                (images.len() - 1, area)
            },
            |caption| {
                captions.push(self.window_ids(&caption.tokens));
                (captions.len() - 1, caption)
            },
        );
        let pair = match &post {
            ByModality::Both { image, caption } => {
                request.pairs.push(Pair {
                    image: image.0,
                    caption: caption.0,
                });
                Some(request.pairs.len() - 1)
            }
            _ => None,
        };
        PendingPost {
            post,
            pair,
            explanation: None,
        }
    }

    /// The ids of a caption's tokens, in the windows that the caption tower reads.
    pub(super) fn window_ids(&self, tokens: &[Token]) -> Vec<Vec<u32>> {
        let width = self.manifest.architecture.text.max_tokens();
        windows(tokens, width)
            .map(|window| self.tokenizer.ids(window))
            .collect()
    }

    fn predict(&self, pending: PendingPost, answers: &Answers) -> Result<Prediction> {
        let calibration = &self.manifest.calibration;
        let standalone_image = |image: usize| (answers.images[image], calibration.standalone_image);
        let standalone_caption = |(place, caption): &(usize, PreparedCaption)| {
            let n_grams = self.standalone_n_grams.as_ref();
            let logits = with_n_grams(answers.captions[*place], n_grams, &caption.tokens);
            (logits, calibration.standalone_caption)
        };
        let scores = |(logits, calibrated): (Logits, Calibrated)| self.scores(&logits, calibrated);
        let post = pending.post.as_ref();
        let (logits, calibrated) = match (pending.pair, post) {
            (Some(pair), ByModality::Both { caption, .. }) => {
                let logits = with_n_grams(answers.pairs[pair], self.n_grams.as_ref(), &caption.1.tokens);
                (logits, calibration.both)
            }
            (_, ByModality::Image((image, _)) | ByModality::Both { image: (image, _), .. }) => standalone_image(*image),
            (_, ByModality::Caption(caption)) => standalone_caption(caption),
        };
        let image = post.image().map(|(image, _)| scores(standalone_image(*image)));
        let caption = post.caption().map(|caption| scores(standalone_caption(caption)));
        let (image, caption) = (image.transpose()?, caption.transpose()?);
        let doubts = post
            .caption()
            .map_or_else(Vec::new, |(_, caption)| self.doubts(caption));
        let prediction = Prediction::new(scores((logits, calibrated))?, calibrated).with_modalities(image, caption);
        let disagree = prediction
            .agreement
            .is_some_and(|agreement| agreement < calibration.modalities_disagree_below);
        let prediction = prediction
            .doubted(doubts)
            .doubted(disagree.then_some(UncertainReason::ModalitiesDisagree));
        let explanation = pending
            .explanation
            .map(|pending| self.explain(pending, &prediction, calibrated, answers));
        Ok(Prediction {
            explanation: explanation.transpose()?,
            ..prediction
        })
    }
}

/// Whether the beginning of a model file is enough: for captions alone, if their words have come.
fn can_be_answered(request: &Request<'_>) -> bool {
    let mut ids = request.windows().flatten();
    request.images.is_empty() && ids.all(|id| request.words.has(*id as usize))
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
