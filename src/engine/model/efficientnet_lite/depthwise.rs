//! Depthwise convolution on the CPU, with what stands before and after it in one pass over the data.
//!
//! burn's own reads and writes its output once for every tap of the kernel, and bias and relu6 are passes of their own;
//! all of that is memory traffic. Here a channel is read once, into a small plane with zeros around it, and written
//! once; in between, eight outputs stay in registers.

use std::array::from_fn;

use bytemuck::{cast_slice, pod_read_unaligned};
use wide::f32x4;

/// Outputs that are computed together: two vectors of the narrowest SIMD that there is (SSE2, simd128).
const LANES: usize = 8;

/// Numbers of one row that those outputs are made of, with the largest kernel.
const REACH: usize = LANES + 4;

/// Side and stride of the kernel, and the image's size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Geometry {
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Geometry {
    /// Height and width of the output.
    pub(super) const fn output(self) -> [usize; 2] {
        [self.height.div_ceil(self.stride), self.width.div_ceil(self.stride)]
    }

    /// Zeros before the first pixel of a side: half of what the windows need beyond it, rounded down.
    const fn before(self, side: usize) -> usize {
        let needed = (side.div_ceil(self.stride) - 1) * self.stride + self.kernel;
        needed.saturating_sub(side) / 2
    }
}

impl Geometry {
    /// The inputs of every output, as columns of a matrix: a convolution becomes a matrix product.
    ///
    /// # Shapes
    /// - input: `[…, height, width]`
    /// - output: `[…, kernel · kernel, ⌈height / stride⌉, ⌈width / stride⌉]`
    pub(super) fn columns(self, input: &[f32]) -> Vec<f32> {
        let [output_height, output_width] = self.output();
        let planes = input.chunks_exact(self.height * self.width);
        let taps = self.kernel * self.kernel;
        let mut columns = Vec::with_capacity(planes.len() * taps * output_height * output_width);
        let mut padded = Padded::new(self);
        for plane in planes {
            padded.fill(plane, |value| value);
            for tap in 0..taps {
                let (down, across) = (tap / self.kernel, tap % self.kernel);
                let first = across / self.stride + across % self.stride * padded.odd;
                let rows = padded.values.chunks_exact(padded.row).skip(down).step_by(self.stride);
                for row in rows.take(output_height) {
                    columns.extend_from_slice(&row[first..first + output_width]);
                }
            }
        }
        columns
    }
}

/// What happens to a channel's pixels before they are filtered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before<'a> {
    /// Nothing.
    Nothing,
    /// The channel's bias is added and the sum cut to 0…6.
    BiasRelu6(&'a [f32]),
}

/// Filters every channel with its own kernel, adds its bias and cuts to 0…6.
///
/// # Shapes
/// - input: `[batch, channels, height, width]`, flat; likewise `bias`: `[channels]`
/// - weight: `[channels, kernel, kernel]`
/// - output: `[batch, channels, ⌈height / stride⌉, ⌈width / stride⌉]`
///
/// # Panics
/// When kernel and stride are other than EfficientNet's: 3 or 5, and 1 or 2.
pub(super) fn depthwise(input: &[f32], before: Before, weight: &[f32], bias: &[f32], geometry: Geometry) -> Vec<f32> {
    let convolve = match (geometry.kernel, geometry.stride) {
        (3, 1) => filter::<3, 9, 1>,
        (3, 2) => filter::<3, 9, 2>,
        (5, 1) => filter::<5, 25, 1>,
        (5, 2) => filter::<5, 25, 2>,
        (kernel, stride) => panic!("no depthwise convolution of kernel {kernel} and stride {stride}"),
    };
    let Geometry { height, width, .. } = geometry;
    let [output_height, output_width] = geometry.output();
    let channels = bias.len();
    let mut output = Vec::with_capacity(input.len() / (height * width) * output_height * output_width);
    let mut padded = Padded::new(geometry);
    let mut lines = vec![[0.0; LANES]; 2 * output_width.div_ceil(LANES)];
    for (index, plane) in input.chunks_exact(height * width).enumerate() {
        let channel = index % channels;
        match before {
            Before::Nothing => padded.fill(plane, |value| value),
            Before::BiasRelu6(bias) => {
                let bias = bias[channel];
                padded.fill(plane, |value| relu6(value + bias));
            }
        }
        convolve(&padded, channel, weight, bias[channel], &mut lines, &mut output);
    }
    output
}

/// Cuts to 0…6. A NaN becomes 0, which takes a single instruction each way.
pub(super) fn relu6(value: f32) -> f32 {
    let value = if value > 0.0 { value } else { 0.0 };
    if value < 6.0 { value } else { 6.0 }
}

/// One channel with zeros around it. With a stride of 2 a row holds its even columns, then its odd ones, so that
/// neighbouring outputs read neighbouring numbers.
struct Padded {
    values: Vec<f32>,
    geometry: Geometry,
    /// Numbers in a row.
    row: usize,
    /// Where a row's odd columns begin.
    odd: usize,
}

impl Padded {
    fn new(geometry: Geometry) -> Self {
        let [output_height, output_width] = geometry.output();
        // Whole blocks are read, also beyond the last output.
        let columns = output_width.next_multiple_of(LANES) + REACH - LANES;
        let rows = (output_height - 1) * geometry.stride + geometry.kernel;
        let row = columns * geometry.stride;
        Self {
            values: vec![0.0; rows.max(geometry.before(geometry.height) + geometry.height) * row],
            geometry,
            row,
            odd: columns,
        }
    }

    fn at(&self, start: usize) -> &[f32; REACH] {
        self.values[start..]
            .first_chunk()
            .expect("rows reach beyond their last block")
    }

    #[inline(always)]
    fn fill(&mut self, plane: &[f32], change: impl Fn(f32) -> f32) {
        let Geometry {
            height, width, stride, ..
        } = self.geometry;
        let left = self.geometry.before(width);
        let top = self.geometry.before(height);
        let rows = self.values.chunks_exact_mut(self.row).skip(top);
        for (source, target) in plane.chunks_exact(width).zip(rows) {
            if stride == 1 {
                for (value, target) in source.iter().zip(&mut target[left..]) {
                    *target = change(*value);
                }
                continue;
            }
            let (even, odd) = target.split_at_mut(self.odd);
            // The column 0 of the source is the column `left`.
            let (first, second) = match left % 2 {
                0 => (&mut even[left / 2..], &mut odd[left / 2..]),
                _ => (&mut odd[left / 2..], &mut even[left / 2 + 1..]),
            };
            let (pairs, last) = source.as_chunks::<2>();
            for ((pair, first), second) in pairs.iter().zip(first.iter_mut()).zip(second) {
                *first = change(pair[0]);
                *second = change(pair[1]);
            }
            if let [last] = last {
                first[pairs.len()] = change(*last);
            }
        }
    }
}

/// Appends one channel of the output, two rows at a time, for which `lines` has room.
fn filter<const KERNEL: usize, const TAPS: usize, const STRIDE: usize>(
    padded: &Padded,
    channel: usize,
    weight: &[f32],
    bias: f32,
    lines: &mut [[f32; LANES]],
    output: &mut Vec<f32>,
) {
    let [height, width] = padded.geometry.output();
    let (weight, _) = weight.as_chunks::<TAPS>();
    let weight = &weight[channel];
    for row in (0..height).step_by(2) {
        let (first, second) = lines.split_at_mut(width.div_ceil(LANES));
        let columns = (0..).step_by(LANES);
        if row + 1 < height {
            for ((first, second), column) in first.iter_mut().zip(second.iter_mut()).zip(columns) {
                [*first, *second] = block::<KERNEL, TAPS, STRIDE, 2>(padded, row, column, weight, bias);
            }
            output.extend_from_slice(&first.as_flattened()[..width]);
            output.extend_from_slice(&second.as_flattened()[..width]);
        } else {
            for (first, column) in first.iter_mut().zip(columns) {
                [*first] = block::<KERNEL, TAPS, STRIDE, 1>(padded, row, column, weight, bias);
            }
            output.extend_from_slice(&first.as_flattened()[..width]);
        }
    }
}

/// Neighbouring outputs of `ROWS` rows, which have inputs in common and keep more sums going at once than one has.
#[inline(always)]
fn block<const KERNEL: usize, const TAPS: usize, const STRIDE: usize, const ROWS: usize>(
    padded: &Padded,
    row: usize,
    column: usize,
    weight: &[f32; TAPS],
    bias: f32,
) -> [[f32; LANES]; ROWS] {
    let mut sums = [[f32x4::splat(bias); 2]; ROWS];
    for down in 0..KERNEL + STRIDE * (ROWS - 1) {
        let start = (row * STRIDE + down) * padded.row + column;
        // Cut once, so that the reads below need no check each.
        let even: &[f32; REACH] = padded.at(start);
        let odd: &[f32; REACH] = match STRIDE {
            1 => even,
            _ => padded.at(start + padded.odd),
        };
        for across in 0..KERNEL {
            let (values, first) = match (STRIDE, across % 2) {
                (1, _) => (even, across),
                (_, 0) => (even, across / 2),
                _ => (odd, across / 2),
            };
            let values: [f32x4; 2] = from_fn(|index| {
                let first = first + 4 * index;
                pod_read_unaligned(cast_slice(&values[first..first + 4]))
            });
            for (index, sums) in sums.iter_mut().enumerate() {
                // The row of the kernel that this row of the input meets for that row of the output.
                if let Some(down) = down.checked_sub(index * STRIDE).filter(|down| *down < KERNEL) {
                    let factor = f32x4::splat(weight[down * KERNEL + across]);
                    for (sum, values) in sums.iter_mut().zip(values) {
                        *sum += factor * values;
                    }
                }
            }
        }
    }
    sums.map(|sums| {
        let mut values = [0.0; LANES];
        for (sum, values) in sums.iter().zip(values.as_chunks_mut::<4>().0) {
            *values = sum.fast_max(f32x4::ZERO).fast_min(f32x4::splat(6.0)).to_array();
        }
        values
    })
}
