//! What every system of a model file says of a post.

use emofuse_core::{Scores, error::Result};

use super::{Classifier, SystemAnswer};
use crate::{
    bundle::Calibrated,
    heads::{Companion, Head},
    model::fusion::{ByModality, Modality},
    text::Token,
};

impl Classifier {
    /// What the system that answers and its companions say of a post, and what they say with either side taken away.
    /// `answer` is the prediction's own.
    pub(super) fn systems(
        &self,
        features: ByModality<&[f32]>,
        tokens: Option<&[Token]>,
        answer: &Scores,
    ) -> Result<Vec<SystemAnswer>> {
        // A post of one side has nothing that could be taken away.
        let is_whole = |kind: Modality| features.kind() == kind;
        let alone = |kind: Modality| match features.only(kind) {
            Some(_) if is_whole(kind) => Ok(Some(answer.clone())),
            Some(side) => self.head_scores(Head::System, side, tokens).map(Some),
            None => Ok(None),
        };
        let mut systems = vec![SystemAnswer {
            name: self.manifest.architecture.system().into(),
            scores: answer.clone(),
            image: alone(Modality::Image)?,
            caption: alone(Modality::Caption)?,
        }];
        if self.heads.companions().is_empty() {
            return Ok(systems);
        }
        let sides = self.heads.standardised(features)?;
        let sides = sides.as_ref().map(Vec::as_slice, Vec::as_slice);
        for companion in self.heads.companions() {
            let of = |kind: Modality| match sides.only(kind) {
                Some(sides) => self.companion_scores(companion, sides),
                None => Ok(None),
            };
            if let Some(scores) = self.companion_scores(companion, sides)? {
                systems.push(SystemAnswer {
                    name: companion.name.clone(),
                    scores,
                    image: of(Modality::Image)?,
                    caption: of(Modality::Caption)?,
                });
            }
        }
        Ok(systems)
    }

    fn companion_scores(&self, companion: &Companion, sides: ByModality<&[f32]>) -> Result<Option<Scores>> {
        let Some((logits, temperature)) = self.heads.companion_logits(companion, sides) else {
            return Ok(None);
        };
        let calibrated = Calibrated {
            temperature,
            ..Calibrated::NONE
        };
        self.scores(&logits, calibrated).map(Some)
    }
}
