//! What training makes small.

use burn::tensor::{
    Tensor,
    activation::{log_softmax, softmax},
};

/// Negative log-likelihood of soft labels, each row with its own weight.
///
/// # Shapes
/// - logits, targets: `[batch, labels]`; a row of `targets` sums to one
/// - weights: `[batch, 1]`, zero for a row that does not count
/// - output: `[1]`, the weighted mean
pub fn negative_log_likelihood(logits: Tensor<2>, targets: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    let likelihood = (log_softmax(logits, 1) * targets).sum_dim(1); // [batch, 1]
    weighted_mean(likelihood.neg(), weights)
}

/// The squared error of the valence that the probabilities come to: each label's times its own.
///
/// # Shapes
/// - logits: `[batch, labels]`
/// - of_labels: the valence of each label
/// - valences: `[batch, 1]`, −1…1
/// - weights: `[batch, 1]`, zero for a row that does not count
/// - output: `[1]`, the weighted mean
pub fn squared_valence_error(
    logits: Tensor<2>,
    of_labels: &[f32],
    valences: Tensor<2>,
    weights: Tensor<2>,
) -> Tensor<1> {
    let of_labels = Tensor::<1>::from_floats(of_labels, &logits.device()).unsqueeze(); // [1, labels]
    let found = (softmax(logits, 1) * of_labels).sum_dim(1); // [batch, 1]
    weighted_mean((found - valences).powi_scalar(2), weights)
}

/// Binary cross-entropy of independent labels, from logits, without overflow.
///
/// # Shapes
/// - logits, targets: `[batch, labels]`
/// - weights: `[batch, 1]`, zero for a row that does not count
/// - output: `[1]`, the weighted mean over rows and labels
pub fn binary_cross_entropy(logits: Tensor<2>, targets: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    weighted_mean((softplus(logits.clone()) - logits * targets).mean_dim(1), weights)
}

/// One less the cosine similarity of each row to its target.
///
/// # Shapes
/// - vectors, targets: `[batch, d]`; targets have length one
/// - weights: `[batch, 1]`, zero for a row that does not count
/// - output: `[1]`, the weighted mean
pub fn cosine_distance(vectors: Tensor<2>, targets: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    let similarity = (unit_length(vectors) * targets).sum_dim(1); // [batch, 1]
    weighted_mean(similarity.neg() + 1.0, weights)
}

/// # Shapes
/// - rows, weights: `[batch, 1]`
fn weighted_mean(rows: Tensor<2>, weights: Tensor<2>) -> Tensor<1> {
    let total = weights.clone().sum().clamp_min(1e-6);
    (rows * weights).sum() / total
}

/// The auxiliary task of the common space: a hinge over cosine similarities.
///
/// A post's caption must be nearer to its image, by `margin`, than every caption of the batch that
/// has another class.
///
/// # Shapes
/// - images, captions: `[batch, d_common]`
/// - negatives: `[batch, batch]`, 1 where image (row) and caption (column) have different classes
/// - output: `[1]`, the mean over the pairs that count
pub fn alignment_hinge(images: Tensor<2>, captions: Tensor<2>, negatives: Tensor<2>, margin: f32) -> Tensor<1> {
    let short = leads(images, captions).neg() + margin;
    mean_over(short.clamp_min(0.0), negatives)
}

/// The auxiliary task of the common space in logistic form: [`alignment_hinge`], rounded off.
///
/// A pair that is right by more than the margin still pulls a little, and one far on the wrong side no harder than by
/// the hinge.
///
/// # Shapes
/// As [`alignment_hinge`].
pub fn alignment_logistic(images: Tensor<2>, captions: Tensor<2>, negatives: Tensor<2>, margin: f32) -> Tensor<1> {
    let short = (leads(images, captions).neg() + margin) * SHARPNESS;
    mean_over(softplus(short) / SHARPNESS, negatives)
}

/// How sharply the logistic form bends. Cosines differ by 2 at most, so that at 1 it would hardly bend at all.
const SHARPNESS: f32 = 10.0;

/// By how much each image is nearer to its own caption than to every caption.
///
/// # Shapes
/// - images, captions: `[batch, d_common]`
/// - output: `[batch, batch]`, cosines' differences
fn leads(images: Tensor<2>, captions: Tensor<2>) -> Tensor<2> {
    let images = unit_length(images);
    let captions = unit_length(captions);
    let own = (images.clone() * captions.clone()).sum_dim(1); // [batch, 1]
    let all = images.matmul(captions.transpose()); // [batch, batch]
    own - all
}

fn mean_over(losses: Tensor<2>, pairs: Tensor<2>) -> Tensor<1> {
    let count = pairs.clone().sum().clamp_min(1.0);
    (losses * pairs).sum() / count
}

/// `log(1 + exp(x))`, without overflow.
fn softplus(values: Tensor<2>) -> Tensor<2> {
    values.clone().clamp_min(0.0) + (values.abs().neg().exp() + 1.0).log()
}

fn unit_length(vectors: Tensor<2>) -> Tensor<2> {
    let length = vectors.clone().powi_scalar(2).sum_dim(1).clamp_min(1e-8).sqrt(); // [batch, 1]
    vectors / length
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn value(tensor: Tensor<1>) -> f32 {
        tensor.into_scalar::<f32>()
    }

    #[test]
    fn a_row_of_weight_zero_does_not_count() {
        let device = Device::flex();
        let logits = Tensor::<2>::from_floats([[0.0, 0.0], [9.0, -9.0]], &device);
        let targets = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, 1.0]], &device);
        let weights = Tensor::<2>::from_floats([[2.0], [0.0]], &device);
        let loss = value(negative_log_likelihood(logits, targets, weights));
        assert!((loss - 2f32.ln()).abs() < 1e-6, "{loss}");
    }

    #[test]
    fn binary_cross_entropy_of_a_coin_is_the_logarithm_of_two_and_large_logits_stay_finite() {
        let device = Device::flex();
        let loss = |logit: f32, target: f32| {
            value(binary_cross_entropy(
                Tensor::from_floats([[logit], [50.0]], &device),
                Tensor::from_floats([[target], [0.0]], &device),
                Tensor::from_floats([[1.0], [0.0]], &device),
            ))
        };
        assert!((loss(0.0, 1.0) - 2f32.ln()).abs() < 1e-6);
        assert!((loss(300.0, 0.0) - 300.0).abs() < 1e-3);
    }

    #[test]
    fn the_cosine_distance_is_zero_along_the_target_and_two_against_it() {
        let device = Device::flex();
        let distance = |vector: [f32; 2]| {
            value(cosine_distance(
                Tensor::from_floats([vector, [1.0, 1.0]], &device),
                Tensor::from_floats([[0.6, 0.8], [1.0, 0.0]], &device),
                Tensor::from_floats([[1.0], [0.0]], &device),
            ))
        };
        assert!(distance([3.0, 4.0]).abs() < 1e-6);
        assert!((distance([-3.0, -4.0]) - 2.0).abs() < 1e-6);
    }

    #[test]
    fn valence_is_that_of_the_likely_labels_and_rows_without_one_do_not_count() {
        let device = Device::flex();
        let joy = [50.0, 0.0, 0.0];
        let logits = Tensor::<2>::from_floats([joy, joy], &device);
        let valences = Tensor::<2>::from_floats([[0.5], [-1.0]], &device);
        let weights = Tensor::<2>::from_floats([[2.0], [0.0]], &device);
        let loss = value(squared_valence_error(logits, &[1.0, 0.0, -1.0], valences, weights));
        assert!((loss - 0.25).abs() < 1e-5, "{loss}");
    }

    #[test]
    fn the_hinge_is_zero_once_the_own_caption_is_nearer_by_the_margin() {
        let device = Device::flex();
        let images = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, 1.0]], &device);
        let negatives = Tensor::<2>::from_floats([[0.0, 1.0], [1.0, 0.0]], &device);
        assert!(value(alignment_hinge(images.clone(), images.clone(), negatives.clone(), 0.5)) < 1e-6);
        let swapped = Tensor::<2>::from_floats([[0.0, 1.0], [1.0, 0.0]], &device);
        let loss = value(alignment_hinge(images, swapped, negatives, 0.5));
        assert!((loss - 1.5).abs() < 1e-5, "{loss}");
    }

    #[test]
    fn the_logistic_form_is_the_hinge_rounded_off() {
        let device = Device::flex();
        let images = Tensor::<2>::from_floats([[1.0, 0.0], [0.0, 1.0]], &device);
        let negatives = Tensor::<2>::from_floats([[0.0, 1.0], [1.0, 0.0]], &device);
        let own = |margin| {
            value(alignment_logistic(
                images.clone(),
                images.clone(),
                negatives.clone(),
                margin,
            ))
        };
        assert!(own(0.5) > 0.0 && own(0.5) < 0.01, "{}", own(0.5));
        // Where the lead is the margin, the loss is that of a coin.
        assert!((own(1.0) - 2f32.ln() / SHARPNESS).abs() < 1e-5, "{}", own(1.0));
        let swapped = Tensor::<2>::from_floats([[0.0, 1.0], [1.0, 0.0]], &device);
        let wrong = value(alignment_logistic(images, swapped, negatives, 0.5));
        assert!((wrong - 1.5).abs() < 1e-4, "{wrong}");
    }
}
