//! Unicode normalisation of names, which some systems take apart into letters and accents.

/// The text with composed characters (Normalization Form C, UAX #15).
pub fn nfc(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        composed(text)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn composed(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// Browsers have the tables, which take as much room as all the rest of the program.
#[cfg(target_arch = "wasm32")]
fn composed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}
