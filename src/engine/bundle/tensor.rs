//! Tensors as they lie in a model file, and how they are narrowed and widened.

use emofuse_core::error::{Error, Result};
use half::f16;
use serde::{Deserialize, Serialize};

/// How the numbers of a tensor are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// A byte a number, symmetric around 0, with one scale for each entry of the first dimension: the output channels
    /// of a convolution `[out, in, …]`, the rows of a table.
    Int8,
    /// As [`Precision::Int8`] with one scale for each entry of the last dimension: the output channels of burn's
    /// linear layers `[in, out]`.
    Int8LastAxis,
    /// Half precision.
    F16,
    /// Single precision, without loss.
    F32,
}

/// How a tensor is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Encoding {
    /// `f32` scales for the first dimension, then `i8` numbers.
    Int8,
    /// `f32` scales for the last dimension, then `i8` numbers.
    Int8LastAxis,
    /// `f16` numbers.
    F16,
    /// `f32` numbers.
    F32,
}

/// The largest number of int8; −128 stays unused so that the range is symmetric.
const INT8_MAX: f32 = 127.0;

/// A tensor with its numbers as narrow as in the file.
#[derive(Debug)]
pub(super) struct StoredTensor {
    pub(super) shape: Vec<usize>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Int8 {
        axis: Axis,
        scales: Vec<f32>,
        quanta: Vec<i8>,
    },
    F16(Vec<f16>),
    F32(Vec<f32>),
}

/// The dimension that has one scale an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    First,
    Last,
}

impl Axis {
    fn channels(self, shape: &[usize]) -> usize {
        let length = match self {
            Self::First => shape.first(),
            Self::Last => shape.last(),
        };
        length.copied().unwrap_or(1)
    }

    /// The channel of a number, given how many numbers and channels there are; neither is 0.
    fn channel(self, position: usize, numbers: usize, channels: usize) -> usize {
        match self {
            Self::First => position / (numbers / channels),
            Self::Last => position % channels,
        }
    }
}

impl StoredTensor {
    /// Narrows a tensor; `None` where a number is not finite.
    pub(super) fn narrow(shape: &[usize], values: &[f32], precision: Precision) -> Option<Self> {
        if !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let values = match precision {
            Precision::Int8 => quantise(Axis::First, shape, values),
            Precision::Int8LastAxis => quantise(Axis::Last, shape, values),
            Precision::F16 => Values::F16(values.iter().map(|value| f16::from_f32(*value)).collect()),
            Precision::F32 => Values::F32(values.to_vec()),
        };
        let tensor = Self {
            shape: shape.to_vec(),
            values,
        };
        tensor.is_finite().then_some(tensor)
    }

    pub(super) fn encoding(&self) -> Encoding {
        match self.values {
            Values::Int8 { axis: Axis::First, .. } => Encoding::Int8,
            Values::Int8 { axis: Axis::Last, .. } => Encoding::Int8LastAxis,
            Values::F16(_) => Encoding::F16,
            Values::F32(_) => Encoding::F32,
        }
    }

    /// All numbers, widened.
    pub(super) fn widen(&self) -> Vec<f32> {
        let mut target = vec![0.0; self.len()];
        self.widen_into(0, &mut target);
        target
    }

    /// The numbers from `start` on, widened, as many as the target takes.
    pub(super) fn widen_into(&self, start: usize, target: &mut [f32]) {
        let range = start..start + target.len();
        match &self.values {
            Values::Int8 { axis, scales, quanta } => {
                // Run by run, so that no number needs a division to find its scale.
                let run = match axis {
                    Axis::First => quanta.len() / scales.len().max(1),
                    Axis::Last => scales.len(),
                };
                let (mut position, mut target) = (start, target);
                while !target.is_empty() {
                    let (channel, offset) = (position / run, position % run);
                    let (values, rest) = target.split_at_mut(target.len().min(run - offset));
                    let quanta = values.iter_mut().zip(&quanta[position..]);
                    match axis {
                        Axis::First => {
                            quanta.for_each(|(value, quantum)| *value = f32::from(*quantum) * scales[channel])
                        }
                        Axis::Last => quanta
                            .zip(&scales[offset..])
                            .for_each(|((value, quantum), scale)| *value = f32::from(*quantum) * scale),
                    }
                    position += run - offset;
                    target = rest;
                }
            }
            Values::F16(values) => {
                for (target, value) in target.iter_mut().zip(&values[range]) {
                    *target = value.to_f32();
                }
            }
            Values::F32(values) => target.copy_from_slice(&values[range]),
        }
    }

    /// The scales and bytes of a tensor that has one scale for each entry of this dimension.
    #[cfg(feature = "flex")]
    pub(super) fn int8(&self, by: Axis) -> Option<(&[f32], &[i8])> {
        match &self.values {
            Values::Int8 { axis, scales, quanta } if *axis == by => Some((scales, quanta)),
            _ => None,
        }
    }

    /// How many numbers there are without the last bytes of the tensor; scales, which stand before the numbers, do not
    /// count.
    pub(super) fn numbers_without(&self, bytes: usize) -> usize {
        let width = match &self.values {
            Values::Int8 { .. } => 1,
            Values::F16(_) => 2,
            Values::F32(_) => 4,
        };
        self.len().saturating_sub(bytes.div_ceil(width))
    }

    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Int8 { quanta, .. } => quanta.len(),
            Values::F16(values) => values.len(),
            Values::F32(values) => values.len(),
        }
    }

    fn is_finite(&self) -> bool {
        match &self.values {
            // With the largest number, which may be −128 in a file of somebody else's.
            Values::Int8 { scales, .. } => scales.iter().all(|scale| (scale * 128.0).is_finite()),
            Values::F16(values) => values.iter().all(|value| value.is_finite()),
            Values::F32(values) => values.iter().all(|value| value.is_finite()),
        }
    }

    /// Appends the numbers, little-endian.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        match &self.values {
            Values::Int8 { scales, quanta, .. } => {
                bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
                bytes.extend(quanta.iter().map(|quantum| quantum.cast_unsigned()));
            }
            Values::F16(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
            Values::F32(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
        }
    }

    /// Takes the numbers off the front of `bytes`.
    pub(super) fn read(name: &str, shape: Vec<usize>, encoding: Encoding, bytes: &mut &[u8]) -> Result<Self> {
        let too_large = || Error::ModelManifest {
            reason: format!("the tensor `{name}` of shape {shape:?} does not fit into the file"),
            source: None,
        };
        let numbers = checked_len(&shape).ok_or_else(too_large)?;
        let mut take = |count: usize, width: usize| {
            let (taken, rest) = count
                .checked_mul(width)
                .and_then(|length| bytes.split_at_checked(length))?;
            *bytes = rest;
            Some(taken)
        };
        let mut int8 = |axis: Axis| {
            let scales = take(axis.channels(&shape), 4)?;
            let quanta = take(numbers, 1)?;
            Some(Values::Int8 {
                axis,
                scales: singles(scales),
                quanta: quanta.iter().map(|byte| byte.cast_signed()).collect(),
            })
        };
        let values = match encoding {
            Encoding::Int8 => int8(Axis::First),
            Encoding::Int8LastAxis => int8(Axis::Last),
            Encoding::F16 => take(numbers, 2).map(|bytes| Values::F16(halves(bytes))),
            Encoding::F32 => take(numbers, 4).map(|bytes| Values::F32(singles(bytes))),
        };
        let tensor = Self {
            values: values.ok_or_else(too_large)?,
            shape,
        };
        if tensor.is_finite() {
            Ok(tensor)
        } else {
            Err(Error::TensorNotFinite { name: name.into() })
        }
    }
}

/// How many numbers a tensor of this shape has, where a `usize` can say it.
pub(super) fn checked_len(shape: &[usize]) -> Option<usize> {
    shape
        .iter()
        .try_fold(1usize, |product, length| product.checked_mul(*length))
}

fn quantise(axis: Axis, shape: &[usize], values: &[f32]) -> Values {
    let channels = axis.channels(shape);
    let channel = |position| axis.channel(position, values.len(), channels);
    let mut scales = vec![0.0f32; channels];
    for (position, value) in values.iter().enumerate() {
        let scale = &mut scales[channel(position)];
        *scale = scale.max(value.abs() / INT8_MAX);
    }
    let quanta = values
        .iter()
        .enumerate()
        .map(|(position, value)| match scales[channel(position)] {
            // A channel of zeros, or of numbers so small that their scale is 0.
            0.0 => 0,
            scale => (value / scale).round().clamp(-INT8_MAX, INT8_MAX) as i8,
        })
        .collect();
    Values::Int8 { axis, scales, quanta }
}

fn singles(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

fn halves(bytes: &[u8]) -> Vec<f16> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|number| f16::from_le_bytes(*number)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn narrowed(shape: &[usize], values: &[f32], precision: Precision) -> StoredTensor {
        StoredTensor::narrow(shape, values, precision).expect("finite numbers")
    }

    proptest! {
        #[test]
        fn int8_is_off_by_half_a_scale_at_most(
            rows in 1usize..6,
            columns in 1usize..6,
            seed in prop::collection::vec(-1e3f32..1e3, 36),
        ) {
            let values = &seed[..rows * columns];
            for precision in [Precision::Int8, Precision::Int8LastAxis] {
                let widened = narrowed(&[rows, columns], values, precision).widen();
                for (position, (value, found)) in values.iter().zip(widened).enumerate() {
                    let channel: Vec<f32> = match precision {
                        Precision::Int8 => values.chunks(columns).nth(position / columns).expect("a row").to_vec(),
                        _ => values.iter().skip(position % columns).step_by(columns).copied().collect(),
                    };
                    let scale = channel.iter().fold(0f32, |largest, value| largest.max(value.abs())) / INT8_MAX;
                    prop_assert!((value - found).abs() <= scale * 0.5001, "{value} became {found}, scale {scale}");
                }
            }
        }

        #[test]
        fn single_precision_keeps_every_bit_and_half_precision_eleven(values in prop::collection::vec(-1e3f32..1e3, 12)) {
            prop_assert_eq!(&narrowed(&[3, 4], &values, Precision::F32).widen(), &values);
            for (value, found) in values.iter().zip(narrowed(&[3, 4], &values, Precision::F16).widen()) {
                prop_assert!((value - found).abs() <= value.abs() / 2048.0 + 1e-7);
            }
        }
    }

    #[test]
    fn a_channel_of_zeros_stays_zero_and_each_channel_has_its_own_scale() {
        let values = [0.0, 0.0, 127.0, -127.0, 0.5, 1.27];
        assert_eq!(narrowed(&[3, 2], &values, Precision::Int8).widen()[..4], values[..4]);
        let columns = narrowed(&[2, 3], &values, Precision::Int8LastAxis).widen();
        assert_eq!((columns[0], columns[3]), (0.0, -127.0));
    }

    #[test]
    fn an_empty_tensor_is_fine() {
        for precision in [Precision::Int8, Precision::Int8LastAxis, Precision::F16, Precision::F32] {
            assert!(narrowed(&[0, 3], &[], precision).widen().is_empty());
        }
    }

    #[test]
    fn numbers_that_are_not_finite_or_leave_half_precision_are_refused() {
        assert!(StoredTensor::narrow(&[1], &[f32::NAN], Precision::Int8).is_none());
        assert!(StoredTensor::narrow(&[1], &[f32::INFINITY], Precision::F32).is_none());
        assert!(StoredTensor::narrow(&[1], &[1e6], Precision::F16).is_none());
    }
}
