//! Joint fusion; see [`model::fusion::joint`](crate::model::fusion::joint).

use emofuse_core::error::Result;

use super::{
    early::Priors,
    linear::{Matrix, add},
};
use crate::{
    bundle::Bundle,
    model::{
        fusion::{ByModality, Modality},
        pooling::Pooling,
    },
};

#[derive(Debug)]
pub(super) struct Joint {
    /// γ.
    image: Matrix,
    output: Matrix,
    priors: Priors,
    pooling: Pooling,
    d_caption: usize,
}

impl Joint {
    pub(super) fn load(
        bundle: &Bundle,
        group: &str,
        [d_image, d_caption, labels]: [usize; 3],
        pooling: Pooling,
    ) -> Result<Self> {
        let pooled = pooling.d_output(d_caption);
        Ok(Self {
            image: Matrix::without_bias(bundle, &[group, ".image.linear"].concat(), [d_image, d_caption])?,
            output: Matrix::load(bundle, &[group, ".output"].concat(), [pooled, labels])?,
            priors: Priors::load(bundle, group, labels)?,
            pooling,
            d_caption,
        })
    }

    /// Logits of standardised features.
    pub(super) fn logits(&self, sides: ByModality<&[f32]>) -> Vec<f32> {
        let vectors = sides.map(|image| self.image.forward(image), <[f32]>::to_vec);
        let kind = vectors.kind();
        let mut logits = self.output.bias().to_vec();
        match vectors {
            ByModality::Both { image, caption } => {
                let pooled = pool(self.pooling, &image, &caption);
                add(&mut logits, &self.output.product(&pooled, 0));
            }
            ByModality::Image(image) => add(&mut logits, &self.output.product(&image, 0)),
            ByModality::Caption(caption) => {
                add(&mut logits, &self.output.product(&caption, self.first_of_captions()));
            }
        }
        self.priors.add(&mut logits, kind);
        logits
    }

    /// How logits along a contrast change with each standardised feature of the image; `None` where the pooling is not
    /// linear in it.
    pub(super) fn image_direction(&self, sides: ByModality<&[f32]>, contrast: &[f32]) -> Option<Vec<f32>> {
        let mut vector = self.output.back(contrast, 0, self.d_caption);
        if let (Modality::Both, Some(caption)) = (sides.kind(), sides.caption()) {
            match self.pooling {
                Pooling::Max => return None,
                Pooling::Mean => vector.iter_mut().for_each(|value| *value /= 2.0),
                Pooling::Product => {
                    let factors = vector.iter_mut().zip(caption);
                    factors.for_each(|(value, factor)| *value *= factor);
                }
                Pooling::Sum | Pooling::Concatenation => {}
            }
        }
        Some(self.image.back(&vector, 0, self.image.inputs()))
    }

    /// The row of the classifier's matrix at which the captions' begin.
    fn first_of_captions(&self) -> usize {
        match self.pooling {
            Pooling::Concatenation => self.d_caption,
            _ => 0,
        }
    }
}

/// As [`Pooling::pool`] of both.
fn pool(pooling: Pooling, image: &[f32], caption: &[f32]) -> Vec<f32> {
    let by = |pool: fn(f32, f32) -> f32| image.iter().zip(caption).map(|(a, b)| pool(*a, *b)).collect();
    match pooling {
        Pooling::Max => by(f32::max),
        Pooling::Mean => by(|a, b| (a + b) / 2.0),
        Pooling::Sum => by(|a, b| a + b),
        Pooling::Product => by(|a, b| a * b),
        Pooling::Concatenation => [image, caption].concat(),
    }
}
