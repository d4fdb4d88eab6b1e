//! From an image of any size to the planes that a convolutional network takes: the same numbers natively and in the browser.

mod area;
mod resize;
mod test_card;

use emofuse_core::Image;
use serde::{Deserialize, Serialize};

use self::resize::Weights;
pub use self::{area::Area, test_card::test_card};

/// How an image becomes a network's input: resized by its short side, cropped to its centre, normalised.
///
/// It travels with the weights in the model file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// What the short side is resized to, in pixels, from `crop` to 4096.
    pub resize: u32,
    /// The side of the square that is cut from the centre, in pixels, 32 to 512.
    pub crop: u32,
    /// Which colour each plane shows; the two lists below are in the same order.
    #[serde(default, skip_serializing_if = "ChannelOrder::is_default")]
    pub channels: ChannelOrder,
    /// What is subtracted from each channel, which goes from 0 to 1; −16 to 16.
    pub mean: [f32; 3],
    /// What each channel is divided by then, 1 / 1024 to 16; 1 / 255 for a network that takes levels up to 255.
    pub standard_deviation: [f32; 3],
}

/// The part of an image that the networks see: a square of opaque pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    /// Its side, in pixels.
    pub side: u32,
    /// Red, green, blue and 255 of each pixel, row by row.
    pub pixels: Vec<[u8; 4]>,
}

/// Which colour each of a network's input planes shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelOrder {
    /// Red, green, blue; what a model file means that does not say.
    #[default]
    Rgb,
    /// Blue, green, red, as OpenCV and so Caffe read images.
    Bgr,
}

impl ChannelOrder {
    /// For each plane, which of red (0), green (1) and blue (2) it shows.
    pub(crate) fn colours(self) -> [usize; 3] {
        match self {
            Self::Rgb => [0, 1, 2],
            Self::Bgr => [2, 1, 0],
        }
    }

    /// Whether a model file leaves it out, as files did before there was a choice.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Preprocessing {
    /// That of EfficientNet-Lite: `(x / 255 − 0.498) / 0.502`, the quantisation-friendly range of its TensorFlow
    /// original (127 and 128 of 255).
    #[must_use]
    pub fn efficientnet_lite() -> Self {
        Self {
            resize: 256,
            crop: 224,
            channels: ChannelOrder::Rgb,
            mean: [0.498; 3],
            standard_deviation: [0.502; 3],
        }
    }

    /// That of GoogLeNet in Caffe's model zoo: levels from 0 to 255, blue, green and red, less 104, 117 and 123.
    ///
    /// Caffe squeezes the whole image to 256 × 256 pixels before it cuts; here its shape is kept, as for the other
    /// networks.
    #[must_use]
    pub fn googlenet() -> Self {
        Self {
            resize: 256,
            crop: 224,
            channels: ChannelOrder::Bgr,
            mean: [104.0 / 255.0, 117.0 / 255.0, 123.0 / 255.0],
            standard_deviation: [1.0 / 255.0; 3],
        }
    }

    /// The network's input: a plane for each colour; see [`Preprocessing::square`].
    ///
    /// # Shapes
    /// - output: `[3, crop, crop]`, flat
    #[must_use]
    pub fn planes(&self, image: &Image) -> Vec<f32> {
        self.planes_of(&self.square(image))
    }

    /// The part of an image that the networks see, in their size.
    ///
    /// Transparent pixels are laid on white. The resizing is bilinear and antialiased; only what the crop needs is
    /// resized, with the same result as resizing all of it, so that an image of 1 × 100,000 pixels costs no more than
    /// others.
    #[must_use]
    pub fn square(&self, image: &Image) -> Square {
        let mut pixels = Vec::with_capacity((self.crop * self.crop) as usize);
        self.resize_centre(image, |row| pixels.extend_from_slice(row));
        Square {
            side: self.crop,
            pixels,
        }
    }

    /// A plane for each colour, normalised.
    ///
    /// # Shapes
    /// - output: `[3, side, side]`, flat
    #[must_use]
    pub fn planes_of(&self, square: &Square) -> Vec<f32> {
        let mut planes = Vec::with_capacity(3 * square.pixels.len());
        for (channel, colour) in self.channels.colours().into_iter().enumerate() {
            let [factor, offset] = self.normalisation(channel);
            planes.extend(
                square
                    .pixels
                    .iter()
                    .map(|pixel| f32::from(pixel[colour]) * factor - offset),
            );
        }
        planes
    }

    /// What a level of a channel, from 0 to 255, is multiplied by, and what is subtracted then.
    pub(crate) fn normalisation(&self, channel: usize) -> [f32; 2] {
        let deviation = self.standard_deviation[channel];
        [1.0 / (255.0 * deviation), self.mean[channel] / deviation]
    }

    /// What a side becomes where the short one is `short`, and what is cut off before the crop, in pixels.
    pub(super) fn resized(&self, side: u32, short: u32) -> (u64, u64) {
        let crop = u64::from(self.crop);
        let resized = (u64::from(self.resize) * u64::from(side) / u64::from(short)).max(crop);
        (resized, (resized - crop) / 2)
    }

    /// Hands the rows of the resized image's centre to `take`, with nothing transparent in them.
    fn resize_centre(&self, image: &Image, take: impl FnMut(&[[u8; 4]])) {
        let short = image.width().min(image.height());
        let weights = |side: u32| {
            let (resized, margin) = self.resized(side, short);
            Weights::new(side, resized, margin, self.crop)
        };
        let (across, down) = (weights(image.width()), weights(image.height()));

        let (pixels, _) = image.rgba().as_chunks::<4>();
        let mut rows = Vec::with_capacity(down.span().len() * across.len());
        let mut on_white = Vec::new();
        for row in pixels
            .chunks_exact(image.width() as usize)
            .take(down.span().end)
            .skip(down.span().start)
        {
            let needed = &row[across.span()];
            if is_opaque(needed) {
                across.resize_row(row, &mut rows);
            } else {
                on_white.resize(row.len(), [255; 4]);
                for (pixel, result) in needed.iter().zip(&mut on_white[across.span()]) {
                    *result = laid_on_white(*pixel);
                }
                across.resize_row(&on_white, &mut rows);
            }
        }
        down.resize_columns(&rows, across.len(), take);
    }
}

fn is_opaque(pixels: &[[u8; 4]]) -> bool {
    // Without an early return, which would keep it from being vectorised.
    pixels.iter().fold(255, |all, pixel| all & pixel[3]) == 255
}

fn laid_on_white([red, green, blue, alpha]: [u8; 4]) -> [u8; 4] {
    let blend = |level: u8| {
        let (level, alpha) = (u32::from(level), u32::from(alpha));
        ((level * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    [blend(red), blend(green), blend(blue), 255]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::preprocessing::test_card;

    const AREA: usize = 224 * 224;

    fn planes(width: u32, height: u32, rgba: Vec<u8>) -> Vec<f32> {
        let image = Image::from_rgba(width, height, rgba).unwrap();
        Preprocessing::efficientnet_lite().planes(&image)
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
    fn googlenet_takes_levels_less_their_means_blue_first() {
        let image = Image::from_rgba(10, 10, [255, 127, 1, 255].repeat(100)).unwrap();
        let planes = Preprocessing::googlenet().planes(&image);
        for (channel, expected) in [1.0 - 104.0, 127.0 - 117.0, 255.0 - 123.0].into_iter().enumerate() {
            assert!((planes[channel * AREA + 1234] - expected).abs() < 1e-4);
        }
    }

    #[test]
    fn a_file_that_does_not_name_the_order_means_red_first_and_is_written_the_same() {
        let old = r#"{"resize":256,"crop":224,"mean":[0.498,0.498,0.498],"standard_deviation":[0.502,0.502,0.502]}"#;
        let read: Preprocessing = serde_json::from_str(old).unwrap();
        assert_eq!(read, Preprocessing::efficientnet_lite());
        assert_eq!(serde_json::to_string(&read).unwrap(), old);
    }

    #[test]
    fn the_order_of_channels_survives_writing_and_an_unknown_one_is_refused() {
        let written = serde_json::to_string(&Preprocessing::googlenet()).unwrap();
        assert!(written.contains(r#""channels":"bgr""#), "{written}");
        assert_eq!(
            serde_json::from_str::<Preprocessing>(&written).unwrap(),
            Preprocessing::googlenet()
        );
        assert!(serde_json::from_str::<Preprocessing>(&written.replace("bgr", "grb")).is_err());
    }

    #[test]
    fn an_image_of_the_resized_size_is_only_cropped() {
        let image = test_card(256);
        let planes = Preprocessing::efficientnet_lite().planes(&image);
        for (row, column) in [(0, 0), (100, 37), (223, 223)] {
            let pixel = image.rgba()[((row + 16) * 256 + column + 16) * 4];
            let expected = (f32::from(pixel) / 255.0 - 0.498) / 0.502;
            assert!((planes[row * 224 + column] - expected).abs() < 1e-6);
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
        fn an_almost_opaque_pixel_changes_next_to_nothing(size in 230_u32..300) {
            // The same image, its first row once as it is and once laid on white.
            let opaque = test_card(size);
            let mut rgba = opaque.rgba().to_vec();
            rgba[3] = 254;
            let preprocessing = Preprocessing::efficientnet_lite();
            let other = Image::from_rgba(size, size, rgba).unwrap();
            let (left, right) = (preprocessing.planes(&opaque), preprocessing.planes(&other));
            prop_assert!(left.iter().zip(&right).all(|(left, right)| (left - right).abs() < 0.02));
        }
    }
}
