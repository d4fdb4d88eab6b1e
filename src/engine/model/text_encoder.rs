//! The tower for captions: a convolutional network over word vectors.
//!
//! After Kim, *Convolutional Neural Networks for Sentence Classification* (2014, arXiv 1408.5882): filters over
//! windows of several widths, each filter's largest activation kept. The mean of the word vectors stands beside them, as
//! in the bag-of-words baseline of FastText, because it tells what a caption is about.

use burn::{
    config::Config,
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, activation::relu},
};

use super::parameters::linear;

/// What padded positions are lowered by, so that they are never the largest.
const NEVER_LARGEST: f32 = -1e9;

/// Configuration of a [`TextEncoder`].
#[derive(Config, Debug)]
pub struct TextEncoderConfig {
    /// Numbers in a word vector.
    #[config(default = 100)]
    pub d_word: usize,
    /// Widths of the windows, in words; odd, so that each word has a window around it.
    #[config(default = "vec![1, 3, 5]")]
    pub kernels: Vec<usize>,
    /// Filters for each width.
    #[config(default = 100)]
    pub filters: usize,
    /// Share of the features left out at random in training.
    #[config(default = 0.3)]
    pub dropout: f64,
}

/// Features of a caption from its word vectors.
///
/// A convolution over words is a linear layer over the words of a window side by side. It is computed as the sum, over
/// the places in the window, of the product of the words so moved with that place's rows of the weights: on the CPU
/// twice as fast as `Conv1d` and without a copy of every window.
#[derive(Module, Debug)]
pub struct TextEncoder {
    /// One for each width: `[width * d_word, filters]`.
    convolutions: Vec<Linear>,
    dropout: Dropout,
    d_word: usize,
    filters: usize,
}

impl TextEncoderConfig {
    /// Makes an encoder with random weights.
    #[must_use]
    pub fn init(&self, device: &Device) -> TextEncoder {
        assert!(
            self.kernels.iter().all(|width| width % 2 == 1),
            "windows must be odd: {:?}",
            self.kernels
        );
        TextEncoder {
            convolutions: self
                .kernels
                .iter()
                .map(|width| linear(&LinearConfig::new(width * self.d_word, self.filters), device))
                .collect(),
            dropout: DropoutConfig::new(self.dropout).init(),
            d_word: self.d_word,
            filters: self.filters,
        }
    }
}

impl TextEncoder {
    /// Numbers that describe a caption.
    #[must_use]
    pub fn features(&self) -> usize {
        self.convolutions.len() * self.filters + self.d_word
    }

    /// Describes a batch of captions.
    ///
    /// Padding never changes the result, and a caption without words gives zeros for the mean and finite features.
    ///
    /// # Shapes
    /// - words: `[batch, tokens, d_word]`, the word vectors
    /// - mask: `[batch, tokens]`, 1 where there is a word and 0 where there is padding
    /// - output: `[batch, features]`
    #[must_use]
    pub fn forward(&self, words: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        let [batch, tokens, _] = words.dims();
        let mask = mask.unsqueeze_dim::<3>(2); // [batch, tokens, 1]
        let words = words * mask.clone(); // [batch, tokens, d_word]
        let lowered = (mask.clone() - 1.0) * -NEVER_LARGEST; // [batch, tokens, 1]

        let reach = self
            .convolutions
            .iter()
            .map(|convolution| self.reach(convolution))
            .max()
            .unwrap_or(0);
        let shifted = shifted(&words, reach); // 2 reach + 1 times [batch * tokens, d_word]

        let mut features = Vec::with_capacity(self.convolutions.len() + 1);
        for convolution in &self.convolutions {
            let weight = convolution.weight.val(); // [width * d_word, filters]
            let first = reach - self.reach(convolution);
            let width = weight.dims()[0] / self.d_word;
            let activations = (0..width)
                .map(|place| {
                    let rows = weight.clone().narrow(0, place * self.d_word, self.d_word); // [d_word, filters]
                    shifted[first + place].clone().matmul(rows) // [batch * tokens, filters]
                })
                .reduce(|left, right| left + right);
            let Some(activations) = activations else { continue };
            let activations = activations.reshape([batch, tokens, self.filters]) + lowered.clone();
            let largest = activations.max_dim(1).squeeze_dim::<2>(1); // [batch, filters]
            // The bias is the same everywhere, and relu keeps the order, so both can wait until here.
            let biased = match &convolution.bias {
                Some(bias) => largest + bias.val().unsqueeze(),
                None => largest,
            };
            features.push(relu(biased));
        }
        let count = mask.sum_dim(1).clamp_min(1.0); // [batch, 1, 1]
        features.push((words.sum_dim(1) / count).squeeze_dim::<2>(1)); // [batch, d_word]
        self.dropout.forward(Tensor::cat(features, 1)) // [batch, features]
    }

    /// How many words a convolution sees on either side.
    fn reach(&self, convolution: &Linear) -> usize {
        convolution.weight.dims()[0] / self.d_word / 2
    }
}

/// The words moved by `-reach..=reach` places, zeros beyond the ends.
///
/// # Shapes
/// - words: `[batch, tokens, d_word]`
/// - output: `2 * reach + 1` times `[batch * tokens, d_word]`
fn shifted(words: &Tensor<3>, reach: usize) -> Vec<Tensor<2>> {
    let [batch, tokens, d_word] = words.dims();
    if reach == 0 {
        return vec![words.clone().reshape([batch * tokens, d_word])];
    }
    let beyond = Tensor::zeros([batch, reach, d_word], &words.device());
    let padded = Tensor::cat(vec![beyond.clone(), words.clone(), beyond], 1);
    (0..=2 * reach)
        .map(|place| {
            padded
                .clone()
                .narrow(1, place, tokens)
                .reshape([batch * tokens, d_word])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;

    use super::*;

    const D_WORD: usize = 6;

    fn encoder() -> TextEncoder {
        TextEncoderConfig::new()
            .with_d_word(D_WORD)
            .with_filters(4)
            .init(&Device::flex())
    }

    fn noise(shape: [usize; 3]) -> Tensor<3> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex())
    }

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn there_is_a_feature_for_each_filter_and_each_number_of_a_word() {
        assert_eq!(encoder().features(), 3 * 4 + D_WORD);
    }

    #[test]
    fn the_answers_are_those_of_a_convolution() {
        use burn::nn::{PaddingConfig1d, conv::Conv1dConfig};
        let device = Device::flex();
        let width = 3;
        let encoder = TextEncoderConfig::new()
            .with_d_word(D_WORD)
            .with_filters(4)
            .with_kernels(vec![width])
            .init(&device);
        let mut reference = Conv1dConfig::new(D_WORD, 4, width)
            .with_padding(PaddingConfig1d::Same)
            .init(&device);
        let linear = &encoder.convolutions[0];
        // [width * d_word, filters] to [filters, d_word, width]
        let weight = linear.weight.val().reshape([width, D_WORD, 4]).permute([2, 1, 0]);
        reference.weight = burn::module::Param::from_tensor(weight);
        reference.bias.clone_from(&linear.bias);

        let words = noise([2, 7, D_WORD]);
        let expected = relu(reference.forward(words.clone().swap_dims(1, 2)))
            .max_dim(2)
            .squeeze_dim::<2>(2);
        let found = encoder.forward(words, Tensor::ones([2, 7], &device)).narrow(1, 0, 4);
        for (expected, found) in values(expected).iter().zip(values(found)) {
            assert!((expected - found).abs() < 1e-5, "{found}, expected {expected}");
        }
    }

    #[test]
    fn word_vectors_and_weights_receive_gradients() {
        let device = Device::flex().autodiff();
        let encoder = TextEncoderConfig::new()
            .with_d_word(D_WORD)
            .with_filters(4)
            .init(&device);
        let words = Tensor::<3>::random([2, 5, D_WORD], Distribution::Default, &device).require_grad();
        let gradients = encoder
            .forward(words.clone(), Tensor::ones([2, 5], &device))
            .sum()
            .backward();
        let gradient = words.grad(&gradients).unwrap();
        assert!(gradient.abs().sum().into_scalar::<f32>() > 0.0);
        assert!(
            encoder
                .convolutions
                .iter()
                .all(|convolution| convolution.weight.val().grad(&gradients).is_some())
        );
    }
}
