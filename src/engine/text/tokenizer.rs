//! From a caption to tokens.

use emofuse_core::{caption::written_caption, error::Result};

use super::{
    lexer::{EmojiNames, Lexer, MOST_TOKENS},
    token::{Token, TokenKind},
    vocabulary::{UNKNOWN, Vocabulary},
    word_piece::WordPieces,
};

/// A caption as tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Tokenized {
    /// All tokens, however many windows they fill; empty for a caption without content.
    pub tokens: Vec<Token>,
    /// Share of the words, without marks and emoji, that the vocabulary lacks after misspellings were repaired; 0
    /// where there are no words.
    pub unknown_share: f32,
    /// Whether the caption holds a word or an emoji, and is more than a stand-in (`N/A`), a file's name or a date.
    pub has_content: bool,
}

/// Reads captions as people post them.
///
/// Links and @names say nothing and are dropped. Hashtags are split into words; contractions and shorthand are
/// written out; drawn-out words are shortened; emoji and emoticons are kept; of punctuation only what carries
/// feeling (`!`, `?`, `…`) and a few signs that stand for words. What was decoded or escaped wrongly is repaired, and
/// so are misspellings.
///
/// Of a caption, 20,000 characters are read and 1,024 tokens are kept, and 64 more of emoji behind them.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
    max_tokens: usize,
    pieces: Option<WordPieces>,
}

impl Tokenizer {
    /// Takes the words to know and the most tokens that a model reads at once.
    #[must_use]
    pub fn new(vocabulary: Vocabulary, max_tokens: usize) -> Self {
        Self {
            vocabulary,
            max_tokens,
            pieces: None,
        }
    }

    /// Makes a tokenizer that keeps words and punctuation as they are written and cuts words into pieces that the
    /// vocabulary has. Emoji become the words of their names.
    ///
    /// # Errors
    /// [`Error::ModelManifest`](emofuse_core::Error::ModelManifest) if the vocabulary lacks `[CLS]` or `[SEP]`.
    pub fn word_pieces(vocabulary: Vocabulary, emoji_names: EmojiNames, max_tokens: usize) -> Result<Self> {
        Ok(Self {
            pieces: Some(WordPieces::new(&vocabulary, emoji_names)?),
            vocabulary,
            max_tokens,
        })
    }

    /// The words that are known.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The most tokens that a model reads at once: the length of a window.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// Cuts a caption into tokens.
    #[must_use]
    pub fn tokenize(&self, caption: &str) -> Tokenized {
        let tokens = if written_caption(caption).is_none() {
            Vec::new()
        } else {
            self.lexed(caption)
        };
        let words = tokens.iter().filter(|token| token.kind == TokenKind::Word);
        let (all, unknown) = words.fold((0_u32, 0_u32), |(all, unknown), word| {
            (all + 1, unknown + u32::from(word.id == UNKNOWN))
        });
        Tokenized {
            unknown_share: unknown as f32 / all.max(1) as f32,
            has_content: !tokens.is_empty(),
            tokens,
        }
    }

    fn lexed(&self, caption: &str) -> Vec<Token> {
        let lexer = Lexer::new(&self.vocabulary, caption);
        match &self.pieces {
            Some(pieces) => {
                let words = lexer.with_words_as_written(&pieces.emoji_names).tokens();
                pieces.cut(&self.vocabulary, words, MOST_TOKENS)
            }
            None => lexer.tokens(),
        }
    }

    /// The tokens of a caption, all of them; empty where there is no word and no emoji in it.
    #[must_use]
    pub fn tokens(&self, caption: &str) -> Vec<Token> {
        self.tokenize(caption).tokens
    }

    /// The ids that a tower reads for tokens: those of word pieces stand between the marks of a caption's beginning
    /// and its end.
    #[must_use]
    pub fn ids(&self, tokens: &[Token]) -> Vec<u32> {
        match &self.pieces {
            Some(pieces) => pieces.ids(tokens),
            None => tokens.iter().map(|token| token.id).collect(),
        }
    }

    /// The ids of a caption's tokens, unpadded; empty where there is no word and no emoji in it.
    #[must_use]
    pub fn encode(&self, caption: &str) -> Vec<u32> {
        let tokens = self.tokens(caption);
        if tokens.is_empty() {
            Vec::new()
        } else {
            self.ids(&tokens)
        }
    }
}

#[cfg(test)]
mod tests {
    use emofuse_core::unicode::{Form, normalise};
    use proptest::prelude::*;

    use super::*;
    use crate::text::UNKNOWN;

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
        assert_eq!(read("🇫🇷 → \u{fe0f} cat"), "flag cat");
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
        for caption in [
            "",
            "   ",
            "@name http://t.co/x",
            ", . ;",
            "\u{200b}\u{feff}",
            "!!!",
            "…",
            "...",
            "???",
            "?!",
            "-",
            ".",
            "N/A",
            "n/a",
            "none",
            "NULL",
            "NaN",
            "no caption",
            "Untitled",
            "IMG_3397.JPG",
            "DSC01234",
            "image.png",
            "2016",
            "10:30",
            "12/05/2024",
            "Screenshot 2024-05-01 at 10.22.33",
            "100 %",
            "&amp;",
            "@a @b",
            "→",
            "★".repeat(0).as_str(),
            "&nbsp;",
        ] {
            assert!(tokenizer(8).encode(caption).is_empty(), "{caption:?}");
        }
    }

    #[test]
    fn what_was_decoded_escaped_or_styled_wrongly_reads_the_same() {
        for caption in [
            "don’t love 😂",
            "donâ€™t love ðŸ˜‚",
            "donÃ¢â‚¬â„¢t love 😂",
            "don´t love 😂",
            r"don\'t love \ud83d\ude02",
            r"don\u2019t love \U0001F602",
            "don&#39;t love &#128514;",
            "don&amp;#39;t love &amp;#55357;&amp;#56834;",
            "do\u{ad}n't lo\u{200b}ve 😂",
            "ᴅᴏɴ'ᴛ ʟᴏᴠᴇ 😂",
            "don't 🅻🅾🆅🅴 😂",
            "don't 🇱 🇴 🇻 🇪 😂",
            "𝐝𝐨𝐧'𝐭 ｌｏｖｅ 😂",
            "don't l\u{336}o\u{336}v\u{336}e 😂",
        ] {
            assert_eq!(read(caption), "do not love laughing", "{caption}");
        }
    }

    #[test]
    fn a_long_caption_is_read_whole_and_its_emoji_are_never_lost() {
        let caption = format!("{} 😭", "love my cat ".repeat(1_000));
        let tokens = tokenizer(64).tokens(&caption);
        assert_eq!((tokens.len(), tokens[1024].text.as_str()), (1025, "crying"));
        assert_eq!(tokens[1024].kind, TokenKind::Emoji);
    }

    #[test]
    fn the_share_of_unknown_words_counts_neither_marks_nor_emoji() {
        let read = tokenizer(64).tokenize("the zyzzyva is qxqx !!! 😂 🧇");
        assert_eq!((read.unknown_share, read.has_content), (0.5, true));
        assert_eq!(tokenizer(64).tokenize("😂").unknown_share, 0.0);
        assert!(!tokenizer(64).tokenize("N/A").has_content);
    }

    #[test]
    fn misspellings_are_repaired_and_names_are_not() {
        assert_eq!(read("hapyp justcie"), "happy justice");
        assert_eq!(read("my Hapyp cat"), "my hapyp cat");
        assert_eq!(read("Hapyp cat. JUSTCIE #justcie"), "happy cat justcie justcie");
        assert_eq!(read("HAPYP DAYS"), "happy days");
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
        prop_oneof![any::<String>(), pieces()]
    }

    fn pieces() -> impl Strategy<Value = String> {
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
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn tokens_are_those_of_the_vocabulary(caption in captions()) {
            let tokenizer = tokenizer(8);
            let tokens = tokenizer.tokens(&caption);
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
        fn the_normalised_caption_reads_the_same(caption in pieces()) {
            let tokenizer = tokenizer(64);
            let normalised = normalise(&caption, Form::Nfkc);
            prop_assert_eq!(tokenizer.encode(&caption), tokenizer.encode(&normalised));
        }
    }
}
