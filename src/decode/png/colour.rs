//! What the chunks of a PNG file say of its colours. The first of these that can be used decides: `cICP`, `iCCP`, `sRGB`, `gAMA` with `cHRM`.

use moxcms::{Chromaticity, ColorPrimaries, Matrix3d};
use png::{ColorType, Info, SourceChromaticities};

use super::super::colour::{
    Channels, Conversion, Curve, SRGB_PRIMARIES, Shaper,
    code_points::{self, Space},
    under_d50, well_known,
};

pub fn conversion(info: &Info<'_>, profile: Option<&[u8]>) -> Option<Conversion> {
    let channels = match info.color_type {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => Channels::Grey,
        _ => Channels::Colour,
    };
    if let Some(codes) = &info.coding_independent_code_points
        && codes.is_video_full_range_image
        && let Some(primaries) = code_points::primaries(codes.color_primaries)
        && let Some(space) = Space::of(well_known(primaries), codes.transfer_function)
    {
        return space.conversion();
    }
    if let Some(profile) = profile.and_then(Conversion::parse) {
        return Conversion::of_profile(&profile, channels, well_known);
    }
    if info.srgb.is_some() {
        return None;
    }
    let gamma = info.gama_chunk?.into_scaled();
    let primaries = match &info.chrm_chunk {
        Some(chromaticities) => primaries(chromaticities)?,
        None if is_near_srgb(gamma) => return None,
        None => SRGB_PRIMARIES,
    };
    if gamma == 0 {
        return None;
    }
    let curve = Curve::Power(100_000.0 / gamma as f32);
    Shaper::new(&curve, well_known(primaries))?
        .unless_srgb()
        .map(Conversion::Shaper)
}

/// libpng's threshold, to which browsers hold on: a twentieth more or less than 1/2.2.
fn is_near_srgb(gamma: u32) -> bool {
    (f64::from(gamma) * 2.2 / 100_000.0 - 1.0).abs() <= 0.05
}

/// Light of the primaries to XYZ under D50; nothing where a coordinate is out of range or the primaries lie on one line.
fn primaries(found: &SourceChromaticities) -> Option<Matrix3d> {
    let point = |(x, y): (png::ScaledFloat, png::ScaledFloat)| {
        let point = Chromaticity {
            x: x.into_value(),
            y: y.into_value(),
        };
        ((0.0..=1.0).contains(&point.x) && (0.0..=1.0).contains(&point.y)).then_some(point)
    };
    let white = point(found.white)?;
    if white.y == 0.0 {
        return Some(Matrix3d { v: [[0.0; 3]; 3] }); // Chromium shows black then
    }
    let primaries = ColorPrimaries {
        red: point(found.red)?,
        green: point(found.green)?,
        blue: point(found.blue)?,
    };
    let light = under_d50(white, primaries);
    let is_solid = light.determinant().is_some_and(|volume| volume.abs() > 1e-9);
    is_solid.then_some(light)
}
