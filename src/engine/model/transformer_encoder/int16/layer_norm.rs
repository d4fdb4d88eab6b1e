//! Layer normalisation of every word piece.

use emofuse_core::error::Result;

use crate::model::int16::{
    TensorSource,
    lanes::{Kernel, Lanes},
    layout::{BLOCK, Block},
};

/// See [`LayerNorm`](super::super::LayerNorm).
#[derive(Debug)]
pub(super) struct LayerNorm {
    gamma: Vec<Block<f32>>,
    beta: Vec<Block<f32>>,
    epsilon: f32,
}

impl LayerNorm {
    pub(super) fn load(source: &impl TensorSource, name: &str, d_model: usize, epsilon: f64) -> Result<Self> {
        let blocks = |part: &str| -> Result<Vec<Block<f32>>> {
            let values = source.floats(&format!("{name}.{part}"), &[d_model])?;
            Ok(values.as_chunks().0.to_vec())
        };
        Ok(Self {
            gamma: blocks("gamma")?,
            beta: blocks("beta")?,
            epsilon: epsilon as f32,
        })
    }

    /// Normalises in place.
    ///
    /// # Shapes
    /// - states: `[d_model / 8][word pieces]`
    pub(super) fn of<'a>(&'a self, states: &'a mut [Block<f32>], tokens: usize) -> Normalise<'a> {
        Normalise {
            layer: self,
            states,
            tokens,
        }
    }
}

pub(super) struct Normalise<'a> {
    layer: &'a LayerNorm,
    states: &'a mut [Block<f32>],
    tokens: usize,
}

impl Kernel for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self { layer, states, tokens } = self;
        let share = 1.0 / (BLOCK * layer.gamma.len()) as f32;
        let mean_of = |sums: Vec<Block<f32>>| sums.into_iter().map(move |sums| sums.iter().sum::<f32>() * share);
        let mut sums = vec![[0.0; BLOCK]; tokens];
        for plane in states.chunks_exact(tokens) {
            for (state, sums) in plane.iter().zip(&mut sums) {
                let mut parts = [lanes.splat(0.0); 2];
                for (part, sum) in parts.iter_mut().enumerate().take(L::PARTS) {
                    *sum = lanes.add(lanes.load(sums, part), lanes.load(state, part));
                }
                *sums = lanes.store(parts);
            }
        }
        let means: Vec<f32> = mean_of(sums).collect();
        let mut squares = vec![[0.0; BLOCK]; tokens];
        for plane in states.chunks_exact(tokens) {
            for ((state, squares), mean) in plane.iter().zip(&mut squares).zip(&means) {
                let mean = lanes.splat(*mean);
                let mut parts = [mean; 2];
                for (part, sum) in parts.iter_mut().enumerate().take(L::PARTS) {
                    let off = lanes.sub(lanes.load(state, part), mean);
                    *sum = lanes.add(lanes.load(squares, part), lanes.mul(off, off));
                }
                *squares = lanes.store(parts);
            }
        }
        let factors: Vec<f32> = mean_of(squares)
            .map(|variance| 1.0 / (variance + layer.epsilon).sqrt())
            .collect();
        let planes = states.chunks_exact_mut(tokens).zip(layer.gamma.iter().zip(&layer.beta));
        for (plane, (gamma, beta)) in planes {
            for ((state, mean), factor) in plane.iter_mut().zip(&means).zip(&factors) {
                let (mean, factor) = (lanes.splat(*mean), lanes.splat(*factor));
                let mut parts = [mean; 2];
                for (part, value) in parts.iter_mut().enumerate().take(L::PARTS) {
                    let standard = lanes.mul(lanes.sub(lanes.load(state, part), mean), factor);
                    *value = lanes.add(lanes.mul(standard, lanes.load(gamma, part)), lanes.load(beta, part));
                }
                *state = lanes.store(parts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::int16::lanes::tests::machines;

    #[test]
    fn every_word_piece_has_the_mean_and_the_deviation_that_it_should() {
        let (blocks, tokens) = (3, 5);
        let layer = LayerNorm {
            gamma: vec![[2.0; BLOCK]; blocks],
            beta: vec![[0.5; BLOCK]; blocks],
            epsilon: 1e-12,
        };
        for machine in machines() {
            let mut states: Vec<Block<f32>> = (0..blocks * tokens)
                .map(|index| {
                    std::array::from_fn(|lane| ((7 * index + lane) as f32).sin() * (1 + index % tokens) as f32 + 100.0)
                })
                .collect();
            machine.run(layer.of(&mut states, tokens));
            for token in 0..tokens {
                let values: Vec<f64> = states[token..]
                    .iter()
                    .step_by(tokens)
                    .flat_map(|block| block.map(f64::from))
                    .collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64;
                assert!((mean - 0.5).abs() < 1e-3, "{mean}");
                assert!((variance.sqrt() - 2.0).abs() < 1e-3, "{variance}");
            }
        }
    }
}
