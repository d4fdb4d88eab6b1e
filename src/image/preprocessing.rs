//! From a picture of any size to the planes that a convolutional network takes.

use std::borrow::Cow;

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use serde::{Deserialize, Serialize};

use super::picture::Picture;

/// How a picture becomes a network's input: resized by its short side, cropped to its centre, normalised.
///
/// It travels with the weights in the model file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// What the short side is resized to, in pixels.
    pub resize: u32,
    /// The side of the square that is cut from the centre, in pixels, at most `resize`.
    pub crop: u32,
    /// What is subtracted from each channel, which goes from 0 to 1.
    pub mean: [f32; 3],
    /// What each channel is divided by then.
    pub standard_deviation: [f32; 3],
}

impl Preprocessing {
    /// That of EfficientNet-Lite: `(x / 255 − 0.498) / 0.502`, the quantisation-friendly range of its TensorFlow
    /// original (127 and 128 of 255).
    #[must_use]
    pub fn efficientnet_lite() -> Self {
        Self {
            resize: 256,
            crop: 224,
            mean: [0.498; 3],
            standard_deviation: [0.502; 3],
        }
    }

    /// The network's input: red, green and blue planes.
    ///
    /// Transparent pixels are laid on white. The resizing is bilinear and antialiased; only what the crop needs is
    /// resized, with the same result as resizing all of it, so that a picture of 1 × 100,000 pixels costs no more than
    /// others.
    ///
    /// # Shapes
    /// - output: `[3, crop, crop]`, flat
    #[must_use]
    pub fn planes(&self, picture: &Picture) -> Vec<f32> {
        let square = self.square(picture); // [crop, crop, 4]
        let area = square.len() / 4;
        let mut planes = vec![0.0; 3 * area];
        let (red, others) = planes.split_at_mut(area);
        let (green, blue) = others.split_at_mut(area);
        for (channel, plane) in [red, green, blue].into_iter().enumerate() {
            let factor = 1.0 / (255.0 * self.standard_deviation[channel]);
            let offset = self.mean[channel] / self.standard_deviation[channel];
            for (value, pixel) in plane.iter_mut().zip(square.chunks_exact(4)) {
                *value = f32::from(pixel[channel]) * factor - offset;
            }
        }
        planes
    }

    /// The centre of the resized picture: `crop` × `crop` opaque RGBA pixels.
    fn square(&self, picture: &Picture) -> Vec<u8> {
        let window = Window::new(self, picture);
        let source = window.on_white(picture);
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
            .use_alpha(false)
            .crop(
                window.left - f64::from(source.left),
                window.top - f64::from(source.top),
                window.width,
                window.height,
            );
        let mut square = Image::new(self.crop, self.crop, PixelType::U8x4);
        let pixels = ImageRef::new(source.width, source.height, &source.rgba, PixelType::U8x4)
            .expect("a region has four bytes a pixel");
        Resizer::new()
            .resize(&pixels, &mut square, &options)
            .expect("the window lies within the region and both are RGBA");
        square.into_vec()
    }
}

/// The part of a picture, in its own pixels, that becomes the network's input.
struct Window {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// The pixels that a window needs, without transparency.
struct Region<'a> {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    rgba: Cow<'a, [u8]>,
}

impl Window {
    fn new(preprocessing: &Preprocessing, picture: &Picture) -> Self {
        let short = picture.width().min(picture.height());
        let along = |side: u32| {
            let resized = u64::from(preprocessing.resize) * u64::from(side) / u64::from(short);
            let margin = resized.saturating_sub(u64::from(preprocessing.crop)) / 2;
            let scale = f64::from(side) / resized.max(1) as f64;
            let length = (f64::from(preprocessing.crop) * scale).min(f64::from(side));
            ((margin as f64 * scale).min(f64::from(side) - length), length)
        };
        let (left, width) = along(picture.width());
        let (top, height) = along(picture.height());
        Self {
            left,
            top,
            width,
            height,
        }
    }

    /// The picture laid on white: itself where it is opaque, else a copy of what the window and the filter's reach
    /// around it need.
    fn on_white<'a>(&self, picture: &'a Picture) -> Region<'a> {
        let (width, height) = (picture.width(), picture.height());
        // Two pixels of the result to each side are more than a bilinear filter reaches; when enlarging it reaches two
        // pixels of the source.
        let reach = |length: f64| (length / 64.0).max(2.0);
        let span = |start: f64, length: f64, side: u32| {
            let first = (start - reach(length)).floor().max(0.0) as u32;
            let last = (start + length + reach(length)).ceil().min(f64::from(side)) as u32;
            (first, last)
        };
        let (left, right) = span(self.left, self.width, width);
        let (top, bottom) = span(self.top, self.height, height);
        let row_bytes = width as usize * 4;
        let rows = &picture.rgba()[top as usize * row_bytes..bottom as usize * row_bytes];
        if is_opaque(rows) {
            return Region {
                left: 0,
                top,
                width,
                height: bottom - top,
                rgba: Cow::Borrowed(rows),
            };
        }
        let mut rgba = Vec::with_capacity((right - left) as usize * (bottom - top) as usize * 4);
        for row in rows.chunks_exact(row_bytes) {
            for pixel in row[left as usize * 4..right as usize * 4].chunks_exact(4) {
                let alpha = u32::from(pixel[3]);
                let blend = |value: u8| ((u32::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
                rgba.extend([blend(pixel[0]), blend(pixel[1]), blend(pixel[2]), 255]);
            }
        }
        Region {
            left,
            top,
            width: right - left,
            height: bottom - top,
            rgba: Cow::Owned(rgba),
        }
    }
}

fn is_opaque(rgba: &[u8]) -> bool {
    // In blocks, because a search for one byte that stops at the first is not vectorised.
    rgba.chunks(4096).all(|block| {
        let alpha = |pixel: &[u8]| pixel[3];
        block.chunks_exact(4).map(alpha).fold(255, |all, alpha| all & alpha) == 255
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::image::test_card;

    const AREA: usize = 224 * 224;

    fn planes(width: u32, height: u32, rgba: Vec<u8>) -> Vec<f32> {
        let picture = Picture::from_rgba(width, height, rgba).unwrap();
        Preprocessing::efficientnet_lite().planes(&picture)
    }

    #[test]
    fn black_and_white_are_the_ends_of_the_range() {
        for (value, expected) in [(0, -0.498 / 0.502), (255, 1.0)] {
            let planes = planes(300, 200, [value, value, value, 255].repeat(300 * 200));
            assert_eq!(planes.len(), 3 * AREA);
            assert!(planes.iter().all(|plane| (plane - expected).abs() < 1e-6));
        }
    }

    #[test]
    fn the_planes_are_red_then_green_then_blue() {
        let planes = planes(10, 10, [255, 127, 0, 255].repeat(100));
        for (channel, value) in [255.0, 127.0, 0.0].into_iter().enumerate() {
            let expected = (value / 255.0 - 0.498) / 0.502;
            assert!((planes[channel * AREA + 1234] - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn a_picture_of_the_resized_size_is_only_cropped() {
        let picture = test_card(256);
        let planes = Preprocessing::efficientnet_lite().planes(&picture);
        for (row, column) in [(0, 0), (100, 37), (223, 223)] {
            let pixel = picture.rgba()[((row + 16) * 256 + column + 16) * 4];
            let expected = (f32::from(pixel) / 255.0 - 0.498) / 0.502;
            assert!((planes[row * 224 + column] - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn resizing_the_window_equals_cutting_the_window_from_the_resized_picture() {
        for (width, height) in [(500, 333), (90, 200), (256, 1024), (64, 64)] {
            let card = test_card(width.max(height));
            let rows = card
                .rgba()
                .chunks_exact(card.width() as usize * 4)
                .take(height as usize);
            let rgba = rows.flat_map(|row| row[..width as usize * 4].to_vec()).collect();
            let picture = Picture::from_rgba(width, height, rgba).unwrap();
            let preprocessing = Preprocessing::efficientnet_lite();
            let square = preprocessing.square(&picture);

            let short = width.min(height);
            let (resized_width, resized_height) = (256 * width / short, 256 * height / short);
            let mut resized = Image::new(resized_width, resized_height, PixelType::U8x4);
            let source = ImageRef::new(width, height, picture.rgba(), PixelType::U8x4).unwrap();
            let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
            Resizer::new().resize(&source, &mut resized, &options).unwrap();
            let (left, top) = ((resized_width - 224) / 2, (resized_height - 224) / 2);
            for row in 0..224 {
                let start = ((top + row) * resized_width + left) as usize * 4;
                let expected = &resized.buffer()[start..start + 224 * 4];
                let found = &square[row as usize * 224 * 4..][..224 * 4];
                for (found, expected) in found.iter().zip(expected) {
                    assert!(
                        found.abs_diff(*expected) <= 1,
                        "{width} × {height}: {found}, {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn extreme_shapes_are_resized_too() {
        for (width, height) in [(1, 100_000), (100_000, 1), (1, 1), (2, 3), (3000, 2)] {
            let planes = planes(width, height, vec![255; width as usize * height as usize * 4]);
            assert!(planes.iter().all(|value| (value - 1.0).abs() < 1e-6));
        }
    }

    #[test]
    fn transparency_shows_white_in_proportion() {
        let planes = planes(8, 8, [0, 0, 0, 128].repeat(64));
        let expected = (127.0 / 255.0 - 0.498) / 0.502;
        assert!(planes.iter().all(|value| (value - expected).abs() < 1e-6));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_size_and_pixels_give_finite_planes(
            width in 1_u32..300, height in 1_u32..300, seed in any::<[u8; 32]>(),
        ) {
            let bytes = width as usize * height as usize * 4;
            let rgba = seed.into_iter().cycle().take(bytes).collect();
            let planes = planes(width, height, rgba);
            prop_assert_eq!(planes.len(), 3 * AREA);
            prop_assert!(planes.iter().all(|value| (-1.0..=1.0 + 1e-6).contains(value)));
        }

        #[test]
        fn whatever_is_fully_transparent_is_white(
            width in 1_u32..200, height in 1_u32..200, colour in any::<[u8; 3]>(),
        ) {
            let [red, green, blue] = colour;
            let planes = planes(width, height, [red, green, blue, 0].repeat(width as usize * height as usize));
            prop_assert!(planes.iter().all(|value| (value - 1.0).abs() < 1e-6));
        }

        #[test]
        fn one_transparent_pixel_changes_nothing_but_its_surroundings(size in 230_u32..300) {
            // The same opaque picture once by the borrowed and once by the copied way.
            let opaque = test_card(size);
            let mut rgba = opaque.rgba().to_vec();
            rgba[3] = 254;
            let preprocessing = Preprocessing::efficientnet_lite();
            let other = Picture::from_rgba(size, size, rgba).unwrap();
            let (left, right) = (preprocessing.planes(&opaque), preprocessing.planes(&other));
            prop_assert!(left.iter().zip(&right).all(|(left, right)| (left - right).abs() < 0.02));
        }
    }
}
