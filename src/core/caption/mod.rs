//! Decides whether a text is a caption that a person wrote.
//!
//! Cameras, phones and programs write texts where captions belong. Such a text is not a caption: a model would classify it
//! as if a person had written it. The reader of posts and the tokenizer both ask here.

mod automatic;

pub use automatic::{is_automatic_metadata, is_file_name, media_stem};

/// Placeholders for "there is no text", lower case.
///
/// Sources: the values that pandas' `read_csv` takes for missing ones, error values of spreadsheets, Reddit's marks for posts
/// that are gone, and what programs write for their own absent values.
const PLACEHOLDERS: &[&str] = &[
    "n/a",
    "n.a.",
    "n.a",
    "na",
    "#n/a",
    "#n/a n/a",
    "#na",
    "nan",
    "-nan",
    "nat",
    "null",
    "none",
    "nil",
    "undefined",
    "\\n",
    "1.#ind",
    "-1.#ind",
    "1.#qnan",
    "-1.#qnan",
    "#null!",
    "#value!",
    "#ref!",
    "#name?",
    "#div/0!",
    "#num!",
    "#error!",
    "-",
    "--",
    "---",
    "–",
    "—",
    "_",
    "__",
    ".",
    "{}",
    "[]",
    "()",
    "\"\"",
    "''",
    "not available",
    "not applicable",
    "n\\a",
    "n / a",
    "untitled",
    "unnamed",
    "untitled image",
    "untitled photo",
    "no caption",
    "no captions",
    "no caption provided",
    "no text",
    "no comment text",
    "no alt text",
    "no alternative text description for this image",
    "no photo description available",
    "without caption",
    "without title",
    "caption unavailable",
    "caption not available",
    "empty caption",
    "no description",
    "no title",
    "no description available",
    "no caption available",
    "[object object]",
    "x-default",
    "add a caption",
    "write a caption",
    "your caption here",
    "insert caption here",
    "caption goes here",
    "add a description",
];

/// Words that are placeholders only in brackets: `[deleted]`, but not "deleted".
const IN_BRACKETS: &[&str] = &[
    "deleted",
    "removed",
    "deleted by user",
    "removed by reddit",
    "removed by moderator",
    "empty",
    "missing",
    "blank",
    "unknown",
    "no text",
    "no data",
    "no content",
    "caption",
    "description",
    "text",
    "title",
    "untitled",
    "unavailable",
];

/// The caption itself, without white space around it; `None` for an empty text, a placeholder (`N/A`, `NaN`, `[deleted]`, …)
/// and a text that no person wrote: a camera's name, a file's name, a date, an address, a program's signature.
///
/// Only whole texts are dropped, so a caption that mentions a camera or begins with a date stays as it is.
///
/// ```
/// use emofuse_core::caption::written_caption;
///
/// assert_eq!(written_caption(" so happy \n"), Some("so happy".into()));
/// assert_eq!(written_caption("OLYMPUS DIGITAL CAMERA"), None);
/// assert_eq!(written_caption("NaN"), None);
/// ```
#[must_use]
pub fn written_caption(text: &str) -> Option<String> {
    trimmed(text)
        .filter(|text| has_visible_character(text) && !is_placeholder(text) && !automatic::is_automatic(text))
        .map(str::to_owned)
}

/// The text without the white space around it that a browser's `trim` takes; `None` if nothing is left.
#[must_use]
pub fn trimmed(text: &str) -> Option<&str> {
    // A byte order mark is white space there, and a next-line character is not.
    let is_white = |character: char| (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}';
    Some(text.trim_matches(is_white)).filter(|text| !text.is_empty())
}

/// Whether a text has more than control characters, marks that have no width and characters that were lost.
fn has_visible_character(text: &str) -> bool {
    let is_invisible = |character: char| {
        character.is_control()
            || character.is_whitespace()
            || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
            || matches!(character, '\u{feff}' | '\u{fffc}' | '\u{fffd}')
    };
    !text.chars().all(is_invisible)
}

fn is_placeholder(text: &str) -> bool {
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return false;
    }
    let lower = text.to_lowercase();
    let text = lower.trim_end_matches(['.', '…']);
    let inner = in_brackets(text);
    PLACEHOLDERS.contains(&&*lower)
        || PLACEHOLDERS.contains(&text)
        || inner.is_some_and(|inner| PLACEHOLDERS.contains(&inner) || IN_BRACKETS.contains(&inner))
}

/// What is between brackets, quotation marks or dashes that enclose a whole text.
fn in_brackets(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 8] = [
        ('[', ']'),
        ('(', ')'),
        ('<', '>'),
        ('{', '}'),
        ('"', '"'),
        ('\'', '\''),
        ('-', '-'),
        ('*', '*'),
    ];
    PAIRS
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_what_a_browser_takes_for_it() {
        assert_eq!(trimmed("\u{feff}\t a\u{a0}b \r\n\u{3000}"), Some("a\u{a0}b"));
        assert_eq!(trimmed("\u{85}"), Some("\u{85}"));
        assert_eq!(trimmed(" \n\u{feff}"), None);
    }

    #[test]
    fn a_text_that_nobody_can_see_is_no_caption() {
        for text in [
            "",
            " \n",
            "\0\0",
            "\u{85}",
            "\u{200b}\u{200d}",
            "\u{fffd}\u{fffd}",
            "\u{1}\u{2}\t",
        ] {
            assert_eq!(written_caption(text), None, "{text:?}");
        }
        assert_eq!(written_caption("\u{1f642}"), Some("\u{1f642}".into()));
    }

    #[test]
    fn brackets_make_a_placeholder_of_a_word() {
        assert_eq!(written_caption("[Deleted]"), None);
        assert_eq!(written_caption("[ Removed by Reddit ]"), None);
        assert_eq!(written_caption("<NULL>"), None);
        for text in [
            "deleted",
            "empty",
            "missing",
            "[deleted] scenes are the best",
            "null and void",
        ] {
            assert_eq!(written_caption(text), Some(text.into()));
        }
    }
}
