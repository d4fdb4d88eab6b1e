//! Unicode's normalisation forms and its marks.
//!
//! Natively they come from tables. A browser has these tables (`String.prototype.normalize`, `\p{M}`), so that the
//! programs for browsers go without them: they are 50 kB compressed. Versions of Unicode differ only in characters that
//! are new.

/// Normalisation forms (Unicode Standard Annex 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Composed.
    Nfc,
    /// Decomposed.
    Nfd,
    /// Composed, with compatibility characters replaced: wide, mathematical and joined letters become plain ones.
    Nfkc,
    /// Decomposed, with compatibility characters replaced.
    Nfkd,
}

/// Returns the text in a normalisation form.
#[must_use]
pub fn normalise(text: &str, form: Form) -> String {
    if text.is_ascii() {
        return text.into();
    }
    platform::normalise(text, form)
}

/// Whether a character is a mark (general category M): one that changes the character before it.
#[must_use]
pub fn is_mark(character: char) -> bool {
    const FIRST: char = '\u{300}';
    character >= FIRST && platform::is_mark(character)
}

#[cfg(not(target_family = "wasm"))]
mod platform {
    use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

    use super::Form;

    pub(super) fn normalise(text: &str, form: Form) -> String {
        match form {
            Form::Nfc => text.nfc().collect(),
            Form::Nfd => text.nfd().collect(),
            Form::Nfkc => text.nfkc().collect(),
            Form::Nfkd => text.nfkd().collect(),
        }
    }

    pub(super) fn is_mark(character: char) -> bool {
        is_combining_mark(character)
    }
}

#[cfg(target_family = "wasm")]
mod platform {
    use js_sys::{JsString, RegExp};

    use super::Form;

    thread_local! {
        static MARK: RegExp = RegExp::new(r"\p{M}", "u");
    }

    pub(super) fn normalise(text: &str, form: Form) -> String {
        let form = match form {
            Form::Nfc => "NFC",
            Form::Nfd => "NFD",
            Form::Nfkc => "NFKC",
            Form::Nfkd => "NFKD",
        };
        JsString::from(text).normalize(form).into()
    }

    pub(super) fn is_mark(character: char) -> bool {
        MARK.with(|mark| mark.test(character.encode_utf8(&mut [0; 4])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_compose_and_replace() {
        for (form, expected) in [
            (Form::Nfc, "ﬁ \u{e9}"),
            (Form::Nfd, "ﬁ e\u{301}"),
            (Form::Nfkc, "fi \u{e9}"),
            (Form::Nfkd, "fi e\u{301}"),
        ] {
            for written in ["ﬁ e\u{301}", "ﬁ \u{e9}"] {
                assert_eq!(normalise(written, form), expected, "{form:?}");
            }
        }
        assert_eq!(normalise("plain", Form::Nfkd), "plain");
    }

    #[test]
    fn marks_are_what_changes_a_letter() {
        for mark in ['\u{300}', '\u{301}', '\u{fe0f}', '\u{20e3}', '\u{93e}', '\u{e0100}'] {
            assert!(is_mark(mark), "{mark:?}");
        }
        for other in ['a', 'é', '^', '´', 'ʹ', '가', '😀', '\u{200d}'] {
            assert!(!is_mark(other), "{other:?}");
        }
    }
}
