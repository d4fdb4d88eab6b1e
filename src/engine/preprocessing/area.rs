//! Which part of an image a network sees.

use serde::Serialize;

use super::Preprocessing;

/// A part of an image, in fractions of its width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Area {
    /// Where it begins, from the left.
    pub left: f64,
    /// Where it begins, from the top.
    pub top: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Preprocessing {
    /// The part of an image of `width` × `height` pixels that [`Preprocessing::planes`] shows: its centre.
    #[must_use]
    pub fn area(&self, width: u32, height: u32) -> Area {
        let along = |side: u32| {
            let (resized, margin) = self.resized(side, width.min(height));
            let share = |pixels: u64| pixels as f64 / resized as f64;
            (share(margin), share(self.crop.into()))
        };
        let ((left, width), (top, height)) = (along(width), along(height));
        Area {
            left,
            top,
            width,
            height,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_of_a_wide_image_is_a_square_in_its_middle() {
        let area = Preprocessing::efficientnet_lite().area(1000, 500);
        assert_eq!((area.top, area.height), (16.0 / 256.0, 224.0 / 256.0));
        assert_eq!((area.left, area.width), (144.0 / 512.0, 224.0 / 512.0));
    }

    #[test]
    fn the_area_lies_inside_whatever_the_shape() {
        for (width, height) in [(1, 1), (3, 2), (1, 100_000), (100_000, 7), (4032, 3024)] {
            let Area {
                left,
                top,
                width,
                height,
            } = Preprocessing::googlenet().area(width, height);
            for (start, length) in [(left, width), (top, height)] {
                assert!(
                    start >= 0.0 && length > 0.0 && start + length <= 1.0,
                    "{start}, {length}"
                );
            }
        }
    }

    #[test]
    fn a_model_that_crops_nothing_sees_the_whole_of_a_square() {
        let preprocessing = Preprocessing {
            resize: 224,
            ..Preprocessing::efficientnet_lite()
        };
        let (left, top, width, height) = (0.0, 0.0, 1.0, 1.0);
        assert_eq!(
            preprocessing.area(300, 300),
            Area {
                left,
                top,
                width,
                height
            }
        );
    }
}
