//! The larger caption tower: a transformer over word pieces.
//!
//! The network is BERT (Devlin, Chang, Lee and Toutanova, 2019, arXiv 1810.04805) in a size of MiniLM (Wang et al.,
//! 2020, arXiv 2002.10957). Its features are the mean over the last layer, as in Sentence-BERT (Reimers and Gurevych,
//! 2019, arXiv 1908.10084). Training leaves it as it is, so it has no dropout.

#[cfg(feature = "flex")]
mod int16;

use burn::{
    config::Config,
    module::{Module, Param},
    nn::{Embedding, EmbeddingConfig, Linear, LinearConfig},
    tensor::{
        Device, Tensor,
        activation::{gelu, softmax},
        module::layer_norm,
    },
};

#[cfg(feature = "flex")]
pub use int16::PackedTransformerEncoder;

use super::parameters::{constant, embedding, linear};

/// What the attention to padding is lowered by, so that nothing of it is left after softmax.
const NEVER_ATTENDED: f32 = -1e9;

/// Configuration of a [`TransformerEncoder`]; the defaults are those of all-MiniLM-L6-v2.
#[derive(Config, Debug, PartialEq)]
pub struct TransformerEncoderConfig {
    /// Length of a word piece's vector, and of the features.
    #[config(default = 384)]
    pub d_model: usize,
    /// Number of layers.
    #[config(default = 6)]
    pub layers: usize,
    /// Heads of each layer's attention; they divide `d_model`.
    #[config(default = 12)]
    pub heads: usize,
    /// Width between the two linear layers behind each attention.
    #[config(default = 1536)]
    pub d_hidden: usize,
    /// Most word pieces of a caption, the marks of its beginning and end included.
    #[config(default = 128)]
    pub max_positions: usize,
    /// Keeps layer normalisation from dividing by zero.
    #[config(default = 1e-12)]
    pub layer_norm_epsilon: f64,
}

/// Features of a caption from the vectors of its word pieces.
#[derive(Module, Debug)]
pub struct TransformerEncoder {
    /// One vector for each position, with that of BERT's first segment added, since there is no second.
    positions: Embedding,
    norm: LayerNorm,
    layers: Vec<TransformerLayer>,
}

/// Layer normalisation (Ba, Kiros and Hinton, 2016, arXiv 1607.06450). That of burn begins with an initialiser; see
/// [`parameters`](super::parameters).
#[derive(Module, Debug)]
struct LayerNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    epsilon: f64,
}

impl LayerNorm {
    /// # Shapes
    /// - states, output: `[rows, d_model]`
    fn forward(&self, states: Tensor<2>) -> Tensor<2> {
        layer_norm(states, self.gamma.val(), Some(self.beta.val()), self.epsilon)
    }
}

/// Attention, then two linear layers; a residual and a normalisation follow each.
#[derive(Module, Debug)]
struct TransformerLayer {
    /// Queries, keys and values side by side: `[d_model, 3 * d_model]`. The queries include the factor
    /// `1 / sqrt(d_head)` of attention.
    attention_input: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    expand: Linear,
    contract: Linear,
    norm: LayerNorm,
    heads: usize,
}

impl TransformerEncoderConfig {
    /// Makes an encoder with random weights.
    ///
    /// # Panics
    /// If `heads` does not divide `d_model`.
    #[must_use]
    pub fn init(&self, device: &Device) -> TransformerEncoder {
        assert!(
            self.heads > 0 && self.d_model.is_multiple_of(self.heads),
            "{} heads do not divide a width of {}",
            self.heads,
            self.d_model
        );
        TransformerEncoder {
            positions: embedding(&EmbeddingConfig::new(self.max_positions, self.d_model), device),
            norm: self.norm(device),
            layers: (0..self.layers).map(|_| self.layer(device)).collect(),
        }
    }

    fn layer(&self, device: &Device) -> TransformerLayer {
        let linear = |d_input, d_output| linear(&LinearConfig::new(d_input, d_output), device);
        TransformerLayer {
            attention_input: linear(self.d_model, 3 * self.d_model),
            attention_output: linear(self.d_model, self.d_model),
            attention_norm: self.norm(device),
            expand: linear(self.d_model, self.d_hidden),
            contract: linear(self.d_hidden, self.d_model),
            norm: self.norm(device),
            heads: self.heads,
        }
    }

    fn norm(&self, device: &Device) -> LayerNorm {
        LayerNorm {
            gamma: constant(1.0, [self.d_model], device),
            beta: constant(0.0, [self.d_model], device),
            epsilon: self.layer_norm_epsilon,
        }
    }
}

impl TransformerEncoder {
    /// Number of features of a caption.
    #[must_use]
    pub fn features(&self) -> usize {
        self.positions.weight.dims()[1]
    }

    /// Describes a batch of captions.
    ///
    /// Padding never changes the result. A caption without word pieces gives zeros.
    ///
    /// # Shapes
    /// - words: `[batch, tokens, d_model]`, the vectors of the word pieces, at most `max_positions` of them
    /// - mask: `[batch, tokens]`, 1 for a word piece and 0 for padding
    /// - output: `[batch, d_model]`
    #[must_use]
    pub fn forward(&self, words: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        let [batch, tokens, d_model] = words.dims();
        let positions = self.positions.weight.val().narrow(0, 0, tokens).unsqueeze::<3>(); // [1, tokens, d_model]
        let states = (words + positions).reshape([batch * tokens, d_model]);
        let mut states = self.norm.forward(states); // [batch * tokens, d_model]

        let bias = (mask.clone() - 1.0) * -NEVER_ATTENDED;
        let bias = bias.reshape([batch, 1, 1, tokens]);
        for layer in &self.layers {
            states = layer.forward(states, bias.clone());
        }
        let mask = mask.unsqueeze_dim::<3>(2); // [batch, tokens, 1]
        let count = mask.clone().sum_dim(1).clamp_min(1.0); // [batch, 1, 1]
        let sum = (states.reshape([batch, tokens, d_model]) * mask).sum_dim(1);
        (sum / count).squeeze_dim::<2>(1) // [batch, d_model]
    }
}

impl TransformerLayer {
    /// # Shapes
    /// - states: `[batch * tokens, d_model]`
    /// - bias: `[batch, 1, 1, tokens]`, added to the scores of attention
    /// - output: `[batch * tokens, d_model]`
    fn forward(&self, states: Tensor<2>, bias: Tensor<4>) -> Tensor<2> {
        let attended = self.attention_output.forward(self.attend(states.clone(), bias));
        let states = self.attention_norm.forward(states + attended);
        let changed = self.contract.forward(gelu(self.expand.forward(states.clone())));
        self.norm.forward(states + changed)
    }

    /// Each position's mixture of all values, the heads side by side.
    fn attend(&self, states: Tensor<2>, bias: Tensor<4>) -> Tensor<2> {
        let [batch, _, _, tokens] = bias.dims();
        let [rows, d_model] = states.dims();
        let heads = self
            .attention_input
            .forward(states)
            .reshape([batch, tokens, 3 * self.heads, d_model / self.heads])
            .swap_dims(1, 2); // [batch, 3 * heads, tokens, d_head]
        let part = |index: usize| heads.clone().narrow(1, index * self.heads, self.heads);
        let (query, key, value) = (part(0), part(1), part(2)); // [batch, heads, tokens, d_head]
        let scores = query.matmul(key.swap_dims(2, 3)) + bias; // [batch, heads, tokens, tokens]
        softmax(scores, 3)
            .matmul(value)
            .swap_dims(1, 2) // [batch, tokens, heads, d_head]
            .reshape([rows, d_model])
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;

    use super::*;

    #[test]
    fn the_order_of_word_pieces_matters() {
        let device = Device::flex();
        let encoder = TransformerEncoderConfig::new()
            .with_d_model(8)
            .with_layers(2)
            .with_heads(2)
            .with_d_hidden(12)
            .with_max_positions(24)
            .init(&device);
        let words = Tensor::<3>::random([1, 2, 8], Distribution::Normal(0.0, 1.0), &device);
        let features = |words| encoder.forward(words, Tensor::ones([1, 2], &device));
        let difference = features(words.clone()) - features(words.flip([1]));
        assert!(difference.abs().max().into_scalar::<f32>() > 1e-3);
    }
}
