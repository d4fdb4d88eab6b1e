//! GIF: the first frame on its canvas.

use std::num::NonZeroU64;

use emofuse_core::{budget::MAX_DECODING_BYTES, error::Result};
use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, MemoryLimit};

use super::{Decoded, Needs, checked, damaged, on_canvas, pixels_of};

/// Where the first frame stands on its canvas.
struct Place {
    canvas: Needs,
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

pub fn needs(encoded: &[u8]) -> Result<Needs> {
    Ok(begin(encoded)?.1.canvas)
}

fn begin(encoded: &[u8]) -> Result<(Decoder<&[u8]>, Place)> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    if let Some(limit) = NonZeroU64::new(MAX_DECODING_BYTES) {
        options.set_memory_limit(MemoryLimit::Bytes(limit));
    }
    let mut decoder = options.read_info(encoded).map_err(damaged)?;
    let canvas = [decoder.width(), decoder.height()];
    let frame = decoder.next_frame_info().map_err(damaged)?;
    let frame = frame.ok_or_else(|| damaged(DecodingError::UnexpectedEof))?;
    let (left, top) = (u32::from(frame.left), u32::from(frame.top));
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    // The canvas is made large enough for the first frame.
    let canvas_width = u32::from(canvas[0]).max(left + width);
    let canvas_height = u32::from(canvas[1]).max(top + height);
    // The colours' numbers, beside the colours.
    let indices = u64::from(width) * u64::from(height);
    checked(width, height, indices)?;
    let place = Place {
        canvas: checked(canvas_width, canvas_height, indices)?,
        left,
        top,
        width,
        height,
    };
    Ok((decoder, place))
}

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let (mut decoder, place) = begin(encoded)?;
    let mut rgba = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut rgba).map_err(damaged)?;
    drop(decoder);
    let frame = pixels_of(place.width, place.height, rgba)?;
    let Needs { width, height, .. } = place.canvas;
    Ok(Decoded::plain(on_canvas(width, height, frame, place.left, place.top)))
}
