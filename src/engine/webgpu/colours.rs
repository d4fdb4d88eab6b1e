//! Means and deviations of an image's colours, and of its cells': features that need no network.

use crate::preprocessing::{Preprocessing, Square};

/// Means and deviations of the planes of an image.
pub struct Colours([[f32; 2]; 3]);

/// How many features they are.
pub const COLOURS: usize = 6;

impl Colours {
    /// Of an image in the size that the network sees.
    #[must_use]
    pub fn of(image: &Square, preprocessing: &Preprocessing) -> Self {
        let colours = preprocessing.channels.colours();
        let count = image.pixels.len() as f64;
        Self(std::array::from_fn(|channel| {
            let (mut sum, mut squares) = (0_u64, 0_u64);
            for pixel in &image.pixels {
                let level = u64::from(pixel[colours[channel]]);
                sum += level;
                squares += level * level;
            }
            let mean = sum as f64 / count;
            let variance = (squares as f64 / count - mean * mean).max(0.0);
            let [factor, offset] = preprocessing.normalisation(channel).map(f64::from);
            [(mean * factor - offset) as f32, (variance.sqrt() * factor) as f32]
        }))
    }

    /// The means, then the deviations.
    #[must_use]
    pub fn features(&self) -> [f32; COLOURS] {
        let [first, second, third] = self.0;
        [first[0], second[0], third[0], first[1], second[1], third[1]]
    }

    /// What of the features lies in a cell: its mean, and its mean squared distance from the image's mean over the
    /// deviation; see `cells.wgsl`.
    #[must_use]
    pub fn cell(
        &self,
        image: &Square,
        preprocessing: &Preprocessing,
        [row, column]: [u32; 2],
        cells: u32,
    ) -> [f32; COLOURS] {
        let colours = preprocessing.channels.colours();
        let mut parts = [[0.0_f32; 2]; 3];
        for (y, height) in shares_of_cell(image.side, row, cells) {
            let line = &image.pixels[(y * image.side) as usize..];
            for (x, width) in shares_of_cell(image.side, column, cells) {
                for (channel, part) in parts.iter_mut().enumerate() {
                    let [factor, offset] = preprocessing.normalisation(channel);
                    let value = f32::from(line[x as usize][colours[channel]]) * factor - offset;
                    let [mean, deviation] = self.0[channel];
                    part[0] += height * width * value;
                    part[1] += height * width * (value - mean).powi(2) / deviation.max(f32::MIN_POSITIVE);
                }
            }
        }
        Self(parts).features()
    }
}

/// The pixels of a side that lie in a cell, each with its share of the cell; those on a border lie in both cells.
fn shares_of_cell(side: u32, cell: u32, cells: u32) -> impl Iterator<Item = (u32, f32)> {
    let pixels = cell * side / cells..((cell + 1) * side).div_ceil(cells);
    pixels.map(move |pixel| {
        let start = (pixel * cells).max(cell * side);
        let end = ((pixel + 1) * cells).min((cell + 1) * side);
        (pixel, (end - start) as f32 / side as f32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_on_a_border_count_for_both_cells_and_each_cell_for_one() {
        for (side, cells) in [(224, 7), (9, 7), (3, 2), (1, 1)] {
            for cell in 0..cells {
                let sum: f32 = shares_of_cell(side, cell, cells).map(|(_, share)| share).sum();
                assert!((sum - 1.0).abs() < 1e-6, "{side} {cells} {cell}: {sum}");
            }
        }
    }

    #[test]
    fn the_cells_of_a_colour_have_its_mean_and_deviation_as_their_mean() {
        let side = 10;
        let pixels = (0..side * side).map(|pixel: u32| [(pixel * 37 % 256) as u8, (pixel * 11 % 256) as u8, 7, 255]);
        let image = Square {
            side,
            pixels: pixels.collect(),
        };
        let preprocessing = Preprocessing::efficientnet_lite();
        let colours = Colours::of(&image, &preprocessing);
        let cells = 3;
        let mut means = [0.0; COLOURS];
        for cell in 0..cells * cells {
            let part = colours.cell(&image, &preprocessing, [cell / cells, cell % cells], cells);
            means.iter_mut().zip(part).for_each(|(mean, part)| *mean += part / 9.0);
        }
        for (found, expected) in means.iter().zip(colours.features()) {
            assert!((found - expected).abs() < 1e-5, "{means:?}");
        }
    }
}
