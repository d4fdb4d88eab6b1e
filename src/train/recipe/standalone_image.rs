//! Training of the classifier of images that stand alone.

use serde::{Deserialize, Serialize};

use crate::{
    data::{Annotation, Post, Rating},
    fusion::Target,
};

/// Training of the classifier of images that stand alone.
///
/// What the image of a post says of the post and what it says by itself are two questions: an image of a ruin may
/// illustrate a joke. The common space answers the first where a caption is taken away; this answers the second.
///
/// The classifier is linear, and is trained to its optimum by L-BFGS, so that no seed decides anything.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StandaloneImageRecipe {
    /// Ridge penalties of the weights of each feature for each label, of which cross-validation takes one. Themes
    /// are kept together.
    pub ridges: Vec<f32>,
    /// Parts of the cross-validation.
    pub folds: usize,
    /// Steps of L-BFGS at most.
    pub steps: usize,
    /// Weight of the second label, the rest is the first's.
    pub second_label: f32,
    /// Share of the label of the image's post, where it has one; the rest is the image's own.
    pub post_label: f32,
    /// How much more a rare label counts than a frequent one, as [`ClassWeightPower`](super::ClassWeightPower).
    pub class_weight_power: f32,
    /// How much more an image counts for each step of intensity above 1, and less below.
    pub intensity: f32,
    /// Weight of the squared error of the valence beside the likelihood of the label, where images are rated and the
    /// labels have a valence.
    pub valence: f32,
}

impl Default for StandaloneImageRecipe {
    fn default() -> Self {
        Self {
            ridges: vec![0.1, 0.3, 1.0],
            folds: 5,
            steps: 100,
            second_label: 0.15,
            post_label: 0.2,
            class_weight_power: 0.8,
            intensity: 0.5,
            valence: 1.0,
        }
    }
}

impl StandaloneImageRecipe {
    /// What the classifier of images is to say of a post's image, with so many labels.
    pub(crate) fn target(&self, post: &Post, labels: usize) -> Option<Target> {
        let target = |label: Annotation| Target::new(label, self.second_label, labels);
        let own = target(post.image_label()?);
        let Rating {
            intensity,
            valence,
            human_valence,
        } = post.image_rating;
        let mixed = match post.post_label {
            Some(label) => own.mixed_with(&target(label), self.post_label),
            None => own,
        };
        Some(Target {
            weight: intensity.map_or(1.0, |intensity| 1.0 + self.intensity * (intensity - 1.0)),
            valence: valence.map(|valence| valence / 2.0),
            human_valence,
            ..mixed
        })
    }
}
