//! What an explanation takes of the networks: the questions, and what is made of their answers.

use std::ops::Range;

use super::{
    Classifier, Prediction,
    batch::{Batch, EncodedCaptions},
    prepared::PreparedCaption,
    reading::Rows,
};
use crate::{
    emotion::EMOTIONS,
    explain::{Explanation, HeatMap, Word, along, contrast, sources, without},
    image::Area,
    metrics::softmax,
    model::fusion::{InputKind, Sides},
    text::Token,
};

/// An explanation whose numbers are still on the device. They are asked for every emotion, so that they can be read
/// together with the scores that tell which it is.
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
    /// Asks the networks what an explanation of a post needs.
    pub(super) fn ask(
        &self,
        batch: &Batch,
        post: &Sides<(usize, Area), (usize, PreparedCaption)>,
        rows: &mut Rows,
    ) -> PendingExplanation {
        let kind = post.kind();
        let (picture, caption) = (post.as_ref().image(), post.as_ref().caption());
        PendingExplanation {
            heat_map: picture.and_then(|(row, area)| self.ask_picture(batch, *row, *area, kind, rows)),
            words: caption.map_or_else(Vec::new, |(_, caption)| {
                self.ask_words(batch, picture.map(|(row, _)| *row), caption, kind, rows)
            }),
        }
    }

    fn ask_picture(
        &self,
        batch: &Batch,
        row: usize,
        area: Area,
        kind: InputKind,
        rows: &mut Rows,
    ) -> Option<PendingHeatMap> {
        let maps = batch.seen.as_ref()?.maps(row)?; // [1, d_image, height, width]
        let [_, _, height, width] = maps.dims();
        let shares = match kind {
            InputKind::Both => self.fusion.image_shares(maps),
            InputKind::Image | InputKind::Caption => self.standalone_image.shares(maps),
        }; // [1, emotions, cells]
        Some(PendingHeatMap {
            cells: rows.add(shares.squeeze_dim::<2>(0).transpose()),
            height,
            width,
            area,
        })
    }

    /// The caption without each of its words, in one go.
    fn ask_words(
        &self,
        batch: &Batch,
        picture: Option<usize>,
        caption: &PreparedCaption,
        kind: InputKind,
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
        let logits = rows.add(match (picture, &batch.image) {
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
    /// What was read explains a prediction, whose logits were divided by `temperature`.
    pub(super) fn answer(self, prediction: &Prediction, temperature: f32, logits: &[[f32; EMOTIONS]]) -> Explanation {
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
