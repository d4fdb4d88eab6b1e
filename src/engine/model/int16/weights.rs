//! Weights in whole steps: the bytes of the model file as they are, or single-precision numbers rounded finely.

/// Weights in whole steps, and what a step of each output is worth.
#[derive(Debug)]
pub(in crate::model) struct Weights {
    /// `[outputs][inputs]`
    pub(in crate::model) quanta: Vec<i16>,
    /// `[outputs]`
    pub(in crate::model) steps: Vec<f32>,
}

/// Steps that are left to the inputs where weights are in single precision. Tried on seven images: with fewer steps the
/// inputs' rounding tells in the features, with more that of the weights.
const INPUT_STEPS: i64 = 8191;

/// Steps that single-precision weights need at least.
const FINE: i32 = 2047;

impl Weights {
    /// Rounds single-precision weights `[outputs][inputs]` to whole steps, the finer the fewer inputs there are; `None` where
    /// there are so many that it would be too coarse.
    pub(in crate::model) fn in_steps(weights: &[f32], inputs: usize) -> Option<Self> {
        let most = i64::from(i32::MAX) / (inputs.max(1) as i64 * INPUT_STEPS);
        let most = most.min(i64::from(i16::MAX)) as i32;
        if most < FINE {
            return None;
        }
        let mut all = Self {
            quanta: Vec::with_capacity(weights.len()),
            steps: Vec::with_capacity(weights.len() / inputs.max(1)),
        };
        for row in weights.chunks_exact(inputs) {
            let largest = row.iter().fold(SMALLEST, |largest, weight| largest.max(weight.abs()));
            let step = largest / most as f32;
            all.steps.push(step);
            all.quanta
                .extend(row.iter().map(|weight| (weight / step).round() as i16));
        }
        Some(all)
    }

    /// Steps from 0 to the largest input with which sums over so many inputs fit 32 bits.
    pub(in crate::model) fn steps_of_inputs(&self, inputs: usize) -> f32 {
        let largest = self.quanta.iter().map(|quantum| quantum.unsigned_abs()).max();
        let largest = i64::from(largest.unwrap_or(0).max(1));
        let most = i64::from(i32::MAX) / (inputs.max(1) as i64 * largest);
        most.min(i64::from(i16::MAX)) as f32
    }
}

/// The smallest weight that counts as the largest, where all are 0 or next to it.
const SMALLEST: f32 = 1e-30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_precision_weights_are_rounded_finely_or_not_at_all() {
        let weights: Vec<f32> = (0..32 * 8).map(|index| (index as f32).sin() * 1e-3).collect();
        let steps = Weights::in_steps(&weights, 32).unwrap();
        for (index, (quantum, weight)) in steps.quanta.iter().zip(&weights).enumerate() {
            let step = steps.steps[index / 32];
            assert!((f32::from(*quantum) * step - weight).abs() <= 0.51 * step);
            assert!(step <= 1e-3 / 8191.0);
        }
        assert!(steps.steps_of_inputs(32) >= 8191.0);
        assert!(Weights::in_steps(&[0.0; 8 * 128], 128).is_some());
        assert!(Weights::in_steps(&[0.0; 8 * 136], 136).is_none());
    }
}
