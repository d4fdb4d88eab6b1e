//! Training of the classifier of images that stand alone: a linear classifier, to its optimum.
//!
//! By L-BFGS (Liu and Nocedal, *On the Limited Memory BFGS Method for Large Scale Optimization*, 1989) over all rows at
//! once. The shrinkage is chosen by cross-validation in which a theme is never on both sides, since photographs of one
//! theme resemble each other; the logits of the parts left out calibrate the classifier.

use std::collections::BTreeSet;

use burn::{
    module::Module,
    nn::Linear,
    optim::{GradientsParams, LBFGSConfig, LineSearchFn},
    tensor::{Device, Tensor, TensorData},
};
use emofuse_core::{labels::LabelSet, metrics::softmax};
use emofuse_engine::text::fnv_1a;

use super::{
    fusion::{FusionExample, Side, Unimodal, inverse_frequencies, statistics, zero_linear},
    losses::{negative_log_likelihood, squared_valence_error},
    recipe::StandaloneImageRecipe,
};

/// What the cross-validation found.
pub struct CrossValidated {
    /// The ridge penalty with the smallest loss on what was left out.
    pub ridge: f32,
    /// Logits of each example by the classifier that has not learnt from its part; `None` for rows without a label.
    pub logits: Vec<Option<Vec<f32>>>,
}

/// Chooses the ridge penalty by cross-validation over groups.
pub fn cross_validate(
    recipe: &StandaloneImageRecipe,
    labels: &LabelSet,
    examples: &[FusionExample],
    device: &Device,
) -> CrossValidated {
    let folds: Vec<usize> = examples
        .iter()
        .enumerate()
        .map(|(row, example)| fold(example, row, recipe.folds))
        .collect();
    let present: BTreeSet<usize> = folds.iter().copied().collect();
    let progress = super::progress("images, cross-validation", recipe.ridges.len() * present.len());
    let mut best: Option<(f64, CrossValidated)> = None;
    for ridge in &recipe.ridges {
        let mut logits = vec![None; examples.len()];
        for part in &present {
            let (held_out, learnt): (Vec<usize>, Vec<usize>) =
                (0..examples.len()).partition(|row| folds[*row] == *part);
            let learnt: Vec<&FusionExample> = learnt.into_iter().map(|row| &examples[row]).collect();
            if let Some(classifier) = train(recipe, *ridge, labels, &learnt, device) {
                for row in held_out {
                    logits[row] = answer(&classifier, &examples[row], device);
                }
            }
            progress.inc(1);
        }
        let loss = mean_loss(examples, &logits);
        tracing::info!(ridge, loss, "images, cross-validation");
        if best.as_ref().is_none_or(|(least, _)| loss < *least) {
            best = Some((loss, CrossValidated { ridge: *ridge, logits }));
        }
    }
    progress.finish_and_clear();
    let (_, chosen) = best.expect("a recipe has at least one ridge penalty");
    chosen
}

/// The part that an example belongs to: its theme's, or one of its own where it has none.
fn fold(example: &FusionExample, row: usize, folds: usize) -> usize {
    let group = &example.group;
    let name = match group.theme.as_str() {
        "" => format!("row {row}"),
        theme => format!("{} {theme}", group.set),
    };
    fnv_1a(name.bytes()) as usize % folds
}

fn answer(classifier: &Unimodal, example: &FusionExample, device: &Device) -> Option<Vec<f32>> {
    example.target.as_ref()?;
    let features = example.sides.get(Side::Image)?;
    let features = TensorData::new(features.clone(), [1, features.len()]);
    let logits = classifier.forward(Tensor::from_data(features, device)).into_data();
    Some(logits.try_to_vec::<f32>().expect("logits are 32-bit floats"))
}

/// Mean negative log-likelihood of the first labels.
fn mean_loss(examples: &[FusionExample], logits: &[Option<Vec<f32>>]) -> f64 {
    let losses: Vec<f64> = examples
        .iter()
        .zip(logits)
        .filter_map(|(example, logits)| {
            let likelihood = softmax(logits.as_ref()?, 1.0)[example.label()?];
            Some(-f64::from(likelihood.max(1e-12)).ln())
        })
        .collect();
    losses.iter().sum::<f64>() / losses.len().max(1) as f64
}

/// Trains the classifier on all rows with an image and a label; `None` where there are none.
pub fn train(
    recipe: &StandaloneImageRecipe,
    ridge: f32,
    labels: &LabelSet,
    examples: &[&FusionExample],
    device: &Device,
) -> Option<Unimodal> {
    let rows: Vec<(&Vec<f32>, _)> = examples
        .iter()
        .filter_map(|example| Some((example.sides.get(Side::Image)?, example.target.as_ref()?)))
        .collect();
    let width = rows.first()?.0.len();
    let images: Vec<&[f32]> = rows.iter().map(|(image, _)| image.as_slice()).collect();
    let classifier = Unimodal::new(Side::Image, statistics(&images, device), labels.len(), device);
    let features = TensorData::new(images.concat(), [images.len(), width]);
    let features = classifier.standardise(Tensor::from_data(features, device)); // [rows, features]

    let of_label = inverse_frequencies(
        rows.iter().map(|(_, target)| *target),
        recipe.class_weight_power,
        labels.len(),
    );
    let learning = device.clone().autodiff();
    let column = |values: Vec<f32>| {
        let shape = [values.len(), 1];
        Tensor::<2>::from_data(TensorData::new(values, shape), &learning)
    };
    let weights: Vec<f32> = rows
        .iter()
        .map(|(_, target)| target.weight * of_label[target.label])
        .collect();
    let rated = rows
        .iter()
        .zip(&weights)
        .map(|((_, target), weight)| match target.valence {
            Some(_) => *weight,
            None => 0.0,
        });
    let rated = column(rated.collect());
    let valences = column(
        rows.iter()
            .map(|(_, target)| target.valence.unwrap_or_default())
            .collect(),
    );
    let targets: Vec<f32> = rows
        .iter()
        .flat_map(|(_, target)| target.distribution.iter().copied())
        .collect();
    let targets = Tensor::<2>::from_data(TensorData::new(targets, [rows.len(), labels.len()]), &learning);
    let weights = column(weights);
    let features = Tensor::from_inner(features);

    let of_labels: Option<Vec<f32>> = (0..labels.len()).map(|label| labels.valence(label)).collect();

    let objective = |linear: Linear| {
        let logits = linear.forward(features.clone());
        let mut loss = negative_log_likelihood(logits.clone(), targets.clone(), weights.clone())
            + linear.weight.val().powi_scalar(2).sum() * ridge;
        if let Some(of_labels) = of_labels.as_ref().filter(|_| recipe.valence > 0.0) {
            loss = loss + squared_valence_error(logits, of_labels, valences.clone(), rated.clone()) * recipe.valence;
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &linear);
        (f64::from(loss.inner().into_scalar::<f32>()), gradients)
    };
    let mut optimiser = LBFGSConfig::new()
        .with_max_iter(recipe.steps)
        .with_max_eval(Some(2 * recipe.steps))
        .with_history_size(20)
        .with_tolerance_change(1e-7)
        .with_line_search_fn(LineSearchFn::StrongWolfe)
        .init();
    let start = zero_linear([width, labels.len()], true, &learning);
    let (linear, loss) = optimiser.step(1.0, start, objective);
    tracing::debug!(ridge, loss, rows = rows.len(), "images");
    Some(classifier.with_linear(linear.valid()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::Group, fusion::Target};

    fn examples() -> Vec<FusionExample> {
        (0..60)
            .map(|row| {
                let (sign, label) = if row % 2 == 0 { (1.0, 0) } else { (-1.0, 2) };
                FusionExample {
                    target: Some(Target::new(label.into(), 0.0, 9)),
                    group: Group {
                        set: "set".into(),
                        theme: format!("theme {}", row / 2),
                    },
                    ..FusionExample::of(
                        Side::Image,
                        vec![sign + (row as f32 * 1.7).sin(), 0.3, (row as f32).cos()],
                    )
                }
            })
            .collect()
    }

    fn recipe() -> StandaloneImageRecipe {
        StandaloneImageRecipe {
            valence: 0.0,
            class_weight_power: 0.0,
            ..StandaloneImageRecipe::default()
        }
    }

    #[test]
    fn the_optimum_is_one_and_the_penalty_keeps_its_weights_small() {
        let device = Device::flex();
        let examples = examples();
        let rows: Vec<&FusionExample> = examples.iter().collect();
        let weights = |ridge| {
            let classifier = train(&recipe(), ridge, &LabelSet::plutchik(), &rows, &device).expect("rows");
            let weights = classifier.linear().weight.val().into_data();
            weights.try_to_vec::<f32>().expect("floats")
        };
        let largest = |weights: &[f32]| weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        let (loose, tight) = (weights(0.01), weights(1.0));
        assert!(largest(&tight) < largest(&loose) / 2.0);
        let again = weights(0.01);
        assert!(loose.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn a_theme_is_never_in_two_parts_and_every_labelled_row_is_answered() {
        let examples = examples();
        for pair in examples.chunks(2) {
            assert_eq!(fold(&pair[0], 0, 5), fold(&pair[1], 1, 5));
        }
        let found = cross_validate(&recipe(), &LabelSet::plutchik(), &examples, &Device::flex());
        assert!(found.logits.iter().all(Option::is_some));
        assert!(recipe().ridges.contains(&found.ridge));
        let right = examples.iter().zip(&found.logits).filter(|(example, logits)| {
            let answer = logits.as_ref().map(|logits| emofuse_core::metrics::most_likely(logits));
            answer.is_some() && answer == example.label()
        });
        assert!(right.count() > 45);
    }
}
