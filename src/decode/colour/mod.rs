//! Colours converted to sRGB as Chromium converts them.

pub mod code_points;
mod curve;
mod hdr;
mod shaper;
mod tables;

use emofuse_core::budget::MAX_PROFILE_BYTES;
use image::RgbaImage;
use moxcms::{Chromaticity, ColorPrimaries, ColorProfile, DataColorSpace, Matrix3d, adapt_to_d50_d};

use self::{code_points::Space, hdr::HighDynamicRange, tables::Tables};
pub use self::{
    curve::Curve,
    shaper::{SRGB_PRIMARIES, Shaper, as_written, well_known},
};

/// The channels of a file's pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// One of light.
    Grey,
    /// Red, green and blue.
    Colour,
    /// Cyan, magenta, yellow and black.
    Inks,
}

/// The light of a grey profile: that of white under D50, which Skia spreads over the three axes.
const GREY: Matrix3d = Matrix3d {
    v: [[0.964_202_88, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.824_905_4]],
};

/// The light of primaries in XYZ under D50, one in each column.
pub fn under_d50(white: Chromaticity, primaries: ColorPrimaries) -> Matrix3d {
    adapt_to_d50_d(primaries.transform_to_xyz_d(white), white.to_xyyb())
}

/// A conversion to sRGB that changes something.
pub enum Conversion {
    /// By curves and primaries.
    Shaper(Shaper),
    /// By tables of colours, as printers and scanners have them.
    Tables(Box<Tables>),
    /// By what a screen shows of light brighter than white.
    Hdr(HighDynamicRange),
}

impl Conversion {
    /// The conversion that an ICC profile describes; nothing where pixels of these channels are shown without a change: the profile is damaged,
    /// is for other channels, or is sRGB by another name.
    ///
    /// `primaries` looks at the profile's: [`as_written`] or [`well_known`].
    pub fn from_icc(encoded: &[u8], channels: Channels, primaries: fn(Matrix3d) -> Matrix3d) -> Option<Self> {
        Self::of_profile(&Self::parse(encoded)?, channels, primaries)
    }

    /// An ICC profile; nothing where it is damaged or larger than is allowed.
    pub fn parse(encoded: &[u8]) -> Option<ColorProfile> {
        if encoded.len() > MAX_PROFILE_BYTES {
            return None;
        }
        ColorProfile::new_from_slice(&with_needed_tags(encoded)?).ok()
    }

    /// The same as [`Self::from_icc`] for a profile that is parsed.
    pub fn of_profile(profile: &ColorProfile, channels: Channels, primaries: fn(Matrix3d) -> Matrix3d) -> Option<Self> {
        if profile.color_space == DataColorSpace::Rgb
            && channels != Channels::Inks
            && let Some(space) = Self::by_code_points(profile, primaries)
        {
            return space.conversion();
        }
        let has_tables = profile.lut_a_to_b_perceptual.is_some() || profile.lut_a_to_b_colorimetric.is_some();
        match (profile.color_space, channels) {
            (DataColorSpace::Rgb, Channels::Colour | Channels::Grey) | (DataColorSpace::Cmyk, Channels::Inks)
                if has_tables =>
            {
                Tables::new(profile).map(|tables| Self::Tables(Box::new(tables)))
            }
            (DataColorSpace::Rgb, Channels::Colour | Channels::Grey) => {
                let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
                let [red, green, blue] = curves.map(|curve| curve.clone().map(Curve::Icc));
                Shaper::of_curves([&red?, &green?, &blue?], primaries(profile.colorant_matrix()))?
                    .unless_srgb()
                    .map(Self::Shaper)
            }
            (DataColorSpace::Gray, Channels::Grey) => {
                let curve = Curve::Icc(profile.gray_trc.clone()?);
                Shaper::new(&curve, GREY)?.unless_srgb().map(Self::Shaper)
            }
            _ => None,
        }
    }

    /// The tag `cicp` comes before all others; where it names no primaries, those of the profile hold.
    fn by_code_points(profile: &ColorProfile, primaries: fn(Matrix3d) -> Matrix3d) -> Option<Space> {
        let codes = profile.cicp.as_ref().filter(|codes| codes.full_range)?;
        let named = code_points::primaries(codes.color_primaries as u8);
        let light = named.unwrap_or_else(|| profile.colorant_matrix());
        Space::of(primaries(light), codes.transfer_characteristics as u8)
    }

    /// Converts pixels; alpha stays. Inks come as the colours that they would have if they were pure.
    pub fn convert(&self, pixels: &mut RgbaImage) {
        match self {
            Self::Shaper(shaper) => shaper.convert(pixels),
            Self::Tables(tables) => tables.convert(pixels),
            Self::Hdr(range) => range.convert(pixels),
        }
    }
}

/// The tags that say how colours look.
const NEEDED: [&[u8; 4]; 11] = [
    b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"wtpt", b"cicp", b"A2B0", b"A2B1",
];

/// A profile with each of these tags once: texts, and tables for other directions, are not unpacked. Nothing where the tags together are
/// three times as long as the profile: three channels may share a curve, but not all tags everything.
fn with_needed_tags(encoded: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 128;
    const TAG: usize = 12;
    let (tags, _) = encoded.get(HEADER + 4..)?.as_chunks::<TAG>();
    let count = u32::from_be_bytes(*encoded.get(HEADER..)?.first_chunk()?) as usize;
    let named = |name: &&[u8; 4]| tags.iter().take(count).find(|tag| tag.starts_with(*name));
    let needed: Vec<&[u8; TAG]> = NEEDED.iter().filter_map(named).collect();
    let size = |[.., a, b, c, d]: &&[u8; TAG]| u64::from(u32::from_be_bytes([*a, *b, *c, *d]));
    if needed.iter().map(size).sum::<u64>() > 3 * encoded.len() as u64 {
        return None;
    }
    let mut profile = encoded.to_vec();
    profile[HEADER..HEADER + 4].copy_from_slice(&(needed.len() as u32).to_be_bytes());
    let table: Vec<u8> = needed.into_iter().flatten().copied().collect();
    profile[HEADER + 4..][..table.len()].copy_from_slice(&table);
    Some(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    fn converted(profile: &ColorProfile, channels: Channels, pixels: &[[u8; 4]]) -> Vec<u8> {
        let conversion = Conversion::from_icc(&encoded(profile), channels, as_written).unwrap();
        let width = u32::try_from(pixels.len()).unwrap();
        let mut pixels = RgbaImage::from_raw(width, 1, pixels.as_flattened().to_vec()).unwrap();
        conversion.convert(&mut pixels);
        pixels.into_raw()
    }

    #[test]
    fn a_colour_of_display_p3_is_brighter_and_purer_in_srgb() {
        let pixels = [[200, 100, 50, 77], [128, 128, 128, 255], [255, 0, 0, 0]];
        let mut display_p3 = ColorProfile::new_display_p3();
        display_p3.cicp = None; // which names another white
        assert_eq!(
            converted(&display_p3, Channels::Colour, &pixels),
            [215, 93, 31, 77, 128, 128, 128, 255, 255, 0, 0, 0]
        );
    }

    #[test]
    fn srgb_is_not_converted() {
        assert!(Conversion::from_icc(&encoded(&ColorProfile::new_srgb()), Channels::Colour, as_written).is_none());
    }

    #[test]
    fn a_profile_for_grey_is_for_grey_images() {
        let grey = ColorProfile::new_gray_with_gamma(1.8);
        assert!(Conversion::from_icc(&encoded(&grey), Channels::Colour, as_written).is_none());
        assert_eq!(
            converted(&grey, Channels::Grey, &[[5, 5, 5, 255], [130, 130, 130, 255]]),
            [3, 3, 3, 255, 148, 148, 148, 255]
        );
    }

    #[test]
    fn a_damaged_profile_is_passed_over() {
        let whole = encoded(&ColorProfile::new_display_p3());
        for length in [0, 3, 127, 128, 140, 200] {
            assert!(
                Conversion::from_icc(&whole[..length], Channels::Colour, as_written).is_none(),
                "{length}"
            );
        }
    }
}
