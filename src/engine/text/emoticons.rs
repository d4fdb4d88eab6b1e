//! Emoticons as the emoji they draw: `:)`, `<3`, `^_^`.

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
    ("x_x", '😵'),
    ("@_@", '😵'),
    ("*_*", '🤩'),
    ("*-*", '🤩'),
    ("$_$", '🤑'),
    ("=_=", '😒'),
    ("u_u", '😔'),
    ("._.", '😔'),
    ("n_n", '😊'),
    ("^o^", '😊'),
    ("^w^", '😊'),
    (">w<", '😆'),
    ("t-t", '😭'),
    ("uwu", '😊'),
    ("owo", '😮'),
    ("b-)", '😎'),
    ("8-)", '😎'),
    (":-@", '😡'),
    ("\\m/", '🤘'),
    (">_>", '😒'),
    ("<_<", '😒'),
    (">.>", '😒'),
    ("<.<", '😒'),
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

/// Most tears of a face.
const MOST_TEARS: usize = 4;

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
    let tears = text[position..]
        .iter()
        .take(MOST_TEARS)
        .take_while(|&&next| next == '\'')
        .count();
    let tear = tears > 0;
    position += tears;
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
    let repeats = text[position..].iter().take_while(|&&next| next == mouth).count();
    (!doubtful).then_some((position + repeats, emoji))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::emoji_word;

    fn drawn(text: &str) -> Option<(usize, char)> {
        emoticon(&text.chars().collect::<Vec<_>>())
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
}
