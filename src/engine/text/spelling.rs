//! From a word as posted to the words of the vocabulary that it means.
//!
//! Contractions and shorthand are written out in full words (`don't` → do not, `u` → you) rather than cut into
//! clitics, because common sets of word vectors have the full words and not always the clitics.

use super::{normalise::without_accents, number::magnitude, shorthand::shorthand, vocabulary::Vocabulary};

/// Longest word that is looked up; longer ones are unknown.
const LONGEST_WORD: usize = 64;
/// Longest word that is taken apart at its hyphens and apostrophes.
const LONGEST_COMPOUND: usize = 256;
/// Runs of repeated letters in one word for which every spelling is tried.
const MOST_RUNS: usize = 4;

/// The words that a lower-case word means, each known or not.
///
/// Apostrophes must be `'`. The result is empty for what carries no meaning, such as a lone consonant.
pub(super) fn spell(word: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let mut words = Vec::new();
    if word.len() > LONGEST_COMPOUND {
        words.push(word.to_owned());
    } else {
        spell_into(word, vocabulary, &mut words);
    }
    words
}

fn spell_into(word: &str, vocabulary: &Vocabulary, words: &mut Vec<String>) {
    if let Some(full) = shorthand(word) {
        words.extend(full.iter().map(|&part| part.to_owned()));
        return;
    }
    if word.contains('\'') {
        contraction(word, vocabulary, words);
        return;
    }
    if word.starts_with(|first: char| first.is_ascii_digit()) {
        number(word, vocabulary, words);
        return;
    }
    if word.contains(['*', '.']) {
        // Emphasis (`*sigh*`), or an abbreviation (`r.i.p`); what was masked and is not known stays masked.
        let bare = if word.contains('.') {
            word.replace('.', "")
        } else {
            word.trim_end_matches('*').to_owned()
        };
        if bare != word {
            spell_into(&bare, vocabulary, words);
            return;
        }
    }
    let squeezed = squeeze(word, vocabulary);
    if squeezed != word
        && let Some(full) = shorthand(&squeezed)
    {
        words.extend(full.iter().map(|&part| part.to_owned()));
        return;
    }
    let word = squeezed.as_str();
    if vocabulary.id(word).is_some() || word.len() > LONGEST_WORD {
        words.push(word.to_owned());
        return;
    }
    if !word.is_ascii() {
        let plain = without_accents(word);
        if plain != word && vocabulary.id(&plain).is_some() {
            words.push(plain);
            return;
        }
    }
    if let Some(laugh) = laughter(word) {
        words.push(laugh.to_owned());
        return;
    }
    if word.contains('-') {
        for part in word.split('-').filter(|part| !part.is_empty()) {
            spell_into(part, vocabulary, words);
        }
        return;
    }
    if let Some(known) = stem(word, vocabulary) {
        words.push(known);
        return;
    }
    // A lone letter that is no word is a list mark, an initial or a slip.
    if word.chars().nth(1).is_some() {
        words.push(word.to_owned());
    }
}

/// A known form of an unknown word: `lookin` → looking, `empowers` → empower, `cringing` → cringe.
fn stem(word: &str, vocabulary: &Vocabulary) -> Option<String> {
    const ENDINGS: [(&str, &str); 10] = [
        ("in", "ing"),
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ing", "e"),
        ("ing", ""),
        ("ed", "e"),
        ("ed", ""),
        ("ly", ""),
        ("ness", ""),
    ];
    ENDINGS.iter().find_map(|(ending, other)| {
        let base = word.strip_suffix(ending).filter(|base| base.len() > 2)?;
        Some(format!("{base}{other}")).filter(|form| vocabulary.id(form).is_some())
    })
}

/// Writes a contraction out; a possessive loses its `'s`.
fn contraction(word: &str, vocabulary: &Vocabulary, words: &mut Vec<String>) {
    const ENDINGS: [(&str, &str); 5] = [
        ("'m", "am"),
        ("'re", "are"),
        ("'ve", "have"),
        ("'ll", "will"),
        ("'d", "would"),
    ];
    if let Some(base) = word.strip_suffix("n't") {
        let base = match base {
            "ca" => "can",
            "wo" => "will",
            "sha" => "shall",
            "ai" => "is",
            other => other,
        };
        spell_into(base, vocabulary, words);
        words.push("not".to_owned());
        return;
    }
    for (ending, full) in ENDINGS {
        if let Some(base) = word.strip_suffix(ending) {
            spell_into(base, vocabulary, words);
            words.push(full.to_owned());
            return;
        }
    }
    if let Some(base) = word.strip_suffix("'s") {
        spell_into(base, vocabulary, words);
        if takes_is(base) {
            words.push("is".to_owned());
        }
        return;
    }
    let joined = word.replace('\'', "");
    if vocabulary.id(&joined).is_some() || joined.is_empty() {
        words.extend((!joined.is_empty()).then_some(joined));
    } else {
        for part in word.split('\'').filter(|part| !part.is_empty()) {
            spell_into(part, vocabulary, words);
        }
    }
}

/// Words whose `'s` is a verb more often than a possessive.
fn takes_is(base: &str) -> bool {
    matches!(
        base,
        "he" | "she"
            | "it"
            | "that"
            | "this"
            | "there"
            | "here"
            | "what"
            | "who"
            | "where"
            | "when"
            | "how"
            | "why"
            | "everything"
            | "something"
            | "nothing"
            | "everyone"
            | "someone"
            | "nobody"
            | "name"
            | "life"
    )
}

/// Written-out laughter of any length.
fn laughter(word: &str) -> Option<&'static str> {
    let only = |first: char, second: char| {
        word.chars().all(|letter| letter == first || letter == second) && word.contains(first) && word.contains(second)
    };
    if word.len() < 4 {
        None
    } else if only('h', 'a') || only('j', 'a') {
        Some("haha")
    } else if only('h', 'e') || only('h', 'i') {
        Some("hehe")
    } else if only('l', 'o') {
        Some("lol")
    } else {
        None
    }
}

/// Shortens letters that stand three or more times in a row to two or one, whichever gives the commonest word.
fn squeeze(word: &str, vocabulary: &Vocabulary) -> String {
    // Letters with how often each stands in a row.
    let mut runs: Vec<(char, usize)> = Vec::new();
    for letter in word.chars() {
        match runs.last_mut() {
            Some((last, count)) if *last == letter => *count += 1,
            _ => runs.push((letter, 1)),
        }
    }
    let long = runs.iter().filter(|(_, count)| *count > 2).count();
    if long == 0 {
        return word.to_owned();
    }
    let choices = 1_usize << long.min(MOST_RUNS);
    let spelled = |choice: usize| {
        let mut text = String::with_capacity(word.len());
        let mut seen = 0;
        for &(letter, count) in &runs {
            let times = if count > 2 {
                // Runs beyond the first few follow the last choice.
                let bit = choice >> seen.min(MOST_RUNS - 1) & 1;
                seen += 1;
                1 + bit
            } else {
                count
            };
            text.extend(std::iter::repeat_n(letter, times));
        }
        text
    };
    (0..choices)
        .map(spelled)
        .filter_map(|text| vocabulary.id(&text).map(|id| (id, text)))
        .min()
        .map_or_else(|| spelled(0), |(_, text)| text)
}

/// Reads a word that begins with a digit: as it stands where known, otherwise by its size.
///
/// Years become `year`, times of day `time`, small numbers their names, larger ones the name of their magnitude;
/// a unit behind the digits is spelled by itself.
fn number(word: &str, vocabulary: &Vocabulary, words: &mut Vec<String>) {
    if vocabulary.id(word).is_some() {
        words.push(word.to_owned());
        return;
    }
    let end = word
        .find(|character: char| !character.is_ascii_digit() && !matches!(character, '.' | ',' | ':'))
        .unwrap_or(word.len());
    let (digits, unit) = word.split_at(end);
    words.push(magnitude(digits).to_owned());
    let unit = unit.trim_matches('-');
    if unit.chars().nth(1).is_some() && !matches!(unit, "st" | "nd" | "rd" | "th") {
        spell_into(unit, vocabulary, words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(word: &str) -> String {
        let known = [
            "the",
            "so",
            "i",
            "you",
            "cool",
            "good",
            "god",
            "haha",
            "lol",
            "cafe",
            "well-known",
            "looking",
            "soo",
            "mp3",
            "yummy",
            "love",
            "obrien",
            "is",
            "not",
            "pounds",
            "twenty20",
            "hmm",
        ];
        let vocabulary = Vocabulary::new(known.map(String::from).to_vec()).unwrap();
        spell(word, &vocabulary).join(" ")
    }

    #[test]
    fn contractions_are_written_out() {
        for (word, full) in [
            ("don't", "do not"),
            ("can't", "can not"),
            ("won't", "will not"),
            ("ain't", "is not"),
            ("i'm", "i am"),
            ("you're", "you are"),
            ("i've", "i have"),
            ("we'll", "we will"),
            ("they'd", "they would"),
            ("it's", "it is"),
            ("would've", "would have"),
            ("let's", "let us"),
            ("y'all", "you all"),
            ("wouldn't've", "would not have"),
        ] {
            assert_eq!(spelled(word), full, "{word}");
        }
    }

    #[test]
    fn a_possessive_loses_its_ending() {
        assert_eq!(spelled("valentine's"), "valentine");
        assert_eq!(spelled("o'brien"), "obrien");
        assert_eq!(spelled("rock'n'roll"), "rock and roll");
    }

    #[test]
    fn repeated_letters_are_shortened_to_the_commonest_word() {
        assert_eq!(spelled("soooo"), "so");
        assert_eq!(spelled("coool"), "cool");
        assert_eq!(spelled("goooood"), "good");
        assert_eq!(spelled("yuuummmmyyyy"), "yummy");
        assert_eq!(spelled("hmmmmm"), "hmm");
        assert_eq!(spelled("looooveeee"), "love");
    }

    #[test]
    fn laughter_of_any_length_is_the_same() {
        assert_eq!(spelled("hahahahah"), "haha");
        assert_eq!(spelled("ahahaaaaa"), "haha");
        assert_eq!(spelled("lolololol"), "lol");
        assert_eq!(spelled("lmao"), "lol");
    }

    #[test]
    fn accents_are_taken_off_where_the_word_is_not_known_with_them() {
        assert_eq!(spelled("café"), "cafe");
        assert_eq!(spelled("naïve"), "naïve");
    }

    #[test]
    fn hyphens_split_words_that_are_not_known_whole() {
        assert_eq!(spelled("well-known"), "well-known");
        assert_eq!(spelled("well-loved"), "well love");
    }

    #[test]
    fn numbers_are_known_by_their_size() {
        for (word, expected) in [
            ("7", "seven"),
            ("25", "twenty"),
            ("640,000", "thousand"),
            ("2016", "year"),
            ("1,999", "thousand"),
            ("10:30", "time"),
            ("3.1", "three"),
            ("80lbs", "eighty lbs"),
            ("1st", "first"),
            ("21st", "twenty"),
            ("99999999999999999999999", "million"),
            ("5k", "five"),
            ("20-pounds", "twenty pounds"),
        ] {
            assert_eq!(spelled(word), expected, "{word}");
        }
    }

    #[test]
    fn unknown_forms_become_known_ones() {
        assert_eq!(spelled("lookin"), "looking");
        assert_eq!(spelled("pounding"), "pounding");
        assert_eq!(spelled("mp3s"), "mp3");
        assert_eq!(spelled("loving"), "love");
        assert_eq!(spelled("goodness"), "good");
    }

    #[test]
    fn emphasis_and_points_of_abbreviations_are_taken_off() {
        assert_eq!(spelled("love*"), "love");
        assert_eq!(spelled("cool**"), "cool");
        assert_eq!(spelled("l.o.l"), "lol");
        assert_eq!(spelled("f**k"), "fuck");
        assert_eq!(spelled("q*z"), "q*z");
        assert_eq!(spelled("u.s"), "america");
    }

    #[test]
    fn lone_letters_that_are_no_words_are_left_out() {
        assert_eq!(spelled("q"), "");
        assert_eq!(spelled("i"), "i");
        assert_eq!(spelled("u"), "you");
    }
}
