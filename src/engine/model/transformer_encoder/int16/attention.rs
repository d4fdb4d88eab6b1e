//! Attention of a caption's word pieces to one another, in single precision.
//!
//! Scores are made eight at a time: the keys are turned first, so that those of eight word pieces stand side by side.

use std::ops::Range;

use wide::f32x4;

use crate::model::int16::{
    lanes::{Kernel, Lanes},
    layout::{BLOCK, Block},
};

/// Attention with several heads.
#[derive(Debug)]
pub(super) struct Attention {
    /// Blocks of a head's queries, keys and values.
    pub(super) d_head: usize,
}

impl Attention {
    /// Makes each word piece's mixture of all values of its caption, the heads side by side.
    ///
    /// # Shapes
    /// - heads: `[3 * d_model / 8][word pieces]`: queries, keys, values, each head by head
    /// - mixed: `[d_model / 8][word pieces]`
    pub(super) fn over<'a>(
        &'a self,
        heads: &'a [Block<f32>],
        tokens: usize,
        caption: Range<usize>,
        mixed: &'a mut [Block<f32>],
    ) -> Attend<'a> {
        Attend {
            d_head: self.d_head,
            heads,
            tokens,
            caption,
            mixed,
        }
    }
}

pub(super) struct Attend<'a> {
    d_head: usize,
    heads: &'a [Block<f32>],
    tokens: usize,
    caption: Range<usize>,
    mixed: &'a mut [Block<f32>],
}

impl Kernel for Attend<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Self {
            d_head,
            heads,
            tokens,
            caption,
            mixed,
        } = self;
        if caption.is_empty() {
            return;
        }
        let columns = caption.len().div_ceil(BLOCK);
        let mut keys = vec![[0.0; BLOCK]; BLOCK * d_head * columns]; // [d_head][columns]
        let mut scores = vec![[0.0; BLOCK]; columns];
        let (queries, rest) = heads.split_at(heads.len() / 3);
        let (keys_of, values) = rest.split_at(heads.len() / 3);
        let head = d_head * tokens;
        let of_heads = queries.chunks_exact(head).zip(keys_of.chunks_exact(head));
        let of_heads = of_heads.zip(values.chunks_exact(head).zip(mixed.chunks_exact_mut(head)));
        for ((queries, head_keys), (values, mixed)) in of_heads {
            turn(head_keys, tokens, caption.clone(), &mut keys);
            for token in caption.clone() {
                for (column, target) in scores.iter_mut().enumerate() {
                    let mut sums = [lanes.splat(0.0); 2];
                    let queries = queries[token..].iter().step_by(tokens);
                    for (queries, keys) in queries.zip(keys.chunks_exact(BLOCK * columns)) {
                        for (query, keys) in queries.iter().zip(keys.chunks_exact(columns)) {
                            let query = lanes.splat(*query);
                            for (part, sum) in sums.iter_mut().enumerate().take(L::PARTS) {
                                *sum = lanes.add(*sum, lanes.mul(query, lanes.load(&keys[column], part)));
                            }
                        }
                    }
                    *target = lanes.store(sums);
                }
                let share = lanes.splat(1.0 / exponentials(&mut scores, caption.len()));
                let scores = &scores.as_flattened()[..caption.len()];
                for (values, mixed) in values.chunks_exact(tokens).zip(mixed.chunks_exact_mut(tokens)) {
                    let mut sums = [lanes.splat(0.0); 2];
                    for (value, weight) in values[caption.clone()].iter().zip(scores) {
                        let weight = lanes.splat(*weight);
                        for (part, sum) in sums.iter_mut().enumerate().take(L::PARTS) {
                            *sum = lanes.add(*sum, lanes.mul(weight, lanes.load(value, part)));
                        }
                    }
                    for sum in sums.iter_mut().take(L::PARTS) {
                        *sum = lanes.mul(*sum, share);
                    }
                    mixed[token] = lanes.store(sums);
                }
            }
        }
    }
}

/// Turns a head's keys from `[d_head / 8][word pieces][8]` into `[d_head][word pieces of the caption]`.
#[inline(always)]
fn turn(keys: &[Block<f32>], tokens: usize, caption: Range<usize>, turned: &mut [Block<f32>]) {
    let columns = caption.len().div_ceil(BLOCK);
    let planes = keys.chunks_exact(tokens);
    for (plane, turned) in planes.zip(turned.chunks_exact_mut(BLOCK * columns)) {
        for (place, key) in plane[caption.clone()].iter().enumerate() {
            for (row, value) in turned.chunks_exact_mut(columns).zip(key) {
                row[place / BLOCK][place % BLOCK] = *value;
            }
        }
    }
}

/// Makes e to the power of every score, less the largest of them, and gives the sum of the first `length`, which is 1 at
/// least.
#[inline(always)]
fn exponentials(scores: &mut [Block<f32>], length: usize) -> f32 {
    let scores = scores.as_flattened_mut();
    let largest = scores[..length].iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for scores in scores.as_chunks_mut::<4>().0 {
        *scores = (f32x4::from(*scores) - f32x4::splat(largest)).exp().to_array();
    }
    scores[..length].iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::int16::lanes::tests::machines;

    /// In double precision, straight from the definition.
    fn expected(
        heads: &[Block<f32>],
        tokens: usize,
        caption: Range<usize>,
        d_head: usize,
        token: usize,
        channel: usize,
    ) -> f64 {
        let blocks = heads.len() / tokens / 3;
        let at = |part: usize, channel: usize, token: usize| {
            f64::from(heads[(part * blocks + channel / BLOCK) * tokens + token][channel % BLOCK])
        };
        let width = BLOCK * d_head;
        let head = channel / width * width..(channel / width + 1) * width;
        let score = |other: usize| {
            head.clone()
                .map(|channel| at(0, channel, token) * at(1, channel, other))
                .sum::<f64>()
        };
        let sum: f64 = caption.clone().map(|other| score(other).exp()).sum();
        caption
            .map(|other| score(other).exp() / sum * at(2, channel, other))
            .sum()
    }

    #[test]
    fn mixtures_are_those_of_the_definition_for_captions_of_any_length() {
        let (d_head, heads_count, tokens) = (2, 3, 30);
        let blocks = d_head * heads_count;
        let heads: Vec<Block<f32>> = (0..3 * blocks * tokens)
            .map(|index| std::array::from_fn(|lane| ((8 * index + lane) as f32 * 12.9898).sin()))
            .collect();
        for machine in machines() {
            let mut mixed = vec![[0.0; BLOCK]; blocks * tokens];
            for caption in [0..1, 1..9, 9..9, 9..20, 20..30] {
                machine.run(Attention { d_head }.over(&heads, tokens, caption.clone(), &mut mixed));
                for token in caption.clone() {
                    for channel in 0..BLOCK * blocks {
                        let found = f64::from(mixed[channel / BLOCK * tokens + token][channel % BLOCK]);
                        let expected = expected(&heads, tokens, caption.clone(), d_head, token, channel);
                        assert!(
                            (found - expected).abs() < 1e-5,
                            "{machine:?}: {found}, expected {expected}"
                        );
                    }
                }
            }
        }
    }
}
