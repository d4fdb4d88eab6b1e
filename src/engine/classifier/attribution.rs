//! Attribution of a post's score to the parts of its image and the words of its caption.

use std::ops::Range;

use emofuse_core::error::Result;

use super::{Classifier, Prediction, prepared::PreparedCaption, with_n_grams};
use crate::{
    bundle::Calibrated,
    explanation::{Explanation, HeatMap, Word, along, contrast, sources, without},
    model::fusion::{ByModality, Modality},
    preprocessing::Area,
    request::{Answers, Pair, Request},
    text::Token,
};

/// An explanation whose numbers are asked for in a request. They are computed for every emotion, so that one readback has
/// them together with the scores that say which emotion it is.
pub(super) struct PendingExplanation {
    heat_map: Option<PendingHeatMap>,
    words: Vec<PendingWord>,
}

struct PendingHeatMap {
    /// Which of the maps that were asked for.
    map: usize,
    area: Area,
}

struct PendingWord {
    text: String,
    source: Range<usize>,
    /// The caption without it.
    tokens: Vec<Token>,
    without: Without,
}

/// Where the logits without a word will be.
enum Without {
    /// Among the pairs.
    Pair(usize),
    /// Among the captions.
    Caption(usize),
}

impl Classifier {
    /// Adds to a request what an explanation of a post needs: what the cells of its image add, and its caption without each
    /// of its words.
    pub(super) fn attribute(
        &self,
        post: &ByModality<(usize, Area), (usize, PreparedCaption)>,
        request: &mut Request<'_>,
    ) -> PendingExplanation {
        let kind = post.kind();
        let image = post.as_ref().image();
        let heat_map = image.map(|(image, area)| {
            request.maps.push((*image, kind));
            PendingHeatMap {
                map: request.maps.len() - 1,
                area: *area,
            }
        });
        let caption = post.as_ref().caption().map(|(_, caption)| caption);
        let words = caption.into_iter().flat_map(|caption| {
            let sources = sources(&caption.tokens).into_iter();
            sources.map(move |source| (caption, source))
        });
        let words = words.map(|(caption, source)| {
            let tokens = self.tokenizer.tokens(&without(&caption.text, &source));
            request.captions.push(self.window_ids(&tokens));
            let caption_without = request.captions.len() - 1;
            let without = match (kind, image) {
                (Modality::Both, Some((image, _))) => {
                    request.pairs.push(Pair {
                        image: *image,
                        caption: caption_without,
                    });
                    Without::Pair(request.pairs.len() - 1)
                }
                _ => Without::Caption(caption_without),
            };
            PendingWord {
                text: caption.text[source.clone()].to_owned(),
                source,
                tokens,
                without,
            }
        });
        PendingExplanation {
            words: words.collect(),
            heat_map,
        }
    }

    /// Makes the explanation of a prediction, whose logits were divided by `temperature`.
    pub(super) fn explain(
        &self,
        pending: PendingExplanation,
        prediction: &Prediction,
        calibrated: Calibrated,
        answers: &Answers,
    ) -> Result<Explanation> {
        let Prediction { emotion, scores, .. } = prediction;
        let contrast = contrast(scores, *emotion, calibrated.temperature);
        let heat_map = pending.heat_map.map(|PendingHeatMap { map, area }| {
            let map = &answers.maps[map];
            HeatMap {
                width: map.width,
                height: map.height,
                values: along(&map.cells, &contrast),
                area,
            }
        });
        if let Some(heat_map) = &heat_map {
            self.finite(&heat_map.values)?;
        }
        let word = |word: PendingWord| {
            let logits = match word.without {
                Without::Pair(pair) => with_n_grams(answers.pairs[pair], self.n_grams.as_ref(), &word.tokens),
                Without::Caption(caption) => with_n_grams(
                    answers.captions[caption],
                    self.standalone_n_grams.as_ref(),
                    &word.tokens,
                ),
            };
            let without = self.scores(&logits, calibrated)?[emotion.index()];
            Ok(Word {
                text: word.text,
                source: word.source,
                contribution: prediction.confidence - without,
            })
        };
        Ok(Explanation {
            emotion: *emotion,
            heat_map,
            words: pending.words.into_iter().map(word).collect::<Result<_>>()?,
        })
    }
}
