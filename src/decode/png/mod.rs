//! PNG: of an animation the first frame, on its canvas; a still image beside the animation is for programs that know none.

mod colour;

use std::io::Cursor;

use emofuse_core::{
    budget::{MAX_DECODING_BYTES, MAX_PROFILE_BYTES},
    error::{Error, Result},
};
use image::metadata::Orientation;
use png::{BitDepth, ColorType, Decoder, DecodingError, Info, Limits, Transformations};

use super::{CHANNELS, Decoded, Needs, checked, damaged, on_canvas, pixels_of, spread, unreadable};

/// Rows that are unpacked at once: one, the one before, and one of which the filter is undone.
const ROWS: u64 = 3;

pub fn needs(encoded: &[u8]) -> Result<Needs> {
    let mut decoder = Decoder::new(Cursor::new(encoded));
    needs_of(decoder.read_header_info().map_err(fault)?)
}

fn needs_of(header: &Info<'_>) -> Result<Needs> {
    let row = u64::from(header.width) * header.bits_per_pixel() as u64 / 8;
    checked(header.width, header.height, ROWS * row)
}

/// The profile, unpacked no further than is allowed; one that is larger is passed over, as browsers do.
fn profile(encoded: &[u8]) -> Option<Vec<u8>> {
    // Other chunks count too, but none of them is larger than the file.
    let limits = Limits {
        bytes: MAX_PROFILE_BYTES.saturating_add(2 * encoded.len()),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(encoded), limits);
    decoder.set_ignore_text_chunk(true);
    let reader = decoder.read_info().ok()?;
    let profile = reader.info().icc_profile.as_ref()?;
    (profile.len() <= MAX_PROFILE_BYTES).then(|| profile.to_vec())
}

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let limits = Limits {
        bytes: usize::try_from(MAX_DECODING_BYTES).unwrap_or(usize::MAX),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(encoded), limits);
    // Browsers take the upper 8 of 16 bits.
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let Needs { width, height, .. } = needs_of(decoder.read_header_info().map_err(fault)?)?;

    let mut reader = decoder.read_info().map_err(fault)?;
    let info = reader.info();
    let conversion = colour::conversion(info, profile(encoded).as_deref());
    let orientation = info
        .exif_metadata
        .as_ref()
        .and_then(|exif| Orientation::from_exif_chunk(exif));
    if info.animation_control.is_some() && info.frame_control.is_none() {
        reader.next_frame_info().map_err(fault)?;
    }
    let size = reader
        .output_buffer_size()
        .ok_or(DecodingError::LimitsExceeded)
        .map_err(fault)?;
    let mut buffer = vec![0; width as usize * height as usize * CHANNELS];
    let stored = buffer
        .get_mut(..size)
        .ok_or(DecodingError::LimitsExceeded)
        .map_err(fault)?;
    let frame = reader.next_frame(stored).map_err(fault)?;
    let (left, top) = reader
        .info()
        .frame_control
        .map_or((0, 0), |control| (control.x_offset, control.y_offset));
    let channels = match (frame.color_type, frame.bit_depth) {
        (ColorType::Rgba, BitDepth::Eight) => CHANNELS,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => 2,
        (colour, depth) => return Err(damaged(format!("pixels of {colour:?} in {depth:?} bits"))),
    };
    buffer.truncate(frame.width as usize * frame.height as usize * CHANNELS);
    spread(&mut buffer, channels);
    let frame = pixels_of(frame.width, frame.height, buffer)?;
    Ok(Decoded {
        pixels: on_canvas(width, height, frame, left, top),
        conversion,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
    })
}

fn fault(source: DecodingError) -> Error {
    match source {
        DecodingError::LimitsExceeded => unreadable("it needs too much memory", source),
        _ => damaged(source),
    }
}
