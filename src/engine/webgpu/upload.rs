//! What is uploaded for a batch: one buffer in parts, each a multiple of 16 bytes.

use emofuse_core::emotion::EMOTIONS;

use crate::{
    model::fusion::Modality,
    preprocessing::{Preprocessing, Square},
    request::{Request, shares},
};

/// Vectors of four for means and deviations of an image's three colours.
pub const COLOURS4: u32 = 2;

/// Vectors of four for a number an emotion.
pub const LABELS4: u32 = EMOTIONS.div_ceil(4) as u32;

/// The sizes of a batch: whatever a plan depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Images.
    pub images: u32,
    /// Their side, in pixels.
    pub side: u32,
    /// Whether means and deviations of the colours are features of theirs.
    pub has_colours: bool,
    /// Images whose cells are wanted.
    pub maps: u32,
    /// Cells of an image.
    pub cells: u32,
    /// Captions.
    pub captions: u32,
    /// The windows that they are read in.
    pub windows: u32,
    /// Tokens of a window, with padding.
    pub tokens: u32,
    /// Vectors of four of a token.
    pub word4: u32,
    /// Posts with both.
    pub pairs: u32,
}

/// Where each part begins, in vectors of four numbers; a shape makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The sizes.
    pub shape: Shape,
    /// `[image][COLOURS4]`: means and deviations of the colours. The pixels stand before them.
    pub colours_at: u32,
    /// `[image][cell][COLOURS4]`: the same of each cell, where cells are wanted.
    pub cell_colours_at: u32,
    /// `[row]`: what a row of the logits is of, its row among the images' vectors, its row among the captions'.
    pub rows_at: u32,
    /// `[caption]`: its first window, and how many it has.
    pub captions_at: u32,
    /// `[window]`: how many tokens it has, and its share in its caption.
    pub windows_at: u32,
    /// `[window][token][word4]`
    pub tokens_at: u32,
    /// All of it.
    pub end: u32,
}

/// What a row of the logits is of; see `fusion.wgsl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Both = 0,
    ImageAlone = 1,
    CaptionAlone = 2,
    CellOfBoth = 3,
}

impl Shape {
    /// Of a request about images of a side.
    #[must_use]
    pub fn new(request: &Request<'_>, side: u32, cells: u32, has_colours: bool) -> Self {
        let count = |length: usize| length as u32;
        Self {
            images: count(request.images.len()),
            side,
            has_colours,
            maps: count(request.maps.len()),
            cells,
            captions: count(request.captions.len()),
            windows: count(request.windows().count()),
            // In steps of four: fewer plans for captions of many lengths.
            tokens: count(request.longest().next_multiple_of(4)),
            word4: count(request.words.columns().div_ceil(4)),
            pairs: count(request.pairs.len()),
        }
    }

    /// Rows of logits: images, captions, pairs, then the cells of each map.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.images + self.captions + self.pairs + self.maps * self.cells
    }
}

impl Upload {
    /// Lays the parts out.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let colours4 = if shape.has_colours { COLOURS4 } else { 0 };
        let colours_at = (shape.images * shape.side * shape.side).div_ceil(4);
        let cell_colours_at = colours_at + shape.images * colours4;
        let cells = if shape.maps > 0 { shape.images * shape.cells } else { 0 };
        let rows_at = cell_colours_at + cells * colours4;
        let captions_at = rows_at + shape.rows();
        let windows_at = captions_at + shape.captions;
        let tokens_at = windows_at + shape.windows;
        Self {
            shape,
            colours_at,
            cell_colours_at,
            rows_at,
            captions_at,
            windows_at,
            tokens_at,
            end: tokens_at + shape.windows * shape.tokens * shape.word4,
        }
    }

    /// The bytes of a request of this shape.
    #[must_use]
    pub fn bytes(&self, request: &Request<'_>, preprocessing: &Preprocessing) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.end as usize * 16);
        for image in &request.images {
            bytes.extend_from_slice(image.pixels.as_flattened());
        }
        bytes.resize(self.colours_at as usize * 16, 0);
        let mut numbers = Vec::with_capacity((self.end - self.colours_at) as usize * 4);
        if self.shape.has_colours {
            self.colours(request, preprocessing, &mut numbers);
        }
        self.rows(request, &mut numbers);
        let mut first = 0;
        for windows in &request.captions {
            numbers.extend([first as f32, windows.len() as f32, 0.0, 0.0]);
            first += windows.len();
        }
        for windows in &request.captions {
            for (window, share) in windows.iter().zip(shares(windows)) {
                numbers.extend([window.len() as f32, share, 0.0, 0.0]);
            }
        }
        let padded = self.shape.word4 as usize * 4;
        for window in request.windows() {
            let start = numbers.len();
            numbers.resize(start + self.shape.tokens as usize * padded, 0.0);
            for (id, token) in window.iter().zip(numbers[start..].chunks_exact_mut(padded)) {
                request
                    .words
                    .row_into(*id as usize, &mut token[..request.words.columns()]);
            }
        }
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    fn colours(&self, request: &Request<'_>, preprocessing: &Preprocessing, numbers: &mut Vec<f32>) {
        let colours: Vec<Colours> = request
            .images
            .iter()
            .map(|image| Colours::of(image, preprocessing))
            .collect();
        for colours in &colours {
            numbers.extend(colours.features());
        }
        if self.shape.maps > 0 {
            let side = self.shape.cells.isqrt();
            for (image, colours) in request.images.iter().zip(&colours) {
                for cell in 0..self.shape.cells {
                    numbers.extend(colours.cell(image, preprocessing, [cell / side, cell % side], side));
                }
            }
        }
    }

    fn rows(&self, request: &Request<'_>, numbers: &mut Vec<f32>) {
        let mut row = |kind: Row, image: usize, caption: usize| {
            numbers.extend([kind as u32 as f32, image as f32, caption as f32, 0.0]);
        };
        (0..request.images.len()).for_each(|image| row(Row::ImageAlone, image, 0));
        (0..request.captions.len()).for_each(|caption| row(Row::CaptionAlone, 0, caption));
        for pair in &request.pairs {
            row(Row::Both, pair.image, pair.caption);
        }
        let cells = self.shape.cells as usize;
        for (image, kind) in &request.maps {
            let kind = match kind {
                Modality::Both => Row::CellOfBoth,
                Modality::Image | Modality::Caption => Row::ImageAlone,
            };
            let first = request.images.len() + image * cells;
            (first..first + cells).for_each(|cell| row(kind, cell, 0));
        }
    }
}

/// Means and deviations of the planes of an image.
struct Colours([[f32; 2]; 3]);

impl Colours {
    fn of(image: &Square, preprocessing: &Preprocessing) -> Self {
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
    fn features(&self) -> [f32; 8] {
        let [first, second, third] = self.0;
        [first[0], second[0], third[0], first[1], second[1], third[1], 0.0, 0.0]
    }

    /// What of the features lies in a cell: its mean, and its mean squared distance from the image's mean over the
    /// deviation; see `cells.wgsl`.
    fn cell(&self, image: &Square, preprocessing: &Preprocessing, [row, column]: [u32; 2], cells: u32) -> [f32; 8] {
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
        let mut means = [0.0; 8];
        for cell in 0..cells * cells {
            let part = colours.cell(&image, &preprocessing, [cell / cells, cell % cells], cells);
            means.iter_mut().zip(part).for_each(|(mean, part)| *mean += part / 9.0);
        }
        for (found, expected) in means.iter().zip(colours.features()) {
            assert!((found - expected).abs() < 1e-5, "{means:?}");
        }
    }
}
