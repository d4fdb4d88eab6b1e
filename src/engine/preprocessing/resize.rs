//! Antialiased bilinear resizing, number for number as Pillow's: what the networks were trained and measured with.
//!
//! A convolution with a triangle as wide as the scale, first along the rows, then along the columns, in fixed point and
//! with 8 bits in between. A difference of one level in a few hundred pixels changes a network's features by a
//! thousandth; here there is none, on any machine.

/// Bits after the point of a weight: 8 bits of the pixel and 2 to spare make 32.
const PRECISION: u32 = 32 - 8 - 2;

/// Half a level, so that cutting the bits after the point rounds.
const HALF: i32 = 1 << (PRECISION - 1);

/// Weights along one side: for every pixel of the result, which pixels of the source make it, and how much of each.
pub(super) struct Weights {
    taps: Vec<Taps>,
    weights: Vec<i32>,
}

struct Taps {
    /// First pixel of the source.
    first: usize,
    /// Where the weights lie.
    start: usize,
    count: usize,
}

impl Weights {
    /// For the `length` pixels from `margin` on, of the `resized` that `side` pixels become.
    pub(super) fn new(side: u32, resized: u64, margin: u64, length: u32) -> Self {
        let scale = f64::from(side) / resized as f64;
        let reach = scale.max(1.0);
        let mut all = Self {
            taps: Vec::with_capacity(length as usize),
            weights: Vec::new(),
        };
        let mut triangle = Vec::new();
        for index in margin..margin + u64::from(length) {
            let centre = (index as f64 + 0.5) * scale;
            let first = (centre - reach + 0.5).max(0.0) as u32;
            let end = (centre + reach + 0.5).min(f64::from(side)) as u32;
            triangle.clear();
            triangle.extend((first..end).map(|pixel| {
                let distance = (f64::from(pixel) - centre + 0.5) / reach;
                (1.0 - distance.abs()).max(0.0)
            }));
            let sum: f64 = triangle.iter().sum();
            all.taps.push(Taps {
                first: first as usize,
                start: all.weights.len(),
                count: triangle.len(),
            });
            let fixed = |weight: &f64| (weight / sum * f64::from(1 << PRECISION) + 0.5) as i32;
            all.weights.extend(triangle.iter().map(fixed));
        }
        all
    }

    /// How many pixels the result has.
    pub(super) fn len(&self) -> usize {
        self.taps.len()
    }

    /// The pixels of the source that are needed.
    pub(super) fn span(&self) -> std::ops::Range<usize> {
        let first = self.taps.first().map_or(0, |taps| taps.first);
        let end = self.taps.last().map_or(0, |taps| taps.first + taps.count);
        first..end
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[i32])> {
        let weights = |taps: &Taps| &self.weights[taps.start..taps.start + taps.count];
        self.taps.iter().map(move |taps| (taps.first, weights(taps)))
    }

    /// Appends a row of pixels, resized along the row.
    pub(super) fn resize_row(&self, row: &[[u8; 4]], resized: &mut Vec<[u8; 4]>) {
        resized.extend(self.iter().map(|(first, weights)| {
            let mut sums = [HALF; 4];
            for (pixel, weight) in row[first..first + weights.len()].iter().zip(weights) {
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(*value) * weight;
                }
            }
            sums.map(level)
        }));
    }

    /// Makes every row of the result out of rows `width` pixels wide, the first of which is the first needed, and hands
    /// it to `take`.
    pub(super) fn resize_columns(&self, rows: &[[u8; 4]], width: usize, mut take: impl FnMut(&[[u8; 4]])) {
        let offset = self.span().start;
        let mut sums = vec![[HALF; 4]; width];
        let mut levels = vec![[0; 4]; width];
        for (first, weights) in self.iter() {
            sums.fill([HALF; 4]);
            for (row, weight) in rows[(first - offset) * width..].chunks_exact(width).zip(weights) {
                for (sum, value) in sums.as_flattened_mut().iter_mut().zip(row.as_flattened()) {
                    *sum += i32::from(*value) * weight;
                }
            }
            for (level_of, sum) in levels.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
                *level_of = level(*sum);
            }
            take(&levels);
        }
    }
}

/// The level that a sum of weighted levels stands for.
fn level(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_leaves_every_pixel() {
        let row: Vec<[u8; 4]> = (0..100).map(|value| [value, 2 * value, 255 - value, 255]).collect();
        let mut resized = Vec::new();
        Weights::new(100, 100, 0, 100).resize_row(&row, &mut resized);
        assert_eq!(resized, row);
    }

    #[test]
    fn halving_weighs_four_pixels_as_a_triangle_does() {
        let row: Vec<[u8; 4]> = [0, 80, 160, 240, 80, 0].map(|value| [value; 4]).to_vec();
        let mut resized = Vec::new();
        Weights::new(6, 3, 0, 3).resize_row(&row, &mut resized);
        // The middle pixel: (80 + 3 · 160 + 3 · 240 + 80) / 8.
        assert_eq!(resized[1], [170; 4]);
    }

    #[test]
    fn weights_of_a_pixel_sum_to_one() {
        for (side, resized) in [(1, 256), (3, 256), (300, 256), (4032, 341), (100_000, 256)] {
            let weights = Weights::new(side, resized, 16, 224);
            for (_, weights) in weights.iter() {
                let sum: i32 = weights.iter().sum();
                let error = (sum - (1 << PRECISION)).unsigned_abs() as usize;
                assert!(error <= weights.len(), "{side} → {resized}: {sum}");
            }
        }
    }
}
