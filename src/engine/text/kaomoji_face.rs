//! The feeling of a kaomoji's face: which eyes, which mouth, and what lies beside them.

use emofuse_core::unicode::{Form, is_mark, normalise};

/// Most characters beside a face on either side.
const MOST_BESIDE: usize = 4;
/// Most characters of a mouth.
const LONGEST_MOUTH: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Eyes {
    Tears,
    Happy,
    Squeezed,
    Flat,
    Round,
    Dots,
    Sparkling,
    Stars,
    Love,
    Dead,
    Money,
    Disapproving,
    Sideways,
    Glasses,
    Down,
}

impl Eyes {
    #[rustfmt::skip]
    fn of(character: char) -> Option<Self> {
        Some(match character {
            'T' | 't' | 'Ｔ' | ';' | '；' | 'Q' | 'q' | 'ಥ' | '╥' | 'ㅠ' | 'ㅜ' | 'π' | 'Π' | '〒' | '┬' | 'ಢ' | '༎'
            | 'ಣ' | 'ᗄ' => Self::Tears,
            '^' | '＾' | '⌒' | '◠' | '∩' | 'ᵔ' | '˘' | '◡' | '◜' | '◝' | 'n' | '∪' | 'ꈍ' | 'ᐢ' | '⁀' | '︶' | 'ᴖ'
            | '✿' => Self::Happy,
            '>' | '<' | '＞' | '＜' | '≧' | '≦' | '˃' | '˂' | '≥' | '≤' | 'ᗒ' | 'ᗕ' | '⋗' | '⋖' | '〉' | '〈' => {
                Self::Squeezed
            }
            '-' | 'ー' | '一' | '─' | '￣' | '¯' | '‐' | '=' | '＝' | '－' | '–' | '—' | '‾' | 'ｰ' | '﹣' | '~'
            | '～' => Self::Flat,
            'o' | 'O' | '0' | 'ｏ' | 'Ｏ' | '°' | 'º' | '○' | '◯' | '〇' | '◎' | '⊙' | '☉' | '◉' | 'ʘ' | '⚆' | 'ﾟ'
            | '゜' | '゚' | 'Ꙩ' | '๏' | '꒪' => Self::Round,
            '•' | '●' | '・' | '･' | '·' | '.' | '⋅' | '∙' | '╹' | '\'' | '’' | '◦' | '‧' | '｡' | '。' | 'ㆍ' | '▪'
            | '︎' | ',' | '"' | '?' => Self::Dots,
            '◕' | '◔' | '❛' | '◍' | '✧' | '◑' | '◐' | '⊚' => Self::Sparkling,
            '★' | '☆' | '✪' | '✦' | '*' | '＊' | '⍟' | '✩' => Self::Stars,
            '♥' | '♡' | '❤' | '❥' => Self::Love,
            'x' | 'X' | '×' | '✖' | '✕' | '+' | '@' | '＠' => Self::Dead,
            '$' | '＄' => Self::Money,
            'ಠ' | '눈' | 'ಡ' => Self::Disapproving,
            '¬' | '￢' | '≖' | 'ˇ' | '⩺' | '⩹' => Self::Sideways,
            '■' | '▀' | '▇' | '⬛' => Self::Glasses,
            'u' | 'U' | 'v' | 'V' | '◞' | '◟' | '╯' | '╰' => Self::Down,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mouth {
    None,
    Plain,
    Happy,
    Sad,
    Angry,
    Shouting,
    Kissing,
    Praying,
    Animal,
}

impl Mouth {
    /// Reads the characters between the eyes; `None` where they draw no mouth.
    #[rustfmt::skip]
    fn of(characters: &[char]) -> Option<Self> {
        let mut mouth = if characters.is_empty() { Self::None } else { Self::Plain };
        for &character in characters {
            mouth = match character {
                'ω' | 'w' | 'ｗ' | '▽' | '∇' | '∀' | '‿' | '◡' | 'ᴗ' | 'ᵕ' | 'ヮ' | 'ワ' | 'ᗜ' | 'v' | 'ｖ' | '⌣'
                | '∪' | 'ㅂ' | 'ㅅ' | 'ᆺ' | '罒' | 'ɷ' | '꒳' | 'ᗨ' | '▿' | 'ڡ' | '︶' | '◇' | 'ε' | '艸' | 'D'
                | 'u' => Self::Happy,
                '︿' | 'へ' | 'ヘ' | '︵' | '︹' | '⌓' | '﹏' | '∧' | '⌒' | '‸' | '﹃' | 'ᗣ' | '⁔' | '^' | '~'
                | 'n' => Self::Sad,
                '益' | '皿' => Self::Angry,
                'Д' | 'д' | '□' | '△' | 'ᗩ' | 'ᗝ' | 'ᗢ' | 'ロ' | '口' | 'ﾛ' | '○' | '〇' | 'o' | 'O' | 'ｏ' | '0' | '◯'
                | 'ㅁ' | 'Ｏ' => Self::Shouting,
                '3' | '³' | '₃' | 'з' | '*' => Self::Kissing,
                '人' => Self::Praying,
                'ᴥ' | 'ェ' | 'エ' | 'ｪ' | '㉨' | 'x' | 'ｘ' | '×' | 'ᆽ' => Self::Animal,
                '_' | '＿' | '.' | '．' | '-' | ',' | '｡' | '。' | 'ー' | '─' | '一' | '‐' | '﹍' | '・' | '･'
                | '·' | '；' | ';' | '=' | ' ' | '☉' | 'ʖ' | '͜' | '╻' | '\'' | '‑' | '–' | '—' | '▂' | '﹀' | '＾'
                | '灬' | '֊' | '､' | '、' | '°' => mouth,
                _ => return None,
            };
        }
        Some(mouth)
    }
}

/// What may lie beside a face: cheeks, sweat, veins, hands, flowers.
#[rustfmt::skip]
fn is_beside(character: char) -> bool {
    matches!(
        character,
        '*' | '＊'
            | ';' | '；' | '｡' | '。' | '#' | '＃' | '"' | '〃' | '=' | '≡' | '⁄' | '/' | '／' | '\\' | '＼' | '|' | '♡'
            | '♥' | '☆' | '★' | '✧' | '✿' | '❀' | '❁' | '๑' | '˵' | 'ɔ' | 'ˇ' | '„' | 'ꐦ' | '╬' | 'メ' | '~' | '～' | '〜' | '!'
            | '！' | '?' | '？' | 'ノ' | 'ﾉ' | 'ヽ' | 'ヾ' | 'っ' | 'つ' | 'づ' | '⊂' | '⊃' | 'ง' | 'ლ' | '╯' | '╭' | '╮'
            | '╰' | '☞' | '⌐' | '^' | '゜' | 'ゝ' | 'σ' | '｀' | '´' | '`' | '\'' | '•' | '・' | '･' | '≪' | '≫' | 'ミ'
            | '彡' | '∑' | 'Σ' | '⚈' | '◝' | '◜' | 'ˊ' | 'ˋ' | '੭' | '∗' | '°' | ','
    )
}

/// The emoji that a face draws: the characters between brackets.
pub(super) fn face(inner: &[char]) -> Option<char> {
    if inner.contains(&'ʖ') {
        return Some('😏');
    }
    let drawn: Vec<char> = normalise(&inner.iter().collect::<String>(), Form::Nfd)
        .chars()
        .filter(|&character| !character.is_whitespace() && !is_mark(character))
        .collect();
    match drawn.as_slice() {
        ['ツ' | 'ッ' | 'シ' | '㋡' | 'ヅ' | 'ジ' | 'ﾂ'] => return Some('🙂'),
        ['_', '_'] | ['-', '人', '-'] => return Some('🙇').filter(|_| inner.len() > 2),
        _ => {}
    }
    let beside = |range: &[char]| range.iter().all(|&character| is_beside(character));
    // As little as can be; of that, as much on the left as on the right first.
    let mut sides: Vec<(usize, usize)> = (0..=MOST_BESIDE)
        .flat_map(|left| (0..=MOST_BESIDE).map(move |right| (left, right)))
        .filter(|(left, right)| left + right + 2 <= drawn.len())
        .collect();
    sides.sort_by_key(|(left, right)| (if left == right { *left } else { left + right }, left.abs_diff(*right)));
    let found = sides.into_iter().find_map(|(left, right)| {
        let (before, rest) = drawn.split_at(left);
        let (core, after) = rest.split_at(rest.len() - right);
        if beside(before) && beside(after) {
            core_face(core, before, after)
        } else {
            None
        }
    });
    // Round cheeks: `(o^^o)`.
    let cheeks = match drawn.as_slice() {
        ['o' | 'ｏ', core @ .., 'o' | 'ｏ'] => core_face(core, &[], &[]).filter(|&emoji| emoji == '😊'),
        _ => None,
    };
    found.or(cheeks)
}

/// An eye, a mouth, an eye.
fn core_face(core: &[char], before: &[char], after: &[char]) -> Option<char> {
    let [left, mouth @ .., right] = core else { return None };
    let (left, right) = (*left, *right);
    if mouth.len() > LONGEST_MOUTH
        || core.iter().all(|&character| character == left)
            && !matches!(
                core,
                ['T', 'T'] | ['^', '^'] | [';', ';'] | ['ㅠ' | 'ㅜ' | '¬' | '￢' | 'ಠ' | 'ಥ' | '♥' | '♡', _]
            )
    {
        return None;
    }
    if before.iter().chain(after).all(char::is_ascii) && is_plain_text(left, mouth, right) {
        return None;
    }
    let sweats = after.iter().chain(before).any(|beside| matches!(beside, ';' | '；'));
    let is_angry = before
        .iter()
        .chain(after)
        .any(|beside| matches!(beside, '╬' | 'ꐦ' | 'メ' | '#' | '＃'));
    if let Some(emoji) = slanted(left, mouth, right, sweats) {
        return Some(emoji);
    }
    let shape = Mouth::of(mouth)?;
    let (of_left, of_right) = (Eyes::of(left), Eyes::of(right));
    let eyes = match (of_left?, of_right?) {
        (Eyes::Happy, Eyes::Flat | Eyes::Squeezed | Eyes::Stars) if left != right => return Some('😉'),
        (one, other) if one == other => one,
        _ => return None,
    };
    Some(match (eyes, shape) {
        (_, Mouth::Praying) => '🙏',
        (_, Mouth::Angry) => '😡',
        (_, Mouth::Shouting) if is_angry => '😡',
        (Eyes::Happy, Mouth::Sad) if matches!(mouth, ['︹' | '︿' | 'へ' | '﹏' | '︵']) => '😔',
        (Eyes::Tears, Mouth::Happy) if mouth != ['w'] && mouth != ['ω'] => '🥲',
        (Eyes::Tears, _) => '😭',
        (Eyes::Squeezed, _) if left == right => '😒',
        (Eyes::Squeezed, Mouth::Happy | Mouth::Animal | Mouth::Shouting) => '😆',
        (Eyes::Squeezed, _) => '😖',
        (Eyes::Happy, _) if sweats => '😅',
        (Eyes::Happy | Eyes::Dots | Eyes::Sparkling, Mouth::Kissing) => '😘',
        (Eyes::Happy, _) => '😊',
        (Eyes::Flat, Mouth::Happy) => '😌',
        (Eyes::Flat, _) if is_angry => '😠',
        (Eyes::Flat, Mouth::Kissing) => '😘',
        (Eyes::Flat, Mouth::Shouting) => '😩',
        (Eyes::Flat, _) if sweats => '😓',
        (Eyes::Flat, Mouth::Plain) if mouth == ['ー'] && matches!(left, '￣' | '¯') => '😏',
        (Eyes::Flat, Mouth::Sad) if matches!(left, '￣' | '¯') => '😤',
        (Eyes::Flat, _) => '😒',
        (Eyes::Round, Mouth::Happy | Mouth::Animal) => '😀',
        (Eyes::Round, Mouth::Sad) if !mouth[0].is_ascii() => '😟',
        (Eyes::Round, Mouth::Shouting) if !mouth[0].is_ascii() => '😱',
        (Eyes::Round, _) => '😮',
        (Eyes::Dots, Mouth::Sad) => '🙁',
        (Eyes::Dots, Mouth::Shouting) => '😱',
        (Eyes::Dots, Mouth::Happy | Mouth::Animal) => '😊',
        (Eyes::Dots, _) if sweats => '😓',
        (Eyes::Dots, _) if left == '?' => '😕',
        (Eyes::Dots, _) if matches!(left, '.' | ',') => '😔',
        (Eyes::Dots, _) => '😐',
        (Eyes::Sparkling, Mouth::Sad) => '🥺',
        (Eyes::Sparkling, _) => '😊',
        (Eyes::Stars, Mouth::Sad) => '🥺',
        (Eyes::Stars, _) => '🤩',
        (Eyes::Love, _) => '😍',
        (Eyes::Dead, _) => '😵',
        (Eyes::Money, _) => '🤑',
        (Eyes::Disapproving | Eyes::Sideways, Mouth::Happy) => '😏',
        (Eyes::Disapproving | Eyes::Sideways, _) => '😒',
        (Eyes::Glasses, _) => '😎',
        (Eyes::Down, Mouth::Happy) => '😊',
        (Eyes::Down, _) => '😔',
    })
}

/// Eyes that are strokes: `´ `` is sad or moved, `` ` ´`` angry; one eye hidden by a hand cries.
fn slanted(left: char, mouth: &[char], right: char, sweats: bool) -> Option<char> {
    let rises = |eye: char| matches!(eye, '´' | 'ˊ' | '′' | '\u{301}');
    let falls = |eye: char| matches!(eye, '`' | '｀' | 'ˋ');
    if matches!((left, right), ('ノ' | 'ﾉ', '<' | '＜' | '、' | 'ヽ')) && !mouth.is_empty() {
        return Some('😭');
    }
    let has = |any: &[char]| mouth.iter().any(|character| any.contains(character));
    let shape = Mouth::of(
        &mouth
            .iter()
            .copied()
            .filter(|inner| Eyes::of(*inner) != Some(Eyes::Dots) || *inner == '.')
            .collect::<Vec<_>>(),
    );
    if rises(left) && falls(right) {
        return Some(if has(&[';', '；', 'T']) {
            '😭'
        } else if has(&['・', '･', '•', '。', '｡', '.', '_', '＿', '-']) {
            '😔'
        } else {
            match shape? {
                Mouth::Happy if sweats => '😅',
                Mouth::Happy => '😊',
                Mouth::Kissing => '😘',
                Mouth::Shouting => '😩',
                _ => '😔',
            }
        });
    }
    (falls(left) && rises(right) && !mouth.is_empty()).then_some(match shape? {
        Mouth::Happy | Mouth::Plain => '😤',
        Mouth::None => '😠',
        _ => '😡',
    })
}

/// Whether what could be a face of ASCII is more likely text: a score, letters, dashes.
fn is_plain_text(left: char, mouth: &[char], right: char) -> bool {
    if !(left.is_ascii() && right.is_ascii() && mouth.iter().all(char::is_ascii)) {
        return false;
    }
    let is_letter = |eye: char| eye.is_ascii_alphanumeric();
    match mouth {
        [] => !matches!((left, right), ('^', '^') | (';', ';') | ('T', 'T') | ('>', '<')),
        ['_', ..] => false,
        _ if left == '0' || right == '0' => true,
        // `(ToT)`, but `(tot)` is a word.
        ['o' | 'w' | 'v' | 'u'] if is_letter(left) => left != 'T' || right != 'T',
        ['.' | '-' | '~' | ','] => matches!(
            (left, right),
            ('<', '>') | ('"', '"') | ('\'', '\'') | ('+', '+') | ('-', '=')
        ),
        ['^' | 'w' | 'o' | 'O' | '3' | 'v' | 'x' | 'A'] => is_letter(left) && left != 'T',
        _ => true,
    }
}
