//! Decoding for hosts that have no decoders of their own, such as Node.js.

use js_sys::{Object, Reflect, Uint8ClampedArray};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::error;
use crate::image::Picture;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A decoded picture: rows of RGBA pixels, alpha not premultiplied. */
export interface DecodedPicture {
    data: Uint8ClampedArray;
    width: number;
    height: number;
}
"#;

/// Decodes a JPEG, PNG, WebP, GIF (its first frame) or BMP file and turns it upright as its EXIF orientation says.
///
/// # Errors
/// An `Error` named `UnsupportedImageError` or `ImageTooLargeError`, as `Picture::decode` has them.
#[wasm_bindgen(unchecked_return_type = "DecodedPicture")]
pub fn decode(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let picture = Picture::decode(bytes).map_err(error::to_js)?;
    let decoded = Object::new();
    Reflect::set(&decoded, &"data".into(), &Uint8ClampedArray::from(picture.rgba()))?;
    Reflect::set(&decoded, &"width".into(), &picture.width().into())?;
    Reflect::set(&decoded, &"height".into(), &picture.height().into())?;
    Ok(decoded.into())
}
