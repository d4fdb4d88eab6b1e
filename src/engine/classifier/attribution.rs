//! Attribution of a post's score to the parts of its image and the words of its caption.

use std::ops::Range;

use emofuse_core::{emotion::EMOTIONS, metrics::softmax};

use super::{
    Classifier, Prediction,
    encoded::{Batch, EncodedCaptions},
    prepared::PreparedCaption,
    readback::Rows,
};
use crate::{
    explanation::{Explanation, HeatMap, Word, along, contrast, sources, without},
    model::fusion::{ByModality, Modality},
    preprocessing::Area,
    text::Token,
};

/// An explanation whose numbers are still on the device. They are computed for every emotion, so that one readback has
/// them together with the scores that say which emotion it is.
pub(super) struct PendingExplanation {
    heat_map: Option<PendingHeatMap>,
    words: Vec<PendingWord>,
}

struct PendingHeatMap {
    /// What each cell adds to the logits, a row each.
    cells: Range<usize>,
    height: usize,
    width: usize,
    area: Area,
}

struct PendingWord {
    text: String,
    source: Range<usize>,
    /// The logits without it.
    row: usize,
}

impl Classifier {
    /// Runs the networks for what an explanation of a post needs.
    pub(super) fn attribute(
        &self,
        batch: &Batch,
        post: &ByModality<(usize, Area), (usize, PreparedCaption)>,
        rows: &mut Rows,
    ) -> PendingExplanation {
        let kind = post.kind();
        let (image, caption) = (post.as_ref().image(), post.as_ref().caption());
        PendingExplanation {
            heat_map: image.and_then(|(row, area)| self.attribute_image(batch, *row, *area, kind, rows)),
            words: caption.map_or_else(Vec::new, |(_, caption)| {
                self.attribute_words(batch, image.map(|(row, _)| *row), caption, kind, rows)
            }),
        }
    }

    fn attribute_image(
        &self,
        batch: &Batch,
        row: usize,
        area: Area,
        kind: Modality,
        rows: &mut Rows,
    ) -> Option<PendingHeatMap> {
        let maps = batch.image_features.as_ref()?.maps(row)?; // [1, d_image, height, width]
        let [_, _, height, width] = maps.dims();
        let shares = match kind {
            Modality::Both => self.fusion.image_shares(maps),
            Modality::Image | Modality::Caption => self.standalone_image.shares(maps),
        }; // [1, emotions, cells]
        Some(PendingHeatMap {
            cells: rows.add(shares.squeeze_dim::<2>(0).transpose()),
            height,
            width,
            area,
        })
    }

    /// The caption without each of its words, in one go.
    fn attribute_words(
        &self,
        batch: &Batch,
        image: Option<usize>,
        caption: &PreparedCaption,
        kind: Modality,
        rows: &mut Rows,
    ) -> Vec<PendingWord> {
        let sources = sources(&caption.tokens);
        let others: Vec<Vec<Token>> = sources
            .iter()
            .map(|source| self.tokenizer.tokens(&without(&caption.text, source)))
            .collect();
        let others: Vec<&[Token]> = others.iter().map(Vec::as_slice).collect();
        let EncodedCaptions {
            vectors,
            n_grams,
            standalone,
        } = self.encode_captions(&others);
        let logits = rows.add(match (image, &batch.image) {
            (Some(row), Some(image)) => {
                let vectors = self.fusion.both(image.clone().narrow(0, row, 1), vectors);
                self.fusion.logits(vectors, kind) + n_grams
            }
            _ => standalone,
        });
        sources
            .into_iter()
            .zip(logits)
            .map(|(source, row)| PendingWord {
                text: caption.text[source.clone()].to_owned(),
                source,
                row,
            })
            .collect()
    }
}

impl PendingExplanation {
    /// Makes the explanation of a prediction, whose logits were divided by `temperature`.
    pub(super) fn resolve(self, prediction: &Prediction, temperature: f32, logits: &[[f32; EMOTIONS]]) -> Explanation {
        let Prediction { emotion, scores, .. } = prediction;
        let contrast = contrast(scores, *emotion, temperature);
        Explanation {
            emotion: *emotion,
            heat_map: self.heat_map.map(|map| HeatMap {
                width: map.width,
                height: map.height,
                values: along(&logits[map.cells], &contrast),
                area: map.area,
            }),
            words: self
                .words
                .into_iter()
                .map(|PendingWord { text, source, row }| {
                    let without = softmax(&logits[row], temperature)[emotion.index()];
                    Word {
                        text,
                        source,
                        contribution: prediction.confidence - without,
                    }
                })
                .collect(),
        }
    }
}
