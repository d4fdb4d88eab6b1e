//! The characters of a caption after normalisation, each with the place it came from.
//!
//! In this order: what was written out or decoded wrongly is repaired; kaomoji become the emoji they draw; styled
//! letters become plain and invisible characters vanish; Unicode NFKC folds wide, mathematical and composed forms into
//! plain ones. Upper case is kept here, because hashtags are split at it. Every step looks a bounded distance ahead, so
//! that the work grows with the length of the caption and no faster.

use unicode_normalization::{IsNormalized, UnicodeNormalization, char as unicode, is_nfkc_quick};

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
    let composed = compose(&styled::visible(styled::plain_letters(&symbols)));
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
fn compose(symbols: &[Symbol]) -> Vec<Symbol> {
    let mut composed = Vec::with_capacity(symbols.len());
    let mut start = 0;
    while start < symbols.len() {
        let mut end = start + 1;
        while end < symbols.len() && !begins_segment(symbols[end].character) {
            end += 1;
        }
        let segment = &symbols[start..end];
        if let [
            Symbol {
                character: '\0'..='\u{7f}',
                ..
            },
        ] = segment
        {
            composed.push(segment[0].clone());
        } else if is_kept_whole(segment[0].character) {
            composed.extend_from_slice(segment);
        } else {
            let source = segment[0].source.start..segment[segment.len() - 1].source.end;
            let characters = segment.iter().map(|symbol| symbol.character).nfkc();
            composed.extend(characters.map(|character| Symbol {
                character,
                source: source.clone(),
            }));
        }
        start = end;
    }
    composed
}

/// Whether nothing before `character` changes with it under NFKC.
fn begins_segment(character: char) -> bool {
    if character.is_ascii() {
        return true;
    }
    let mut first = None;
    unicode::decompose_compatible(character, |part| {
        first.get_or_insert(part);
    });
    first.is_some_and(|part| {
        unicode::canonical_combining_class(part) == 0 && is_nfkc_quick([part].into_iter()) == IsNormalized::Yes
    })
}

/// Lower case, with accents taken off: how words are looked up when they are not known as written.
pub(super) fn without_accents(word: &str) -> String {
    word.nfkd()
        .filter(|&character| !unicode::is_combining_mark(character))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::symbol::{LONGEST_RUN, MOST_CHARACTERS};

    fn text(caption: &str) -> String {
        normalise(caption).iter().map(|symbol| symbol.character).collect()
    }

    #[test]
    fn compatibility_forms_become_plain() {
        assert_eq!(text("ＬＯＶＥ 𝓵𝓸𝓿𝓮 ﬁne e\u{301}"), "LOVE love fine é");
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
            assert_eq!(text(written), "don't", "{written}");
        }
        assert_eq!(text(r"so \xf0\x9f\x98\x82"), "so 😂");
    }

    #[test]
    fn emoji_that_nfkc_would_take_apart_stay() {
        assert_eq!(text("Ⓜ ℹ️ ㊗ ㊙️ 🈁 ™ １"), "Ⓜ ℹ\u{fe0f} ㊗ ㊙\u{fe0f} 🈁 ™ 1");
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
            let composed: String = compose(&plain).iter().map(|symbol| symbol.character).collect();
            prop_assume!(!caption.contains(is_kept_whole));
            prop_assert_eq!(composed, caption.nfkc().collect::<String>());
        }
    }
}
