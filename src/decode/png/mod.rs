//! PNG: of an animation the first frame, on its canvas; a still image beside the animation is for programs that know none.

mod colour;

use std::io::Cursor;

use emofuse_core::{
    error::{Error, Result},
    image::check_size,
};
use image::metadata::Orientation;
use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Transformations};

use super::{Decoded, MAX_MEMORY, damaged, on_canvas, pixels_of, unreadable};

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let limits = Limits {
        bytes: usize::try_from(MAX_MEMORY).unwrap_or(usize::MAX),
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(encoded), limits);
    // Browsers take the upper 8 of 16 bits.
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA);
    decoder.set_ignore_text_chunk(true);
    let header = decoder.read_header_info().map_err(fault)?;
    let (width, height) = header.size();
    check_size(width, height)?;

    let mut reader = decoder.read_info().map_err(fault)?;
    let info = reader.info();
    let conversion = colour::conversion(info);
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
    let mut buffer = vec![0; size];
    let frame = reader.next_frame(&mut buffer).map_err(fault)?;
    buffer.truncate(frame.buffer_size());
    let (left, top) = reader
        .info()
        .frame_control
        .map_or((0, 0), |control| (control.x_offset, control.y_offset));
    let rgba = match (frame.color_type, frame.bit_depth) {
        (ColorType::Rgba, BitDepth::Eight) => buffer,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => {
            let (pixels, _) = buffer.as_chunks::<2>();
            pixels
                .iter()
                .flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha])
                .collect()
        }
        (colour, depth) => return Err(damaged(format!("pixels of {colour:?} in {depth:?} bits"))),
    };
    let frame = pixels_of(frame.width, frame.height, rgba)?;
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
