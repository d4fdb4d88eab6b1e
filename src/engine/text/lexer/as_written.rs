//! Lexing for a tower that learnt from plain text: words as they are written, with their punctuation.
//!
//! Links, @names, hashtags, emoji and emoticons are read as for the other tower. Spelling is left alone, and emoji
//! become the words of their names.

use std::collections::BTreeMap;

use super::{Lexer, MOST_REPEATS};
use crate::text::{emoji::emoji_word, normalise::without_accents, styled::is_apostrophe, token::TokenKind};

/// Names of emoji, in lower case: `face with tears of joy` for 😂.
pub type EmojiNames = BTreeMap<char, String>;

/// What emoticons are called, by the emoji that they draw. A typed smile means another thing than the emoji of its
/// shape, so their names differ.
const EMOTICON_NAMES: &[(char, &str)] = &[
    ('❤', "love"),
    ('💔', "broken heart"),
    ('😀', "grinning face"),
    ('😆', "laughing face"),
    ('😉', "winking face"),
    ('😊', "smiling face"),
    ('😐', "neutral face"),
    ('😒', "expressionless face"),
    ('😕', "confused face"),
    ('😛', "playful face"),
    ('😠', "angry face"),
    ('😢', "crying face"),
    ('😭', "crying face"),
    ('😮', "surprised face"),
    ('🙁', "frowning face"),
    ('🙂', "smiling face"),
];

/// A lower-case word, cut at each mark in it, as BERT cuts: `don't` → `don`, `'`, `t`.
///
/// Accents are removed, and a letter or digit repeated more than twice is repeated twice, as in what the tower learnt from.
pub(super) fn parts(word: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut continues = false;
    let mut last = [None; MOST_REPEATS];
    for character in without_accents(word).chars() {
        if character.is_alphanumeric() {
            if !last.iter().all(|&before| before == Some(character)) {
                if !continues {
                    parts.push(String::new());
                }
                if let Some(part) = parts.last_mut() {
                    part.push(character);
                }
            }
            continues = true;
        } else {
            parts.push(character.to_string());
            continues = false;
        }
        last.rotate_left(1);
        last[MOST_REPEATS - 1] = Some(character);
    }
    parts
}

impl Lexer<'_> {
    /// Adds a mark that the vocabulary has. A sentence mark counts twice at most.
    pub(super) fn push_mark(&mut self) {
        let start = self.position;
        let here = self.text[start];
        let count = match here {
            '!' | '?' | '.' | ',' => self.text[start..].iter().take_while(|&&next| next == here).count(),
            _ => 1,
        };
        self.position += count;
        if here == '\\' && self.text.get(self.position) == Some(&'n') {
            // A line break that was written out.
            self.position += 1;
            return;
        }
        let mark = if is_apostrophe(here) { '\'' } else { here }.to_string();
        if self.vocabulary.id(&mark).is_some() {
            for position in start..start + count.min(MOST_REPEATS) {
                self.push(mark.clone(), TokenKind::Mark, position..position + 1);
            }
        }
    }
}

/// The words of the names of an emoji's parts, or of the emoticon that draws it.
pub(super) fn names_of(names: &EmojiNames, parts: &[char], is_emoticon: bool) -> Vec<String> {
    let name = |part: char| {
        let of_emoticon = EMOTICON_NAMES.iter().find(|(drawn, _)| is_emoticon && *drawn == part);
        of_emoticon
            .map(|(_, name)| *name)
            .or_else(|| names.get(&part).map(String::as_str))
            .or_else(|| emoji_word(part))
    };
    parts
        .iter()
        .filter_map(|part| name(*part))
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_their_marks() {
        assert_eq!(parts("don't"), ["don", "'", "t"]);
        assert_eq!(parts("well-known"), ["well", "-", "known"]);
        assert_eq!(parts("1,250.5"), ["1", ",", "250", ".", "5"]);
    }

    #[test]
    fn letters_are_repeated_twice_at_most_and_have_no_accents() {
        assert_eq!(parts("sooooo"), ["soo"]);
        assert_eq!(parts("cool"), ["cool"]);
        assert_eq!(parts("café"), ["cafe"]);
    }
}
