//! The lexer: one caption to tokens, from left to right.

mod as_written;

use std::ops::Range;

use super::{
    emoji::{self, ZERO_WIDTH_JOINER, is_decoration, is_kept_whole, is_modifier, is_pictograph},
    emoticons::emoticon,
    hashtag, misspelling,
    normalise::normalise,
    scan,
    spelling::spell,
    styled::{is_apostrophe, is_regional_indicator},
    symbol::Symbol,
    token::{Token, TokenKind},
    vocabulary::{UNKNOWN, Vocabulary},
};

pub use as_written::EmojiNames;

/// How many times in a row the same mark or emoji counts: twice is emphasis, more says no more.
const MOST_REPEATS: usize = 2;
/// Most tokens of one caption; emoji behind them are still kept, up to [`MORE_EMOJI`] tokens.
pub(super) const MOST_TOKENS: usize = 1024;
pub(super) const MORE_EMOJI: usize = 64;
/// Behind a digit, makes a keycap of it.
const KEYCAP: char = '\u{20e3}';
/// Most tags of a flag.
const MOST_TAGS: usize = 16;

/// Lower case where that is one character; scanning needs no more.
fn lower(character: char) -> char {
    if is_kept_whole(character) {
        return character;
    }
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

/// A caption and how far it is cut into tokens.
pub(super) struct Lexer<'a> {
    vocabulary: &'a Vocabulary,
    /// The normalised caption.
    symbols: Vec<Symbol>,
    /// The same in lower case.
    text: Vec<char>,
    position: usize,
    tokens: Vec<Token>,
    /// The words of the last emoji, and how often it was repeated without anything between.
    last_emoji: String,
    repeats: usize,
    /// If words are read as they are written: the names of emoji.
    as_written: Option<&'a EmojiNames>,
    /// The first emoji that is read only where nothing else is.
    decoration: Option<(char, Range<usize>)>,
    /// Whether a word with a letter in it, or an emoji, was read.
    has_content: bool,
    /// Whether no letter of the caption is small, so that capitals do not mark names.
    all_capitals: bool,
}

impl<'a> Lexer<'a> {
    /// Normalises a caption and stands before its first character.
    pub(super) fn new(vocabulary: &'a Vocabulary, caption: &str) -> Self {
        let symbols = normalise(caption);
        let text = symbols.iter().map(|symbol| lower(symbol.character)).collect();
        let all_capitals = !symbols.iter().any(|symbol| symbol.character.is_lowercase());
        Self {
            vocabulary,
            symbols,
            text,
            position: 0,
            tokens: Vec::new(),
            last_emoji: String::new(),
            repeats: 0,
            decoration: None,
            has_content: false,
            all_capitals,
            as_written: None,
        }
    }

    /// Keeps words and punctuation as they are written, and gives emoji by their names.
    pub(super) fn with_words_as_written(self, emoji_names: &'a EmojiNames) -> Self {
        Self {
            as_written: Some(emoji_names),
            ..self
        }
    }

    /// Reads to the end; gives the tokens, none where the caption has no word with a letter and no emoji.
    pub(super) fn tokens(mut self) -> Vec<Token> {
        while self.step() {}
        if !self.has_content {
            self.tokens.clear();
            if let Some((emoji, range)) = self.decoration.take() {
                self.push_emoji(&self.words_of(&[emoji], &range), range);
            }
        }
        self.tokens
    }

    /// Reads what stands at the position and moves behind it; false at the end.
    fn step(&mut self) -> bool {
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
            let range = self.position..self.position + length;
            self.push_emoji(&self.words_of(&[emoji], &range), range);
            self.position += length;
        } else if let Some(length) = self.keycap_length() {
            let word = match here {
                '#' => "number".to_owned(),
                '*' => "star".to_owned(),
                digit => spell(digit.encode_utf8(&mut [0; 4]), self.vocabulary).concat(),
            };
            self.push_emoji(&[word], self.position..self.position + length);
            self.position += length;
        } else if here == '#' || (starts && rest.starts_with(&['r', '/'])) {
            self.tag();
        } else if is_pictograph(here) {
            self.emoji();
        } else if here.is_alphanumeric() {
            self.word();
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
        let goes_on = self.text.get(body + length).is_some_and(|&next| is_apostrophe(next))
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
            self.push_words(body + range.start..body + range.end, Slips::Stay);
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
            let slips = if self.may_be_name(range.start) {
                Slips::Stay
            } else {
                Slips::Repair
            };
            self.push_words(range, slips);
        }
    }

    /// Whether a word begins with a capital inside a sentence.
    fn may_be_name(&self, start: usize) -> bool {
        let is_capital = |position: usize| {
            self.symbols
                .get(position)
                .is_some_and(|symbol| symbol.character.is_uppercase())
        };
        if !is_capital(start) || self.all_capitals {
            return false;
        }
        let before = self.text[start.saturating_sub(4)..start]
            .iter()
            .rev()
            .find(|before| !before.is_whitespace() && !matches!(before, '"' | '“' | '”' | '\'' | '(' | '*'));
        let begins_sentence = before.is_none_or(|&before| {
            matches!(before, '.' | '!' | '?' | ':' | ';' | '-' | '–' | '—' | '…') || is_pictograph(before)
        });
        is_capital(start + 1) || !begins_sentence
    }

    /// The length of a keycap: a digit, `#` or `*` in a key.
    fn keycap_length(&self) -> Option<usize> {
        let at = |distance: usize| self.text.get(self.position + distance).copied();
        let is_key = at(0).is_some_and(|here| here.is_ascii_digit() || matches!(here, '#' | '*'));
        match (at(1), at(2)) {
            (Some(KEYCAP), _) if is_key => Some(2),
            (Some('\u{fe0f}'), Some(KEYCAP)) if is_key => Some(3),
            _ => None,
        }
    }

    /// An emoji with its modifiers, and those that are joined to it.
    fn emoji(&mut self) {
        let start = self.position;
        if let [first, second, ..] = self.text[start..]
            && is_regional_indicator(first)
            && is_regional_indicator(second)
        {
            self.position += 2;
            self.push_emoji(
                &emoji::flag_words([first, second], self.vocabulary),
                start..self.position,
            );
            return;
        }
        let mut parts = Vec::new();
        loop {
            parts.push(self.text[self.position]);
            self.position += 1;
            let modifiers = self.position;
            while self.text.get(self.position).is_some_and(|&next| is_modifier(next)) {
                self.position += 1;
            }
            let tags = &self.text[modifiers..self.position.min(modifiers + MOST_TAGS)];
            if parts == ['🏴'] && tags.contains(&'\u{e007f}') {
                self.push_emoji(&emoji::tagged_flag_words(tags, self.vocabulary), start..self.position);
                return;
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
        let range = start..self.position;
        let is_emoji = parts[0] >= '\u{1f000}' || emoji::has_word_or_name(parts[0]);
        if is_decoration(parts[0]) && parts.len() == 1 {
            self.decoration.get_or_insert((parts[0], range));
        } else if is_emoji {
            self.push_emoji(&self.words_of(&parts, &range), range);
        }
    }

    /// Punctuation and other signs.
    fn mark(&mut self) {
        if self.as_written.is_some() {
            return self.push_mark();
        }
        let start = self.position;
        let here = self.text[start];
        let alone = self.text.len() == 1 || self.text.get(start + 1) == Some(&'\u{fe0f}');
        if (is_decoration(here) || is_modifier(here) && here > '\u{ffff}') && (alone || here > '\u{ffff}') {
            self.decoration.get_or_insert((here, start..start + 1));
        }
        let is_excited = |&&next: &&char| matches!(next, '!' | '?');
        let excited = self.text[start..].iter().take_while(is_excited).count();
        let points = self.text[start..].iter().take_while(|&&next| next == '.').count();
        self.position += excited.max(points).max(1);
        match here {
            '!' | '?' => {
                for position in start..start + excited.min(MOST_REPEATS) {
                    self.push(self.text[position].to_string(), TokenKind::Mark, position..position + 1);
                }
            }
            '.' if points > 1 => {
                self.drop_fragment(start);
                self.push("…".to_owned(), TokenKind::Mark, start..self.position);
            }
            '&' => self.push("and".to_owned(), TokenKind::Mark, start..self.position),
            '@' => self.push("at".to_owned(), TokenKind::Mark, start..self.position),
            '%' | '$' | '£' | '€' if self.vocabulary.id(here.encode_utf8(&mut [0; 4])).is_some() => {
                self.push(here.to_string(), TokenKind::Mark, start..self.position);
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
    fn push_words(&mut self, range: Range<usize>, slips: Slips) {
        let word: String = self.symbols[range.clone()]
            .iter()
            .flat_map(|symbol| symbol.character.to_lowercase())
            .map(|character| match character {
                '\u{2010}' | '\u{2011}' => '-',
                other if is_apostrophe(other) => '\'',
                other => other,
            })
            .collect();
        self.has_content |= word.contains(char::is_alphabetic);
        if self.as_written.is_some() {
            for text in as_written::parts(&word) {
                self.push(text, TokenKind::Word, range.clone());
            }
            return;
        }
        for text in spell(&word, self.vocabulary) {
            let is_known = slips == Slips::Stay || self.vocabulary.id(&text).is_some();
            let repaired = if is_known {
                None
            } else {
                misspelling::repaired(&text, self.vocabulary)
            };
            self.push(repaired.unwrap_or(text), TokenKind::Word, range.clone());
        }
    }

    /// The words of an emoji with what is joined to it.
    fn words_of(&self, parts: &[char], range: &Range<usize>) -> Vec<String> {
        let words = match self.as_written {
            Some(names) => as_written::names_of(names, parts, self.text[range.start].is_ascii()),
            None => Vec::new(),
        };
        if words.is_empty() {
            emoji::words(parts, self.vocabulary)
        } else {
            words
        }
    }

    /// Adds an emoji's words, unless it has just been repeated often enough.
    fn push_emoji(&mut self, words: &[String], range: Range<usize>) {
        self.has_content = true;
        let all = words.join(" ");
        let again = self.repeats > 0 && self.last_emoji == all;
        let repeats = if again { self.repeats + 1 } else { 1 };
        // What the tower that reads words as they are written learnt from has every emoji once.
        let most = if self.as_written.is_some() { 1 } else { MOST_REPEATS };
        if repeats <= most {
            for word in words {
                self.push(word.clone(), TokenKind::Emoji, range.clone());
            }
        }
        self.last_emoji = all;
        self.repeats = repeats;
    }

    fn push(&mut self, text: String, kind: TokenKind, range: Range<usize>) {
        let most = if kind == TokenKind::Emoji {
            MOST_TOKENS + MORE_EMOJI
        } else {
            MOST_TOKENS
        };
        self.repeats = 0;
        if self.tokens.len() >= most {
            return;
        }
        let id = self.vocabulary.id(&text).unwrap_or(UNKNOWN);
        let source = self.symbols[range.start].source.start..self.symbols[range.end - 1].source.end;
        self.tokens.push(Token { text, id, kind, source });
    }
}

/// What is done about an unknown word that looks like a slip.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slips {
    Repair,
    /// It may be a name.
    Stay,
}
