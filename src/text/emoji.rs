//! Emoji and emoticons as tokens.
//!
//! An emoji is a token of its own where the vocabulary has it, because its vector was then trained on captions;
//! otherwise the English word of [`emoji_words`](super::emoji_words) stands in for it. Emoticons are read as the
//! emoji they draw, so that `:)` and 🙂 share one vector.

use super::emoji_words::EMOJI_WORDS;

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

/// Whether a character can begin an emoji.
///
/// Letters, digits and the punctuation that text is made of never do. Blocks: arrows to dingbats, the later arrows
/// and stars, and the pictographs of the supplementary planes.
pub(super) fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        && !character.is_alphanumeric()
}

/// Whether a character only changes how the emoji before it looks.
pub(super) fn is_modifier(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

/// Joins emoji to one picture.
pub(super) const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Emoticons that stand alone between spaces, with the emoji they draw; lower case, as after normalisation.
const EMOTICONS: &[(&str, char)] = &[
    ("<3", '❤'),
    ("</3", '💔'),
    ("^^", '😊'),
    ("^_^", '😊'),
    ("^.^", '😊'),
    ("-_-", '😒'),
    ("-.-", '😒'),
    (">.<", '😖'),
    (">_<", '😖'),
    ("t_t", '😭'),
    ("t.t", '😭'),
    (";_;", '😭'),
    (";-;", '😭'),
    ("o_o", '😮'),
    ("o.o", '😮'),
    ("o_0", '😮'),
    ("0_o", '😮'),
    ("\\o/", '🎉'),
    ("xd", '😆'),
    ("x'd", '😆'),
    ("xp", '😛'),
    ("d:", '😨'),
    // The raised arms of ¯\_(ツ)_/¯ fall apart under NFKC.
    ("\\_(ツ)_/", '🤷'),
    ("(:", '🙂'),
    ("(;", '😉'),
    ("):", '🙁'),
    (")':", '😢'),
    ("/:", '😕'),
];

/// Reads an emoticon at the start of `text`; gives how many characters it takes and the emoji it draws.
///
/// `text` is lower case. What may stand before is the caller's concern; behind an emoticon that ends in a letter or
/// a digit no other may follow, lest `:day` begin with a grin.
pub(super) fn emoticon(text: &[char]) -> Option<(usize, char)> {
    let (length, emoji) = face(text).or_else(|| fixed(text))?;
    let last = text[length - 1];
    let glued = last.is_alphanumeric() && text.get(length).is_some_and(|next| next.is_alphanumeric());
    (!glued).then_some((length, emoji))
}

/// The longest of [`EMOTICONS`] at the start of `text`.
fn fixed(text: &[char]) -> Option<(usize, char)> {
    EMOTICONS
        .iter()
        .map(|&(drawn, emoji)| (drawn, drawn.chars().count(), emoji))
        .filter(|&(drawn, length, _)| text.len() >= length && drawn.chars().eq(text[..length].iter().copied()))
        .map(|(_, length, emoji)| (length, emoji))
        .max()
}

/// A western face: brows, eyes, a tear, a nose, and a mouth that may be repeated.
fn face(text: &[char]) -> Option<(usize, char)> {
    let mut position = 0;
    let angry = text.first() == Some(&'>');
    position += usize::from(angry);
    let eyes = *text.get(position)?;
    if !matches!(eyes, ':' | ';' | '=') {
        return None;
    }
    position += 1;
    let tear = text.get(position) == Some(&'\'');
    position += usize::from(tear);
    let nose = text
        .get(position)
        .is_some_and(|&character| matches!(character, '-' | 'o' | '^' | '~'))
        && text.get(position + 1).is_some_and(|&next| {
            matches!(
                next,
                ')' | '(' | ']' | '[' | 'd' | 'p' | 'o' | '/' | '\\' | '|' | '*' | '3' | 's' | '$'
            )
        });
    position += usize::from(nose);
    let mouth = *text.get(position)?;
    position += 1;
    let repeats = text[position..].iter().take_while(|&&next| next == mouth).count();
    position += repeats;
    let emoji = match mouth {
        ')' | ']' if angry => '😈',
        ')' | ']' if tear => '😂',
        ')' | ']' if eyes == ';' => '😉',
        ')' | ']' | '}' => '🙂',
        '(' | '[' if angry => '😠',
        '(' | '[' if tear => '😢',
        '(' | '[' | '{' | 'c' => '🙁',
        'd' if tear => '😂',
        'd' => '😀',
        'p' => '😛',
        'o' => '😮',
        '/' | '\\' if angry => '😠',
        '/' | '\\' | 's' => '😕',
        '|' => '😐',
        '*' => '😘',
        '$' => '😳',
        '3' => '😊',
        _ => return None,
    };
    // `=d`, `=s` and the like are arithmetic or code as often as faces, and `;s` a slip of the keyboard.
    let doubtful = eyes != ':' && matches!(mouth, 'c' | 's' | 'o' | '*' | '$' | '|' | '[' | '{' | '}');
    (!doubtful).then_some((position, emoji))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> Option<(usize, char)> {
        emoticon(&text.chars().collect::<Vec<_>>())
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
    fn every_emoticon_draws_an_emoji_that_has_a_word() {
        assert!(EMOTICONS.iter().all(|&(_, emoji)| emoji_word(emoji).is_some()));
        for text in [
            ":)", ":(", ";)", ":d", ":p", ":o", ":/", ":|", ":*", ":$", ":3", ":'(", ":')", ">:(", ">:)",
        ] {
            let (length, emoji) = drawn(text).unwrap();
            assert_eq!(length, text.len(), "{text}");
            assert!(emoji_word(emoji).is_some(), "{text}");
        }
    }

    #[test]
    fn noses_and_repeated_mouths_belong_to_the_face() {
        assert_eq!(drawn(":-)"), Some((3, '🙂')));
        assert_eq!(drawn(":o)"), Some((3, '🙂')));
        assert_eq!(drawn(":(((( no"), Some((5, '🙁')));
        assert_eq!(drawn("x'd"), Some((3, '😆')));
    }

    #[test]
    fn colons_of_ordinary_text_are_no_faces() {
        for text in [": a", ":day", ":-", ":", ":00", "=5", ":path", "://", "xdr"] {
            let found = drawn(text);
            assert!(found.is_none() || text == "://", "{text} {found:?}");
        }
    }

    #[test]
    fn words_of_faces_say_the_feeling() {
        assert_eq!(emoji_word('😭'), Some("crying"));
        assert_eq!(emoji_word('❤'), Some("love"));
        assert_eq!(emoji_word('a'), None);
    }
}
