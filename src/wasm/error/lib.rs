//! Errors, once, for JavaScript.

use std::error::Error as _;

use emofuse_core::error::Error;
use wasm_bindgen::JsValue;

/// A JavaScript `Error` with the stable name of the cause and a message that says what to do.
#[must_use]
pub fn to_js(error: Error) -> JsValue {
    let message = match error.source() {
        Some(source) => format!("{error} ({source})"),
        None => error.to_string(),
    };
    let converted = js_sys::Error::new(&message);
    converted.set_name(error.name());
    converted.into()
}
