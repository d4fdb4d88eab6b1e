//! Attribution of a post's score to the parts of its image and the words of its caption.

use std::ops::Range;

use emofuse_core::error::Result;

use super::{Classifier, Prediction, prepared::PendingPost};
use crate::{
    explanation::{Explanation, HeatMap, Word, contrast, sources, without},
    heads::Head,
    model::fusion::ByModality,
    preprocessing::Area,
    request::{Answers, Request},
    text::Token,
};

/// An explanation whose features are asked for in a request, so that one readback has them together with those of the posts.
pub(super) struct PendingExplanation {
    heat_map: Option<PendingHeatMap>,
    words: Vec<PendingWord>,
}

struct PendingHeatMap {
    /// Which of the images' cells that were asked for.
    cells: usize,
    area: Area,
}

struct PendingWord {
    text: String,
    source: Range<usize>,
    /// The caption without it, and its place among the captions.
    tokens: Vec<Token>,
    caption: usize,
}

impl Classifier {
    /// Adds to a request what an explanation of a post needs: the cells of its image, and its caption without each of its
    /// words.
    pub(super) fn attribute(&self, post: &PendingPost, request: &mut Request<'_>) -> PendingExplanation {
        let heat_map = post.as_ref().image().map(|(image, area)| {
            request.cells.push(*image);
            PendingHeatMap {
                cells: request.cells.len() - 1,
                area: *area,
            }
        });
        let mut words = Vec::new();
        if let (Some((_, caption)), Some(captions)) = (post.as_ref().caption(), &self.captions) {
            for source in sources(&caption.tokens) {
                let tokens = captions.tokenizer.tokens(&without(&caption.text, &source));
                request.captions.push(self.window_ids(&tokens));
                words.push(PendingWord {
                    text: caption.text[source.clone()].to_owned(),
                    source,
                    tokens,
                    caption: request.captions.len() - 1,
                });
            }
        }
        PendingExplanation { heat_map, words }
    }

    /// Makes the explanation of a prediction that a head gave.
    pub(super) fn explain(
        &self,
        pending: PendingExplanation,
        features: ByModality<&[f32]>,
        head: Head,
        prediction: &Prediction,
        answers: &Answers,
    ) -> Result<Explanation> {
        let label = prediction.label;
        let kind = features.kind();
        let temperature = head.calibrated(kind, &self.manifest.calibration).temperature;
        let contrast = contrast(&prediction.scores, label, temperature);
        let heat_map = pending.heat_map.map(|PendingHeatMap { cells, area }| {
            let cells = &answers.cells[cells];
            let values = self.heads.get(head, kind).cells(features, cells, &contrast)?;
            self.finite(&values)?;
            Ok(HeatMap {
                width: cells.width,
                height: cells.height,
                values,
                area,
            })
        });
        let word = |word: PendingWord| {
            let caption = answers.captions[word.caption].as_slice();
            let features = features.map(|image| image, |_| caption);
            let without = self.head_scores(head, features, Some(&word.tokens))?[label];
            Ok(Word {
                text: word.text,
                source: word.source,
                contribution: prediction.confidence - without,
            })
        };
        Ok(Explanation {
            label,
            heat_map: heat_map.transpose()?,
            words: pending.words.into_iter().map(word).collect::<Result<_>>()?,
        })
    }
}
