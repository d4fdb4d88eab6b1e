//! Unicode's normalisation form C, in which names of files are compared: macOS takes them apart into letters and accents.

use std::borrow::Cow;

/// The text with composed characters.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    composed_beyond_ascii(text).into()
}

#[cfg(not(target_arch = "wasm32"))]
fn composed_beyond_ascii(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// A browser has the tables, which are 50 kB compressed.
#[cfg(target_arch = "wasm32")]
fn composed_beyond_ascii(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_accents_become_one_character() {
        assert_eq!(composed("cafe\u{301}.jpg"), "caf\u{e9}.jpg");
        assert_eq!(composed("cat.jpg"), "cat.jpg");
    }
}
