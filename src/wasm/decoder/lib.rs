//! The decoder of images for hosts that have none, such as Node.js.

use js_sys::Uint8ClampedArray;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// A decoded image; `free()` lets its pixels go.
#[wasm_bindgen]
pub struct DecodedImage {
    /// Rows of RGBA pixels, alpha not premultiplied.
    #[wasm_bindgen(getter_with_clone, readonly)]
    pub data: Uint8ClampedArray,
    /// Pixels in a row.
    #[wasm_bindgen(readonly)]
    pub width: u32,
    /// Rows.
    #[wasm_bindgen(readonly)]
    pub height: u32,
}

/// Decodes a JPEG, PNG, WebP, GIF (its first frame) or BMP file and turns it upright as its EXIF orientation says.
///
/// # Errors
/// An `Error` named `UnsupportedImageError` or `ImageTooLargeError`, as `emofuse_decode::decode` has them.
#[wasm_bindgen]
pub fn decode(bytes: &[u8]) -> Result<DecodedImage, JsValue> {
    let image = emofuse_decode::decode(bytes).map_err(emofuse_error_wasm::to_js)?;
    Ok(DecodedImage {
        data: Uint8ClampedArray::from(image.rgba()),
        width: image.width(),
        height: image.height(),
    })
}
