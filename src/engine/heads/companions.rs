//! Companions: further systems over the same features, to be compared with the one that answers.

use emofuse_core::error::Result;

use super::{
    late,
    linear::{Matrix, add},
};
use crate::{
    bundle::{Bundle, Reads, Temperatures, tensor_group},
    model::fusion::{ByModality, Modality},
};

/// A companion; see [`bundle::Companion`](crate::bundle::Companion).
#[derive(Debug)]
pub struct Companion {
    /// Its name.
    pub name: String,
    temperatures: Temperatures,
    rule: Rule,
}

#[derive(Debug)]
enum Rule {
    Alone(Modality, Matrix),
    Sum {
        image: Matrix,
        caption: Matrix,
        /// `[kinds, labels]`
        priors: Vec<f32>,
    },
    /// The places of the two that decide.
    Decisions {
        image: usize,
        caption: usize,
    },
}

impl Companion {
    /// Reads the companions of a model file.
    ///
    /// # Errors
    /// As [`Bundle::tensor`].
    pub(super) fn load_all(bundle: &Bundle) -> Result<Vec<Self>> {
        let all = &bundle.manifest.companions;
        let architecture = &bundle.manifest.architecture;
        let labels = bundle.manifest.labels.len();
        // A manifest with companions that lacks a tower, or what decides, was refused.
        let d_image = architecture.d_image().unwrap_or_default();
        let d_caption = architecture.d_caption().unwrap_or_default();
        let place = |reads: Reads| all.iter().position(|other| other.reads == reads).unwrap_or_default();
        let load = |companion: &crate::bundle::Companion| {
            let name = |tensor: &str| [tensor_group::COMPANIONS, ".", &companion.name, tensor].concat();
            let (image, caption) = (name(".image"), name(".caption"));
            let rule = match companion.reads {
                Reads::Image => Rule::Alone(Modality::Image, Matrix::load(bundle, &image, [d_image, labels])?),
                Reads::Caption => Rule::Alone(Modality::Caption, Matrix::load(bundle, &caption, [d_caption, labels])?),
                Reads::Sum => Rule::Sum {
                    image: Matrix::without_bias(bundle, &image, [d_image, labels])?,
                    caption: Matrix::without_bias(bundle, &caption, [d_caption, labels])?,
                    priors: bundle.tensor(&name(".priors"), &[Modality::ALL.len(), labels])?,
                },
                Reads::Decisions => Rule::Decisions {
                    image: place(Reads::Image),
                    caption: place(Reads::Caption),
                },
            };
            Ok(Self {
                name: companion.name.clone(),
                temperatures: companion.temperatures,
                rule,
            })
        };
        all.iter().map(load).collect()
    }

    /// The sides of a post that it reads; `None` if there are none.
    fn known<'a>(&self, sides: ByModality<&'a [f32]>) -> Option<ByModality<&'a [f32]>> {
        match self.rule {
            Rule::Alone(reads, _) => sides.only(reads),
            _ => Some(sides),
        }
    }

    /// Logits of standardised features, with their temperature; `None` if it reads none of the sides. `all` are the
    /// companions of the file.
    pub(super) fn logits(&self, sides: ByModality<&[f32]>, all: &[Self]) -> Option<(Vec<f32>, f32)> {
        let known = self.known(sides)?;
        let kind = known.kind();
        let decide = |place: usize, side: &[f32]| match &all[place].rule {
            Rule::Alone(_, classifier) => classifier.forward(side),
            _ => Vec::new(),
        };
        let logits = match (&self.rule, known) {
            (
                Rule::Alone(_, classifier),
                ByModality::Image(side) | ByModality::Caption(side) | ByModality::Both { image: side, .. },
            ) => classifier.forward(side),
            (Rule::Sum { image, caption, priors }, _) => {
                let labels = priors.len() / Modality::ALL.len();
                let mut logits = priors[kind.index() * labels..][..labels].to_vec();
                if let Some(side) = known.image() {
                    add(&mut logits, &image.product(side, 0));
                }
                if let Some(side) = known.caption() {
                    add(&mut logits, &caption.product(side, 0));
                }
                logits
            }
            (Rule::Decisions { image, caption }, _) => {
                match known.map(|side| decide(*image, side), |side| decide(*caption, side)) {
                    ByModality::Both { image, caption } => {
                        late::mean(&late::log_softmax(image), &late::log_softmax(caption))
                    }
                    ByModality::Image(decision) | ByModality::Caption(decision) => decision,
                }
            }
        };
        Some((logits, self.temperatures.of(kind)))
    }
}
