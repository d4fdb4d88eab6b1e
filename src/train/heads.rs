//! What reads the features of the towers: trained, chosen on dev, trained again, calibrated.

use burn::tensor::Device;
use serde::Serialize;

use super::{
    calibration,
    fusion::{self, FusionExample, Learnt, OneSide, Stop, WithNGrams},
    recipe::Recipe,
};
use crate::{
    bundle::{Calibrated, Calibration},
    emotion::{EMOTIONS, Emotion},
    model::fusion::{InputKind, common_space::CommonSpace},
};

/// Posts as what reads the towers learns from them, or is measured on them.
#[derive(Default)]
pub struct Examples {
    /// Picture and caption, with the label of the post.
    pub posts: Vec<FusionExample>,
    /// The pictures alone, with their own labels.
    pub pictures: Vec<FusionExample>,
}

/// What reads the features of the towers.
pub struct Heads {
    /// For posts.
    pub fusion: WithNGrams<CommonSpace>,
    /// For pictures that stand alone.
    pub picture: WithNGrams<OneSide>,
}

/// What was trained with an eye on dev, and for how long.
pub struct Chosen {
    /// The heads, which have not learnt from dev.
    pub heads: Heads,
    passes: [usize; 2],
}

impl Chosen {
    /// Trains both heads by a recipe, each until it gets no better on dev.
    pub fn train(recipe: &Recipe, examples: &Examples, dev: &Examples, device: &Device) -> Self {
        let stop = [recipe.fusion.patience, recipe.picture.patience].map(|patience| Stop::Early { patience });
        let (fusion, picture) = train_heads(recipe, examples, dev, stop, device);
        tracing::info!(
            dev_loss = fusion.dev_loss,
            passes = fusion.passes,
            pictures_dev_loss = picture.dev_loss,
            pictures_passes = picture.passes,
            "fusion"
        );
        Self {
            passes: [fusion.passes, picture.passes],
            heads: Heads {
                fusion: fusion.system,
                picture: picture.system,
            },
        }
    }

    /// Trains both heads again from the start, from train and dev together, for as many passes as were chosen.
    pub fn refit(&self, recipe: &Recipe, examples: Examples, dev: &Examples, device: &Device) -> Heads {
        let mut examples = examples;
        examples.posts.extend_from_slice(&dev.posts);
        examples.pictures.extend_from_slice(&dev.pictures);
        let stop = self.passes.map(|passes| Stop::After { passes });
        let (fusion, picture) = train_heads(recipe, &examples, dev, stop, device);
        Heads {
            fusion: fusion.system,
            picture: picture.system,
        }
    }
}

fn train_heads(
    recipe: &Recipe,
    examples: &Examples,
    dev: &Examples,
    [of_fusion, of_picture]: [Stop; 2],
    device: &Device,
) -> (Learnt<WithNGrams<CommonSpace>>, Learnt<WithNGrams<OneSide>>) {
    let posts = [examples.posts.as_slice(), &dev.posts];
    let pictures = [examples.pictures.as_slice(), &dev.pictures];
    (
        fusion::train(&recipe.fusion, recipe.seed, posts, of_fusion, device),
        fusion::train_picture(recipe, pictures, of_picture, device),
    )
}

impl Heads {
    /// Accuracy and macro-F1 on dev.
    pub fn evaluate(&self, dev: &Examples, device: &Device) -> DevScore {
        let of_posts = |kind| fusion::measure(&self.fusion, &dev.posts, kind, device);
        DevScore {
            both: of_posts(InputKind::Both),
            caption: of_posts(InputKind::Caption),
            image: of_posts(InputKind::Image),
            picture: fusion::measure(&self.picture, &dev.pictures, InputKind::Image, device),
        }
    }
}

/// How a model does on dev: accuracy and macro-F1.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct DevScore {
    /// From picture and caption together, against the post's label.
    pub both: [f64; 2],
    /// From the caption alone, against the post's label.
    pub caption: [f64; 2],
    /// From the picture alone, against the post's label.
    pub image: [f64; 2],
    /// From the picture alone, against the picture's own label.
    pub picture: [f64; 2],
}

/// Temperatures and thresholds of heads that have not learnt from dev.
pub fn calibrate(heads: &Heads, dev: &Examples, device: &Device) -> Calibration {
    let fit = |rows: Vec<(usize, [f32; EMOTIONS])>, dev: &[FusionExample]| {
        let rows: Vec<([f32; EMOTIONS], Emotion)> = rows
            .into_iter()
            .filter_map(|(index, logits)| Some((logits, dev[index].emotion()?)))
            .collect();
        let temperature = calibration::temperature(&rows);
        Calibrated {
            temperature,
            uncertain_below: calibration::uncertain_below(&rows, temperature),
        }
    };
    let of_posts = |kind| fit(fusion::logits(&heads.fusion, &dev.posts, kind, device), &dev.posts);
    let pictures = fusion::logits(&heads.picture, &dev.pictures, InputKind::Image, device);
    Calibration {
        both: of_posts(InputKind::Both),
        image: of_posts(InputKind::Image),
        caption: of_posts(InputKind::Caption),
        picture: fit(pictures, &dev.pictures),
    }
}
