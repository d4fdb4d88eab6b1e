//! Colours of a picture with an ICC profile, a phone's Display P3 above all, converted to sRGB as Chromium converts them.
//!
//! Profiles of curves and primaries are known; a profile of tables alone, as printers and scanners have them, is passed over.

use moxcms::{ColorProfile, DataColorSpace, Matrix3d, ToneReprCurve};

const LEVELS: usize = 256;

/// A profile that says something else than sRGB.
pub struct Profile {
    /// Light of each level, by channel.
    light: [Vec<f32>; 3],
    /// From the profile's primaries to those of sRGB.
    primaries: [[f32; 3]; 3],
    srgb: Levels,
}

/// Which channels a picture has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    Grey,
    Colour,
}

impl Profile {
    /// Nothing where a picture of these channels is shown without a change: the profile is damaged or says sRGB in other words.
    pub fn read(encoded: &[u8], channels: Channels) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(encoded).ok()?;
        let (curves, primaries) = match (profile.color_space, channels) {
            (DataColorSpace::Rgb, _) => {
                let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
                (
                    curves,
                    FROM_SRGB.inverse().mat_mul(primaries_of(profile.colorant_matrix())).v,
                )
            }
            (DataColorSpace::Gray, Channels::Grey) => ([&profile.gray_trc; 3], IDENTITY),
            _ => return None,
        };
        let [red, green, blue] = curves.map(|curve| light(curve.as_ref()?));
        let profile = Self {
            light: [red?, green?, blue?],
            primaries: primaries.map(|row| row.map(|weight| weight as f32)),
            srgb: Levels::of_srgb(),
        };
        (!profile.is_nearly_srgb()).then_some(profile)
    }

    /// Converts RGBA pixels; alpha stays.
    pub fn convert(&self, rgba: &mut [u8]) {
        for pixel in rgba.chunks_exact_mut(4) {
            let light = self.srgb_light([pixel[0], pixel[1], pixel[2]]);
            pixel[..3].copy_from_slice(&light.map(|channel| self.srgb.nearest(channel)));
        }
    }

    /// The light of sRGB's primaries; outside of 0 to 1 where sRGB does not reach.
    fn srgb_light(&self, rgb: [u8; 3]) -> [f32; 3] {
        let [red, green, blue] = [0, 1, 2].map(|channel| self.light[channel][usize::from(rgb[channel])]);
        self.primaries
            .map(|[of_red, of_green, of_blue]| of_red * red + of_green * green + of_blue * blue)
    }

    /// Browsers convert nothing where no colour's light would change by more than a 255th.
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
const FROM_SRGB: Matrix3d = Matrix3d {
    v: [
        [0.436_065_674, 0.385_147_095, 0.143_066_406],
        [0.222_488_403, 0.716_873_169, 0.060_607_910],
        [0.013_916_016, 0.097_076_416, 0.714_096_069],
    ],
};

const FROM_DISPLAY_P3: Matrix3d = Matrix3d {
    v: [
        [0.515_102, 0.291_965, 0.157_153],
        [0.241_182, 0.692_236, 0.066_581_9],
        [-0.001_049_41, 0.041_881_8, 0.784_378],
    ],
};

/// Primaries next to those of Display P3 are taken for them.
fn primaries_of(primaries: Matrix3d) -> Matrix3d {
    let pairs = primaries.v.as_flattened().iter().zip(FROM_DISPLAY_P3.v.as_flattened());
    let are_near = pairs
        .into_iter()
        .all(|(found, expected)| (found - expected).abs() < 1e-3);
    if are_near { FROM_DISPLAY_P3 } else { primaries }
}

const IDENTITY: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

fn light(curve: &ToneReprCurve) -> Option<Vec<f32>> {
    let of = |value: f32| match curve {
        ToneReprCurve::Lut(table) => match table.as_slice() {
            [] => Some(value),
            [gamma] => Some(power(value, exponent(f32::from(*gamma) / 256.0))),
            table => Some(interpolated(table, value)),
        },
        ToneReprCurve::Parametric(parameters) => parametric(parameters, value),
    };
    let values = (0..=u8::MAX).map(|level| f32::from(level) / 255.0);
    let light: Option<Vec<f32>> = values
        .clone()
        .map(|value| of(value).filter(|light| light.is_finite()))
        .collect();
    let is_srgb = |light: &Vec<f32>| {
        light
            .iter()
            .zip(values.clone())
            .all(|(light, value)| (light - srgb_light(value)).abs() < 1e-3)
    };
    light.map(|light| {
        if is_srgb(&light) {
            values.clone().map(srgb_light).collect()
        } else {
            light
        }
    })
}

/// Adobe RGB has 2 + 51/256, the nearest to 2.2 that fits into its field; browsers take it for 2.2.
fn exponent(written: f32) -> f32 {
    if (written - 2.2).abs() < 1e-3 { 2.2 } else { written }
}

fn interpolated(table: &[u16], value: f32) -> f32 {
    let place = value * (table.len() - 1) as f32;
    let below = (place as usize).min(table.len() - 2);
    let part = place - below as f32;
    let [below, above] = [table[below], table[below + 1]].map(f32::from);
    (below + (above - below) * part) / f32::from(u16::MAX)
}

/// The five kinds of ICC.1, 10.18.
fn parametric(parameters: &[f32], value: f32) -> Option<f32> {
    let [g, a, b, c, d, e, f] = match parameters {
        [g] => [*g, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [g, a, b] => [*g, *a, *b, 0.0, -b / a, 0.0, 0.0],
        [g, a, b, c] => [*g, *a, *b, 0.0, -b / a, *c, *c],
        [g, a, b, c, d] => [*g, *a, *b, *c, *d, 0.0, 0.0],
        [g, a, b, c, d, e, f] => [*g, *a, *b, *c, *d, *e, *f],
        _ => return None,
    };
    Some(if value < d {
        c * value + f
    } else {
        power(a * value + b, g) + e
    })
}

/// IEC 61966-2-1.
fn srgb_light(value: f32) -> f32 {
    if value < 0.04045 {
        value / 12.92
    } else {
        power(value / 1.055 + 0.055 / 1.055, 2.4)
    }
}

/// The other way round, with the constants of Skia.
fn srgb_value(light: f32) -> f32 {
    if light < 0.003_130_805 {
        light * 12.92
    } else {
        power(light * 1.137_283_3, 0.416_666_66) - 0.054_969_788
    }
}

/// A power as Skia computes it in Chromium, which is off by up to a twentieth of a level: so are then the same pixels.
fn power(base: f32, exponent: f32) -> f32 {
    if base <= 0.0 || base == 1.0 {
        return base.max(0.0);
    }
    let bits = base.to_bits();
    let mantissa = f32::from_bits(bits & 0x007F_FFFF | 0x3F00_0000);
    let logarithm =
        bits as f32 / 8_388_608.0 - 124.225_52 - 1.498_030_3 * mantissa - 1.725_88 / (0.352_088_7 + mantissa);
    let scaled = logarithm * exponent;
    let part = scaled - scaled.floor();
    let result = 8_388_608.0 * (scaled + 121.274_06 - 1.490_129_1 * part + 27.728_024 / (4.842_525_5 - part));
    f32::from_bits(result as u32)
}

/// The least light from which on there is so much of value, or just about: it is halved often enough.
fn least_light_of(value: f32) -> f32 {
    let (mut below, mut above) = (0.0, 1.0);
    for _ in 0..30 {
        let middle = (below + above) / 2.0;
        if srgb_value(middle) < value {
            below = middle
        } else {
            above = middle
        }
    }
    above
}

/// From light to the nearest of 256 levels.
struct Levels {
    /// The light from which on the level after this one is nearer.
    next_from: [f32; LEVELS - 1],
    /// The level at the darkest end of each of so many parts of the light.
    first: Vec<u8>,
}

impl Levels {
    /// sRGB's steepest part has less than one level to each.
    const PARTS: u16 = 4096;

    fn of_srgb() -> Self {
        let mut levels = Self {
            next_from: std::array::from_fn(|level| least_light_of((level as f32 + 0.5) / 255.0)),
            first: Vec::with_capacity(usize::from(Self::PARTS) + 1),
        };
        let mut level = 0;
        for part in 0..=Self::PARTS {
            level = levels.climb(level, f32::from(part) / f32::from(Self::PARTS));
            levels.first.push(level);
        }
        levels
    }

    fn nearest(&self, light: f32) -> u8 {
        let light = light.clamp(0.0, 1.0);
        let part = (light * f32::from(Self::PARTS)) as usize;
        self.climb(self.first[part], light)
    }

    fn climb(&self, mut level: u8, light: f32) -> u8 {
        while level < u8::MAX && light >= self.next_from[usize::from(level)] {
            level += 1;
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    #[test]
    fn a_colour_of_display_p3_is_brighter_and_purer_in_srgb() {
        let profile = Profile::read(&encoded(&ColorProfile::new_display_p3()), Channels::Colour).unwrap();
        let mut pixels = [200, 100, 50, 77, 128, 128, 128, 255, 255, 0, 0, 0];
        profile.convert(&mut pixels);
        assert_eq!(pixels, [215, 93, 31, 77, 128, 128, 128, 255, 255, 0, 0, 0]);
    }

    #[test]
    fn srgb_is_not_converted() {
        assert!(Profile::read(&encoded(&ColorProfile::new_srgb()), Channels::Colour).is_none());
    }

    #[test]
    fn a_profile_for_grey_is_for_grey_pictures() {
        let grey = encoded(&ColorProfile::new_gray_with_gamma(1.8));
        assert!(Profile::read(&grey, Channels::Colour).is_none());
        let mut pixels = [5, 5, 5, 255, 130, 130, 130, 255];
        Profile::read(&grey, Channels::Grey).unwrap().convert(&mut pixels);
        assert_eq!(pixels, [3, 3, 3, 255, 148, 148, 148, 255]);
    }

    #[test]
    fn a_damaged_profile_is_passed_over() {
        let whole = encoded(&ColorProfile::new_display_p3());
        for length in [0, 3, 127, 128, 140, 200] {
            assert!(Profile::read(&whole[..length], Channels::Colour).is_none(), "{length}");
        }
    }

    #[test]
    fn every_level_is_its_own_nearest() {
        let levels = Levels::of_srgb();
        for level in 0..=u8::MAX {
            assert_eq!(levels.nearest(srgb_light(f32::from(level) / 255.0)), level);
        }
        assert_eq!((levels.nearest(-1.0), levels.nearest(2.0)), (0, 255));
    }
}
