//! The reading of one caption, from left to right.

mod as_written;

use std::ops::Range;

use super::{
    emoji::{ZERO_WIDTH_JOINER, emoji_word, emoticon, is_modifier, is_pictograph},
    hashtag,
    normalise::{Symbol, normalise},
    scan,
    spelling::spell,
    tokenizer::Token,
    vocabulary::{UNKNOWN, Vocabulary},
};

pub use as_written::EmojiNames;

/// How many times in a row the same mark or emoji counts: twice is emphasis, more says no more.
const MOST_REPEATS: usize = 2;

/// Lower case where that is one character; scanning needs no more.
fn lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

/// A caption while it is read.
pub(super) struct Reading<'a> {
    vocabulary: &'a Vocabulary,
    /// The normalised caption.
    symbols: Vec<Symbol>,
    /// The same in lower case.
    text: Vec<char>,
    position: usize,
    tokens: Vec<Token>,
    /// How often the last emoji was repeated without anything between.
    repeats: usize,
    /// If words are read as they are written: the names of emoji.
    as_written: Option<&'a EmojiNames>,
}

impl<'a> Reading<'a> {
    /// Normalises a caption and stands before its first character.
    pub(super) fn new(vocabulary: &'a Vocabulary, caption: &str) -> Self {
        let symbols = normalise(caption);
        let text = symbols.iter().map(|symbol| lower(symbol.character)).collect();
        Self {
            vocabulary,
            symbols,
            text,
            position: 0,
            tokens: Vec::new(),
            repeats: 0,
            as_written: None,
        }
    }

    /// Keeps words and punctuation as they are written, and gives emoji by their names.
    pub(super) fn as_written(self, emoji_names: &'a EmojiNames) -> Self {
        Self {
            as_written: Some(emoji_names),
            ..self
        }
    }

    /// What was read so far.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Gives what was read.
    pub(super) fn into_tokens(self) -> Vec<Token> {
        self.tokens
    }

    /// Reads what stands at the position and moves behind it; false at the end.
    pub(super) fn step(&mut self) -> bool {
        if self.position == self.text.len() {
            return false;
        }
        let before = self.position.checked_sub(1).map(|last| self.text[last]);
        let starts = before.is_none_or(|before| !before.is_alphanumeric());
        let rest = &self.text[self.position..];
        let here = rest[0];
        if here.is_whitespace() {
            self.position += 1;
        } else if starts && let Some(length) = scan::address(rest) {
            self.position += length;
        } else if (starts || here == '@')
            && let Some(length) = scan::mention(rest)
        {
            self.position += length;
        } else if let Some(length) = scan::placeholder(rest) {
            self.position += length;
        } else if let Some((length, emoji)) = emoticon(rest)
            && self.may_hold_emoticon(length)
        {
            self.push_emoji(&[emoji], self.position..self.position + length);
            self.position += length;
        } else if here == '#' || (starts && rest.starts_with(&['r', '/'])) {
            self.tag();
        } else if here.is_alphanumeric() {
            self.word();
        } else if is_pictograph(here) {
            self.emoji();
        } else {
            self.mark();
        }
        true
    }

    /// Whether an emoticon of this length may stand here: not inside a word, a time of day or a bracket.
    fn may_hold_emoticon(&self, length: usize) -> bool {
        let before = self.position.checked_sub(1).map(|last| self.text[last]);
        let after = self.text.get(self.position + length);
        let starts_alone =
            before.is_none_or(|before| before.is_whitespace() || is_pictograph(before) || is_modifier(before));
        let ends_alone = after.is_none_or(|&after| after.is_whitespace() || is_pictograph(after));
        match (self.text[self.position], self.text[self.position + length - 1]) {
            // `(:` and `):` are also ends of brackets.
            ('(' | ')' | '/' | 'd', _) => starts_alone && ends_alone,
            (':' | ';', last) if !last.is_alphanumeric() => starts_alone || (ends_alone && before != Some('/')),
            ('\\', _) => true,
            ('<', _) => after.is_none_or(|after| !after.is_ascii_digit()),
            _ => starts_alone,
        }
    }

    /// A hashtag or a subreddit.
    fn tag(&mut self) {
        let body = self.position + if self.text[self.position] == '#' { 1 } else { 2 };
        let length = scan::tag_body(&self.text[body..]);
        let goes_on = self
            .text
            .get(body + length)
            .is_some_and(|&next| scan::is_apostrophe(next))
            && self
                .text
                .get(body + length + 1)
                .is_some_and(|next| next.is_alphabetic());
        self.position = body;
        if goes_on {
            // `#don't` is a word with a sign before it.
            return;
        }
        let characters: Vec<char> = self.symbols[body..body + length]
            .iter()
            .map(|symbol| symbol.character)
            .collect();
        for range in hashtag::split(&characters, self.vocabulary) {
            self.push_words(body + range.start..body + range.end);
        }
        self.position += length;
    }

    fn word(&mut self) {
        let rest = &self.text[self.position..];
        let length = scan::slash_word(rest).unwrap_or_else(|| scan::word(rest)).max(1);
        let range = self.position..self.position + length;
        self.position += length;
        // The mark of a retweet.
        let is_retweet = self.text[range.clone()] == ['r', 't']
            && (self.tokens.is_empty()
                || self.text[range.end..].iter().find(|next| !next.is_whitespace()) == Some(&'@'));
        if !is_retweet {
            self.push_words(range);
        }
    }

    /// An emoji with its modifiers, and those that are joined to it.
    fn emoji(&mut self) {
        let start = self.position;
        let mut parts = Vec::new();
        loop {
            parts.push(self.text[self.position]);
            self.position += 1;
            while self.text.get(self.position).is_some_and(|&next| is_modifier(next)) {
                self.position += 1;
            }
            let joined = self.text.get(self.position) == Some(&ZERO_WIDTH_JOINER)
                && self
                    .text
                    .get(self.position + 1)
                    .is_some_and(|&next| is_pictograph(next));
            if !joined {
                break;
            }
            self.position += 1;
        }
        self.push_emoji(&parts, start..self.position);
    }

    /// Punctuation and other signs.
    fn mark(&mut self) {
        if self.as_written.is_some() {
            return self.push_mark();
        }
        let start = self.position;
        let here = self.text[start];
        let is_excited = |&&next: &&char| matches!(next, '!' | '?');
        let excited = self.text[start..].iter().take_while(is_excited).count();
        let points = self.text[start..].iter().take_while(|&&next| next == '.').count();
        self.position += excited.max(points).max(1);
        match here {
            '!' | '?' => {
                for position in start..start + excited.min(MOST_REPEATS) {
                    self.push(self.text[position].to_string(), position..position + 1);
                }
            }
            '.' if points > 1 => {
                self.drop_fragment(start);
                self.push("…".to_owned(), start..self.position);
            }
            // A line break that was written out.
            '\\' if self.text.get(self.position) == Some(&'n') => self.position += 1,
            '&' => self.push("and".to_owned(), start..self.position),
            '@' => self.push("at".to_owned(), start..self.position),
            '%' | '$' | '£' | '€' if self.vocabulary.id(here.encode_utf8(&mut [0; 4])).is_some() => {
                self.push(here.to_string(), start..self.position);
            }
            _ => {}
        }
    }

    /// Drops the unknown rest of a word that was cut off where the caption ends in points.
    fn drop_fragment(&mut self, points: usize) {
        let ends = self.text[self.position..].iter().all(|next| next.is_whitespace());
        let cut = points.checked_sub(1).map(|last| self.symbols[last].source.end);
        if ends
            && self
                .tokens
                .last()
                .is_some_and(|last| last.id == UNKNOWN && Some(last.source.end) == cut)
        {
            self.tokens.pop();
        }
    }

    /// Adds the words that the characters of `range` spell.
    fn push_words(&mut self, range: Range<usize>) {
        let word: String = self.symbols[range.clone()]
            .iter()
            .flat_map(|symbol| symbol.character.to_lowercase())
            .map(|character| match character {
                '\u{2010}' | '\u{2011}' => '-',
                other if scan::is_apostrophe(other) => '\'',
                other => other,
            })
            .collect();
        let words = match self.as_written {
            Some(_) => as_written::parts(&word),
            None => spell(&word, self.vocabulary),
        };
        for text in words {
            self.push(text, range.clone());
        }
    }

    /// Adds the first of the emoji that is known itself or by its word.
    fn push_emoji(&mut self, parts: &[char], range: Range<usize>) {
        if let Some(names) = self.as_written {
            return self.push_emoji_names(names, parts, &range);
        }
        let vocabulary = self.vocabulary;
        let known = parts.iter().find_map(|&part| {
            let itself = part.to_string();
            if vocabulary.id(&itself).is_some() {
                return Some(itself);
            }
            emoji_word(part)
                .filter(|word| vocabulary.id(word).is_some())
                .map(str::to_owned)
        });
        let Some(text) = known else { return };
        let again = self.repeats > 0 && self.tokens.last().is_some_and(|last| last.text == text);
        let repeats = if again { self.repeats + 1 } else { 1 };
        if repeats <= MOST_REPEATS {
            self.push(text, range);
        }
        self.repeats = repeats;
    }

    fn push(&mut self, text: String, range: Range<usize>) {
        let id = self.vocabulary.id(&text).unwrap_or(UNKNOWN);
        let source = self.symbols[range.start].source.start..self.symbols[range.end - 1].source.end;
        self.tokens.push(Token { text, id, source });
        self.repeats = 0;
    }
}
