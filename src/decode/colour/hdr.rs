//! Light brighter than white (ITU-R BT.2100), brought down to what a screen shows as Chromium does: by the reference white tone mapping operator of
//! SMPTE ST 2094-50.

use image::{Rgba, RgbaImage};
use moxcms::{Chromaticity, ColorPrimaries, Matrix3d};

use super::{
    SRGB_PRIMARIES,
    curve::{level_value, srgb_level},
    under_d50,
};

/// Light of white, and the brightest there is without more being said, in candelas per square metre.
const WHITE: f32 = 203.0;
const PEAK: f32 = 1000.0;
/// What becomes of white, so that there is room above it.
const WHITE_SHOWN: f32 = 0.5;
/// How far the middle of the bend lies towards the brightest.
const BEND: f32 = 0.65;
/// The parts of BT.2020's primaries in luminance.
const LUMINANCE: [f32; 3] = [0.2627, 0.678, 0.0593];

/// How levels stand for light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Perceptual quantisation: a level is so much light on the screen.
    Pq,
    /// Hybrid log-gamma: a level is so much light in the scene.
    Hlg,
}

/// A conversion to sRGB.
pub struct HighDynamicRange {
    transfer: Transfer,
    /// Light of each level: relative to white for PQ, to the brightest for HLG.
    light: Vec<f32>,
    to_bt2020: [[f32; 3]; 3],
    to_srgb: [[f32; 3]; 3],
}

impl HighDynamicRange {
    /// `primaries` are their light in XYZ under D50, one in each column.
    pub fn new(transfer: Transfer, primaries: Matrix3d) -> Self {
        let bt2020 = under_d50(Chromaticity::D65, ColorPrimaries::BT_2020);
        let narrow = |matrix: Matrix3d| matrix.v.map(|row| row.map(|weight| weight as f32));
        let light = |level: u8| {
            let value = level_value(level);
            match transfer {
                Transfer::Pq => pq(value),
                Transfer::Hlg => hlg(value),
            }
        };
        Self {
            transfer,
            light: (0..=u8::MAX).map(light).collect(),
            to_bt2020: narrow(bt2020.inverse().mat_mul(primaries)),
            to_srgb: narrow(SRGB_PRIMARIES.inverse().mat_mul(bt2020)),
        }
    }

    /// Converts pixels; alpha stays.
    pub fn convert(&self, pixels: &mut RgbaImage) {
        for pixel in pixels.pixels_mut() {
            let [red, green, blue, alpha] = pixel.0;
            let light = [red, green, blue].map(|level| self.light[usize::from(level)]);
            let light = self.on_screen(mixed(&self.to_bt2020, light));
            let brightest = light.into_iter().fold(0.0, f32::max);
            let gain = if brightest > 0.0 {
                shown(brightest) / brightest
            } else {
                0.0
            };
            let [red, green, blue] = mixed(&self.to_srgb, light.map(|channel| channel * gain)).map(srgb_level);
            *pixel = Rgba([red, green, blue, alpha]);
        }
    }

    /// Light of the screen relative to white.
    fn on_screen(&self, light: [f32; 3]) -> [f32; 3] {
        match self.transfer {
            Transfer::Pq => light,
            Transfer::Hlg => {
                let luminance: f32 = light.iter().zip(LUMINANCE).map(|(channel, part)| channel * part).sum();
                let gain = luminance.max(0.0).powf(0.2) * PEAK / WHITE;
                light.map(|channel| channel * gain)
            }
        }
    }
}

fn mixed(matrix: &[[f32; 3]; 3], [red, green, blue]: [f32; 3]) -> [f32; 3] {
    matrix.map(|[of_red, of_green, of_blue]| of_red * red + of_green * green + of_blue * blue)
}

/// What is shown of light relative to white: a straight line up to white, and from there on a curve that ends level at the brightest.
fn shown(light: f32) -> f32 {
    let peak = PEAK / WHITE;
    if light <= 1.0 {
        return WHITE_SHOWN * light;
    }
    if light >= peak {
        return 1.0;
    }
    // A quadratic Bézier curve from (1, WHITE_SHOWN) to (peak, 1).
    let (middle, middle_shown) = (1.0 - BEND + BEND / WHITE_SHOWN, (1.0 - BEND) * WHITE_SHOWN + BEND);
    let (square, straight) = (1.0 - 2.0 * middle + peak, 2.0 * (middle - 1.0));
    let part = ((straight * straight + 4.0 * square * (light - 1.0)).sqrt() - straight) / (2.0 * square);
    let rest = 1.0 - part;
    rest * rest * WHITE_SHOWN + 2.0 * rest * part * middle_shown + part * part
}

/// BT.2100, table 4.
fn pq(value: f32) -> f32 {
    let power = value.powf(32.0 / 2523.0);
    let light = (power - 0.835_937_5).max(0.0) / (18.851_563 - 18.687_5 * power);
    light.powf(8192.0 / 1305.0) * 10_000.0 / WHITE
}

/// BT.2100, table 5.
fn hlg(value: f32) -> f32 {
    const A: f32 = 0.178_832_77;
    const B: f32 = 0.284_668_92;
    const C: f32 = 0.559_910_7;
    if value <= 0.5 {
        value * value / 3.0
    } else {
        (((value - C) / A).exp() + B) / 12.0
    }
}
