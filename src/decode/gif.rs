//! GIF: the first frame on its canvas.

use std::num::NonZeroU64;

use emofuse_core::{error::Result, image::check_size};
use gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};

use super::{Decoded, MAX_MEMORY, damaged, on_canvas, pixels_of};

pub fn decode(encoded: &[u8]) -> Result<Decoded> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    if let Some(limit) = NonZeroU64::new(MAX_MEMORY) {
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
    check_size(width, height)?;
    check_size(canvas_width, canvas_height)?;
    let mut rgba = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut rgba).map_err(damaged)?;
    let frame = pixels_of(width, height, rgba)?;
    Ok(Decoded::plain(on_canvas(canvas_width, canvas_height, frame, left, top)))
}
