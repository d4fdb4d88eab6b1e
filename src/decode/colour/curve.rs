//! Curves from levels to light, and sRGB's back, computed as Skia computes them.

use moxcms::ToneReprCurve;

/// How light grows with the level, both from 0 to 1.
#[derive(Clone)]
pub enum Curve {
    /// Of an ICC profile.
    Icc(ToneReprCurve),
    /// Straight between these points.
    Table(Vec<f32>),
    /// A power with this exponent.
    Power(f32),
    /// A power with a straight beginning: the parameters g, a, b, c and d of ICC.1, 10.18.
    Parametric([f32; 5]),
}

impl Curve {
    /// The light of each of 256 levels; nothing where the curve is none.
    pub fn light(&self) -> Option<Vec<f32>> {
        let light: Option<Vec<f32>> = levels()
            .map(|value| self.at(value).filter(|light| light.is_finite()))
            .collect();
        let light = light?;
        let is_srgb = light
            .iter()
            .zip(levels())
            .all(|(light, value)| (light - srgb_light(value)).abs() < 1e-3);
        Some(if is_srgb {
            levels().map(srgb_light).collect()
        } else {
            light
        })
    }

    /// The light at a level; nothing where the curve is none.
    pub fn at(&self, value: f32) -> Option<f32> {
        match self {
            Self::Table(table) => Some(interpolated(table, value)),
            Self::Power(written) => Some(power(value, exponent(*written))),
            Self::Parametric(parameters) => parametric(parameters, value),
            Self::Icc(ToneReprCurve::Parametric(parameters)) => parametric(parameters, value),
            Self::Icc(ToneReprCurve::Lut(table)) => Some(match table.as_slice() {
                [] => value,
                [gamma] => power(value, exponent(f32::from(*gamma) / 256.0)),
                table => interpolated(table, value) / f32::from(u16::MAX),
            }),
        }
    }
}

/// A level as a part of the brightest.
pub fn level_value(level: u8) -> f32 {
    f32::from(level) * (1.0 / 255.0)
}

fn levels() -> impl Iterator<Item = f32> {
    (0..=u8::MAX).map(level_value)
}

/// Adobe RGB has 2 + 51/256, the nearest to 2.2 that fits into its field, and PNG 1 / 0.45455; browsers take both for 2.2.
fn exponent(written: f32) -> f32 {
    if (written - 2.2).abs() < 1e-3 { 2.2 } else { written }
}

fn interpolated<T: Copy + Into<f32>>(table: &[T], value: f32) -> f32 {
    let place = value.clamp(0.0, 1.0) * (table.len() - 1) as f32;
    let below = place as usize;
    let above = (below + 1).min(table.len() - 1);
    let part = place - below as f32;
    let [below, above] = [table[below], table[above]].map(Into::into);
    below + (above - below) * part
}

/// The five kinds of ICC.1, 10.18; nothing for one that would turn back or take a root of less than nothing.
fn parametric(parameters: &[f32], value: f32) -> Option<f32> {
    let [g, a, b, c, d, e, f] = match parameters {
        [g] => [*g, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [g, a, b] => [*g, *a, *b, 0.0, -b / a, 0.0, 0.0],
        [g, a, b, c] => [*g, *a, *b, 0.0, -b / a, *c, *c],
        [g, a, b, c, d] => [*g, *a, *b, *c, *d, 0.0, 0.0],
        [g, a, b, c, d, e, f] => [*g, *a, *b, *c, *d, *e, *f],
        _ => return None,
    };
    if [g, a, c, d, a * d + b].iter().any(|value| *value < 0.0) {
        return None;
    }
    Some(if value < d {
        c * value + f
    } else {
        power(a * value + b, g) + e
    })
}

/// IEC 61966-2-1.
pub fn srgb_light(value: f32) -> f32 {
    if value < 0.04045 {
        value / 12.92
    } else {
        power(value / 1.055 + 0.055 / 1.055, 2.4)
    }
}

/// The level of sRGB nearest to a light; what is beyond 0 and 1 gets the first and the last.
pub fn srgb_level(light: f32) -> u8 {
    (srgb_value(light).clamp(0.0, 1.0) * 255.0).round_ties_even() as u8
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
    if base <= 0.0 || base == 1.0 || exponent == 1.0 {
        return base.max(0.0);
    }
    let bits = base.to_bits();
    let mantissa = f32::from_bits(bits & 0x007F_FFFF | 0x3F00_0000);
    let logarithm =
        bits as f32 / 8_388_608.0 - 124.225_52 - 1.498_030_3 * mantissa - 1.725_88 / (0.352_088_72 + mantissa);
    let scaled = logarithm * exponent;
    let part = scaled - scaled.floor();
    let result = 8_388_608.0 * (scaled + 121.274_055 - 1.490_129_1 * part + 27.728_024 / (4.842_525_5 - part));
    f32::from_bits(result as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_is_its_own_nearest() {
        for level in 0..=u8::MAX {
            assert_eq!(srgb_level(srgb_light(level_value(level))), level);
        }
        assert_eq!([-1.0, 2.0].map(srgb_level), [0, 255]);
    }
}
