//! From light to the nearest of sRGB's 256 levels.

use super::curve::srgb_value;

const LEVELS: usize = 256;

/// Where one level ends and the next begins.
pub struct Levels {
    /// The light from which on the level after this one is nearer.
    next_from: [f32; LEVELS - 1],
    /// The level at the darkest end of each of so many parts of the light.
    first: Vec<u8>,
}

impl Levels {
    /// sRGB's steepest part has less than one level to each.
    const PARTS: u16 = 4096;

    /// The levels of sRGB.
    pub fn of_srgb() -> Self {
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

    /// The level nearest to this light; what is beyond 0 and 1 gets the first and the last.
    pub fn nearest(&self, light: f32) -> u8 {
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

#[cfg(test)]
mod tests {
    use super::{super::curve::srgb_light, *};

    #[test]
    fn every_level_is_its_own_nearest() {
        let levels = Levels::of_srgb();
        for level in 0..=u8::MAX {
            assert_eq!(levels.nearest(srgb_light(f32::from(level) / 255.0)), level);
        }
        assert_eq!((levels.nearest(-1.0), levels.nearest(2.0)), (0, 255));
        assert_eq!(levels.nearest(f32::NAN), 0);
    }
}
