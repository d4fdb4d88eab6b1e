//! The transformer on the CPU from a model file: 8-bit weights by 16-bit activations.
//!
//! The linear layers, nine tenths of the work, are the matrix products of [`pointwise`](crate::model::int16::pointwise): word
//! pieces stand where an image has pixels. Each word piece's activations are rounded by their own largest number, so that a
//! caption's features do not depend on the captions beside it. Attention, layer normalisation and GELU are in single
//! precision. The features differ from those of [`TransformerEncoder`](super::TransformerEncoder) with the same weights by
//! about a thousandth.
//!
//! Captions go through the layers some at a time and without padding: enough of them that a pass over the weights is worth
//! while, few enough that their activations stay in the cache.

mod attention;
mod gelu;
mod layer_norm;
mod linear;
mod quantised;

use std::ops::Range;

use emofuse_core::error::Result;

use self::{attention::Attention, gelu::Gelu, layer_norm::LayerNorm, linear::Linear, quantised::Quantised};
use super::TransformerEncoderConfig;
use crate::model::int16::{
    TensorSource,
    lanes::Machine,
    layout::{BLOCK, Block, grow},
};

/// Word pieces that go through the layers together, where no caption alone has more.
const TOGETHER: usize = 64;

/// A [`TransformerEncoder`](super::TransformerEncoder) with packed weights.
#[derive(Debug)]
pub struct PackedTransformerEncoder {
    machine: Machine,
    /// `[positions][d_model / 8]`
    positions: Vec<Block<f32>>,
    norm: LayerNorm,
    layers: Vec<Layer>,
    /// Blocks of a word piece's vector.
    d_model: usize,
}

/// See [`TransformerLayer`](super::TransformerLayer).
#[derive(Debug)]
struct Layer {
    attention_input: Linear,
    attention: Attention,
    attention_output: Linear,
    attention_norm: LayerNorm,
    expand: Linear,
    contract: Linear,
    norm: LayerNorm,
}

/// Activations between layers: `[channels / 8][word pieces]`. They only grow, and each is used from its beginning.
#[derive(Debug, Default)]
struct Buffers {
    states: Vec<Block<f32>>,
    /// Queries, keys and values; then the heads' mixtures of values.
    heads: Vec<Block<f32>>,
    mixed: Vec<Block<f32>>,
    hidden: Vec<Block<f32>>,
    /// A linear layer's input.
    quantised: Quantised,
}

impl PackedTransformerEncoder {
    /// Packs the network of a model file; `None` where the file has it in another precision than 8 bits, or numbers of
    /// channels are no multiples of 8.
    ///
    /// # Errors
    /// [`Error::TensorMissing`](emofuse_core::Error::TensorMissing), [`Error::TensorShape`](emofuse_core::Error::TensorShape).
    pub fn load(source: &impl TensorSource, prefix: &str, config: &TransformerEncoderConfig) -> Result<Option<Self>> {
        let &TransformerEncoderConfig { d_model, heads, .. } = config;
        if heads == 0 || !d_model.is_multiple_of(BLOCK * heads) {
            return Ok(None);
        }
        let norm =
            |name: &str| LayerNorm::load(source, &format!("{prefix}.{name}"), d_model, config.layer_norm_epsilon);
        let mut layers = Vec::with_capacity(config.layers);
        for index in 0..config.layers {
            let linear = |name: &str, size| Linear::load(source, &format!("{prefix}.layers.{index}.{name}"), size);
            let (Some(attention_input), Some(attention_output), Some(expand), Some(contract)) = (
                linear("attention_input", [d_model, 3 * d_model])?,
                linear("attention_output", [d_model, d_model])?,
                linear("expand", [d_model, config.d_hidden])?,
                linear("contract", [config.d_hidden, d_model])?,
            ) else {
                return Ok(None);
            };
            layers.push(Layer {
                attention_input,
                attention: Attention {
                    d_head: d_model / heads / BLOCK,
                },
                attention_output,
                attention_norm: norm(&format!("layers.{index}.attention_norm"))?,
                expand,
                contract,
                norm: norm(&format!("layers.{index}.norm"))?,
            });
        }
        let positions = source.floats(&format!("{prefix}.positions.weight"), &[config.max_positions, d_model])?;
        Ok(Some(Self {
            machine: Machine::detect(),
            positions: positions.as_chunks().0.to_vec(),
            norm: norm("norm")?,
            layers,
            d_model: d_model / BLOCK,
        }))
    }

    /// Number of features of a caption.
    #[must_use]
    pub const fn features(&self) -> usize {
        BLOCK * self.d_model
    }

    /// Describes captions. A caption without word pieces gives zeros.
    ///
    /// # Shapes
    /// - words: `[word pieces of all captions, d_model]`, their vectors
    /// - lengths: word pieces of each caption, at most as many as there are positions
    /// - output: `[captions, d_model]`
    #[must_use]
    pub fn forward(&self, words: &[f32], lengths: &[usize]) -> Vec<f32> {
        let mut features = Vec::with_capacity(lengths.len() * self.features());
        let mut buffers = Buffers::default();
        let (mut words, mut lengths) = (words.as_chunks().0, lengths);
        while !lengths.is_empty() {
            let captions = captions_together(lengths);
            let of_captions;
            (of_captions, lengths) = lengths.split_at(captions.len());
            let of_words;
            (of_words, words) = words.split_at(self.d_model * of_captions.iter().sum::<usize>());
            self.forward_together(of_words, &captions, &mut buffers, &mut features);
        }
        features
    }

    /// Appends the features of some captions, given where their word pieces stand.
    fn forward_together(
        &self,
        words: &[Block<f32>],
        captions: &[Range<usize>],
        buffers: &mut Buffers,
        features: &mut Vec<f32>,
    ) {
        let Self { machine, d_model, .. } = *self;
        let tokens = words.len() / d_model;
        grow(&mut buffers.states, words.len());
        let states = &mut buffers.states[..words.len()];
        for caption in captions {
            let positions = self.positions.chunks_exact(d_model);
            for (token, position) in caption.clone().zip(positions) {
                let word = &words[token * d_model..][..d_model];
                for (block, (word, position)) in word.iter().zip(position).enumerate() {
                    states[block * tokens + token] = std::array::from_fn(|lane| word[lane] + position[lane]);
                }
            }
        }
        if tokens > 0 {
            machine.run(self.norm.of(states, tokens));
            for layer in &self.layers {
                layer.run(machine, buffers, tokens, captions);
            }
        }
        for caption in captions {
            let share = 1.0 / caption.len().max(1) as f32;
            for block in 0..d_model {
                let mut sums = [0.0; BLOCK];
                for state in &buffers.states[block * tokens..][caption.clone()] {
                    sums = std::array::from_fn(|lane| sums[lane] + state[lane]);
                }
                features.extend(sums.map(|sum| sum * share));
            }
        }
    }
}

/// Where the word pieces of the first captions stand that go through the layers together: of one at least.
fn captions_together(lengths: &[usize]) -> Vec<Range<usize>> {
    let mut captions = Vec::new();
    let mut first = 0;
    for length in lengths {
        if !captions.is_empty() && first + length > TOGETHER {
            break;
        }
        captions.push(first..first + length);
        first += length;
    }
    captions
}

impl Layer {
    /// Makes the next layer's states of this one's.
    fn run(&self, machine: Machine, buffers: &mut Buffers, tokens: usize, captions: &[Range<usize>]) {
        let Buffers {
            states,
            heads,
            mixed,
            hidden,
            quantised,
        } = buffers;
        let d_model = tokens * self.attention_output.outputs();
        let d_hidden = tokens * self.expand.outputs();
        grow(heads, 3 * d_model);
        grow(mixed, d_model);
        grow(hidden, d_hidden);
        let (states, heads) = (&mut states[..d_model], &mut heads[..3 * d_model]);
        let (mixed, hidden) = (&mut mixed[..d_model], &mut hidden[..d_hidden]);

        self.attention_input.store(machine, quantised, states, tokens, heads);
        for caption in captions {
            machine.run(self.attention.over(heads, tokens, caption.clone(), mixed));
        }
        self.attention_output.add(machine, quantised, mixed, tokens, states);
        machine.run(self.attention_norm.of(states, tokens));

        self.expand.store(machine, quantised, states, tokens, hidden);
        machine.run(Gelu(hidden));
        self.contract.add(machine, quantised, hidden, tokens, states);
        machine.run(self.norm.of(states, tokens));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_go_together_as_long_as_they_are_few() {
        assert!(captions_together(&[]).is_empty());
        assert_eq!(captions_together(&[100, 1]), std::slice::from_ref(&(0..100)));
        assert_eq!(captions_together(&[30, 0, 34, 1]), [0..30, 30..30, 30..64]);
    }
}
