//! From a caption to tokens.

use std::ops::Range;

use super::{
    emoji::{ZERO_WIDTH_JOINER, emoji_word, emoticon, is_modifier, is_pictograph},
    hashtag,
    normalise::{Symbol, normalise},
    scan,
    spelling::spell,
    vocabulary::{UNKNOWN, Vocabulary},
};

/// How many times in a row the same mark or emoji counts: twice is emphasis, more says no more.
const MOST_REPEATS: usize = 2;

/// A word, mark or emoji of a caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word as the vocabulary would have it.
    pub text: String,
    /// Its id, [`UNKNOWN`] where the vocabulary lacks it.
    pub id: u32,
    /// The bytes of the caption as given that it came from; words of one contraction share theirs.
    pub source: Range<usize>,
}

/// Reads captions as people post them.
///
/// Links and @names say nothing and are dropped. Hashtags are split into words; contractions and shorthand are
/// written out; drawn-out words are shortened; emoji and emoticons are kept; of punctuation only what carries
/// feeling (`!`, `?`, `…`) and a few signs that stand for words.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
    max_tokens: usize,
}

impl Tokenizer {
    /// Takes the words to know and the most tokens to give for one caption.
    #[must_use]
    pub fn new(vocabulary: Vocabulary, max_tokens: usize) -> Self {
        Self { vocabulary, max_tokens }
    }

    /// The words that are known.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The tokens of a caption, the first `max_tokens` of them.
    #[must_use]
    pub fn tokens(&self, caption: &str) -> Vec<Token> {
        let symbols = normalise(caption);
        let text = symbols.iter().map(|symbol| lower(symbol.character)).collect();
        let mut reading = Reading {
            tokenizer: self,
            symbols,
            text,
            position: 0,
            tokens: Vec::new(),
            repeats: 0,
        };
        while reading.position < reading.text.len() && reading.tokens.len() < self.max_tokens {
            reading.step();
        }
        reading.tokens.truncate(self.max_tokens);
        reading.tokens
    }

    /// The ids of a caption's tokens, unpadded; empty where there is no word in it.
    #[must_use]
    pub fn encode(&self, caption: &str) -> Vec<u32> {
        self.tokens(caption).into_iter().map(|token| token.id).collect()
    }
}

/// Lower case where that is one character; scanning needs no more.
fn lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

/// A caption while it is read.
struct Reading<'a> {
    tokenizer: &'a Tokenizer,
    /// The normalised caption.
    symbols: Vec<Symbol>,
    /// The same in lower case.
    text: Vec<char>,
    position: usize,
    tokens: Vec<Token>,
    /// How often the last emoji was repeated without anything between.
    repeats: usize,
}

impl Reading<'_> {
    /// Reads what stands at the position and moves behind it.
    fn step(&mut self) {
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
        for range in hashtag::split(&characters, &self.tokenizer.vocabulary) {
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
            '%' | '$' | '£' | '€' if self.tokenizer.vocabulary.id(here.encode_utf8(&mut [0; 4])).is_some() => {
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
        for text in spell(&word, &self.tokenizer.vocabulary) {
            self.push(text, range.clone());
        }
    }

    /// Adds the first of the emoji that is known itself or by its word.
    fn push_emoji(&mut self, parts: &[char], range: Range<usize>) {
        let vocabulary = &self.tokenizer.vocabulary;
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
        let id = self.tokenizer.vocabulary.id(&text).unwrap_or(UNKNOWN);
        let source = self.symbols[range.start].source.start..self.symbols[range.end - 1].source.end;
        self.tokens.push(Token { text, id, source });
        self.repeats = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn tokenizer(max_tokens: usize) -> Tokenizer {
        let known = [
            "the", "and", "to", "a", "i", "is", "so", "not", "you", "do", "at", "for", "!", "?", "…", "%", "love",
            "my", "cool", "justice", "muslims", "happy", "days", "hundred", "year", "smile", "sad", "laughing",
            "crying", "❤", "day", "night", "wow", "haha", "thinking", "woman", "great", "cat", "look", "am", "here",
            "unsure", "cafe",
        ];
        Tokenizer::new(Vocabulary::new(known.map(String::from).to_vec()).unwrap(), max_tokens)
    }

    fn read(caption: &str) -> String {
        let texts: Vec<_> = tokenizer(64)
            .tokens(caption)
            .into_iter()
            .map(|token| token.text)
            .collect();
        texts.join(" ")
    }

    #[test]
    fn case_and_punctuation_do_not_matter_but_feeling_does() {
        assert_eq!(read("Wow, the CAT (my cat)..."), "wow the cat my cat …");
        assert_eq!(read("Look!!!!! At?? the: cat."), "look ! ! at ? ? the cat");
        assert_eq!(read("what?!"), "what ? !");
    }

    #[test]
    fn links_and_names_are_dropped() {
        assert_eq!(
            read("@CatFan: look at http://t.co/abc https://example.org/x?y=1#z pic.twitter.com/abc the cat"),
            "look at the cat"
        );
        assert_eq!(read("RT @cat_fan love"), "love");
        assert_eq!(read(".@CatFan @dog love www.example.com"), "love");
        assert_eq!(read("love RT@CatFan"), "love");
        assert_eq!(read("[NAME] is cool /u/somebody"), "is cool");
        assert_eq!(read("\u{201c}@CatFan: love\u{201d}"), "love");
    }

    #[test]
    fn hashtags_are_split_into_words() {
        assert_eq!(read("#JusticeForMuslims"), "justice for muslims");
        assert_eq!(
            read("#justiceformuslims #100happydays #2016"),
            "justice for muslims hundred happy days year"
        );
        assert_eq!(read("#love#cat #zxqvk #don't # #!"), "love cat zxqvk do not !");
        assert_eq!(read("r/HappyCat and /r/cool"), "happy cat and cool");
    }

    #[test]
    fn drawn_out_words_are_shortened() {
        assert_eq!(read("soooo coool"), "so cool");
        assert_eq!(read("hahahaha"), "haha");
    }

    #[test]
    fn contractions_are_written_out_whatever_the_apostrophe() {
        for caption in ["I'm not", "I’m not", "I¡¯m not", "I&#39;m not", "I`m not"] {
            assert_eq!(read(caption), "i am not", "{caption}");
        }
        assert_eq!(read("don't DON’T dont"), "do not do not do not");
    }

    #[test]
    fn emoji_are_tokens_or_their_words() {
        assert_eq!(read("love❤️my 😂 cat"), "love ❤ my laughing cat");
        assert_eq!(read("👩🏽‍🚀"), "woman");
        assert_eq!(read("🤷🏼‍♀️ 🤷‍♂️"), "unsure unsure");
        assert_eq!(read("😭😭😭😭 😂😂"), "crying crying laughing laughing");
        assert_eq!(read("🇫🇷 → \u{fe0f} cat"), "cat");
    }

    #[test]
    fn emoticons_are_read_as_the_emoji_they_draw() {
        assert_eq!(read("cat :) love :-( :'( <3 &lt;3"), "cat smile love sad crying ❤ ❤");
        assert_eq!(read("great:) (my cat :))"), "great smile my cat smile");
        assert_eq!(read("¯\\_(ツ)_/¯"), "unsure");
    }

    #[test]
    fn ordinary_colons_and_brackets_are_no_emoticons() {
        assert_eq!(read("the cat (look): a day"), "the cat look a day");
        assert_eq!(read("look :day"), "look day");
        assert_eq!(read("and/or"), "and or");
    }

    #[test]
    fn a_word_that_was_cut_off_is_dropped() {
        assert_eq!(read("my cat is in great condit¡\u{ad}"), "my cat is in great …");
        assert_eq!(read("my cat is great…"), "my cat is great …");
        assert_eq!(read("my cat htt¡\u{ad}"), "my cat");
    }

    #[test]
    fn written_out_line_breaks_are_spaces() {
        assert_eq!(read("cat\\nlove"), "cat love");
    }

    #[test]
    fn a_caption_without_words_gives_no_tokens() {
        for caption in ["", "   ", "@name http://t.co/x", ", . ;", "\u{200b}\u{feff}"] {
            assert!(tokenizer(8).encode(caption).is_empty(), "{caption:?}");
        }
    }

    #[test]
    fn unknown_words_keep_their_text() {
        let tokens = tokenizer(8).tokens("the Zyzzyva");
        assert_eq!((tokens[1].text.as_str(), tokens[1].id), ("zyzzyva", UNKNOWN));
        assert!(tokens[0].id > UNKNOWN);
    }

    #[test]
    fn sources_point_into_the_caption_as_given() {
        let caption = "“Ｗow” I’m &amp; #HappyCat 👩🏽‍🚀!";
        let found: Vec<_> = tokenizer(64)
            .tokens(caption)
            .into_iter()
            .map(|token| (token.text, &caption[token.source]))
            .collect();
        let expected = [
            ("wow", "Ｗow"),
            ("i", "I’m"),
            ("am", "I’m"),
            ("and", "&amp;"),
            ("happy", "Happy"),
            ("cat", "Cat"),
            ("woman", "👩🏽‍🚀"),
            ("!", "!"),
        ];
        assert_eq!(found, expected.map(|(text, source)| (text.to_owned(), source)));
    }

    /// Strings of the pieces that the reading distinguishes, and of anything.
    fn captions() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("love"),
            Just("SOOO"),
            Just("#HappyDays"),
            Just("#"),
            Just("@name"),
            Just("@"),
            Just("http://"),
            Just("t.co/"),
            Just("don't"),
            Just("’"),
            Just("'"),
            Just("-"),
            Just(":"),
            Just(")"),
            Just("("),
            Just("3"),
            Just("<"),
            Just(">"),
            Just("d"),
            Just("x"),
            Just("😂"),
            Just("👩🏽‍🚀"),
            Just("\u{200d}"),
            Just("\u{fe0f}"),
            Just("❤️"),
            Just("&amp;"),
            Just("&#"),
            Just(";"),
            Just("..."),
            Just("."),
            Just("!"),
            Just("?"),
            Just(" "),
            Just(" "),
            Just("\\n"),
            Just("r/"),
            Just("_"),
            Just("İ"),
            Just("ﬁ"),
            Just("e\u{301}"),
            Just("ㄱㅏ"),
            Just("2016"),
            Just("1,000"),
            Just("\0"),
            Just("*"),
            Just("RT"),
            Just("/"),
            Just("aaaa"),
        ];
        prop_oneof![
            any::<String>(),
            prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_caption_gives_at_most_the_tokens_allowed(caption in captions(), max_tokens in 0_usize..12) {
            let tokenizer = tokenizer(max_tokens);
            let tokens = tokenizer.tokens(&caption);
            prop_assert!(tokens.len() <= max_tokens);
            prop_assert_eq!(tokenizer.encode(&caption), tokens.iter().map(|token| token.id).collect::<Vec<_>>());
            for token in &tokens {
                prop_assert_eq!(tokenizer.vocabulary().id(&token.text).unwrap_or(UNKNOWN), token.id);
                prop_assert!(!token.text.is_empty());
            }
        }

        #[test]
        fn sources_lie_in_order_inside_the_caption(caption in captions()) {
            let mut last = 0;
            for token in tokenizer(64).tokens(&caption) {
                prop_assert!(caption.get(token.source.clone()).is_some_and(|source| !source.is_empty()));
                prop_assert!(token.source.start >= last);
                last = token.source.start;
            }
        }

        #[test]
        fn the_normalised_caption_reads_the_same(caption in captions()) {
            // `¡` and `¨` may be mistaken encodings, which NFKC would tear apart.
            prop_assume!(!caption.contains(['¡', '¨']));
            let tokenizer = tokenizer(64);
            let normalised: String = caption.nfkc().collect();
            prop_assert_eq!(tokenizer.encode(&caption), tokenizer.encode(&normalised));
        }
    }
}
