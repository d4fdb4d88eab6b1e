//! Splits hashtags, and other words written together, by the vocabulary.

use super::{normalise::without_accents, shorthand::shorthand, vocabulary::Vocabulary};

/// Longest run of letters that is split; longer ones are noise.
const LONGEST_RUN: usize = 40;
/// Longest word that a run may hold.
const LONGEST_WORD: usize = 18;
/// Charge for each further word, so that few long words win over many short ones.
const CHARGE_PER_WORD: f32 = 4.0;
/// Further charge for a word of one letter, which is the rest of another word as often.
const CHARGE_PER_LONE_LETTER: f32 = 3.0;
/// Rank at which shorthand is counted, which is written out later.
const RANK_OF_SHORTHAND: f32 = 1000.0;
/// Dearest segmentation that is believed, per letter; names that happen to hold short words cost more.
const DEAREST_PER_LETTER: f32 = 3.2;

/// One- and two-letter words that may stand in a run; other short ones in lists of words are abbreviations.
const SHORT_WORDS: [&str; 34] = [
    "a", "i", "of", "to", "in", "is", "it", "my", "me", "we", "us", "be", "do", "go", "so", "no", "on", "at", "by",
    "he", "up", "am", "an", "as", "if", "or", "oh", "ok", "tv", "uk", "la", "ny", "hi", "vs",
];

/// Splits the body of a hashtag (without `#`) into words as written.
///
/// Ranges are positions in `body`. Underscores and the seams between letters and digits always split; so does
/// CamelCase where each piece is a word; where case does not help, the likeliest segmentation is taken, and where
/// there is none, the whole stays.
pub(super) fn split(body: &[char], vocabulary: &Vocabulary) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut start = 0;
    while start < body.len() {
        let kind = Kind::of(body[start]);
        let end = body[start..]
            .iter()
            .position(|&next| Kind::of(next) != kind)
            .map_or(body.len(), |run| start + run);
        match kind {
            Kind::Seam => {}
            Kind::Digit => words.push(start..end),
            Kind::Letter => {
                let run = split_letters(&body[start..end], vocabulary);
                words.extend(run.into_iter().map(|word| start + word.start..start + word.end));
            }
        }
        start = end;
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Seam,
}

impl Kind {
    fn of(character: char) -> Self {
        if character.is_numeric() {
            Self::Digit
        } else if character == '_' {
            Self::Seam
        } else {
            Self::Letter
        }
    }
}

fn split_letters(run: &[char], vocabulary: &Vocabulary) -> Vec<std::ops::Range<usize>> {
    let known = |range: &std::ops::Range<usize>| vocabulary.id(&lower(&run[range.clone()])).is_some();
    let whole = 0..run.len();
    if known(&whole) || run.len() > LONGEST_RUN {
        return vec![whole];
    }
    let pieces = camel_case(run);
    if pieces.len() > 1 {
        return pieces
            .into_iter()
            .flat_map(|piece| {
                let start = piece.start;
                let inner = if known(&piece) {
                    None
                } else {
                    segment(&run[piece.clone()], vocabulary)
                };
                inner.map_or_else(
                    || vec![piece],
                    |words| {
                        words
                            .into_iter()
                            .map(|word| start + word.start..start + word.end)
                            .collect()
                    },
                )
            })
            .collect();
    }
    segment(run, vocabulary).unwrap_or_else(|| vec![whole])
}

/// Cuts before a capital that follows a small letter, and before the last of several capitals that a small letter
/// follows: `JusticeForNFLFans` → `Justice For NFL Fans`.
fn camel_case(run: &[char]) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for position in 1..run.len() {
        let rises = run[position].is_uppercase() && !run[position - 1].is_uppercase();
        let ends_capitals =
            run[position].is_uppercase() && run.get(position + 1).is_some_and(|next| next.is_lowercase());
        if rises || ends_capitals {
            pieces.push(start..position);
            start = position;
        }
    }
    pieces.push(start..run.len());
    pieces
}

/// The cheapest way to write `run` as known words, by dynamic programming; none where there is no believable one.
///
/// A word costs the logarithm of its rank (by Zipf's law its improbability) and a charge.
fn segment(run: &[char], vocabulary: &Vocabulary) -> Option<Vec<std::ops::Range<usize>>> {
    let text = without_accents(&lower(run));
    let letters: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let length = letters.len() - 1;
    // Accents that were taken off, or capitals that lower to two letters, would move the ranges.
    if length != run.len() || length > LONGEST_RUN {
        return None;
    }
    let mut best: Vec<Option<(f32, usize)>> = vec![None; length + 1];
    best[0] = Some((0.0, 0));
    for start in 0..length {
        let Some((cost_before, _)) = best[start] else { continue };
        for end in start + 1..=length.min(start + LONGEST_WORD) {
            let word = &text[letters[start]..letters[end]];
            let Some(cost_here) = cost(word, vocabulary) else {
                continue;
            };
            let cost_after = cost_before + cost_here;
            if best[end].is_none_or(|(cheapest, _)| cost_after < cheapest) {
                best[end] = Some((cost_after, start));
            }
        }
    }
    let (total, _) = best[length]?;
    if total > DEAREST_PER_LETTER * length as f32 {
        return None;
    }
    let mut words = Vec::new();
    let mut end = length;
    while end > 0 {
        let (_, start) = best[end]?;
        words.push(start..end);
        end = start;
    }
    words.reverse();
    Some(words)
}

fn cost(word: &str, vocabulary: &Vocabulary) -> Option<f32> {
    if word.chars().count() <= 2 && !SHORT_WORDS.contains(&word) {
        return None;
    }
    let rank = match vocabulary.id(word) {
        Some(id) => id as f32,
        None => shorthand(word).map(|_| RANK_OF_SHORTHAND)?,
    };
    let lone = if word.chars().nth(1).is_none() {
        CHARGE_PER_LONE_LETTER
    } else {
        0.0
    };
    Some(rank.ln() + CHARGE_PER_WORD + lone)
}

/// Lower case, as words are in the vocabulary.
fn lower(run: &[char]) -> String {
    run.iter().flat_map(|character| character.to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(body: &str) -> Vec<String> {
        let known = [
            "the",
            "for",
            "i",
            "love",
            "my",
            "happy",
            "days",
            "justice",
            "muslims",
            "free",
            "nfl",
            "fans",
            "freedom",
            "iphone",
            "yoga",
            "cat",
            "therapist",
        ];
        let vocabulary = Vocabulary::new(known.map(String::from).to_vec()).unwrap();
        let body: Vec<char> = body.chars().collect();
        split(&body, &vocabulary)
            .into_iter()
            .map(|range| body[range].iter().collect())
            .collect()
    }

    #[test]
    fn camel_case_splits_at_capitals() {
        assert_eq!(words("JusticeForMuslims"), ["Justice", "For", "Muslims"]);
        assert_eq!(words("JusticeForNFLFans"), ["Justice", "For", "NFL", "Fans"]);
        assert_eq!(words("ILoveMyCat"), ["I", "Love", "My", "Cat"]);
    }

    #[test]
    fn without_case_the_likeliest_words_are_found() {
        assert_eq!(words("justiceformuslims"), ["justice", "for", "muslims"]);
        assert_eq!(words("ilovemycat"), ["i", "love", "my", "cat"]);
        assert_eq!(words("LOVEYOGA"), ["LOVE", "YOGA"]);
        assert_eq!(words("dontlovecat"), ["dont", "love", "cat"]);
    }

    #[test]
    fn a_known_whole_is_not_split() {
        assert_eq!(words("freedom"), ["freedom"]);
        assert_eq!(words("iPhone"), ["iPhone"]);
        assert_eq!(words("therapist"), ["therapist"]);
    }

    #[test]
    fn digits_and_underscores_are_seams() {
        assert_eq!(words("100happydays"), ["100", "happy", "days"]);
        assert_eq!(words("free_my_cat"), ["free", "my", "cat"]);
    }

    #[test]
    fn what_cannot_be_split_stays_whole() {
        assert_eq!(words("zxqvkw"), ["zxqvkw"]);
        assert_eq!(words(&"q".repeat(200)), ["q".repeat(200)]);
        assert!(words("").is_empty());
    }
}
