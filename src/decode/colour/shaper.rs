//! Curves and primaries, which most profiles consist of: a phone's Display P3 above all.

use image::RgbaImage;
use moxcms::Matrix3d;

use super::curve::{Curve, srgb_level, srgb_light};

/// A conversion to sRGB.
pub struct Shaper {
    /// Light of each level, by channel.
    light: [Vec<f32>; 3],
    /// From the file's primaries to those of sRGB.
    primaries: [[f32; 3]; 3],
}

impl Shaper {
    /// The same curve for all channels; nothing where it is none.
    ///
    /// `primaries` are their light in XYZ under D50, one in each column.
    pub fn new(curve: &Curve, primaries: Matrix3d) -> Option<Self> {
        Self::of_curves([curve; 3], primaries)
    }

    /// A curve for each channel.
    pub fn of_curves(curves: [&Curve; 3], primaries: Matrix3d) -> Option<Self> {
        let [red, green, blue] = curves.map(Curve::light);
        let primaries = if primaries.v == SRGB_PRIMARIES.v {
            IDENTITY
        } else {
            SRGB_PRIMARIES.inverse().mat_mul(primaries).v
        };
        Some(Self {
            light: [red?, green?, blue?],
            primaries: primaries.map(|row| row.map(|weight| weight as f32)),
        })
    }

    /// Nothing where pixels are to be shown as they are: browsers convert nothing if no colour's light would change by more than a 255th.
    pub fn unless_srgb(self) -> Option<Self> {
        (!self.is_nearly_srgb()).then_some(self)
    }

    /// Converts pixels; alpha stays.
    pub fn convert(&self, pixels: &mut RgbaImage) {
        for pixel in pixels.pixels_mut() {
            let [red, green, blue, _] = pixel.0;
            let [red, green, blue] = self.srgb_light([red, green, blue]).map(srgb_level);
            *pixel = image::Rgba([red, green, blue, pixel.0[3]]);
        }
    }

    /// The light of sRGB's primaries; outside of 0 to 1 where sRGB does not reach.
    fn srgb_light(&self, rgb: [u8; 3]) -> [f32; 3] {
        let [red, green, blue] = [0, 1, 2].map(|channel| self.light[channel][usize::from(rgb[channel])]);
        self.primaries
            .map(|[of_red, of_green, of_blue]| of_red * red + of_green * green + of_blue * blue)
    }

    fn is_nearly_srgb(&self) -> bool {
        const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
        let colours = STEPS.into_iter().flat_map(|red| {
            STEPS
                .into_iter()
                .flat_map(move |green| STEPS.map(|blue| [red, green, blue]))
        });
        let level = |light: f32| (light * 255.0).round();
        colours.into_iter().all(|colour| {
            let found = self.srgb_light(colour);
            (0..3).all(|channel| {
                let expected = srgb_light(f32::from(colour[channel]) / 255.0);
                (level(found[channel]) - level(expected)).abs() <= 1.0
            })
        })
    }
}

/// Light of sRGB's primaries to XYZ, as the profile of HP and Microsoft has it, and browsers have it from there.
pub const SRGB_PRIMARIES: Matrix3d = Matrix3d {
    v: [
        [0.436_065_674, 0.385_147_095, 0.143_066_406],
        [0.222_488_403, 0.716_873_169, 0.060_607_910],
        [0.013_916_016, 0.097_076_416, 0.714_096_069],
    ],
};

const DISPLAY_P3: Matrix3d = Matrix3d {
    v: [
        [0.515_102, 0.291_965, 0.157_153],
        [0.241_182, 0.692_236, 0.066_581_9],
        [-0.001_049_41, 0.041_881_8, 0.784_378],
    ],
};

const IDENTITY: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// Primaries as Chromium takes them in JPEG.
pub fn as_written(primaries: Matrix3d) -> Matrix3d {
    primaries
}

/// Primaries as Chromium takes them in all other formats: those next to well-known ones are these.
pub fn well_known(primaries: Matrix3d) -> Matrix3d {
    let is_near = |known: &Matrix3d| {
        let pairs = primaries.v.as_flattened().iter().zip(known.v.as_flattened());
        pairs.into_iter().all(|(found, known)| (found - known).abs() < 1e-3)
    };
    [SRGB_PRIMARIES, DISPLAY_P3]
        .into_iter()
        .find(is_near)
        .unwrap_or(primaries)
}
