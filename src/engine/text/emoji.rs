//! Emoji as tokens.
//!
//! An emoji is a token of its own where the vocabulary has it, because its vector was then trained on captions;
//! otherwise the English word of [`emoji_words`](super::emoji_words) stands in for it, or what its Unicode name has in
//! the vocabulary.

use super::{
    emoji_names::{NAMES, REGIONS},
    emoji_words::{EMOJI_WORDS, SEQUENCE_WORDS},
    vocabulary::Vocabulary,
};

/// What an emoji is read as that no word stands for: it says nothing, but it is there.
const NEUTRAL: &str = "symbol";
const FLAG: &str = "flag";
/// Most joined emoji that are looked at.
const MOST_PARTS: usize = 8;

/// The English word that stands in for an emoji.
#[must_use]
pub fn emoji_word(emoji: char) -> Option<&'static str> {
    let position = EMOJI_WORDS.binary_search_by_key(&emoji, |&(known, _)| known).ok()?;
    Some(EMOJI_WORDS[position].1)
}

/// Every emoji that has a word, with its word.
pub fn emoji_with_words() -> impl Iterator<Item = (char, &'static str)> {
    EMOJI_WORDS.iter().copied()
}

/// The words of an emoji and those joined to it, without modifiers: one for most, never none.
pub(super) fn words(parts: &[char], vocabulary: &Vocabulary) -> Vec<String> {
    let marks: &[&str] = match parts {
        ['‼', ..] => &["!", "!"],
        ['⁉', ..] => &["!", "?"],
        _ => &[],
    };
    if !marks.is_empty() {
        return marks.iter().map(|&mark| mark.to_owned()).collect();
    }
    let parts = &parts[..parts.len().min(MOST_PARTS)];
    let known = |word: &&str| vocabulary.id(word).is_some();
    let sequence: String = parts
        .iter()
        .flat_map(|&part| [ZERO_WIDTH_JOINER, part])
        .skip(1)
        .collect();
    if parts.len() > 1
        && let Some(word) = joined(&sequence, parts).filter(known)
    {
        return vec![word.to_owned()];
    }
    let itself_or_word = parts.iter().find_map(|&part| {
        let itself = part.to_string();
        if vocabulary.id(&itself).is_some() {
            return Some(itself);
        }
        emoji_word(part).filter(known).map(str::to_owned)
    });
    if let Some(text) = itself_or_word {
        return vec![text];
    }
    let named = parts.iter().find_map(|part| {
        let name = name(NAMES, part.encode_utf8(&mut [0; 4]))?;
        let words: Vec<String> = name.split(' ').filter(known).map(str::to_owned).collect();
        (!words.is_empty()).then_some(words)
    });
    named.unwrap_or_else(|| vec![NEUTRAL.to_owned()])
}

/// Whether a character is an emoji, or a sign with a word.
pub(super) fn has_word_or_name(character: char) -> bool {
    emoji_word(character).is_some() || name(NAMES, character.encode_utf8(&mut [0; 4])).is_some()
}

/// The words of a flag: `flag` and the region's name.
pub(super) fn flag_words(indicators: [char; 2], vocabulary: &Vocabulary) -> Vec<String> {
    let name = name(REGIONS, &region(indicators)).unwrap_or_default();
    let known = name.split(' ').filter(|word| vocabulary.id(word).is_some());
    std::iter::once(FLAG).chain(known).map(str::to_owned).collect()
}

/// The words of a flag that tags spell, as those of England, Scotland and Wales.
pub(super) fn tagged_flag_words(tags: &[char], vocabulary: &Vocabulary) -> Vec<String> {
    let code: String = tags
        .iter()
        .filter_map(|&tag| char::from_u32(u32::from(tag).wrapping_sub(0xe_0000)))
        .filter(char::is_ascii_lowercase)
        .collect();
    let name = match code.as_str() {
        "gbeng" => "england",
        "gbsct" => "scotland",
        "gbwls" => "wales",
        _ => "",
    };
    let known = [name].into_iter().filter(|word| vocabulary.id(word).is_some());
    std::iter::once(FLAG).chain(known).map(str::to_owned).collect()
}

/// Whether two regional indicators are the flag of a region.
pub(super) fn is_region(indicators: [char; 2]) -> bool {
    name(REGIONS, &region(indicators)).is_some()
}

/// The two letters of a region.
fn region(indicators: [char; 2]) -> String {
    let letter = |indicator: char| char::from_u32((u32::from(indicator)).wrapping_sub(0x1_f1e6 - u32::from('A')));
    indicators.into_iter().filter_map(letter).collect()
}

/// What stands behind `key` in a table of ordered lines that each begin with a key.
fn name(table: &'static str, key: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = table.as_bytes()[..middle]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |end| end + 1);
        let end = table.as_bytes()[start..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(table.len(), |end| start + end);
        let line = &table[start..end];
        if let Some(name) = line.strip_prefix(key) {
            return Some(name);
        }
        if line < key {
            low = end + 1;
        } else {
            high = start;
        }
    }
    None
}

/// The word of emoji that mean something together: a listed sequence, a family, a couple.
fn joined(sequence: &str, parts: &[char]) -> Option<&'static str> {
    if let Some(&(_, word)) = SEQUENCE_WORDS.iter().find(|&&(known, _)| known == sequence) {
        return Some(word);
    }
    let is_person = |part: &char| matches!(part, '👦' | '👧' | '👨' | '👩' | '🧑' | '🧒' | '👶');
    let people = parts.iter().filter(|part| is_person(part)).count();
    if people < 2 {
        None
    } else if parts.contains(&'💋') {
        Some("kiss")
    } else if parts.contains(&'❤') {
        Some("love")
    } else if parts.contains(&'🤝') {
        Some("friends")
    } else {
        Some("family")
    }
}

/// Whether a character can begin an emoji.
///
/// Letters, digits and the punctuation that text is made of never do. Blocks: arrows to dingbats, the later arrows
/// and stars, and the pictographs of the supplementary planes.
pub(super) fn is_pictograph(character: char) -> bool {
    let in_block = matches!(character, '\u{2190}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}');
    (in_block && !character.is_alphanumeric()) || is_kept_whole(character)
}

/// Emoji that NFKC would take apart, or that are letters to Unicode.
pub(super) fn is_kept_whole(character: char) -> bool {
    matches!(
        character,
        '‼' | '⁉'
            | 'ℹ'
            | '™'
            | '〰'
            | '〽'
            | '㊗'
            | '㊙'
            | 'Ⓜ'
            | '🅰'
            | '🅱'
            | '🅾'
            | '🅿'
            | '\u{1f201}'
            | '\u{1f202}'
            | '\u{1f21a}'
            | '\u{1f22f}'
            | '\u{1f232}'..='\u{1f23a}' | '\u{1f250}' | '\u{1f251}'
    )
}

/// Emoji that structure text more often than they mean anything: they are read only where nothing else is.
pub(super) fn is_decoration(character: char) -> bool {
    matches!(
        character,
        '©' | '®' | '™' | '↔'..='↪' | '\u{25a0}'..='\u{25ff}' | '➡' | '⤴' | '⤵' | '⬅'..='⬇' | '⬛' | '⬜' | '➰' | '➿' | '〰' | '〽'
            | '🔴' | '🔵' | '🟠'..='🟫' | '🔶'..='🔽' | '💠' | '🔘' | '🔲' | '🔳' | '⚪' | '⚫' | '\u{1f1e6}'..='\u{1f1ff}'
            | '\u{1f3fb}'..='\u{1f3ff}' | '♀' | '♂'
    )
}

/// Whether a character only changes how the emoji before it looks.
pub(super) fn is_modifier(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

/// Joins emoji to one picture.
pub(super) const ZERO_WIDTH_JOINER: char = '\u{200d}';

#[cfg(test)]
mod tests {
    use super::*;

    /// Every emoji of Unicode, without skin tones; written by `tools/emoji-names.mjs`.
    const EVERY_EMOJI: &str = include_str!("../../../tests/golden/emoji.txt");

    fn tokens_of(emoji: &str, words: &[&str]) -> Vec<crate::text::Token> {
        let vocabulary = Vocabulary::new(words.iter().map(|&word| word.to_owned()).collect()).unwrap();
        crate::text::Tokenizer::new(vocabulary, 64).tokens(emoji)
    }

    fn read_as(emoji: &str) -> String {
        let mut words: Vec<&str> = EMOJI_WORDS.iter().map(|&(_, word)| word).collect();
        words.extend(SEQUENCE_WORDS.iter().map(|&(_, word)| word));
        words.extend([
            "flag", "france", "united", "kingdom", "states", "england", "family", "waffle", "kiss", "friends", "symbol",
        ]);
        words.extend(["zero", "one", "seven", "star", "number", "couple"]);
        words.sort_unstable();
        words.dedup();
        let texts: Vec<String> = tokens_of(emoji, &words).into_iter().map(|token| token.text).collect();
        texts.join(" ")
    }

    #[test]
    fn the_table_is_ordered_without_doubles_and_holds_lower_case_words() {
        assert!(EMOJI_WORDS.len() >= 150);
        assert!(EMOJI_WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(
            EMOJI_WORDS
                .iter()
                .all(|(_, word)| !word.is_empty() && word.to_lowercase() == *word)
        );
    }

    #[test]
    fn every_emoji_of_the_table_begins_an_emoji_and_modifies_none() {
        for (emoji, _) in emoji_with_words() {
            assert!(is_pictograph(emoji), "{emoji}");
            assert!(!is_modifier(emoji), "{emoji}");
        }
    }

    #[test]
    fn every_emoji_alone_is_read() {
        assert!(EVERY_EMOJI.lines().count() > 1_900);
        let skin = |emoji: &str| {
            let mut characters = emoji.chars();
            characters
                .next()
                .filter(|first| !is_decoration(*first))
                .map(|first| format!("{first}\u{1f3fd}{}", characters.as_str()))
                .unwrap_or_else(|| emoji.to_owned())
        };
        for emoji in EVERY_EMOJI.lines() {
            let bare = emoji.replace('\u{fe0f}', "");
            for written in [
                emoji.to_owned(),
                bare,
                format!("{emoji}{emoji}"),
                format!(" {emoji} !!!"),
                skin(emoji),
            ] {
                for words in [&["love"][..], &["symbol", "flag", "love", "!", "red", "face", "one"]] {
                    let tokens = tokens_of(&written, words);
                    assert!(!tokens.is_empty(), "{written}");
                    assert_eq!(tokens[0].kind, crate::text::TokenKind::Emoji, "{written}");
                }
            }
        }
    }

    #[rustfmt::skip]
    #[test]
    fn emoji_without_a_word_are_read_by_their_name() {
        for (emoji, read) in [
            ("🩷", "love"), ("🫂", "hug"), ("🧐", "curious"), ("🥹", "touched"), ("🧇", "waffle"),
            ("🇫🇷", "flag france"), ("🇬🇧", "flag united kingdom"), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "flag england"), ("❤️‍🔥", "passion"),
            ("😮‍💨", "exhausted"), ("👨‍👩‍👧", "family"), ("👩‍❤️‍💋‍👨", "kiss"), ("👩‍❤️‍👨", "love"), ("🏳️‍🌈", "pride"),
            ("1️⃣", "one"), ("7⃣", "seven"), ("*️⃣", "star"), ("🆘", "help"), ("🅰️", "blood"),
            ("ℹ️", "information"), ("🕵️‍♀️", "detective"), ("🤷🏽‍♂️", "unsure"), ("🔟", "ten"), ("🟢", "circle"),
        ] {
            assert_eq!(read_as(emoji), read, "{emoji}");
        }
    }

    #[test]
    fn decoration_is_read_only_where_nothing_else_is() {
        assert_eq!(read_as("🟢 love ▶️ hug ™"), "love hug");
        assert_eq!(read_as("love 🇫🇷"), "love flag france");
        assert_eq!(read_as("©️"), "symbol");
    }

    #[test]
    fn tables_are_ordered() {
        for table in [NAMES, REGIONS] {
            let lines: Vec<&str> = table.lines().collect();
            assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(lines.iter().all(|line| !line.ends_with(' ')));
        }
        assert!(NAMES.len() + REGIONS.len() < 25_000);
    }

    #[test]
    fn words_of_faces_say_the_feeling() {
        assert_eq!(emoji_word('😭'), Some("crying"));
        assert_eq!(emoji_word('❤'), Some("love"));
        assert_eq!(emoji_word('a'), None);
    }
}
