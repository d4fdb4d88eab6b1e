//! Whether the explanations of images hold: what becomes of an answer's score when the part of the image that is
//! said to speak for it is painted over.

use emofuse::{Image, Result, classifier::Classifier, explanation::HeatMap, preprocessing::Area};
use serde::Serialize;

/// How the scores fell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Occlusion {
    /// The side of the square that was painted over, in cells of the map.
    pub cells: usize,
    /// Posts with an image.
    pub n: usize,
    /// Without the square that speaks most for the answer.
    pub highest: Fall,
    /// Without the one that speaks least for it.
    pub lowest: Fall,
    /// The share of posts whose score falls more without the highest than without the lowest.
    pub highest_above_lowest: f64,
}

/// How far scores fall.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Fall {
    /// The share of posts whose score falls at all.
    pub share: f64,
    /// The mean fall of the score.
    pub mean: f64,
}

impl Occlusion {
    /// Of the falls without the highest and without the lowest square of each post; `None` of no post.
    pub fn new(cells: usize, falls: &[[f32; 2]]) -> Option<Self> {
        let share = |holds: &dyn Fn(&[f32; 2]) -> bool| {
            falls.iter().filter(|falls| holds(falls)).count() as f64 / falls.len() as f64
        };
        let of = |side: usize| Fall {
            share: share(&|falls| falls[side] > 0.0),
            mean: falls.iter().map(|falls| f64::from(falls[side])).sum::<f64>() / falls.len() as f64,
        };
        (!falls.is_empty()).then(|| Self {
            cells,
            n: falls.len(),
            highest: of(0),
            lowest: of(1),
            highest_above_lowest: share(&|falls| falls[0] > falls[1]),
        })
    }

    /// Two lines.
    pub fn for_people(&self) -> String {
        let of = |fall: Fall| format!("falls in {:.1} %, by {:.3} on average", 100.0 * fall.share, fall.mean);
        let cells = self.cells;
        format!(
            "without the {cells} x {cells} cells that speak most for it, the score {}; without those that speak least, it {}\nit falls more without the former in {:.1} % of {} posts\n",
            of(self.highest),
            of(self.lowest),
            100.0 * self.highest_above_lowest,
            self.n
        )
    }
}

/// How far the score of the answer falls without the highest square and without the lowest.
///
/// # Errors
/// As [`Classifier::classify`].
pub fn falls(classifier: &Classifier, image: &Image, caption: Option<&str>, cells: usize) -> Result<Option<[f32; 2]>> {
    let prediction = classifier.explain_blocking(Some(image), caption)?;
    let Some(map) = prediction.explanation.and_then(|explanation| explanation.heat_map) else {
        return Ok(None);
    };
    let [highest, lowest] = extremes(&map, cells);
    let fall = |square: [usize; 2]| -> Result<f32> {
        let painted = painted_over(image, part(&map, square, cells))?;
        let without = classifier.classify_blocking(Some(&painted), caption)?;
        Ok(prediction.confidence - without.scores[prediction.label])
    };
    Ok(Some([fall(highest)?, fall(lowest)?]))
}

/// Row and column of the squares whose cells add the most and the least.
fn extremes(map: &HeatMap, cells: usize) -> [[usize; 2]; 2] {
    let side = |length: usize| 0..=length.saturating_sub(cells);
    let sum = |[row, column]: [usize; 2]| -> f32 {
        (row..map.height.min(row + cells))
            .flat_map(|row| map.values[row * map.width..][column..map.width.min(column + cells)].iter())
            .sum()
    };
    let squares = || side(map.height).flat_map(|row| side(map.width).map(move |column| [row, column]));
    let by_sum = |one: &[usize; 2], other: &[usize; 2]| sum(*one).total_cmp(&sum(*other));
    [squares().max_by(by_sum), squares().min_by(by_sum)].map(Option::unwrap_or_default)
}

/// Where a square of cells lies in the image.
fn part(map: &HeatMap, [row, column]: [usize; 2], cells: usize) -> Area {
    let (width, height) = (map.area.width / map.width as f64, map.area.height / map.height as f64);
    Area {
        left: map.area.left + column as f64 * width,
        top: map.area.top + row as f64 * height,
        width: cells as f64 * width,
        height: cells as f64 * height,
    }
}

/// The image with a part of it in its own mean colour, so that nothing new comes into it.
fn painted_over(image: &Image, part: Area) -> Result<Image> {
    let mut rgba = image.rgba().to_vec();
    let pixels = rgba.as_chunks_mut::<4>().0;
    let mean = [0, 1, 2, 3].map(|channel| {
        let sum: u64 = pixels.iter().map(|pixel| u64::from(pixel[channel])).sum();
        (sum / (pixels.len() as u64).max(1)) as u8
    });
    let along = |start: f64, length: f64, side: u32| {
        let at = |share: f64| (share * f64::from(side)).round() as usize;
        at(start)..at(start + length)
    };
    let columns = along(part.left, part.width, image.width());
    for row in along(part.top, part.height, image.height()) {
        pixels[row * image.width() as usize..][columns.clone()].fill(mean);
    }
    Image::from_rgba(image.width(), image.height(), rgba)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> HeatMap {
        HeatMap {
            width: 3,
            height: 3,
            values: vec![0.0, 1.0, 2.0, -1.0, 1.0, 3.0, -5.0, -2.0, 0.0],
            area: Area {
                left: 0.25,
                top: 0.0,
                width: 0.5,
                height: 1.0,
            },
        }
    }

    #[test]
    fn squares_are_found_by_what_their_cells_add_up_to() {
        assert_eq!(extremes(&map(), 1), [[1, 2], [2, 0]]);
        assert_eq!(extremes(&map(), 2), [[0, 1], [1, 0]]);
        assert_eq!(extremes(&map(), 3), [[0, 0], [0, 0]]);
    }

    #[test]
    fn only_the_part_is_painted_and_in_the_mean_colour() {
        let pixels = (0..8 * 6).flat_map(|pixel| [if pixel % 2 == 0 { 0 } else { 200 }, 10, 20, 255]);
        let image = Image::from_rgba(8, 6, pixels.collect()).expect("an image");
        let painted = painted_over(&image, part(&map(), [1, 0], 1)).expect("an image");
        for (index, (after, before)) in painted
            .rgba()
            .as_chunks::<4>()
            .0
            .iter()
            .zip(image.rgba().as_chunks::<4>().0)
            .enumerate()
        {
            let (row, column) = (index / 8, index % 8);
            let is_inside = (2..4).contains(&row) && (2..3).contains(&column);
            assert_eq!(
                *after,
                if is_inside { [100, 10, 20, 255] } else { *before },
                "{row}, {column}"
            );
        }
    }

    #[test]
    fn shares_and_means_are_over_the_posts() {
        let found = Occlusion::new(3, &[[0.2, -0.1], [-0.1, 0.1], [0.2, 0.1]]).expect("three posts");
        assert!((found.highest.share - 2.0 / 3.0).abs() < 1e-9 && (found.highest.mean - 0.1).abs() < 1e-6);
        assert!((found.highest_above_lowest - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(Occlusion::new(3, &[]), None);
    }
}
