//! The characters of a caption after normalisation, each with the place it came from.
//!
//! In this order: what was written out or decoded wrongly is repaired; kaomoji become the emoji they draw; styled
//! letters become plain and invisible characters vanish; Unicode NFKC folds wide, mathematical and composed forms into
//! plain ones. Upper case is kept here, because hashtags are split at it. Every step looks a bounded distance ahead, so
//! that the work grows with the length of the caption and no faster.

use emofuse_core::unicode::{Form, is_mark, normalise as unicode_form};

use super::{
    emoji::is_kept_whole,
    escapes, kaomoji, mojibake, styled,
    symbol::{Symbol, shorten, symbols},
};

/// Most levels of escapes and entities within each other.
const MOST_LEVELS: usize = 4;
/// Most wrong decodings on top of each other.
const MOST_DECODINGS: usize = 2;

/// Normalises a caption.
pub(super) fn normalise(caption: &str) -> Vec<Symbol> {
    let symbols = repair(symbols(caption));
    let symbols = kaomoji::replace(symbols);
    let composed = compose(styled::visible(styled::plain_letters(&symbols)));
    // NFKC makes several characters of some, and the same of different ones.
    shorten(composed.into_iter())
}

/// Undoes escapes, entities and wrong decodings, which may lie on top of each other.
fn repair(mut symbols: Vec<Symbol>) -> Vec<Symbol> {
    let mut decodings = 0;
    for _ in 0..MOST_LEVELS {
        let written_out = escapes::decode(&symbols);
        let mut changed = written_out.is_some();
        symbols = written_out.unwrap_or(symbols);
        if decodings < MOST_DECODINGS
            && let Some(decoded) = mojibake::decode_utf8(&symbols)
        {
            symbols = decoded;
            decodings += 1;
            changed = true;
        }
        if !changed {
            break;
        }
    }
    mojibake::repair_characters(symbols)
}

/// NFKC, a segment at a time so that sources stay narrow.
///
/// A segment may end before any character whose decomposition begins with a starter that composes with nothing
/// before it (Unicode Standard Annex 15, section 9.1), so the segments' forms side by side are the whole's form.
fn compose(symbols: Vec<Symbol>) -> Vec<Symbol> {
    if is_composed(&symbols) {
        return symbols;
    }
    let mut composed = Vec::with_capacity(symbols.len());
    let mut start = 0;
    while start < symbols.len() {
        let mut end = start + 1;
        while end < symbols.len() && !begins_segment(symbols[end].character) {
            end += 1;
        }
        let segment = &symbols[start..end];
        if is_kept_whole(segment[0].character) || is_composed(segment) {
            composed.extend_from_slice(segment);
        } else {
            let source = segment[0].source.start..segment[segment.len() - 1].source.end;
            composed.extend(
                unicode_form(&text(segment), Form::Nfkc)
                    .chars()
                    .map(|character| Symbol {
                        character,
                        source: source.clone(),
                    }),
            );
        }
        start = end;
    }
    composed
}

/// Whether NFKC changes nothing.
fn is_composed(symbols: &[Symbol]) -> bool {
    let text = text(symbols);
    text.is_ascii() || unicode_form(&text, Form::Nfkc) == text
}

fn text(symbols: &[Symbol]) -> String {
    symbols.iter().map(|symbol| symbol.character).collect()
}

/// Whether nothing before `character` changes with it under NFKC: its decomposition begins neither with a mark nor with
/// one of the few letters that become one character with the letter before them.
fn begins_segment(character: char) -> bool {
    let decomposed = unicode_form(character.encode_utf8(&mut [0; 4]), Form::Nfkd);
    !decomposed.starts_with(|first| is_mark(first) || is_joined_to_letter(first))
}

/// Vowels and last consonants of Hangul, and a vowel sign of Kirat Rai.
fn is_joined_to_letter(character: char) -> bool {
    matches!(character, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}' | '\u{16d67}')
}

/// Lower case, with accents taken off: how words are looked up when they are not known as written.
pub(super) fn without_accents(word: &str) -> String {
    unicode_form(word, Form::Nfkd)
        .chars()
        .filter(|&character| !is_mark(character))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::symbol::{LONGEST_RUN, MOST_CHARACTERS};

    fn normalised(caption: &str) -> String {
        text(&normalise(caption))
    }

    #[test]
    fn compatibility_forms_become_plain() {
        assert_eq!(normalised("ＬＯＶＥ 𝓵𝓸𝓿𝓮 ﬁne e\u{301}"), "LOVE love fine é");
    }

    #[test]
    fn each_mathematical_letter_keeps_its_own_source() {
        let symbols = normalise("𝓵𝓸");
        assert_eq!(
            symbols.iter().map(|symbol| symbol.source.clone()).collect::<Vec<_>>(),
            [0..4, 4..8]
        );
    }

    #[test]
    fn a_repaired_character_has_the_source_of_all_it_was_written_with() {
        for (written, source) in [
            ("a&amp;b", 1..6),
            ("aâ€™b", 1..9),
            (r"a\u2019b", 1..7),
            ("a(T_T)b", 1..6),
        ] {
            let symbols = normalise(written);
            assert_eq!((symbols.len(), symbols[1].source.clone()), (3, source), "{written}");
        }
    }

    #[test]
    fn what_lies_on_top_of_each_other_is_undone() {
        for written in [
            "don&acirc;&#128;&#153;t",
            r"don\xe2\x80\x99t",
            "donÃ¢â‚¬â„¢t",
            "don&amp;rsquo;t",
            r"don\\u2019t",
        ] {
            assert_eq!(normalised(written), "don't", "{written}");
        }
        assert_eq!(normalised(r"so \xf0\x9f\x98\x82"), "so 😂");
    }

    #[test]
    fn what_composes_with_the_character_before_it_begins_no_segment() {
        use unicode_normalization::{IsNormalized, char as unicode, is_nfkc_quick};
        for character in '\u{80}'..=char::MAX {
            let mut first = None;
            unicode::decompose_compatible(character, |part| {
                first.get_or_insert(part);
            });
            let first = first.expect("every character has a decomposition");
            let may_compose = unicode::canonical_combining_class(first) != 0
                || is_nfkc_quick([first].into_iter()) != IsNormalized::Yes;
            assert!(!(may_compose && begins_segment(character)), "{character:?}");
        }
    }

    #[test]
    fn emoji_that_nfkc_would_take_apart_stay() {
        assert_eq!(normalised("Ⓜ ℹ️ ㊗ ㊙️ 🈁 ™ １"), "Ⓜ ℹ\u{fe0f} ㊗ ㊙\u{fe0f} 🈁 ™ 1");
    }

    #[test]
    fn long_runs_are_shortened_and_long_captions_cut() {
        let caption = format!("so{} sad", "o".repeat(200_000));
        let symbols = normalise(&caption);
        assert_eq!(symbols.len(), 1 + LONGEST_RUN + 4);
        assert_eq!(symbols[LONGEST_RUN].source.end, 200_002);
        assert_eq!(normalise(&"ab".repeat(MOST_CHARACTERS)).len(), MOST_CHARACTERS);
    }

    proptest! {
        #[test]
        fn sources_lie_in_order_on_character_boundaries(caption in any::<String>()) {
            let mut last = 0;
            for symbol in normalise(&caption) {
                prop_assert!(caption.get(symbol.source.clone()).is_some_and(|source| !source.is_empty()));
                prop_assert!(symbol.source.start >= last);
                last = symbol.source.start;
            }
        }

        #[test]
        fn segments_side_by_side_are_the_form_of_the_whole(caption in any::<String>()) {
            let plain: Vec<_> = caption
                .char_indices()
                .map(|(start, character)| Symbol { character, source: start..start + character.len_utf8() })
                .collect();
            let composed = text(&compose(plain));
            prop_assume!(!caption.contains(is_kept_whole));
            prop_assert_eq!(composed, unicode_form(&caption, Form::Nfkc));
        }
    }
}
