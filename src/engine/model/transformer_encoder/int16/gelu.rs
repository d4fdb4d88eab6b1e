//! GELU (Hendrycks and Gimpel, 2016, arXiv 1606.08415): a number times the share of the normal distribution below it.

use crate::model::int16::{
    lanes::{Kernel, Lanes},
    layout::Block,
};

/// Coefficients of the error function's complement, 1 / (1 + a₁x + … + a₆x⁶)¹⁶, which is off by 3e-7 at most: Abramowitz and
/// Stegun, *Handbook of Mathematical Functions* (1964), 7.1.28.
const COEFFICIENTS: [f32; 6] = [
    0.070_523_08,
    0.042_282_01,
    0.009_270_527,
    0.000_152_014_3,
    0.000_276_567_2,
    0.000_043_063_8,
];

/// Applies it in place.
pub(super) struct Gelu<'a>(pub(super) &'a mut [Block<f32>]);

impl Kernel for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, _: L) {
        for value in self.0.as_flattened_mut() {
            *value = gelu(*value);
        }
    }
}

/// Without branches, so that the compiler makes vectors of neighbours.
#[inline(always)]
fn gelu(value: f32) -> f32 {
    let size = value.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let mut sum = COEFFICIENTS[5];
    for coefficient in COEFFICIENTS[..5].iter().rev() {
        sum = sum * size + coefficient;
    }
    let square = |value: f32| value * value;
    let beyond = 0.5 / square(square(square(square(sum * size + 1.0))));
    let below = if value < 0.0 { beyond } else { 1.0 - beyond };
    value * below
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, activation};

    use super::*;
    use crate::model::int16::lanes::tests::machines;

    #[test]
    fn values_are_those_of_burn() {
        let values: Vec<f32> = (-1600..1600).map(|step| step as f32 / 100.0).collect();
        let expected = activation::gelu(Tensor::<1>::from_floats(values.as_slice(), &Device::flex()));
        let expected = expected.into_data().try_into_vec::<f32>().unwrap();
        for machine in machines() {
            let mut blocks: Vec<Block<f32>> = values.as_chunks().0.to_vec();
            machine.run(Gelu(&mut blocks));
            for (found, expected) in blocks.as_flattened().iter().zip(&expected) {
                assert!((found - expected).abs() < 5e-6, "{found}, expected {expected}");
            }
        }
    }

    #[test]
    fn large_numbers_stay_what_they_are_or_become_0() {
        assert_eq!([1e30, -1e30, 0.0].map(gelu), [1e30, 0.0, 0.0]);
    }
}
